"""The picture field: whichever way a file arrives, a newly encoded picture is stored."""

import io

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from PIL import Image

from pictures import files
from pictures.content_storage import ContentStorage
from pictures.fields import PictureField, PictureFormField
from pictures.files import content_name, prepare_picture


class Postcard(models.Model):
    """A model that only these tests use. Its dimensions come before its picture, so they are saved first."""

    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)
    picture = PictureField(blank=True, width_field="width", height_field="height")

    class Meta:
        app_label = "postcards"

    def __str__(self) -> str:
        return self.picture.name


class PostcardForm(forms.ModelForm):
    class Meta:
        model = Postcard
        fields = ["picture"]


def photograph(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a photo taken with the camera held on its side, so that it has `size` only before it is prepared."""
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", size, "blue").save(out, kind, exif=exif)
    return out.getvalue()


def stored_name(data: bytes) -> str:
    picture = prepare_picture(data)
    return f"pictures/{content_name(picture.data, picture.extension)}"


@pytest.fixture(scope="module")
def postcards(django_db_setup, django_db_blocker):
    """Create a table for the model, outside of any transaction, as SQLite requires."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Postcard)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Postcard)


def test_migrations_name_the_field_by_its_module_and_leave_its_storage_out():
    path = "pictures.fields.PictureField"
    assert PictureField().deconstruct()[1:] == (path, [], {"upload_to": "pictures", "max_length": 150})
    assert PictureField(max_length=100).deconstruct()[3]["max_length"] == 100


def test_an_upload_becomes_a_prepared_picture_named_by_its_content():
    data = photograph()
    form = PostcardForm({}, {"picture": SimpleUploadedFile("my holiday.php", data, "text/html")})
    assert form.is_valid(), form.errors
    postcard = form.instance
    assert f"pictures/{postcard.picture.name}" == stored_name(data)
    assert (postcard.width, postcard.height) == (40, 60)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "picture_empty"), (b"<svg/>", "picture_format"), (photograph()[:300], "picture_broken")],
)
def test_what_is_wrong_with_an_upload_shows_beside_its_field(data, code):
    form = PostcardForm({}, {"picture": SimpleUploadedFile("a.jpg", data, "image/jpeg")})
    assert [error.code for error in form.errors.as_data()["picture"]] == [code]


def test_an_upload_of_too_many_bytes_shows_beside_its_field(monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    form = PostcardForm({}, {"picture": SimpleUploadedFile("a.jpg", photograph(), "image/jpeg")})
    assert [error.code for error in form.errors.as_data()["picture"]] == ["picture_too_large"]


def test_a_required_picture_is_asked_for():
    with pytest.raises(ValidationError) as caught:
        PictureFormField().clean(None)
    assert caught.value.code == "required"


def test_the_form_offers_the_formats_that_we_read():
    assert "image/avif" in str(PostcardForm()["picture"])


@pytest.mark.django_db
def test_a_form_stores_the_picture_once_and_keeps_it_when_it_is_cleared(postcards):
    data = photograph()
    form = PostcardForm({}, {"picture": SimpleUploadedFile("a.jpg", data, "image/jpeg")})
    postcard = Postcard.objects.get(pk=form.save().pk)
    assert postcard.picture.name == stored_name(data)
    with postcard.picture.open() as file:
        assert file.read() == prepare_picture(data).data
    assert (postcard.width, postcard.height) == (40, 60)
    PostcardForm({"picture-clear": "on"}, instance=postcard).save()
    postcard.refresh_from_db()
    assert (postcard.picture.name, postcard.width, postcard.height) == ("", None, None)
    assert ContentStorage().exists(stored_name(data))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["photo.jpg", None])
def test_a_file_assigned_in_code_is_prepared_and_so_are_its_dimensions(postcards, name):
    data = photograph()
    postcard = Postcard()
    postcard.picture = ContentFile(data, name=name)
    assert (postcard.width, postcard.height) == (40, 60)
    postcard.save()
    postcard = Postcard.objects.get()
    assert postcard.picture.name == stored_name(data)
    assert (postcard.width, postcard.height) == (40, 60)
    assert (postcard.picture.width, postcard.picture.height) == (40, 60)


@pytest.mark.django_db
def test_a_file_given_when_the_instance_is_made_is_prepared(postcards):
    data = photograph("PNG")
    Postcard.objects.bulk_create([Postcard(picture=ContentFile(data, name="a.png"))])
    postcard = Postcard.objects.get()
    assert (postcard.picture.name, postcard.width) == (stored_name(data), 40)


@pytest.mark.django_db
def test_a_file_slipped_in_past_the_assignment_is_prepared(postcards):
    data = photograph("PNG")
    postcard = Postcard.objects.create()
    postcard.picture.save("../../evil.html", ContentFile(data))
    assert postcard.picture.name == stored_name(data)
    other = photograph("WEBP")
    postcard.picture.file = ContentFile(other, name="evil.html")
    postcard.picture._committed = False
    postcard.save()
    postcard.refresh_from_db()
    assert postcard.picture.name == stored_name(other)


@pytest.mark.django_db
def test_the_same_picture_twice_is_one_file(postcards, settings):
    for _ in range(2):
        Postcard.objects.create(picture=ContentFile(photograph(), name="a.jpg"))
    assert len({postcard.picture.name for postcard in Postcard.objects.all()}) == 1
    assert len(list((settings.MEDIA_ROOT / "pictures").iterdir())) == 1


@pytest.mark.django_db
def test_a_stored_picture_passed_on_is_not_prepared_again(postcards, monkeypatch):
    first = Postcard.objects.create(picture=ContentFile(photograph(), name="a.jpg"))
    first = Postcard.objects.get(pk=first.pk)
    monkeypatch.setattr("pictures.fields.prepare_picture", None)
    second = Postcard.objects.create(picture=first.picture)
    assert second.picture.name == first.picture.name
    assert (second.width, second.height) == (40, 60)


def test_a_file_that_is_no_picture_cannot_be_assigned():
    with pytest.raises(ValidationError) as caught:
        Postcard(picture=ContentFile(b"<svg/>", name="a.png"))
    assert caught.value.code == "picture_format"
