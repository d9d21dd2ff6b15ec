"""Compare a posted form with the stored row, and copy the values that only others have changed into the POST.

Three values of each field are compared: the one that the form showed (a fingerprint), the stored one, and the typed
one. If only others have changed it, the stored value goes into the posted data. If both have, the typed value stays,
and the page shows the stored one beside it, unless the user has chosen the stored one.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext

from core.admin import fingerprints
from core.admin.fingerprints import SeenRow
from core.db.own_fields import own_field
from core.fields import HtmlField
from core.html import text_of

TAKE = "take_saved"  # the name of the checkboxes that choose the stored value


@dataclass(frozen=True)
class ChangedMeanwhile:
    """A field or an inline row that somebody else has changed: its label and both values as plain text.

    `is_typed_kept` is true if the form keeps the typed value, and false if the stored one replaces it. `choice` is the
    value of the checkbox that chooses the stored one, or "" if there is no such checkbox. `name` is the name of a field
    of the main form, or "" for an inline row.
    """

    label: str
    stored: str
    typed: str
    is_typed_kept: bool = False
    choice: str = ""
    name: str = ""


@dataclass
class PostedRow:
    """The posted values and files of one form of a formset, by the name of the input without the form's prefix and
    number.
    """

    data: dict[str, list[Any]] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)


class Merge:
    """The merge of posted data into a stored row. `changed` lists what others have changed, in the order of the form.

    `data` is a copy of the posted data, into which the values that only others have changed are copied; `files` is
    changed in place. If `takes_over` is false, the typed values are always kept.
    """

    def __init__(self, data: QueryDict, files: MultiValueDict, seen: SeenRow, *, takes_over: bool = True) -> None:
        self.data, self.files, self.seen = data.copy(), files, seen
        self.takes_over = takes_over
        self.chosen: Collection[str] = set(data.getlist(TAKE))
        self.changed: list[ChangedMeanwhile] = []

    def take_form(self, stored: forms.ModelForm, typed: forms.ModelForm) -> None:
        """Merge the fields of the form: copy into `data` what only others changed, and list in `changed` what they
        changed.

        `stored` is unbound and `typed` is bound, each with an instance of its own.
        """
        for name in fingerprints.compared_fields(stored):
            now = fingerprints.stored_value(stored, name)
            mine = fingerprints.typed_value(typed, name)
            if mine == now:
                continue
            if name in self.chosen:
                self._put_stored(stored, name)
                continue
            seen = self.seen.fields.get(name)
            if seen == fingerprints.fingerprint(now):
                continue
            is_kept = not self.takes_over or seen is None or seen != fingerprints.fingerprint(mine)
            self.changed.append(
                ChangedMeanwhile(
                    label_of(stored, name),
                    shown(stored, name),
                    shown_typed(typed, name),
                    is_typed_kept=is_kept,
                    choice=name if is_kept else "",
                    name=name,
                )
            )
            if not is_kept:
                self._put_stored(stored, name)

    def take_rows(self, stored: BaseInlineFormSet) -> None:
        """Merge the rows of a formset. `stored` is unbound, with the rows as they are now."""
        prefix = str(stored.prefix)
        seen = self.seen.rows.get(prefix, {})
        count = fingerprints.posted_count(self.data, f"{prefix}-INITIAL_FORMS")
        total = fingerprints.posted_count(self.data, f"{prefix}-TOTAL_FORMS")
        posted = self._posted_rows(prefix, total)
        if count > total or not total and f"{prefix}-TOTAL_FORMS" not in self.data:
            return  # Django refuses the formset
        now = {str(row.instance.pk): row for row in stored.initial_forms}
        key_name = stored.model._meta.pk.name
        kept: list[PostedRow] = []
        added: list[PostedRow] = []
        for number in range(count):
            row = posted[number]
            key = str((row.data.get(key_name) or [""])[0])
            if key in now:
                kept.append(self._merged_row(stored, now.pop(key), row, seen.get(key)))
            elif "DELETE" in row.data:
                continue
            elif key in seen and self._is_untouched(stored, row, seen[key]):
                self.changed.append(ChangedMeanwhile(_row_label(stored), gettext("(removed)"), ""))
            else:
                row.data[key_name] = [""]
                added.append(row)
                label, words = _row_label(stored), self._words(stored, row)
                self.changed.append(ChangedMeanwhile(label, gettext("(removed)"), words, is_typed_kept=True))
        for key, form in now.items():
            if key not in seen:
                self.changed.append(ChangedMeanwhile(_row_label(stored), words_of(form, stored), ""))
            kept.append(PostedRow(as_posted(form)))
        self._write_rows(prefix, [*kept, *added, *posted[count:]], len(kept))

    def _merged_row(
        self, stored: BaseInlineFormSet, now: forms.ModelForm, row: PostedRow, seen: str | None
    ) -> PostedRow:
        """Return the values to post for a row that is still stored, and note in `changed` if others have changed it."""
        current = fingerprints.row_fingerprint(now, stored)
        mine = fingerprints.row_fingerprint(self._form(stored, row, now.instance), stored, is_posted=True)
        deletes = "DELETE" in row.data
        choice = f"{stored.prefix}:{now.instance.pk}"
        if choice in self.chosen and (deletes or mine != current):
            return PostedRow(as_posted(now))
        if seen == current or (mine == current and not deletes):
            return row
        is_kept = not self.takes_over or deletes or seen is None or mine != seen
        words = gettext("(to be removed)") if deletes else self._words(stored, row, now.instance)
        self.changed.append(
            ChangedMeanwhile(
                _row_label(stored),
                words_of(now, stored),
                words,
                is_typed_kept=is_kept,
                choice=choice if is_kept else "",
            )
        )
        return row if is_kept else PostedRow(as_posted(now))

    def _posted_rows(self, prefix: str, total: int) -> list[PostedRow]:
        """Return the first `total` posted forms of a formset."""
        rows = [PostedRow() for _ in range(total)]
        pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,4}})-(.+)\Z")
        for source, part in ((self.data, "data"), (self.files, "files")):
            for name in list(source):
                found = pattern.match(name)
                if found and int(found[1]) < total:
                    getattr(rows[int(found[1])], part)[found[2]] = source.getlist(name)
        return rows

    def _write_rows(self, prefix: str, rows: Iterable[PostedRow], initial: int) -> None:
        pattern = re.compile(rf"{re.escape(prefix)}-\d{{1,4}}-")
        for source in (self.data, self.files):
            for name in [name for name in source if pattern.match(name)]:
                del source[name]
        total = 0
        for number, row in enumerate(rows):
            for name, values in row.data.items():
                self.data.setlist(f"{prefix}-{number}-{name}", values)
            for name, values in row.files.items():
                self.files.setlist(f"{prefix}-{number}-{name}", values)
            total = number + 1
        self.data[f"{prefix}-INITIAL_FORMS"], self.data[f"{prefix}-TOTAL_FORMS"] = str(initial), str(total)

    def _form(self, stored: BaseInlineFormSet, row: PostedRow, instance: models.Model | None = None) -> forms.ModelForm:
        """Return a form of the formset that is bound to these values. Its fields are only read, never saved."""
        data: MultiValueDict = MultiValueDict()
        files: MultiValueDict = MultiValueDict()
        for source, target in ((row.data, data), (row.files, files)):
            for name, values in source.items():
                target.setlist(f"row-{name}", values)
        form: forms.ModelForm = stored.form(data, files, prefix="row", instance=instance)
        return form

    def _is_untouched(self, stored: BaseInlineFormSet, row: PostedRow, seen: str) -> bool:
        return fingerprints.row_fingerprint(self._form(stored, row), stored, is_posted=True) == seen

    def _words(self, stored: BaseInlineFormSet, row: PostedRow, instance: models.Model | None = None) -> str:
        form = self._form(stored, row, instance)
        names = fingerprints.compared_fields(form, stored)
        return "\n".join(f"{label_of(form, name)}: {shown_typed(form, name)}" for name in names)

    def _put_stored(self, stored: forms.ModelForm, name: str) -> None:
        """Put the stored value of a field into the posted data, as an unchanged form would post it."""
        bound = stored[name]
        for posted in [key for key in self.data if re.fullmatch(rf"{re.escape(bound.html_name)}(_\d+)?", key)]:
            del self.data[posted]
        self.files.pop(bound.html_name, None)
        for key, values in posted_values(bound).items():
            self.data.setlist(key, values)


def as_posted(form: forms.ModelForm) -> dict[str, list[str]]:
    """Return the values that an unchanged form of a formset would post, by the name of the input without the prefix."""
    values = {key: found for name in form.fields for key, found in posted_values(form[name]).items()}
    return {key.removeprefix(f"{form.prefix}-"): found for key, found in values.items()}


def posted_values(bound: forms.BoundField) -> dict[str, list[str]]:
    """Return the values that a browser posts for an unchanged field of an unbound form, by the name of the input.

    A file input and a box that is not ticked post nothing.
    """
    widget: Any = getattr(bound.field.widget, "widget", bound.field.widget)
    name, value = bound.html_name, bound.value()
    if isinstance(widget, forms.MultiWidget):
        values = value if isinstance(value, list) else widget.decompress(value) or []
        suffixes: list[str] = widget.widgets_names  # type: ignore[attr-defined]  # missing from the stubs
        pairs = zip(suffixes, widget.widgets, values, strict=True)
        return {f"{name}{suffix}": [str(part.format_value(one) or "")] for suffix, part, one in pairs}
    if isinstance(widget, forms.FileInput):
        return {}
    if isinstance(widget, forms.CheckboxInput):
        return {name: ["on"]} if value else {}
    formatted = widget.format_value(value)
    if isinstance(formatted, list | tuple):
        return {name: [str(item) for item in formatted]}
    return {name: ["" if formatted is None else str(formatted)]}


def label_of(form: forms.ModelForm, name: str) -> str:
    """Return the label of a form field, or the model field's if it has none, with a capital letter."""
    return capfirst(str(form.fields[name].label or own_field(form._meta.model, name).verbose_name))


def shown(form: forms.ModelForm, name: str) -> str:
    """Return the stored value of a field as plain text for people."""
    return _readable(form, name, form.get_initial_for_field(form.fields[name], name))


def shown_typed(form: forms.ModelForm, name: str) -> str:
    """Return the posted value of a field as plain text for people, or as it was typed if the field refuses it."""
    form_field, bound = form.fields[name], form[name]
    if isinstance(form_field, forms.FileField):
        if bound.data:
            return gettext("%(file)s (choose it again before you save)") % {"file": bound.data.name}
        return "" if bound.data is False else shown(form, name)
    try:
        return _readable(form, name, form_field.clean(bound.data))
    except forms.ValidationError:
        return str(bound.data or "")


def words_of(form: forms.ModelForm, formset: BaseInlineFormSet) -> str:
    """Return a stored inline row as plain text, one field per line."""
    names = fingerprints.compared_fields(form, formset)
    return "\n".join(f"{label_of(form, name)}: {shown(form, name)}" for name in names)


def _row_label(formset: BaseInlineFormSet) -> str:
    return capfirst(str(formset.model._meta.verbose_name))


def _readable(form: forms.ModelForm, name: str, value: Any) -> str:
    form_field = form.fields[name]
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if value is None or value == "":
        return ""
    if isinstance(form_field, forms.ModelMultipleChoiceField):
        return ", ".join(str(item) for item in value)
    if isinstance(form_field, forms.ModelChoiceField):
        found = value if isinstance(value, models.Model) else form_field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        return str(found or "")
    model_field = own_field(form._meta.model, name)
    if isinstance(model_field, HtmlField):
        try:
            return text_of(str(value))
        except forms.ValidationError:
            return str(value)
    if model_field.choices:
        return str(dict(model_field.flatchoices).get(value, value))
    return str(form_field.prepare_value(value))
