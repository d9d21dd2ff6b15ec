"""Pressing a verb in the admin, and reading one revision there. The verbs themselves are articles.workflow's."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from articles import workflow
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.forms import VERB_FORMS, VerbForm
from articles.models import Article, Revision
from articles.pages import page_of
from articles.permissions import may
from core.http import with_csp
from core.text import whole_number

# The workflow's function behind a button, where it has another name.
FUNCTIONS = {"renew": "submit"}
DONE = {
    "submit": "Submitted: the reviewers have been asked.",
    "renew": "Submitted again: the reviewers have been asked.",
    "recall": "Recalled: the text is a draft again.",
    "request_changes": "Sent back for changes.",
    "end_round": "Round ended: the writer can change the text.",
    "change_due_date": "Due date changed: the reviewers are told.",
    "publish": "Published: readers see it now.",
    "schedule": "Scheduled: readers will see it on time.",
    "unschedule": "Schedule called off: what is live now stays live.",
    "withdraw": "Withdrawn: readers find your notice.",
    "reinstate": "Reinstated: readers see it again.",
}


@require_POST
def act(request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
    """Press one verb. What was typed comes back with the reason where the verb is refused."""
    if verb not in VERB_FORMS:
        raise Http404
    article = _article(request, object_id)
    form = VERB_FORMS[verb].for_article(article, article.head(), request.POST)
    if not form.is_valid():
        return _again(request, article, form, 400)
    try:
        getattr(workflow, FUNCTIONS.get(verb, verb))(article=article, actor=request.user, **form.arguments())
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
def revision(request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """One revision as readers would get it, for those who may edit its article."""
    article = _article(request, object_id)
    shown = get_object_or_404(Revision, article=article, number=number)
    return preview(request, shown)


@with_csp("EMBED")
def preview(request: HttpRequest, shown: Revision) -> HttpResponse:
    """The reader's page of any revision, marked as not public. The caller has checked who asks."""
    banner = f"Revision {shown.number}, saved by {shown.created_by_name}. Readers do not see this page."
    return render(request, "articles/article_page.html", {"page": page_of(shown), "banner": banner})


def _article(request: HttpRequest, object_id: str) -> Article:
    """The article, where this person may open it; otherwise it does not exist for them."""
    article = Article.objects.filter(pk=whole_number(object_id)).first()
    if article is None or not (may(request.user, "edit", article) or may(request.user, "publish", article)):
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
    return render(request, "admin/articles/article/verb.html", context, status=status)
