"""Editorial checks on the text as it is typed, beside the form."""

from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from articles import waivers
from articles.citations import marks_from_typing
from articles.exceptions import InvalidTransition
from articles.forms import AnswerForm
from articles.models import Article, Author, Topic
from articles.permissions import may
from articles.previews import chosen_rows
from articles.readiness import draft_product, draft_sources, findings, lists, with_answers
from checks import preflight
from checks.preflight import Draft, Finding, Level
from core.html import sanitise
from core.text import whole_number
from products.models import Product
from sources.models import Source

Chosen = TypeVar("Chosen", bound=Model)


@require_POST
def typed(request: HttpRequest, object_id: str | None = None) -> HttpResponse:
    """The list of findings on the posted form, as HTML for the panel. Nothing is saved."""
    article = Article.objects.filter(pk=whole_number(object_id)).first()
    if object_id and (article is None or not may(request.user, "edit", article)):
        raise Http404
    if not request.user.has_perm("articles.change_article"):
        raise Http404
    found = _found_in_form(request.POST, article)
    return render(request, "admin/articles/article/_checks.html", {"findings": found, "original": article})


@require_POST
def answer(request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer one warning in a line, or take the answer back (`take_back`).

    The panel's script posts the article's form as well, so that a warning about unsaved text can be answered; without
    it the warning is looked up in the stored text. The script gets a bare status, a browser without script the form.
    """
    article = Article.objects.filter(pk=whole_number(object_id)).first()
    if article is None or not may(request.user, "edit", article):
        raise Http404
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidTransition(" ".join(error for errors in form.errors.values() for error in errors))
        if "take_back" in request.POST:
            waivers.take_back(article=article, actor=request.user, mark=form.cleaned_data["mark"])
        else:
            finding = _named(form.cleaned_data["mark"], request.POST, article)
            reason, until = form.cleaned_data["reason"], form.cleaned_data["until"]
            waivers.waive(article=article, actor=request.user, finding=finding, reason=reason, until=until)
    except InvalidTransition as error:
        if request.headers.get("X-Panel"):
            return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
    if request.headers.get("X-Panel"):
        return HttpResponse(status=204)
    return redirect("admin:articles_article_change", article.pk)


def _found_in_form(data: QueryDict, article: Article | None) -> list[Finding]:
    """Return every finding on the posted form, with the answers that stand if the article is already stored."""
    try:
        found = preflight.run(typed_draft(data, article))
    except ValidationError as error:
        found = [Finding("STR05", Level.BLOCKER, " ".join(error.messages), "Then the checks can read it.")]
    return with_answers(found, article, None) if article else found


def _named(mark: str, data: QueryDict, article: Article) -> Finding:
    """Return the finding with this mark on the posted text, or on the stored text if none was posted.

    Raises InvalidTransition if the checks make no such finding.
    """
    found = _found_in_form(data, article) if "body" in data else findings(article, article.head())
    for finding in found:
        if finding.mark == mark:
            return finding
    raise InvalidTransition("The checks no longer give this warning for the text as it is now.")


def typed_draft(data: QueryDict, article: Article | None) -> Draft:
    """What the form holds, as the checks read it. Raises ValidationError where its HTML is too large or too deep."""
    authors = _chosen(data, article, "authorships", "author", Author)
    sources = _chosen(data, article, "article_sources", "source", Source)
    topics = [pk for pk in map(whole_number, data.getlist("topics")) if pk is not None]
    recommended = _chosen(data, article, "recommendations", "product", Product)
    return Draft(
        title=data.get("title", ""),
        standfirst=data.get("standfirst", ""),
        key_messages=tuple(line.strip() for line in data.get("key_messages", "").splitlines() if line.strip()),
        disclosure=data.get("disclosure", ""),
        search_description=data.get("search_description", ""),
        topics=tuple(Topic.objects.filter(pk__in=topics).values_list("name", flat=True)),
        products=tuple(draft_product(product) for product in recommended.prefetch_related("topics")),
        lists=lists(),
        today=timezone.localdate(),
        body=sanitise(marks_from_typing(data.get("body", ""))),
        safety_note=sanitise(marks_from_typing(data.get("safety_note", ""))),
        hero=bool(data.get("has_hero")),
        hero_alt=data.get("hero_alt", ""),
        authors=tuple(author.name for author in authors),
        sources=draft_sources(sources),
    )


def _chosen(data: QueryDict, article: Article | None, prefix: str, field: str, model: type[Chosen]) -> QuerySet[Chosen]:
    """Return what the rows of an inline choose, or what is stored if this person's form has no rows to choose in.

    Writers, for example, see the recommended products and cannot change them.
    """
    keys = chosen_rows(data, prefix, field)
    if keys is None:
        keys = getattr(article, prefix).values(field) if article else []
    return model._default_manager.filter(pk__in=keys)
