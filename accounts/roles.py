"""The three roles, and functions for migrations that grant permissions to roles and revoke them."""

from collections.abc import Iterator, Mapping

from django.apps.registry import Apps
from django.db.models import Model

WRITERS = "Writers"
ADVISORS = "Scientific advisors"
EDITORS = "Editors"
ROLES = (WRITERS, ADVISORS, EDITORS)

# role -> {model name: actions separated by spaces}. An action is add, change, delete or view, or the codename of a
# permission that the model defines.
Grants = Mapping[str, Mapping[str, str]]


def grant(apps: Apps, app_label: str, roles: Grants) -> None:
    """Grant each role its permissions on the models of an app. Migrations use this.

    Django creates permissions only after all migrations have run. Any that are missing are created here, so that the
    first migrations of an empty database can grant them.
    """
    for group, content_type, codename, name in _permissions(apps, app_label, roles):
        permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        group.permissions.add(permission)


def revoke(apps: Apps, app_label: str, roles: Grants) -> None:
    """Revoke the permissions that `grant` gives the roles. Migrations use this."""
    for group, content_type, codename, _ in _permissions(apps, app_label, roles):
        permissions = apps.get_model("auth", "Permission").objects
        group.permissions.remove(*permissions.filter(content_type=content_type, codename=codename))


def _permissions(apps: Apps, app_label: str, roles: Grants) -> Iterator[tuple[Model, Model, str, str]]:
    """Yield (group, content type, codename, name) for each permission in `roles`; create missing groups and types."""
    for role, models in roles.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for model, actions in models.items():
            options = apps.get_model(app_label, model)._meta
            content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
                app_label=app_label, model=model
            )
            own = dict(options.permissions)
            for action in actions.split():
                if action in own:
                    yield group, content_type, action, own[action]
                else:
                    yield group, content_type, f"{action}_{model}", f"Can {action} {options.verbose_name}"
