from django.db import migrations

from accounts.roles import EDITORS, grant, revoke

ROLES = {
    EDITORS: {
        "errorreport": "view change",
    },
}


class Migration(migrations.Migration):
    """Grants editors the permissions to view and change error reports."""

    dependencies = [
        ("website", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "website", ROLES),
            lambda apps, schema_editor: revoke(apps, "website", ROLES),
        ),
    ]
