"""Inline forms of the admin: rows with an order, and rows that choose related objects in a fixed number of queries."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import Media, Script
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from core.text import whole_number

MAX_ROWS = 300


class OrderedInlineMixin(InlineModelAdmin):
    """Mixin for inlines with a field `position`: editors can drag the rows, or move them with two buttons.

    Without JavaScript, the field itself is shown.
    """

    @property
    def media(self) -> Media:
        script = Script("js/ordered_rows.js", type="module")
        return super().media + Media(js=[script])  # type: ignore[list-item]  # the stubs want a path


class PrefetchedSelect(AutocompleteSelect):
    """The admin's autocomplete widget, except that it uses the related object that was loaded with the row.

    Django's widget makes a query for each row, and raises ValueError if a posted value is not a number. With this
    widget, the field reports such a value as invalid.
    """

    chosen: Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict | None = None) -> list:
        value = [item for item in value if whole_number(str(item)) is not None]
        if self.chosen is None or [str(item) for item in value] != [str(self.chosen.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.chosen.pk, str(self.chosen), True, 0)], 0)]


class PrefetchedSelectForm(forms.ModelForm):
    """A form that passes the loaded related objects of its instance to its widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, PrefetchedSelect) and self._meta.model._meta.get_field(name).is_cached(self.instance):
                widget.chosen = getattr(self.instance, name)


class PrefetchedInline(admin.StackedInline):
    """An inline whose rows are loaded together with their `autocomplete_fields`. At most MAX_ROWS forms are built."""

    form = PrefetchedSelectForm
    extra = 0
    max_num = MAX_ROWS
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        return super().get_formset(request, obj, **{"absolute_max": MAX_ROWS, **kwargs})

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PrefetchedSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
