"""Views that perform a workflow action on an article, and a view that shows one revision."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions import signed_in
from articles import workflow
from articles.admin.submit_briefing import submit_briefing
from articles.admin.verb_forms import SUBMITTING, VERB_FORMS
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.forms import VerbForm
from articles.models import Article, Revision
from articles.notices.correcting import correct_notice
from articles.pages import page_of
from articles.permissions import may
from articles.readiness import findings
from articles.round_changes.due_date import change_due_date
from articles.round_changes.terms import change_terms
from core.http import with_csp
from core.text import whole_number

# The functions of the actions that are not functions of articles.workflow with the same name.
FUNCTIONS: dict[str, Callable[..., object]] = {
    "renew": workflow.submit,
    "change_due_date": change_due_date,
    "change_terms": change_terms,
    "correct_notice": correct_notice,
}
DONE = {
    "submit": _("Submitted: the reviewers have been asked."),
    "renew": _("Submitted again: the reviewers have been asked."),
    "recall": _("Recalled: the text is a draft again."),
    "request_changes": _("Sent back for changes."),
    "end_round": _("Round ended: the writer can change the text."),
    "change_due_date": _("Due date changed: the reviewers are told."),
    "change_terms": _("Terms changed: the reviewers are told."),
    "publish": _("Published: readers see it now."),
    "schedule": _("Scheduled: readers will see it on time."),
    "unschedule": _("Schedule called off: what is live now stays live."),
    "withdraw": _("Withdrawn: readers find your notice."),
    "reinstate": _(
        "Reinstated: readers see it again. A browser that has shown the notice may show it for another minute."
    ),
    "correct_notice": _("Notice corrected: readers see the new words."),
}


@require_POST
def act(request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
    """Perform one action of the workflow (`verb`) on an article and redirect to the article.

    If the action is refused, show its form again with the reason: status 400 for invalid input, 403 if it is not
    permitted, 409 if the article's state does not allow it. Raise Http404 for an unknown action, and if the user may
    neither edit nor publish the article.
    """
    if verb not in VERB_FORMS:
        raise Http404
    article = _article(request, object_id)
    form = VERB_FORMS[verb].for_article(article, article.head(), request.POST)
    if not form.is_valid():
        return _again(request, article, form, 400)
    try:
        function = FUNCTIONS.get(verb) or getattr(workflow, verb)
        function(article=article, actor=request.user, **form.arguments())
    except NotPermitted as error:
        form.add_error(None, str(error))
        return _again(request, article, form, 403)
    except Blocked as error:
        for finding in error.findings:
            form.add_error(None, f"{finding.message} {finding.hint}")
        return _again(request, article, form, 409)
    except InvalidTransition as error:
        form.add_error(None, str(error))
        return _again(request, article, form, 409)
    messages.success(request, DONE[verb])
    return redirect("admin:articles_article_change", article.pk)


@require_safe
def revision(request: HttpRequest, object_id: str, number: int) -> HttpResponseBase:
    """Show one revision as readers would see it.

    Raise Http404 for an unknown revision, and if the user may neither edit nor publish the article.
    """
    article = _article(request, object_id)
    shown = get_object_or_404(Revision, article=article, number=number)
    return preview(request, shown)


@with_csp("EMBED")
def preview(request: HttpRequest, shown: Revision) -> HttpResponse:
    """Return the public page of a revision with a banner that it is not public. The caller checks permissions."""
    banner = gettext("Revision %(number)s, saved by %(person)s. Readers do not see this page.")
    banner %= {"number": shown.number, "person": shown.created_by_shown}
    return render(request, "articles/article_page.html", {"page": page_of(shown), "banner": banner})


def _article(request: HttpRequest, object_id: str) -> Article:
    """Return the article. Raise Http404 if it does not exist or the user may neither edit nor publish it."""
    user = signed_in(request)
    article = Article.objects.filter(pk=whole_number(object_id) or 0).first()
    if article is None or not (may(user, "edit", article) or may(user, "publish", article)):
        raise Http404
    return article


def _again(request: HttpRequest, article: Article, form: VerbForm, status: int) -> HttpResponse:
    article.refresh_from_db()
    context = {
        **admin.site.each_context(request),
        "title": form.button,
        "article": article,
        "form": form,
        "action": reverse("admin:articles_article_do", args=[article.pk, form.verb]),
        "opts": Article._meta,
    }
    if form.verb in SUBMITTING:
        context["briefing"] = submit_briefing(article, findings(article, article.head()))
    return render(request, "admin/articles/article/verb.html", context, status=status)
