"""Advisors in the admin, and the reviewers as an inline of the article's form."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, Model, OuterRef, QuerySet, Subquery
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import signed_in
from advisors import panel, panel_choices, proposals
from advisors.admin import article_panel, panel_chooser, vouching
from advisors.admin import proposals as proposal_views
from advisors.admin.filters import PanelFilter, ProposedFilter
from advisors.corrections import asking
from advisors.models import Advisor, NameConsent, PanelMember, Vouch
from advisors.models.members import PanelMemberQuerySet
from advisors.profiles.changes import by_others
from articles.admin import ArticleAdmin
from articles.models import Article
from articles.permissions import may
from core import times
from core.admin import search
from core.admin.history import HistoryAdmin
from core.admin.inlines import PrefetchedInline
from core.admin.search import SearchedModel

MOST_CHANGES = 10  # changes by others that an advisor's form shows, the newest first


@admin.register(Advisor)
class AdvisorAdmin(HistoryAdmin):
    """The members of the board, present and former. They are never deleted."""

    list_display = ("name", "credentials", "affiliation", "user", "is_active", "is_vouched_for", "agrees_to_be_named")
    list_select_related = ("user",)
    list_filter = ("is_active", "specialties")
    search_fields = ("name", "affiliation", "user__email", "orcid")
    autocomplete_fields = ("user",)
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    prepopulated_fields = {"slug": ("name",)}

    readonly_fields = ("disclosure", "identity", "account_correction", "changed_by_others")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Advisor]:
        valid = Vouch.objects.valid().filter(advisor=OuterRef("pk"))
        newest = NameConsent.objects.filter(advisor=OuterRef("pk")).order_by("-pk").values("is_given")[:1]
        rows: QuerySet[Advisor] = super().get_queryset(request)
        return rows.annotate(is_vouched=Exists(valid), consents=Subquery(newest))

    def get_readonly_fields(self, request: HttpRequest, obj: Advisor | None = None) -> tuple[str, ...]:
        """Return the names of the fields that nobody edits here: also the account, once something is signed with it."""
        has_signed = obj is not None and obj.pk and asking.is_bound(obj)
        return (*super().get_readonly_fields(request, obj), *(("user",) if has_signed else ()))

    def save_model(self, request: HttpRequest, obj: Advisor, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.added_by = signed_in(request)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("identity checked"), boolean=True, ordering="is_vouched")
    def is_vouched_for(self, advisor: Advisor) -> bool:
        return bool(getattr(advisor, "is_vouched", False))

    @admin.display(description=_("agrees to be named"), boolean=True, ordering="consents")
    def agrees_to_be_named(self, advisor: Advisor) -> bool | None:
        """Return whether the advisor agrees that readers see name and portrait; None if they have not answered yet."""
        return getattr(advisor, "consents", None)

    @admin.display(description=_("identity"))
    def identity(self, advisor: Advisor) -> str:
        """Return who vouches for the advisor, or that nobody does, with a link to the page for it."""
        if not advisor.pk:
            return gettext("Once they are saved, another editor or an administrator vouches for who they are.")
        last = advisor.vouches.valid().first()
        said = (
            gettext("%(person)s, %(day)s: “%(how)s”")
            % {"person": last.vouched_by_shown, "day": times.day(last.vouched_at), "how": last.how}
            if last
            else gettext("Nobody has vouched for them, so their verdicts do not count.")
        )
        address = reverse("admin:advisors_vouch", args=[advisor.pk])
        return format_html('{} <a href="{}">{}</a>', said, address, gettext("Vouch for them"))

    @admin.display(description=_("correction of the account"))
    def account_correction(self, advisor: Advisor) -> str:
        """Return a link to the page for requesting a correction of the account, or a dash if nothing was signed with
        it.
        """
        if not advisor.pk or not asking.is_bound(advisor):
            return "–"
        address = reverse("admin:advisors_accountcorrection_ask") + f"?advisor={advisor.pk}"
        return format_html('<a href="{}">{}</a>', address, gettext("Ask for a correction"))

    @admin.display(description=_("changed by others after a verdict"))
    def changed_by_others(self, advisor: Advisor) -> str:
        """Return what others changed after the advisor had signed, the newest first, with a link to all versions."""
        found = by_others(advisor) if advisor.pk else []
        context = {"changes": found[:MOST_CHANGES], "more": len(found) > MOST_CHANGES, "advisor": advisor}
        return render_to_string("admin/advisors/advisor/changes.html", context)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Advisor], search_term: str
    ) -> tuple[QuerySet[Advisor], bool]:
        """Return the matching members. Autocompletion, by which reviewers are chosen, gets only active ones."""
        found, distinct = super().get_search_results(request, queryset, search_term)
        if request.path.endswith("/autocomplete/"):
            found = found.filter(is_active=True).annotate(load=panel_choices.open_reviews())
            found = found.prefetch_related("specialties").order_by("name", "pk")
        return found, distinct

    def choice_text(self, advisor: "panel_choices.BusyAdvisor") -> str:
        """Return the name of an advisor among the choices, with their specialties and open reviews."""
        return f"{advisor.name_with_credentials} · {panel_choices.facts_about(advisor, advisor.load)}"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *panel_chooser.paths(view),
            *article_panel.paths(view),
            *proposal_views.paths(view),
            *vouching.paths(view),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Advisor | None = None) -> bool:
        return False


class PanelFormSet(BaseInlineFormSet):
    """The reviewers of an article. Writers propose reviewers; a reviewer whom an editor chooses is confirmed at once.

    New rows must satisfy `panel.refusals`; the rows of advisors who are invited to the open round cannot be removed.
    Saving calls `advisors.panel` and `advisors.proposals`, once for all removed and once for all new rows. `actor` is
    the user.
    """

    actor: User

    def clean(self) -> None:
        super().clean()
        staying = panel.invited_advisors(self.instance) if self.deleted_forms else set()
        for form in self.deleted_forms:
            if form.instance.advisor_id in staying:
                raise ValidationError(panel.STILL_INVITED, code="asked", params={"advisor": form.instance.advisor})
        advisors = self._chosen()
        refused = panel.refusals(self.instance, advisors.values(), self.actor) if advisors else {}
        known = proposals.known_already(self.instance, advisors.values()) if advisors and self.instance.pk else {}
        leaving = {form.instance.advisor_id for form in self.deleted_forms}
        seen = set()
        for form, advisor in advisors.items():
            if advisor.pk in refused:
                form.add_error("advisor", ValidationError(refused[advisor.pk], code="refused"))
            elif advisor.pk in seen or (advisor.pk in known and advisor.pk not in leaving):
                said = known.get(advisor.pk) or gettext("%(advisor)s is chosen twice.") % {"advisor": advisor}
                form.add_error("advisor", ValidationError(said, code="twice"))
            seen.add(advisor.pk)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Add the fields, and label the DELETE checkbox “Turn down” or “Remove”, because rows are never deleted."""
        super().add_fields(form, index)
        if form.instance.pk:
            form.instance.article = self.instance  # the same object for all rows, which keeps panel_with_facts
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = gettext("Turn down") if form.instance.is_waiting else gettext("Remove")

    def _chosen(self) -> dict[forms.ModelForm, Advisor]:
        """Return the advisors chosen in new rows, keyed by form."""
        chosen = [form for form in self.extra_forms if form.has_changed() and form not in self.deleted_forms]
        return {form: form.cleaned_data["advisor"] for form in chosen if form.cleaned_data.get("advisor")}

    def save(self, commit: bool = True) -> list[PanelMember]:
        article, actor = self.instance, self.actor
        leaving = [form.instance for form in self.deleted_forms if form.instance.pk]
        advisors = list(self._chosen().values())
        if leaving:
            panel.take_off_all(article=article, advisors=[member.advisor for member in leaving], actor=actor)
        if advisors and panel.may_decide(actor):
            panel.assign_all(article=article, advisors=advisors, actor=actor)
        elif advisors:
            proposals.propose(article=article, advisors=advisors, actor=actor)
        panel.invite_new_members(article=article, actor=actor)
        rows = PanelMember.objects.standing().filter(article=article, advisor__in=advisors)
        self.new_objects = list(rows.select_related("advisor")) if advisors else []
        self.changed_objects, self.deleted_objects = [], leaving  # for the log of the admin
        return self.new_objects


class PanelInline(PrefetchedInline):
    model = PanelMember
    formset = PanelFormSet
    fields = ("advisor", "standing")
    readonly_fields = ("standing",)
    autocomplete_fields = ("advisor",)
    verbose_name = _("reviewer")
    verbose_name_plural = _("Reviewers")

    def get_queryset(self, request: HttpRequest) -> PanelMemberQuerySet:
        rows = cast(PanelMemberQuerySet, super().get_queryset(request))  # that of PanelMember.objects
        return rows.standing().select_related("advisor", "proposed_by", "decided_by")

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[PanelFormSet]:
        formset = super().get_formset(request, obj, **kwargs)
        actor = signed_in(request)
        self.decides = panel.may_decide(actor)  # Django creates a new inline for each request
        return type(formset.__name__, (formset,), {"actor": actor})

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or may(signed_in(request), "edit", obj))

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Return False: reviewers are added and removed in this inline, but their rows are never edited.

        Editors confirm proposed reviewers with buttons elsewhere on the page (advisors.admin.proposals).
        """
        return False

    @admin.display(description=_("state"))
    def standing(self, member: PanelMember) -> str:
        """Return the state of this reviewer and who proposed or confirmed them, with specialties and open reviews."""
        said = self._state_of(member)
        known = panel_choices.panel_with_facts(member.article).get(member.advisor_id) if member.pk else None
        return f"{said}. {known[1]}" if known else said

    def _state_of(self, member: PanelMember) -> str:
        if not member.pk:
            return gettext("a reviewer once this is saved") if self.decides else gettext("proposed once this is saved")
        values = {"state": member.state, "proposer": member.proposed_by, "editor": member.decided_by}
        if member.is_waiting and member.proposed_by:
            return gettext("%(state)s, proposed by %(proposer)s") % values
        if not member.is_waiting and member.decided_by:
            return gettext("%(state)s, by %(editor)s") % values
        return str(member.state)


ArticleAdmin.inlines = [*ArticleAdmin.inlines, PanelInline]
ArticleAdmin.list_filter = (*ArticleAdmin.list_filter, ProposedFilter, PanelFilter)


def _described(advisor: Advisor) -> str:
    left = "" if advisor.is_active else gettext("no longer on the board")
    return " · ".join(filter(None, (advisor.credentials, advisor.affiliation, left)))


search.add(SearchedModel(Advisor, ("name",), _described, 30, rows=lambda request: Advisor.objects.all()))
