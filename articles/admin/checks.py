"""Editorial checks on the text as it is typed, beside the form."""

import re
from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from articles import preflight, waivers
from articles.citations import marks_from_typing
from articles.exceptions import InvalidTransition
from articles.forms import AnswerForm
from articles.models import Article, Author, Source, Topic
from articles.permissions import may
from articles.preflight import Draft, Finding, Level
from articles.readiness import draft_product, draft_sources, lists, with_answers
from betterment.html import sanitise
from products.models import Product

# What a primary key may have: nine quintillion takes 19.
MOST_DIGITS = 18


@require_POST
def typed(request: HttpRequest, object_id: str | None = None) -> HttpResponse:
    """The list of findings on the posted form, as HTML for the panel. Nothing is saved."""
    article = Article.objects.filter(pk=object_id).first() if object_id and object_id.isdecimal() else None
    if object_id and (article is None or not may(request.user, "edit", article)):
        raise Http404
    if not request.user.has_perm("articles.change_article"):
        raise Http404
    try:
        found = preflight.run(typed_draft(request.POST))
    except ValidationError as error:
        found = [Finding("STR05", Level.BLOCKER, " ".join(error.messages), "Then the checks can read it.")]
    if article:
        found = with_answers(found, article, None)
    return render(request, "admin/articles/article/_checks.html", {"findings": found, "original": article})


@require_POST
def answer(request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer one warning in a line, or take the answer back (`take_back`). Asked by the panel, it gets its list anew;
    without script, the form."""
    article = Article.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
    if article is None or not may(request.user, "edit", article):
        raise Http404
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise InvalidTransition(" ".join(error for errors in form.errors.values() for error in errors))
        if "take_back" in request.POST:
            waivers.take_back(article=article, actor=request.user, mark=form.finding.mark)
        else:
            reason, until = form.cleaned_data["reason"], form.cleaned_data["until"]
            waivers.waive(article=article, actor=request.user, finding=form.finding, reason=reason, until=until)
    except InvalidTransition as error:
        if request.headers.get("X-Panel"):
            return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(error))
    if request.headers.get("X-Panel"):
        return HttpResponse(status=204)
    return redirect("admin:articles_article_change", article.pk)


def typed_draft(data: QueryDict) -> Draft:
    """What the form holds, as the checks read it. Raises ValidationError where its HTML is too large or too deep."""
    authors = Author.objects.filter(pk__in=_chosen(data, "authorships", "author"))
    sources = Source.objects.filter(pk__in=_chosen(data, "article_sources", "source"))
    topics = [pk for pk in data.getlist("topics") if pk.isdecimal() and len(pk) <= MOST_DIGITS]
    recommended = Product.objects.filter(pk__in=_chosen(data, "recommendations", "product"))
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


def _chosen(data: QueryDict, prefix: str, field: str) -> Iterator[int]:
    """What the rows of an inline have chosen, without those marked for removal."""
    for name, value in data.items():
        row = re.fullmatch(rf"{prefix}-(\d+)-{field}", name)
        if row and value.isdecimal() and len(value) <= MOST_DIGITS and not data.get(f"{prefix}-{row[1]}-DELETE"):
            yield int(value)
