from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, revoke

ROLES = {
    WRITERS: {
        "source": "add change delete view",
        "retractionnotice": "view",
        "sourcelookup": "view",
        "link": "view",
        "linkanswer": "view",
    },
    EDITORS: {
        "source": "add change delete view",
        "retractionnotice": "add view",
        "sourcelookup": "view",
        "link": "view",
        "linkanswer": "view",
    },
}


class Migration(migrations.Migration):
    """Permit writers and editors to maintain the source library, and editors to add retraction notices."""

    dependencies = [
        ("sources", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "sources", ROLES),
            lambda apps, schema_editor: revoke(apps, "sources", ROLES),
        ),
    ]
