from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, revoke

ROLES = {
    WRITERS: {
        "preferredterm": "view",
        "condition": "view",
    },
    EDITORS: {
        "preferredterm": "add change delete view",
        "condition": "add change delete view",
    },
}


class Migration(migrations.Migration):
    """Permit editors to maintain the word lists, and writers to view them."""

    dependencies = [
        ("checks", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "checks", ROLES),
            lambda apps, schema_editor: revoke(apps, "checks", ROLES),
        ),
    ]
