from django.db import migrations

from accounts.roles import EDITORS, grant, ordinary, revoke

PERMISSIONS = {"errorreport": ordinary("errorreport", "error report", "view change")}
ROLES = {EDITORS: [*PERMISSIONS["errorreport"]]}


class Migration(migrations.Migration):
    """Editors read what readers report, and close it."""

    dependencies = [
        ("articles", "0013_error_reports"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "articles", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "articles", ROLES),
        )
    ]
