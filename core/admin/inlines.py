"""Rows below a form that choose one related object each, in the same few queries however many rows there are."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey, Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.forms.widgets import Widget
from django.http import HttpRequest

from core.text import whole_number

MOST_ROWS = 300


class ChosenSelect(AutocompleteSelect):
    """The admin's own, which asks the database for each row's choice: here the row has brought it along.

    A forged choice that is no number is answered by its field's error; the admin's own falls over it.
    """

    chosen = None

    def optgroups(self, name: str, value: list[str], attr: dict | None = None) -> list:
        value = [item for item in value if whole_number(str(item)) is not None]
        if self.chosen is None or [str(item) for item in value] != [str(self.chosen.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.chosen.pk, str(self.chosen), True, 0)], 0)]


class RowForm(forms.ModelForm):
    """Hands each row's choice to its widget."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget: Widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, ChosenSelect) and self._meta.model._meta.get_field(name).is_cached(self.instance):
                widget.chosen = getattr(self.instance, name)


class RowInline(admin.StackedInline):
    """Inline rows whose `autocomplete_fields` are read with them. More rows than a person types are not built."""

    form = RowForm
    extra = 0
    max_num = MOST_ROWS
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS, **kwargs})

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChosenSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
