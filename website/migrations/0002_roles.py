from django.db import migrations

from accounts.roles import EDITORS, grant, revoke

ROLES = {
    EDITORS: {
        "errorreport": "view change",
    },
}
# The admin of redirects is in this app, because only this app knows the pages of readers (website.admin.redirects).
OF_CORE = {
    EDITORS: {
        "redirect": "add change delete view",
    },
}


class Migration(migrations.Migration):
    """Grants editors the permissions to view and change error reports, and all permissions on redirects."""

    dependencies = [
        ("website", "0001_initial"),
        ("core", "0004_redirects"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "website", ROLES),
            lambda apps, schema_editor: revoke(apps, "website", ROLES),
        ),
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "core", OF_CORE),
            lambda apps, schema_editor: revoke(apps, "core", OF_CORE),
        ),
    ]
