from django.db import migrations

from accounts.roles import EDITORS, grant, revoke

ROLES = {
    EDITORS: {
        "policy": "add change delete view",
    },
}


class Migration(migrations.Migration):
    """Let editors add, change, delete and view policies."""

    dependencies = [
        ("policies", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "policies", ROLES),
            lambda apps, schema_editor: revoke(apps, "policies", ROLES),
        ),
    ]
