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
    """Grants permissions on pictures to writers and editors.

    The admin limits them further: writers edit only their own pictures, and no picture that is used can be deleted.
    """

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
