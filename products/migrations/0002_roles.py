from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, revoke

ROLES = {
    WRITERS: {
        "product": "view",
        "productpicture": "view",
        "ingredient": "view",
        "productingredient": "view",
    },
    EDITORS: {
        "product": "add change delete view",
        "productpicture": "add change delete view",
        "ingredient": "add change delete view",
        "productingredient": "add change delete view",
    },
}


class Migration(migrations.Migration):
    """Let editors edit products and ingredients, and writers view them."""

    dependencies = [
        ("products", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "products", ROLES),
            lambda apps, schema_editor: revoke(apps, "products", ROLES),
        ),
    ]
