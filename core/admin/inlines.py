"""Inline forms of the admin: rows with an order, and rows that choose related objects in a fixed number of queries."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import Media, Script
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
    opens = ""  # the address of a related object's page, with __key__ for its primary key; empty for no link

    def render(self, name: str, value: Any, attrs: dict | None = None, renderer: Any = None) -> SafeString:
        """Return the choice, and beside it a link that opens the chosen object in a new tab.

        js/row_links.js keeps the link up to date when another object is chosen.
        """
        html = super().render(name, value, attrs, renderer)
        if not self.opens:
            return html
        keys = [key for key in self.format_value(value) if key and whole_number(key) is not None]
        if not keys:
            link = '{}<a class="row-open" target="_blank" rel="noopener" data-opens="{}" hidden>{}</a>'
            return format_html(link, html, self.opens, _("Open"))
        link = '{}<a class="row-open" target="_blank" rel="noopener" data-opens="{}" href="{}">{}</a>'
        return format_html(link, html, self.opens, self.opens.replace("__key__", keys[0]), _("Open"))

    def optgroups(self, name: str, value: Sequence[str], attr: dict | None = None) -> list:
        value = [item for item in value if whole_number(str(item)) is not None]
        if self.chosen is None or [str(item) for item in value] != [str(self.chosen.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.chosen.pk, str(self.chosen), True, 0)], 0)]


class PrefetchedChoiceField(forms.ModelChoiceField):
    """A field that makes no query if the posted value is the related object that was loaded with the row (`chosen`)."""

    chosen: Model | None = None

    def to_python(self, value: object) -> Model | None:
        if self.chosen is not None and str(value) == str(self.chosen.pk):
            return self.chosen
        return super().to_python(value)


class PrefetchedSelectForm(forms.ModelForm):
    """A form that passes the loaded related objects of its instance, or initial ones, to its fields and widgets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if not isinstance(widget, PrefetchedSelect):
                continue
            if self._meta.model._meta.get_field(name).is_cached(self.instance):
                widget.chosen = getattr(self.instance, name)
                if isinstance(field, PrefetchedChoiceField):
                    field.chosen = widget.chosen
            elif isinstance(self.initial.get(name), Model):
                widget.chosen = self.initial[name]


class PrefetchedInline(admin.StackedInline):
    """An inline whose rows are loaded together with their `autocomplete_fields`. At most MAX_ROWS forms are built."""

    form = PrefetchedSelectForm
    extra = 0
    max_num = MAX_ROWS
    classes = ("collapse",)

    @property
    def media(self) -> Media:
        script = Script("js/row_links.js", type="module")
        return super().media + Media(js=[script])  # type: ignore[list-item]  # the stubs want a path

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        return super().get_formset(request, obj, **{"absolute_max": MAX_ROWS, **kwargs})

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            widget = PrefetchedSelect(db_field, self.admin_site, using=kwargs.get("using"))
            widget.opens = self._page_of_related(db_field, request)
            kwargs.setdefault("widget", widget)
            kwargs.setdefault("form_class", PrefetchedChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Return the form field without the icons that Django puts beside a choice; the row has a link instead."""
        field: forms.Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def _page_of_related(self, db_field: ForeignKey, request: HttpRequest) -> str:
        """Return the address of a related object's page (`PrefetchedSelect.opens`), or "" without permission."""
        related = db_field.remote_field.model
        page = self.admin_site._registry.get(related)
        if page is None or not page.has_view_permission(request):
            return ""
        name = f"{self.admin_site.name}:{related._meta.app_label}_{related._meta.model_name}_change"
        return reverse(name, args=["__key__"])
