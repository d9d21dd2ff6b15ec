from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {"picture": ordinary("picture", "picture")}
ROLES = {
    WRITERS: ["add_picture", "change_picture", "view_picture"],
    EDITORS: list(PERMISSIONS["picture"]),
}


class Migration(migrations.Migration):
    """Writers add pictures and look after their own; editors look after all, and take away what no text shows."""

    dependencies = [
        ("articles", "0004_pictures"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "articles", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "articles", ROLES),
        )
    ]
