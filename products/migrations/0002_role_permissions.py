from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {
    "product": ordinary("product", "product"),
    "productpicture": ordinary("productpicture", "product picture"),
}
ROLES = {
    WRITERS: ["view_product", "view_productpicture"],
    EDITORS: [codename for names in PERMISSIONS.values() for codename in names],
}


class Migration(migrations.Migration):
    """Products are the editors'; writers may look."""

    dependencies = [
        ("products", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "products", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "products", ROLES),
        )
    ]
