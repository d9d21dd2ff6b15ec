"""The model field and the form field for pictures. They accept only files that the decoder can decode and re-encode."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.base import File
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile, ImageFileDescriptor

from pictures.files import MOST_BYTES, PreparedFile, picture_storage, prepare_picture
from pictures.renditions import queue_widths

# The media types that a file dialog offers.
ACCEPTED = "image/jpeg,image/png,image/webp,image/avif,image/gif"


def _prepared(file: File) -> PreparedFile:
    """Return the picture in `file`, prepared for storage. Raise ValidationError if `prepare_picture` refuses it."""
    if isinstance(file, PreparedFile):
        return file
    file.open()
    # Reading one byte more than the limit is enough to refuse the file.
    return PreparedFile(prepare_picture(file.read(MOST_BYTES + 1)))


class PictureFormField(forms.ImageField):
    """A form field that turns an upload into a PreparedFile, or reports why it is not accepted."""

    default_validators = []  # Django's checks the extension of the upload, which is ignored here

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "allow_empty_file": True})  # so that the message picture_empty is shown

    def to_python(self, data: Any) -> PreparedFile | None:
        file = forms.FileField.to_python(self, data)
        return _prepared(file) if file else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return super().widget_attrs(widget) | {"accept": ACCEPTED}


class PictureFieldFile(ImageFieldFile):
    """The file of a PictureField. It stores only prepared pictures, under names that are hashes of their content.

    Saving also queues the job that makes the renditions, in the same transaction as the name.
    """

    def save(self, name: str, content: File, save: bool = True) -> None:
        prepared = _prepared(content)
        super().save(prepared.name, prepared, save)
        queue_widths(self.name, prepared.width)

    save.alters_data = True  # type: ignore[attr-defined]  # for Django's templates

    def _get_image_dimensions(self) -> tuple[int, int]:
        file = getattr(self, "_file", None)
        if isinstance(file, PreparedFile):
            return file.width, file.height
        size: tuple[int, int] = super()._get_image_dimensions()  # type: ignore[misc]  # the stubs leave it out
        return size


class PictureDescriptor(ImageFileDescriptor):
    """Prepares a file when it is assigned to a PictureField.

    Name and dimensions are therefore correct, in whatever order the fields of the model are saved.
    """

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, FieldFile):
            if value and not value._committed:  # type: ignore[attr-defined]  # the stubs leave it out
                value = _prepared(value.file)
        elif isinstance(value, File):
            value = _prepared(value)
        super().__set__(instance, value)


class PictureField(models.ImageField):
    """A model field for a prepared picture (`pictures.files.prepare_picture`) in the site's picture storage.

    Assigning a file that is not an accepted picture raises ValidationError. A form shows this as an error of the field.
    """

    attr_class = PictureFieldFile
    descriptor_class = PictureDescriptor
    # Set by ImageField; the stubs leave them out.
    width_field: str | None
    height_field: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("upload_to", "pictures")
        kwargs.setdefault("storage", picture_storage)
        kwargs.setdefault("max_length", 150)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["max_length"] = self.max_length  # Django leaves out 100, which is not the default here
        if kwargs.get("storage") is picture_storage:
            kwargs.pop("storage")
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]  # called with keywords only
        # max_length would limit the name of the upload, which is not stored.
        return super().formfield(**{"form_class": PictureFormField, **kwargs, "max_length": None})
