from django.db import migrations

from accounts.roles import EDITORS, grant, revoke

ROLES = {
    EDITORS: {
        "subscriber": "view unsubscribe_subscriber erase_subscriber export_subscriber",
    },
}


class Migration(migrations.Migration):
    """Let editors view, unsubscribe, erase and export subscribers."""

    dependencies = [
        ("newsletter", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "newsletter", ROLES),
            lambda apps, schema_editor: revoke(apps, "newsletter", ROLES),
        ),
    ]
