from django.db import migrations

from accounts.roles import EDITORS, grant, ordinary, revoke

PERMISSIONS = {"email": ordinary("email", "Email", "view")}
ROLES = {EDITORS: ["view_email"]}


class Migration(migrations.Migration):
    """Editors read the emails that the site has sent, without what lets somebody in (betterment.mail_states)."""

    dependencies = [
        ("advisors", "0008_email_of_due_letters"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "post_office", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "post_office", ROLES),
        )
    ]
