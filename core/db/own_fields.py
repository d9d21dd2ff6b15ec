"""Look up a field of a model by its name, as a field and not as a relation that leads to the model."""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model


def own_field(model: type[Model], name: str) -> Field:
    """Return the field that the model itself declares under this name.

    Raise FieldDoesNotExist if it declares none. `Options.get_field` also finds the relations that lead to the model,
    which have neither a label nor a value of their own.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{model._meta.object_name} has no field of its own named {name!r}.")
    return field
