"""The three roles and how a room gives them permissions on its tables, by migration."""

from collections.abc import Mapping, Sequence

from django.apps.registry import Apps

WRITERS = "Writers"
ADVISORS = "Scientific advisors"
EDITORS = "Editors"
ROLES = (WRITERS, ADVISORS, EDITORS)

# model name -> {codename: human name}
Permissions = Mapping[str, Mapping[str, str]]


def ordinary(model: str, verbose_name: str, actions: str = "add change delete view") -> dict[str, str]:
    """Django's own permissions for a model, as codename -> name."""
    return {f"{action}_{model}": f"Can {action} {verbose_name}" for action in actions.split()}


def grant(apps: Apps, app_label: str, permissions: Permissions, roles: Mapping[str, Sequence[str]]) -> None:
    """Give roles their permissions inside a migration.

    Django makes the rows of permissions only after all migrations have run; here they are made where
    missing, so that the very first migration of an empty database can hand them out. `roles` maps a role
    to codenames, each of which `permissions` names.
    """
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    made = {}
    for model, names in permissions.items():
        content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
        for codename, name in names.items():
            made[codename], _ = Permission.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
    for role, codenames in roles.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*(made[codename] for codename in codenames))


def revoke(apps: Apps, app_label: str, roles: Mapping[str, Sequence[str]]) -> None:
    """The reverse of `grant`."""
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for role, codenames in roles.items():
        for group in Group.objects.filter(name=role):
            group.permissions.remove(
                *Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
            )
