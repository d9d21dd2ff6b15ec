"""Editorial checks on the text as it is typed, beside the form."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from articles import preflight
from articles.citations import marks_from_typing
from articles.models import Article, Author, Source
from articles.permissions import may
from articles.preflight import Draft, Finding, Level
from articles.readiness import draft_source, from_other_rooms
from betterment.html import sanitise

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
        found = sorted(found + from_other_rooms(article, None), key=lambda finding: finding.level.gravity)
    return render(request, "admin/articles/article/_checks.html", {"findings": found})


def typed_draft(data: QueryDict) -> Draft:
    """What the form holds, as the checks read it. Raises ValidationError where its HTML is too large or too deep."""
    authors = Author.objects.filter(pk__in=_chosen(data, "authorships", "author"))
    sources = Source.objects.filter(pk__in=_chosen(data, "article_sources", "source"))
    return Draft(
        title=data.get("title", ""),
        standfirst=data.get("standfirst", ""),
        body=sanitise(marks_from_typing(data.get("body", ""))),
        safety_note=sanitise(marks_from_typing(data.get("safety_note", ""))),
        hero=bool(data.get("has_hero")),
        hero_alt=data.get("hero_alt", ""),
        authors=tuple(author.name for author in authors),
        sources=tuple(draft_source(source) for source in sources),
    )


def _chosen(data: QueryDict, prefix: str, field: str) -> Iterator[int]:
    """What the rows of an inline have chosen, without those marked for removal."""
    for name, value in data.items():
        row = re.fullmatch(rf"{prefix}-(\d+)-{field}", name)
        if row and value.isdecimal() and len(value) <= MOST_DIGITS and not data.get(f"{prefix}-{row[1]}-DELETE"):
            yield int(value)
