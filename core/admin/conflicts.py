"""A mixin for the admin that refuses a save, deletion or restoration if somebody else has saved in the meantime."""

import copy
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import times
from core.admin import fingerprints
from core.admin.fingerprints import SeenRow
from core.admin.list_rows import UnchangedSinceForm
from core.admin.merging import ChangedMeanwhile, Merge

SEEN = "seen"  # the name of the hidden input that carries the fingerprints


@dataclass(frozen=True)
class Overtaking:
    """The saves by others since a form was opened: who saved last and when, as texts, and the values that differ."""

    who: str
    when: str
    changed: tuple[ChangedMeanwhile, ...]


@dataclass(frozen=True)
class PostedVersion:
    """The fingerprints of the stored row, and the saves by others since the form was opened (None without any)."""

    stored: SeenRow
    overtaking: Overtaking | None


_POSTED: WeakKeyDictionary[HttpRequest, PostedVersion] = WeakKeyDictionary()


class OvertakenForm(forms.ModelForm):
    """A form that is refused because somebody else has saved since it was opened. It keeps the typed values."""

    overtaking: Overtaking

    def clean(self) -> dict[str, Any]:
        """Return the cleaned values. Add an error (overtaken) to the form and to the fields that both people have
        changed.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for change in self.overtaking.changed:
            if change.name in self.fields and change.is_typed_kept:
                error = _("Somebody else has changed this too. The form keeps yours; the saved one is above the form.")
                self.add_error(change.name, ValidationError(error, code="overtaken"))
        self.add_error(
            None,
            ValidationError(
                _(
                    "%(who)s saved this on %(when)s, while you had it open. Nothing of yours is saved yet, and nothing "
                    "was overwritten. Look at the changes below, and save again."
                ),
                code="overtaken",
                params={"who": self.overtaking.who, "when": self.overtaking.when},
            ),
        )
        return cleaned


class ConflictDetection(admin.ModelAdmin):
    """Mixin for the ModelAdmin of a model that people edit.

    Each form carries fingerprints of the values that it showed. A save is refused if somebody else has saved other
    values since: the form is shown again with the typed values, the changes of the others and new fingerprints, so that
    the next save succeeds. The check and the save are one transaction, in which the row is locked.
    """

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        posted = _POSTED.get(request)
        if posted is None or posted.overtaking is None:
            return form
        return type(form.__name__, (OvertakenForm, form), {"overtaking": posted.overtaking})

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if request.method != "POST" or object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            row = self.locked(request, object_id)
            if row is not None and self.has_change_permission(request, row):
                self.compare(request, row)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row, posted = kwargs.get("obj"), _POSTED.get(request)
        if posted is not None:
            context |= {"seen": posted.stored.as_text(), "overtaking": posted.overtaking}
        elif row is not None and request.method != "POST" and self.has_change_permission(request, row):
            formsets = [inline.formset for inline in context["inline_admin_formsets"] if inline.has_change_permission]
            context["seen"] = fingerprints.seen_row(context["adminform"].form, formsets).as_text()
        return super().render_change_form(request, context, *args, **kwargs)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        """Show the confirmation page and delete the row, as Django does.

        If the row has changed since the page was shown, nothing is deleted and the page is shown again with an error.
        """
        with transaction.atomic():
            row = self.locked(request, object_id)
            if row is None or not self.has_delete_permission(request, row):
                return super().delete_view(request, object_id, extra_context)
            seen = fingerprints.version_of(row)
            if request.POST and request.POST.get(SEEN) != seen:
                who, when = _last_saved(row)
                message = gettext("%(who)s saved this on %(when)s. Nothing was deleted: look at it before you decide.")
                messages.error(request, message % {"who": who, "when": when})
                request.POST = QueryDict()  # Django shows the confirmation page again if the POST is empty
            return super().delete_view(request, object_id, {"seen": seen, **(extra_context or {})})

    # The list

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_changelist_form(request, **kwargs)
        return type(form.__name__, (UnchangedSinceForm, form), {})

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if request.method != "POST" or not self.list_editable:
            return super().changelist_view(request, extra_context)
        with transaction.atomic():
            list(self.model._base_manager.select_for_update().order_by("pk").values_list("pk"))
            return super().changelist_view(request, extra_context)

    # The comparison

    def locked(self, request: HttpRequest, object_id: str) -> models.Model | None:
        """Return the row as `get_object` returns it to this user, or None if there is none. On POST, lock it first."""
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            return None
        row = self.get_object(request, unquote(object_id), to_field)
        if row is None or request.method != "POST":
            return row
        self.model._base_manager.select_for_update().filter(pk=row.pk).values_list("pk").first()
        return self.get_object(request, unquote(object_id), to_field)

    def compare(
        self, request: HttpRequest, row: models.Model, *, inlines: bool = True, takes_over: bool = True
    ) -> None:
        """Compare the POST with the stored row, and keep the result for this request in `_POSTED`.

        If only others have changed a value, it replaces the posted one in `request.POST`, unless `takes_over` is false.
        Without `inlines`, only the main form is compared.
        """
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form_class = self.get_form(request, row, change=True, fields=fields)
        form = form_class(instance=copy.copy(row))
        formsets = self._unbound_formsets(request, row) if inlines else []
        stored, seen = fingerprints.seen_row(form, formsets), SeenRow.from_text(request.POST.get(SEEN, ""))
        merge = Merge(request.POST, request.FILES, seen, takes_over=takes_over)
        if stored != seen or merge.chosen:
            merge.take_form(form, form_class(request.POST, request.FILES, instance=copy.copy(row)))
            for formset in formsets:
                merge.take_rows(formset)
            request.POST = merge.data  # type: ignore[assignment]  # Django copies it too where it changes a POST
        overtaking = Overtaking(*_last_saved(row), tuple(merge.changed)) if merge.changed else None
        _POSTED[request] = PostedVersion(stored, overtaking)

    def compared(self, request: HttpRequest, row: models.Model | None) -> dict[str, Any]:
        """Return the template context for a form without inlines that will be compared with this row."""
        posted = _POSTED.get(request)
        if posted is not None:
            return {"seen": posted.stored.as_text(), "overtaking": posted.overtaking}
        if row is None or not self.has_change_permission(request, row):
            return {}
        fields = flatten_fieldsets(self.get_fieldsets(request, row))
        form = self.get_form(request, row, change=True, fields=fields)(instance=copy.copy(row))
        return {"seen": fingerprints.seen_row(form, []).as_text()}

    def _unbound_formsets(self, request: HttpRequest, row: models.Model) -> list[BaseInlineFormSet]:
        """Return the formsets of the inlines that this user may change, with the rows as they are stored."""
        formsets = []
        count: dict[str, int] = {}
        for formset_class, inline in self.get_formsets_with_inlines(request, row):
            prefix = formset_class.get_default_prefix()
            count[prefix] = count.get(prefix, 0) + 1
            if count[prefix] > 1:
                prefix = f"{prefix}-{count[prefix]}"
            if inline.has_change_permission(request, row):
                rows = inline.get_queryset(request)
                formsets.append(formset_class(instance=row, prefix=prefix, queryset=rows))
        return formsets


@admin.action(permissions=["delete"], description=delete_selected.short_description)  # type: ignore[attr-defined]
def delete_unchanged(
    model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet
) -> HttpResponse | TemplateResponse | None:
    """Delete the selected rows like Django's action, but ask for confirmation again if one has changed since.

    Return the confirmation page, or None once the rows are deleted.
    """
    with transaction.atomic():
        keys = list(queryset.values_list("pk", flat=True))
        rows = list(model_admin.model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk"))
        seen = fingerprints.fingerprint(" ".join(fingerprints.version_of(row) for row in rows))
        if request.POST.get("post") and request.POST.get(SEEN) != seen:
            messages.error(
                request, gettext("One of these was changed in the meantime. Nothing was deleted: look again.")
            )
            data = request.POST.copy()
            del data["post"]
            request.POST = data  # type: ignore[assignment]
        response: TemplateResponse | None = delete_selected(model_admin, request, queryset)
        if isinstance(response, TemplateResponse):
            response.context_data = {**(response.context_data or {}), "seen": seen}
        return response


def _last_saved(row: models.Model) -> tuple[str, str]:
    """Return who saved the row last and when, both as text, from its history or, without one, from the admin's log."""
    history = getattr(row, "history", None)
    if history is not None:
        version = history.select_related("history_user").first()
        if version is not None:
            return str(version.history_user or gettext("Somebody")), times.moment(version.history_date)
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
    ).select_related("user")
    entry = entries.order_by("-action_time", "-pk").first()
    if entry is None:
        return gettext("Somebody"), gettext("an unknown day")
    return str(entry.user), times.moment(entry.action_time)
