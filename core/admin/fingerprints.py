"""Fingerprints of the values in an admin form, by which a save detects what has changed in the meantime."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models
from django.forms.models import BaseInlineFormSet

from core.db.own_fields import own_field
from core.fields import HtmlField
from core.text import whole_number

LENGTH = 16  # hexadecimal digits
INVALID = "\x00invalid"  # in place of a value that its field does not accept; equal to no stored value


@dataclass(frozen=True)
class SeenRow:
    """The fingerprints of a row as a form showed it.

    `fields` holds them by field name, `rows` those of the inline rows by the prefix of the formset and the primary key.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_text(self) -> str:
        """Return the value of the hidden input that carries the fingerprints."""
        return json.dumps({"fields": dict(self.fields), "rows": {name: dict(rows) for name, rows in self.rows.items()}})

    @classmethod
    def from_text(cls, text: str) -> "SeenRow":
        """Return the fingerprints in a posted text, or an empty SeenRow if the text is malformed."""
        try:
            found = json.loads(text)
            fields = {str(name): str(value) for name, value in found["fields"].items()}
            rows = {str(name): {str(k): str(v) for k, v in keys.items()} for name, keys in found["rows"].items()}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls()
        return cls(fields, rows)


def seen_row(form: forms.ModelForm, formsets: Iterable[BaseInlineFormSet]) -> SeenRow:
    """Return the fingerprints of the values that an unbound form and its formsets show."""
    fields = {name: fingerprint(stored_value(form, name)) for name in compared_fields(form)}
    rows = {
        str(formset.prefix): {str(row.instance.pk): row_fingerprint(row, formset) for row in formset.initial_forms}
        for formset in formsets
    }
    return SeenRow(fields, rows)


def compared_fields(form: forms.ModelForm, formset: BaseInlineFormSet | None = None) -> list[str]:
    """Return the names of the model fields that a form can change.

    The primary key, and the foreign key of an inline row to its parent, are left out.
    """
    options = form._meta.model._meta
    names = {model_field.name for model_field in (*options.concrete_fields, *options.many_to_many)}
    names -= {options.pk.name, *((formset.fk.name,) if formset is not None else ())}
    return [name for name, form_field in form.fields.items() if name in names and not form_field.disabled]


def stored_value(form: forms.ModelForm, name: str) -> str:
    """Return the initial value of a field as text, for comparison with `typed_value`."""
    return as_text(own_field(form._meta.model, name), form.get_initial_for_field(form.fields[name], name))


def typed_value(form: forms.ModelForm, name: str) -> str:
    """Return a posted value as text, or INVALID if its field does not accept it."""
    form_field, bound = form.fields[name], form[name]
    try:
        if isinstance(form_field, forms.FileField):
            value = form_field.clean(bound.data, bound.initial)
        else:
            value = form_field.clean(bound.data)
        return as_text(own_field(form._meta.model, name), value)
    except ValidationError:
        return INVALID


def row_fingerprint(row: forms.ModelForm, formset: BaseInlineFormSet, *, is_posted: bool = False) -> str:
    """Return the fingerprint of an inline row as it is stored or, if `is_posted`, as it was posted."""
    value_of = typed_value if is_posted else stored_value
    return fingerprint(json.dumps([(name, value_of(row, name)) for name in sorted(compared_fields(row, formset))]))


def fingerprint(text: str) -> str:
    """Return the first LENGTH hexadecimal digits of the SHA-256 digest of a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def as_text(model_field: models.Field, value: Any) -> str:
    """Return a value as text, which is equal for a stored value and for the same value posted by an unchanged form.

    Raise ValidationError if the model's field does not accept it.
    """
    match value:
        case None | False | "":
            return ""
        case True:
            return "1"
        case str():
            return _plain(model_field, str(model_field.to_python(value)))
        case models.Model():
            return str(value.pk)
        case File():
            return str(value.name or "")
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case models.QuerySet() | list() | tuple() | set():
            return ",".join(sorted(str(getattr(item, "pk", item)) for item in value))
    return str(value)


def _plain(model_field: models.Field, text: str) -> str:
    """Return a text with uniform white space, because the rich-text editor wraps the lines of HTML in its own way."""
    if isinstance(model_field, HtmlField):
        return " ".join(text.split()).replace("> <", "><")
    return text.replace("\r\n", "\n").strip()


def version_of(row: models.Model) -> str:
    """Return a fingerprint of all columns of a row and of the key of its newest history record, if it has any."""
    values = [str(row.serializable_value(column.attname)) for column in row._meta.concrete_fields]
    history = getattr(row, "history", None)
    newest = history.values_list("pk", flat=True).first() if history is not None else None
    return fingerprint(json.dumps([*values, str(newest)]))


def posted_count(data: Mapping[str, Any], name: str) -> int:
    """Return a posted number of forms (such as TOTAL_FORMS), at most 1000, or 0 if it is not a number.

    The cap only bounds the work here. Django's formsets check the number again.
    """
    return min(whole_number(str(data.get(name, ""))) or 0, 1000)
