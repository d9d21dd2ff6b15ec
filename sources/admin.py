"""Retraction notices in the admin: editors see all of them and add their own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import sessions
from core.admin.inlines import PrefetchedSelect
from core.admin.lookups import DeclaredLookups
from sources import retractions
from sources.models import Nature, RetractionNotice, Source


class NoticeForm(forms.ModelForm):
    """The form for an editor's own notice about a source."""

    class Meta:
        model = RetractionNotice
        fields = ["source", "nature", "noticed_on", "reason"]
        labels = {"reason": gettext_lazy("The reason, and where it can be read")}
        help_texts = {
            "nature": gettext_lazy("A reinstatement cancels every older notice, whoever gave it."),
            "noticed_on": gettext_lazy(
                "The date that the journal gives. A notice without a date counts as older than any with a date."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name != "noticed_on"

    def clean(self) -> dict[str, Any]:
        """Return the cleaned values. Add an error to the form if the reason is missing or the date is in the future."""
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("noticed_on") or cleaned.get("reason"):
            try:
                retractions.check_note(cleaned.get("reason") or "x", cleaned.get("noticed_on"))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


@admin.register(RetractionNotice)
class RetractionNoticeAdmin(DeclaredLookups, admin.ModelAdmin):
    """All notices on record, whatever their origin. Editors can add notices; nobody can change or delete one here."""

    list_display = ("nature", "said_by", "noticed_on", "doi", "pmid", "source", "reason")
    list_display_links = ("nature",)
    list_select_related = ("source",)
    list_filter = ("said_by", "nature")
    search_fields = ("=doi", "=pmid", "record", "source__key")
    search_help_text = gettext_lazy(
        "A complete DOI or PMID, the register's number of the notice, or the key of a source."
    )
    list_per_page = 50
    show_full_result_count = False
    autocomplete_fields = ("source",)
    form = NoticeForm
    view_fields = ("nature", "said_by", "noticed_on", "reason", "doi", "pmid", "source", "notice_doi", "record")

    def get_fields(self, request: HttpRequest, obj: RetractionNotice | None = None) -> tuple[str, ...]:
        return (*self.view_fields, "recorded_at") if obj else ("source", "nature", "noticed_on", "reason")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "source":
            kwargs["widget"] = PrefetchedSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}

    def has_change_permission(self, request: HttpRequest, obj: RetractionNotice | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RetractionNotice | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: RetractionNotice, form: NoticeForm, change: bool) -> None:
        """Store the notice with `retractions.note`, which updates the source in the same transaction.

        Raise NotPermitted if the user may not add notices.
        """
        said = form.cleaned_data
        made = retractions.note(
            source=said["source"],
            actor=sessions.signed_in(request),
            nature=Nature(said["nature"]),
            reason=said["reason"],
            on=said["noticed_on"],
        )
        obj.__dict__.update({name: value for name, value in made.__dict__.items() if name != "_state"})
        obj._state.adding = False

    def response_add(
        self, request: HttpRequest, obj: RetractionNotice, post_url_continue: str | None = None
    ) -> HttpResponse:
        source = Source.objects.get(own_notices=obj)
        if source.retraction_note:
            told = _("Your notice is on record. %(note)s") % {"note": source.retraction_note}
        else:
            told = _("Your notice is on record. The source carries no warning now.")
        messages.success(request, told)
        return redirect("admin:sources_source_change", source.pk)
