from django.db import migrations

from accounts.roles import ADVISORS, EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {
    "advisor": ordinary("advisor", "advisor", "add change view"),
    "panelmember": ordinary("panelmember", "panel member"),
    "review": ordinary("review", "review", "change view"),
}
ROLES = {
    WRITERS: ["view_advisor", "view_panelmember", "add_panelmember"],
    ADVISORS: ["view_review", "change_review"],
    EDITORS: [*PERMISSIONS["advisor"], *PERMISSIONS["panelmember"], "view_review"],
}


class Migration(migrations.Migration):
    """Writers propose reviewers, editors decide, advisors review; whose review it is, advisors.reviews checks."""

    dependencies = [
        ("advisors", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "advisors", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "advisors", ROLES),
        )
    ]
