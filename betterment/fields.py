"""Model fields through which nothing comes that is not clean.

Each cleans a value wherever it comes in: forms and `full_clean()` (`to_python`), `save()` and `bulk_create()`
(`pre_save`, which also puts the clean value on the instance), `update()` and `bulk_update()`
(`get_db_prep_save`).
"""

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.fields.files import FieldFile, ImageFieldFile, ImageFileDescriptor
from django.utils.functional import cached_property

from betterment.html import sanitise
from betterment.picture_widths import make_widths_if_possible
from betterment.pictures import MOST_BYTES, PreparedFile, picture_storage, prepare_picture
from betterment.text import clean_line, clean_prose, strip_controls

# Characters of lines of text whose field sets no limit of its own; and how many more may be typed than are kept, since
# blanks, line ends and the address around an identifier go when a value is cleaned.
LONGEST_PROSE = 100_000
ROOM = 1_000

ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif"


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


def _prepared(file: File) -> PreparedFile:
    """The picture in `file` as it is stored. Raises ValidationError (`pictures.prepare_picture`)."""
    if isinstance(file, PreparedFile):
        return file
    file.open()
    # One byte more than may be: enough to be refused, without reading all of it.
    return PreparedFile(prepare_picture(file.read(MOST_BYTES + 1)))


class PictureFormField(forms.ImageField):
    """Takes an upload and gives the prepared picture in its place; what is wrong shows beside the field."""

    default_validators = []  # Django's looks at the name of the upload, which says nothing about it

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "allow_empty_file": True})  # so that our own message speaks

    def to_python(self, data: Any) -> PreparedFile | None:
        file = forms.FileField.to_python(self, data)
        return _prepared(file) if file else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return super().widget_attrs(widget) | {"accept": ACCEPTED}


class PictureFieldFile(ImageFieldFile):
    """The file of a PictureField: stores nothing but a prepared picture, under the name of its content.

    Its narrower copies are made once the row is committed, so that nobody waits for them with a lock held.
    """

    def save(self, name: str, content: File, save: bool = True) -> None:
        prepared = _prepared(content)
        super().save(prepared.name, prepared, save)
        transaction.on_commit(partial(make_widths_if_possible, self.name, prepared.width))

    save.alters_data = True

    def _get_image_dimensions(self) -> tuple[int, int]:
        file = getattr(self, "_file", None)
        if isinstance(file, PreparedFile):
            return file.width, file.height
        return super()._get_image_dimensions()


class PictureDescriptor(ImageFileDescriptor):
    """Prepares a file when it is assigned.

    Only then are name and dimensions right whatever the order in which the model's fields are saved.
    """

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, FieldFile):
            if value and not value._committed:
                value = _prepared(value.file)
        elif isinstance(value, File):
            value = _prepared(value)
        super().__set__(instance, value)


class PictureField(models.ImageField):
    """A picture, prepared (`pictures.prepare_picture`) and kept in the site's `picture_storage`.

    Assigning a file that is no picture raises ValidationError; in a form it is an error of the field.
    """

    attr_class = PictureFieldFile
    descriptor_class = PictureDescriptor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "pictures")
        kwargs.setdefault("storage", picture_storage)
        kwargs.setdefault("max_length", 150)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["max_length"] = self.max_length  # Django leaves out 100, which is not our default
        if kwargs.get("storage") is picture_storage:
            kwargs.pop("storage")
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field:
        # max_length would measure the name of the upload, which is not kept.
        return super().formfield(**{"form_class": PictureFormField, **kwargs, "max_length": None})
