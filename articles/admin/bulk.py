"""Workflow actions on several articles at once. Each article is handled separately and has its own result."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sessions import signed_in
from articles import publishing, workflow
from articles.exceptions import InvalidTransition
from articles.forms import SubmitForm
from articles.models import Article, Reason
from core import times

MOST = 100


class BulkSubmitForm(SubmitForm):
    """The form for submitting several articles.

    A due date applies to all of them. Without one, each article gets its usual date.
    """

    seen = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = _("Leave it empty to use the days that each article's topics give.")


class BulkRenewForm(BulkSubmitForm):
    button = _("Ask for new reviews")
    hint = _("The board reviews each unchanged text again, and readers go on seeing it.")


class BulkScheduleForm(forms.Form):
    """The form for scheduling several articles for the same time."""

    button, hint = _("Schedule these"), _("Readers see each approved revision from the moment you choose.")
    at = forms.SplitDateTimeField(label=_("Publish at"), widget=AdminSplitDateTime)
    change_note = forms.CharField(
        label=_("What changed, for readers"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )


@dataclass(frozen=True)
class Result:
    """The result for one article: whether the action was performed, and the message about it."""

    article: Article
    is_done: bool
    message: str


@dataclass(frozen=True)
class BulkVerb:
    """A bulk action: the form for all articles, and the permission that a user needs for it.

    `act` handles one article for a user, with the cleaned data of the form, and returns a message; it raises
    InvalidTransition if it refuses.
    """

    name: str
    title: str | Promise
    form: type[forms.Form]
    act: Callable[[Article, User, dict], str]
    permission: str = "articles.change_article"


def _submit(article: Article, actor: User, values: dict) -> str:
    submission = workflow.submit(article=article, actor=actor, note=values["note"], due_on=values["due_on"])
    return gettext("Submitted: revision %(number)s.") % {"number": submission.revision.number}


def _renew(article: Article, actor: User, values: dict) -> str:
    submission = workflow.submit(
        article=article, actor=actor, note=values["note"], due_on=values["due_on"], reason=Reason.RENEWAL
    )
    words = {"number": submission.revision.number, "day": times.day(submission.due_on)}
    return gettext("The board is asked again: revision %(number)s, answers by %(day)s.") % words


def _schedule(article: Article, actor: User, values: dict) -> str:
    if publishing.last_ended(article):
        raise InvalidTransition(gettext("It was taken off the page. Open it to bring it back and give the reason."))
    publication = workflow.schedule(article=article, actor=actor, at=values["at"], change_note=values["change_note"])
    return gettext("Scheduled: revision %(number)s.") % {"number": publication.approval.revision.number}


SUBMIT = BulkVerb("submit", _("Submit to the board"), BulkSubmitForm, _submit)
RENEW = BulkVerb("renew", _("Ask for a new review"), BulkRenewForm, _renew, "articles.edit_all_articles")
SCHEDULE = BulkVerb("schedule", _("Schedule"), BulkScheduleForm, _schedule, "articles.publish_article")


def run(verb: BulkVerb, articles: Iterable[Article], actor: User, values: dict) -> list[Result]:
    """Perform the action on each article and return the results. A refused article does not stop the others.

    `values` is the cleaned data of the form, for all articles.
    """
    results = []
    for article in articles:
        try:
            results.append(Result(article, True, verb.act(article, actor, values)))
        except InvalidTransition as error:
            results.append(Result(article, False, str(error)))
    return results


class BulkVerbs:
    """Mixin of ArticleAdmin with the bulk actions of the list. Higher-level apps add theirs to `bulk_verbs`."""

    bulk_verbs: tuple[BulkVerb, ...] = (SUBMIT, RENEW, SCHEDULE)

    def get_actions(self, request: HttpRequest) -> dict:
        """Return the bulk actions that this user may perform, without Django's own for deleting."""
        return {
            verb.name: (self._action(verb), verb.name, verb.title)
            for verb in self.bulk_verbs
            if request.user.has_perm(verb.permission)
        }

    def _action(self, verb: BulkVerb) -> Callable:
        def action(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
            return bulk_page(model_admin, request, queryset, verb)

        return action


def bulk_page(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet, verb: BulkVerb) -> HttpResponse:
    """Show the action's form or, once it is confirmed and valid, the results. Refuse more than MOST articles."""
    articles = list(queryset.order_by("pk")[: MOST + 1])
    form = verb.form(request.POST if "confirmed" in request.POST else None)
    results, refused = [], ""
    if len(articles) > MOST:
        refused = gettext("Choose at most %(limit)s articles at a time.") % {"limit": MOST}
    elif form.is_bound and form.is_valid():
        results = run(verb, articles, signed_in(request), form.cleaned_data)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": verb.title,
        "opts": model_admin.opts,
        "verb": verb,
        "form": form,
        "articles": articles[:MOST],
        "results": results,
        "refused": refused,
        "done": sum(result.is_done for result in results),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return render(request, "admin/articles/article/bulk.html", context)
