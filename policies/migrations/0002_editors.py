from django.db import migrations

EDITORS = "Editors"
PERMISSIONS = {f"{action}_policy": f"Can {action} policy" for action in ("add", "change", "delete", "view")}


def grant(apps, schema_editor):
    """Django makes the rows of permissions only after all migrations have run; here they are made where missing."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="policies", model="policy"
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=EDITORS)
    for codename, name in PERMISSIONS.items():
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def revoke(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    mine = Permission.objects.filter(content_type__app_label="policies", codename__in=PERMISSIONS)
    for group in apps.get_model("auth", "Group").objects.filter(name=EDITORS):
        group.permissions.remove(*mine)


class Migration(migrations.Migration):
    """Editors write the policies. The role is named by its group: this room does not know the one of people."""

    dependencies = [
        ("policies", "0001_initial"),
        ("accounts", "0002_roles"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, revoke)]
