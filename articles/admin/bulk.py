"""Verbs for several articles at once: each goes through the workflow on its own, and each says how it went."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from articles import publishing, workflow
from articles.exceptions import InvalidTransition
from articles.forms import SubmitForm
from articles.models import Article, Reason
from core import times

MOST = 100


class BulkSubmitForm(SubmitForm):
    """One day for all of them, or each its own."""

    seen = None

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].help_text = "Leave it empty to use the days that each article's topics give."


class BulkRenewForm(BulkSubmitForm):
    button = "Ask for new reviews"
    hint = "The board reviews each unchanged text again, and readers go on seeing it."


class BulkScheduleForm(forms.Form):
    """One moment for all of them."""

    button, hint = "Schedule these", "Readers see each approved revision from the moment you choose."
    at = forms.SplitDateTimeField(label="Publish at", widget=AdminSplitDateTime)
    change_note = forms.CharField(
        label="What changed, for readers", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True)
class Result:
    """How it went for one article."""

    article: Article
    is_done: bool
    message: str


@dataclass(frozen=True)
class BulkVerb:
    """A verb with the form that it asks for all articles, and what it does for one; returns what to say."""

    name: str
    title: str
    form: type[forms.Form]
    act: Callable[[Article, User, dict], str]
    permission: str = "articles.change_article"


def _submit(article: Article, actor: User, values: dict) -> str:
    submission = workflow.submit(article=article, actor=actor, note=values["note"], due_on=values["due_on"])
    return f"Submitted: revision {submission.revision.number}."


def _renew(article: Article, actor: User, values: dict) -> str:
    submission = workflow.submit(
        article=article, actor=actor, note=values["note"], due_on=values["due_on"], reason=Reason.RENEWAL
    )
    number, answer_by = submission.revision.number, times.day(submission.due_on)
    return f"The board is asked again: revision {number}, answers by {answer_by}."


def _schedule(article: Article, actor: User, values: dict) -> str:
    if publishing.last_ended(article):
        raise InvalidTransition("It was taken off the page. Open it to bring it back, and say there why.")
    publication = workflow.schedule(article=article, actor=actor, at=values["at"], change_note=values["change_note"])
    return f"Scheduled: revision {publication.approval.revision.number}."


SUBMIT = BulkVerb("submit", "Submit to the board", BulkSubmitForm, _submit)
RENEW = BulkVerb("renew", "Ask for a new review", BulkRenewForm, _renew, "articles.edit_all_articles")
SCHEDULE = BulkVerb("schedule", "Schedule", BulkScheduleForm, _schedule, "articles.publish_article")


def run(verb: BulkVerb, articles: QuerySet, actor: User, values: dict) -> list[Result]:
    """The verb on each article, in a transaction of its own; one that is refused leaves the others alone."""
    results = []
    for article in articles:
        try:
            results.append(Result(article, True, verb.act(article, actor, values)))
        except InvalidTransition as error:
            results.append(Result(article, False, str(error)))
    return results


class BulkVerbs:
    """Actions on the list of articles. Higher apps add their own to `bulk_verbs`."""

    bulk_verbs: tuple[BulkVerb, ...] = (SUBMIT, RENEW, SCHEDULE)

    def get_actions(self, request: HttpRequest) -> dict:
        """The bulk verbs that this person may use at all; each article decides again. Nothing is ever deleted."""
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
    """Asks what the verb needs, then does it and shows a result for each row."""
    articles = list(queryset.order_by("pk")[: MOST + 1])
    form = verb.form(request.POST if "confirmed" in request.POST else None)
    results, refused = [], ""
    if len(articles) > MOST:
        refused = f"Choose at most {MOST} articles at a time."
    elif form.is_bound and form.is_valid():
        results = run(verb, articles, request.user, form.cleaned_data)
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
        "checkbox": admin.helpers.ACTION_CHECKBOX_NAME,
    }
    return render(request, "admin/articles/article/bulk.html", context)
