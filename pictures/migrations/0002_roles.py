from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, revoke

ROLES = {
    WRITERS: {
        "picture": "add change view",
    },
    EDITORS: {
        "picture": "add change delete view",
    },
}


class Migration(migrations.Migration):
    """Writers add pictures and edit their own; editors edit all, and delete those that no article shows."""

    dependencies = [
        ("pictures", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "pictures", ROLES),
            lambda apps, schema_editor: revoke(apps, "pictures", ROLES),
        ),
    ]
