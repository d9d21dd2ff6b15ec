"""Look up a field that a model itself declares, ignoring reverse relations."""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model


def own_field(model: type[Model], name: str) -> Field:
    """Return the field that the model itself declares under this name.

    Raise FieldDoesNotExist if it declares none. `Options.get_field` also finds reverse relations, which have neither a
    label nor a value of their own.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.object_name} has no field of its own named {name!r}.")
    return field
