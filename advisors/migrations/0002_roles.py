from django.db import migrations

from accounts.roles import ADVISORS, EDITORS, WRITERS, grant, revoke

ROLES = {
    WRITERS: {
        "advisor": "view",
        "panelmember": "add view",
        "checklistitem": "view",
    },
    ADVISORS: {
        "review": "view",
        "checklistitem": "view",
    },
    EDITORS: {
        "advisor": "add change view",
        "accountcorrection": "view",
        "personflag": "view",
        "panelmember": "add change delete view",
        "review": "view",
        "checklistitem": "add change delete view",
        "disclosure": "view",
        "scheduledemail": "view",
        "remarkswithheld": "add view",
    },
}
EMAILS = {EDITORS: {"email": "view"}}


class Migration(migrations.Migration):
    """Let writers propose reviewers, editors decide on them, and advisors see reviews and the check-list.

    `advisors.reviews` checks that advisors act only on their own reviews. Editors may also read the emails that the
    site has sent, without the links that let their holder in (mail.states).
    """

    dependencies = [
        ("advisors", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("post_office", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "advisors", ROLES),
            lambda apps, schema_editor: revoke(apps, "advisors", ROLES),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "post_office", EMAILS),
            lambda apps, schema_editor: revoke(apps, "post_office", EMAILS),
        ),
    ]
