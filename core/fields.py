"""Model fields for text and HTML that clean every value on its way into the database.

Values are cleaned in forms and `full_clean()` (by `to_python`), in `save()` and `bulk_create()` (by `pre_save`, which
also puts the clean value on the instance), and in `update()` and `bulk_update()` (by `get_db_prep_save`).
"""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.html import sanitise
from core.text import clean_line, clean_prose, strip_controls

# In characters: the limit of a prose field without a `max_length`, and the margin by which input may exceed twice the
# limit of a field. Cleaning may remove spaces, line breaks and the URL around an identifier.
MAX_PROSE_LENGTH = 100_000
MARGIN = 1_000


def max_input_length(max_length: int | None) -> int:
    """Return the number of characters up to which input for a field of `max_length` is cleaned.

    Longer input is refused before cleaning.
    """
    return MAX_PROSE_LENGTH if max_length is None else 2 * max_length + MARGIN


def refuse_overlong(value: str, max_length: int | None) -> str:
    """Return `value` unchanged. Raise ValidationError (max_length) if it exceeds `max_input_length`."""
    if len(value) > max_input_length(max_length):
        limit = MAX_PROSE_LENGTH if max_length is None else max_length
        raise ValidationError(
            _("It has %(show_value)s characters, and may have %(limit_value)s at most."),
            code="max_length",
            params={"show_value": len(value), "limit_value": limit, "value": value},
        )
    return value


if TYPE_CHECKING:  # only the stubs make fields generic; at run time they are not
    from django.db.models.expressions import Combinable

    _Field = models.Field[str | Combinable, str]
    _CharField = models.CharField[str | Combinable, str]
    _TextField = models.TextField[str | Combinable, str]
else:
    _Field, _CharField, _TextField = models.Field, models.CharField, models.TextField


class _CleanText(_Field):
    """Mixin for a text field that cleans values with `normalise`; None and expressions such as F() are left unchanged.

    A value that exceeds `max_input_length` raises ValidationError (max_length) before it is cleaned.
    """

    @staticmethod
    def normalise(value: str, /) -> str:
        raise NotImplementedError

    def _normalised(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.normalise(self._measured(str(value)))

    def _measured(self, value: str) -> str:
        return refuse_overlong(value, self.max_length)

    def get_prep_value(self, value: Any) -> Any:
        # A value that is too long to be cleaned cannot equal a stored value, so a lookup does not clean it.
        if isinstance(value, str) and len(value) > max_input_length(self.max_length):
            return strip_controls(value)
        return super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        return self._normalised(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self._normalised(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().get_db_prep_save(self._normalised(value), connection)


class LineField(_CleanText, _CharField):
    """A field for one line of text (core.text.clean_line), such as a title. Values of lookups are cleaned too."""

    normalise = staticmethod(clean_line)


class ProseField(_CleanText, _TextField):
    """A field for lines of plain text (core.text.clean_prose). Values of lookups are cleaned too.

    Unlike Django's TextField, it also validates `max_length` in `full_clean()`, and not only in forms.
    """

    normalise = staticmethod(clean_prose)

    @cached_property
    def validators(self) -> list[Any]:
        limit = [] if self.max_length is None else [MaxLengthValidator(self.max_length)]
        return [*super().validators, *limit]


class HtmlField(_CleanText, _TextField):
    """A field for HTML (core.html.sanitise). Saving HTML that cannot be sanitised raises ValidationError."""

    normalise = staticmethod(sanitise)

    def _measured(self, value: str) -> str:
        return value  # `sanitise` has a limit and a message of its own

    def get_prep_value(self, value: Any) -> Any:
        # TextField.get_prep_value calls to_python, which would sanitise the value of a lookup, such as half a tag.
        return models.Field.get_prep_value(self, value)
