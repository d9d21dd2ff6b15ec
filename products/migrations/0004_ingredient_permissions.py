from django.db import migrations

from accounts.roles import EDITORS, WRITERS, grant, ordinary, revoke

PERMISSIONS = {
    "ingredient": ordinary("ingredient", "ingredient"),
    "productingredient": ordinary("productingredient", "active ingredient"),
}
ROLES = {
    WRITERS: ["view_ingredient", "view_productingredient"],
    EDITORS: [codename for names in PERMISSIONS.values() for codename in names],
}


class Migration(migrations.Migration):
    """Ingredients and their limits are the editors'; writers may look."""

    dependencies = [("products", "0003_ingredients")]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: grant(apps, "products", PERMISSIONS, ROLES),
            lambda apps, schema_editor: revoke(apps, "products", ROLES),
        )
    ]
