"""Possible second accounts in the admin: the list, and the page on which an editor decides."""

from functools import partial
from typing import cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.sessions import signed_in
from advisors.admin.decision_pages import Answers, Decided, DecisionPagesAdmin, decide
from advisors.models import PersonFlag
from advisors.models.person_flags import PersonFlagQuerySet
from advisors.same_person import deciding
from advisors.same_person.likeness import Reason
from articles.models import Author, PersonDecision
from core.paging import page_or_404

DECISIONS_PER_PAGE = 20
ANSWERS = {"same": True, "different": False}


class DecisionFilter(admin.SimpleListFilter):
    """Filter the flags (PersonFlag) by the newest decision on them."""

    title = _("decision")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("none", gettext("not decided")),
            ("same", gettext("one person")),
            ("different", gettext("different people")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PersonFlag]) -> QuerySet[PersonFlag]:
        flags, value = cast(PersonFlagQuerySet, queryset), self.value() or ""
        if value == "none":
            return flags.undecided()
        return flags.decided(is_same=ANSWERS[value]) if value in ANSWERS else flags


class DecideForm(forms.Form):
    note = forms.CharField(
        label=_("How do you know?"),
        help_text=_("For example: “asked her: she has a second account at the university”."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def in_words(reasons: list[str]) -> str:
    """Return the reasons of a flag in words, separated by semicolons."""
    return "; ".join(str(Reason(reason).label) for reason in reasons if reason in Reason)


@admin.register(PersonFlag)
class PersonFlagAdmin(DecisionPagesAdmin):
    """A read-only list of the flags. Each has a page on which an editor decides."""

    list_display = ("people", "why", "decision", "found_at")
    list_filter = (DecisionFilter,)

    def get_queryset(self, request: HttpRequest) -> PersonFlagQuerySet:
        flags = cast(PersonFlagQuerySet, super().get_queryset(request))
        return flags.with_decision().with_sides()

    def decision_page(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the flag with its decisions (GET), or decide (POST, `answer` “same” or “different”).

        Raise Http404 for an unknown flag or page of decisions.
        """
        return flag_page(request, number)

    @admin.display(description=_("people"))
    def people(self, flag: PersonFlag) -> str:
        return str(flag)

    @admin.display(description=_("why"))
    def why(self, flag: PersonFlag) -> str:
        return in_words(flag.reasons)

    @admin.display(description=_("decision"))
    def decision(self, flag: PersonFlag) -> str:
        """Return the newest decision in words, or that there is none."""
        words = {None: gettext("not decided"), True: gettext("one person"), False: gettext("different people")}
        return words[getattr(flag, "is_same", None)]


@require_http_methods(["GET", "HEAD", "POST"])
def flag_page(request: HttpRequest, object_id: int) -> HttpResponse:
    """Show a flag with its decisions (GET), or record a decision (POST).

    A refusal is shown with status 403 if the user may not decide, otherwise 400. Raise Http404 for an unknown flag or
    page of decisions.
    """
    actor, decided = signed_in(request), Decided(status=200)
    flag = get_object_or_404(PersonFlag.objects.with_sides(), pk=object_id)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answers: Answers = {
            answer: (
                partial(_decide, flag=flag, is_same=is_same, actor=actor),
                gettext("Recorded."),
            )
            for answer, is_same in ANSWERS.items()
        }
        decided = decide(request, form, answers, gettext("Say whether they are one person or different people."))
    if decided.is_done:
        return redirect("admin:advisors_personflag_change", flag.pk)
    context = {
        **admin.site.each_context(request),
        "title": str(flag),
        "opts": PersonFlag._meta,
        "flag": flag,
        "sides": [_facts(flag.first), _facts(flag.second)],
        "why": in_words(flag.reasons),
        "page": page_or_404(request, PersonDecision.objects.filter(pair=flag.pair), DECISIONS_PER_PAGE),
        "contradiction": deciding.contradiction(flag),
        "form": form,
        "why_not": deciding.refusal(flag.pair, actor),
        "refused": decided.refused,
    }
    return render(request, "admin/advisors/personflag/page.html", context, status=decided.status)


def _decide(note: str, flag: PersonFlag, is_same: bool, actor: User) -> PersonDecision:
    return deciding.decide(flag=flag, is_same=is_same, note=note, actor=actor)


def _facts(side: User | Author | None) -> dict[str, object]:
    """Return what the page shows of an account or author: name, address, profiles, ORCID."""
    profiles = [profile for name in ("advisor", "author") if (profile := getattr(side, name, None)) is not None]
    orcids = [one.orcid for one in (profiles or [side]) if getattr(one, "orcid", "")]
    return {
        "name": str(side),
        "address": getattr(side, "email", ""),
        "kind": gettext("account") if hasattr(side, "email") else gettext("author without an account"),
        "profiles": [f"{one._meta.verbose_name} {one.name_with_credentials}" for one in profiles],
        "orcids": sorted(set(orcids)),
    }
