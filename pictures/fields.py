"""The model field and the form field for pictures, which accept only what the decoder can repaint."""

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
    """Return the picture in `file` as it is stored. Raises ValidationError (`pictures.files.prepare_picture`)."""
    if isinstance(file, PreparedFile):
        return file
    file.open()
    # Reading one byte more than the limit is enough to refuse the file.
    return PreparedFile(prepare_picture(file.read(MOST_BYTES + 1)))


class PictureFormField(forms.ImageField):
    """Turn an upload into a prepared picture; errors are shown at the field."""

    default_validators = []  # Django's validates the extension of the upload, which is not used

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "allow_empty_file": True})  # so that our own message is shown

    def to_python(self, data: Any) -> PreparedFile | None:
        file = forms.FileField.to_python(self, data)
        return _prepared(file) if file else None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return super().widget_attrs(widget) | {"accept": ACCEPTED}


class PictureFieldFile(ImageFieldFile):
    """The file of a PictureField, which stores only prepared pictures under the name of their content.

    Its renditions are queued in the transaction that stores its name.
    """

    def save(self, name: str, content: File, save: bool = True) -> None:
        prepared = _prepared(content)
        super().save(prepared.name, prepared, save)
        queue_widths(self.name, prepared.width)

    save.alters_data = True

    def _get_image_dimensions(self) -> tuple[int, int]:
        file = getattr(self, "_file", None)
        if isinstance(file, PreparedFile):
            return file.width, file.height
        return super()._get_image_dimensions()


class PictureDescriptor(ImageFileDescriptor):
    """Prepare a file when it is assigned.

    This makes name and dimensions correct whatever the order in which the model's fields are saved.
    """

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, FieldFile):
            if value and not value._committed:
                value = _prepared(value.file)
        elif isinstance(value, File):
            value = _prepared(value)
        super().__set__(instance, value)


class PictureField(models.ImageField):
    """A prepared picture (`pictures.files.prepare_picture`) in the site's picture storage.

    Assigning a file that is not a picture raises ValidationError; in a form it is an error of the field.
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
