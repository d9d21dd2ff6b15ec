"""Model fields for text and HTML that clean whatever is put into them.

Each cleans a value wherever it comes in: forms and `full_clean()` (`to_python`), `save()` and `bulk_create()`
(`pre_save`, which also puts the clean value on the instance), `update()` and `bulk_update()`
(`get_db_prep_save`).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import cached_property

from core.html import sanitise
from core.text import clean_line, clean_prose, strip_controls

# Characters of lines of text whose field sets no limit of its own; and how many more may be typed than are kept, since
# blanks, line ends and the address around an identifier go when a value is cleaned.
LONGEST_PROSE = 100_000
ROOM = 1_000


def longest_typed(max_length: int | None) -> int:
    """Return how many characters may be typed into a field that keeps `max_length` of them: more are not cleaned."""
    return LONGEST_PROSE if max_length is None else 2 * max_length + ROOM


def measured(value: str, max_length: int | None) -> str:
    """Return `value` as it is. Raises ValidationError (max_length) where it has more characters than are cleaned."""
    if len(value) > longest_typed(max_length):
        limit = LONGEST_PROSE if max_length is None else max_length
        raise ValidationError(
            "It has %(show_value)s characters, and may have %(limit_value)s at most.",
            code="max_length",
            params={"show_value": len(value), "limit_value": limit, "value": value},
        )
    return value


class _CleanText:
    """For a text field: cleans by `normalise`, leaving None and expressions such as F() as they are.

    Measures before it cleans, and raises ValidationError (max_length) for what is far too long.
    """

    @staticmethod
    def normalise(value: str) -> str:
        raise NotImplementedError

    def _normalised(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return self.normalise(self._measured(str(value)))

    def _measured(self, value: str) -> str:
        return measured(value, self.max_length)

    def get_prep_value(self, value: Any) -> Any:
        # Whatever is looked for, nothing that is kept equals what is too long to be cleaned.
        if isinstance(value, str) and len(value) > longest_typed(self.max_length):
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


class LineField(_CleanText, models.CharField):
    """One line of text (`text.clean_line`): titles, names, subjects. What is looked for is cleaned alike."""

    normalise = staticmethod(clean_line)


class ProseField(_CleanText, models.TextField):
    """Lines of text (`text.clean_prose`). What is looked for is cleaned alike.

    Unlike Django's, its `max_length` holds for every way in that cleans, not for forms alone.
    """

    normalise = staticmethod(clean_prose)

    @cached_property
    def validators(self) -> list[Any]:
        limit = [] if self.max_length is None else [MaxLengthValidator(self.max_length)]
        return [*super().validators, *limit]


class HtmlField(_CleanText, models.TextField):
    """HTML (`html.sanitise`). Saving raises ValidationError for HTML that cannot be read safely."""

    normalise = staticmethod(sanitise)

    def _measured(self, value: str) -> str:
        return value  # `sanitise` measures, and knows better what to say

    def get_prep_value(self, value: Any) -> Any:
        # TextField's own calls to_python, which would sanitise what is looked for: a piece of a tag, say.
        return models.Field.get_prep_value(self, value)
