"""The text fields clean every value, by whatever way it arrives."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Concat

from core.fields import HtmlField, LineField, ProseField, max_input_length


class Leaflet(models.Model):
    """A model that only these tests use."""

    title = LineField(max_length=20, blank=True)
    note = ProseField(blank=True, null=True)
    body = HtmlField(blank=True)

    class Meta:
        app_label = "leaflets"

    def __str__(self) -> str:
        return self.title


class LeafletForm(forms.ModelForm):
    class Meta:
        model = Leaflet
        fields = ["title", "note", "body"]


TYPED = {
    "title": " Sle\0ep\n well ",
    "note": "\r\none \r\ntwo\x0b",
    "body": "<p>a<script>b</script></p><p></p>",
}
KEPT = {"title": "Sleep well", "note": "one\ntwo", "body": "<p>a</p>"}


def values(leaflet: Leaflet) -> dict[str, str]:
    return {name: getattr(leaflet, name) for name in KEPT}


@pytest.fixture(scope="module")
def leaflets(django_db_setup, django_db_blocker):
    """Create a table for the model, outside of any transaction, as SQLite requires."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Leaflet)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Leaflet)


def test_full_clean_cleans_the_instance():
    leaflet = Leaflet(**TYPED)
    leaflet.full_clean()
    assert values(leaflet) == KEPT


def test_a_line_is_measured_after_it_was_cleaned():
    leaflet = Leaflet(title="Sleep" + " " * 30 + "well")
    leaflet.full_clean()
    leaflet.title = "x" * 21
    with pytest.raises(ValidationError) as caught:
        leaflet.full_clean()
    assert caught.value.error_dict["title"][0].code == "max_length"


def test_a_form_cleans_what_was_typed():
    form = LeafletForm({**TYPED, "title": " Sle\x07ep\n well "})
    assert form.is_valid(), form.errors
    assert values(form.instance) == KEPT


def test_html_that_cannot_be_read_is_an_error_beside_its_field():
    form = LeafletForm({"body": "<blockquote>" * 100})
    assert form.errors.as_data()["body"][0].code == "html_deep"


@pytest.mark.django_db
def test_saving_cleans_the_row_and_the_instance(leaflets):
    leaflet = Leaflet(**TYPED)
    leaflet.save()
    assert values(leaflet) == KEPT
    leaflet.refresh_from_db()
    assert values(leaflet) == KEPT


@pytest.mark.django_db
def test_saving_many_at_once_cleans_them(leaflets):
    Leaflet.objects.bulk_create([Leaflet(**TYPED), Leaflet(**TYPED)])
    assert [values(leaflet) for leaflet in Leaflet.objects.all()] == [KEPT, KEPT]


@pytest.mark.django_db
def test_an_update_that_meets_no_instance_cleans_too(leaflets):
    leaflet = Leaflet.objects.create()
    Leaflet.objects.update(**TYPED)
    leaflet.refresh_from_db()
    assert values(leaflet) == KEPT
    for name, value in TYPED.items():
        setattr(leaflet, name, value)
    Leaflet.objects.bulk_update([leaflet], list(TYPED))
    assert values(Leaflet.objects.get()) == KEPT


@pytest.mark.django_db
def test_nothing_and_expressions_pass_through(leaflets):
    leaflet = Leaflet.objects.create(title="a", note=None)
    assert leaflet.note is None
    Leaflet.objects.update(title=Concat(F("title"), Value("b")), note=None)
    leaflet.refresh_from_db()
    assert (leaflet.title, leaflet.note) == ("ab", None)
    leaflet.title = Concat(F("title"), Value("c"))
    leaflet.save()
    leaflet.refresh_from_db()
    assert leaflet.title == "abc"


@pytest.mark.django_db
def test_what_is_looked_for_is_cleaned_as_what_is_stored_but_html_is_not(leaflets):
    Leaflet.objects.create(title="Mu\u0308ller", body="<p>a</p>")
    assert Leaflet.objects.filter(title="  Müller\n").exists()
    assert Leaflet.objects.filter(body__contains="<p").exists()


@pytest.mark.parametrize("field", [LineField(max_length=9), ProseField(), HtmlField()])
@pytest.mark.parametrize("value", [None, F("title")])
def test_a_value_without_text_is_prepared_as_it_is(field, value):
    assert field.get_prep_value(value) is value
    assert field.to_python(value) is value


def test_migrations_name_the_fields_by_this_module():
    for field in (LineField, ProseField, HtmlField):
        path = f"core.fields.{field.__name__}"
        assert field(max_length=9).deconstruct()[1:] == (path, [], {"max_length": 9})


@pytest.mark.parametrize(("name", "most"), [("title", max_input_length(20)), ("note", max_input_length(None))])
def test_what_is_far_too_long_is_refused_before_it_is_cleaned(name, most, monkeypatch):
    field = Leaflet._meta.get_field(name)
    monkeypatch.setattr(type(field), "normalise", staticmethod(None))
    with pytest.raises(ValidationError, match=f"It has {most + 1} characters, and may have") as refusal:
        field.clean("é" * (most + 1), None)
    assert refusal.value.code == "max_length"


def test_blanks_around_a_value_of_the_right_length_are_forgiven():
    assert Leaflet._meta.get_field("title").clean(" " * 500 + "Sleep" + " " * 500, None) == "Sleep"


def test_markup_that_is_far_too_long_is_refused_before_it_is_cleaned(monkeypatch):
    monkeypatch.setattr("core.html.strip_controls", None)
    with pytest.raises(ValidationError, match="at most 200000 are possible"):
        Leaflet._meta.get_field("body").clean("é" * 400_001, None)


def test_what_is_too_long_to_be_kept_is_not_found(db, leaflets):
    Leaflet.objects.create(title="Sleep")
    assert not Leaflet.objects.filter(title="Sleep" * 1000).exists()
