"""The reader's page of what stands in a form and in no table yet. Nothing is stored on the way."""

import re
from collections.abc import Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import FileField, QuerySet
from django.http import QueryDict

from accounts.models import User
from articles.citations import marks_from_typing, number
from articles.models import Article, Author, Byline, Citation, Content, Revision, Topic
from articles.pages import ArticlePage, assemble, recommended
from articles.rendering import numbers_and_tips, render
from core.fields import HtmlField
from core.text import whole_number
from products.models import Product
from sources.models import Source
from sources.references import reference

Thing = TypeVar("Thing", Author, Product, Source, Topic)


def page_of_draft(*, article: Article | None, actor: User, typed: QueryDict) -> ArticlePage:
    """The page as readers would get it if `actor` saved the admin's form `typed` now; without an article, a new one.

    Cleaned and numbered as saving does it. What the form does not hold is taken from the working copy: its
    words while the board reads, and its picture always, because an upload is not kept before it is saved.
    Raises ValidationError, by field, for HTML that is larger or deeper than we read.
    """
    revision = Revision(number=0, **_content(article, typed))
    sources = {source.key: source for source in _chosen(article, typed, "article_sources", "source", Source)}
    numbers = number((revision.body, revision.safety_note), sources)
    citations = [
        Citation(
            source=sources[key],
            number=place,
            key=key,
            reference=reference(sources[key]),
            link=sources[key].link,
            evidence=sources[key].evidence,
        )
        for key, place in numbers.items()
    ]
    authors = _chosen(article, typed, "authorships", "author", Author)
    if article is None and not authors and (own := Author.objects.filter(user=actor).first()):
        authors = [own]  # as saving puts whoever begins a text on its byline
    return assemble(
        revision,
        citations=citations,
        rendering=render(revision.body, revision.safety_note, *numbers_and_tips(citations)),
        bylines=[
            Byline(author=author, position=place, name=author.name, credentials=author.credentials)
            for place, author in enumerate(authors)
        ],
        topics=_topics(article, typed),
        products=_products(article, typed),
    )


def _content(article: Article | None, typed: QueryDict) -> dict[str, str]:
    """Every content field, cleaned by the field that would keep it."""
    content = article.content() if article else {}
    if typed.get("hero_image-clear"):
        content["hero_image"] = ""
    errors = {}
    for field in Content._meta.get_fields():
        if isinstance(field, FileField) or field.name not in typed:
            continue
        value = typed[field.name]
        try:
            content[field.name] = field.to_python(marks_from_typing(value) if isinstance(field, HtmlField) else value)
        except ValidationError as error:
            errors[field.name] = error
    if errors:
        raise ValidationError(errors)
    return content


def _chosen(article: Article | None, typed: QueryDict, prefix: str, field: str, model: type[Thing]) -> list[Thing]:
    """What the rows below the form choose, in the order in which saving would put them; without rows, what is kept."""
    rows = chosen_rows(typed, prefix, field)
    if rows is None:
        kept = getattr(article, prefix).select_related(field) if article else ()
        return [getattr(row, field) for row in kept]
    found = model._default_manager.in_bulk(rows)
    return [found[pk] for pk in dict.fromkeys(rows) if pk in found]


def chosen_rows(typed: Mapping[str, str], prefix: str, field: str) -> list[int] | None:
    """Return the keys that an inline's rows choose, in order, without the rows that are marked for removal.

    Returns None if the form has no such row, because there is none or because the person may not change them. Then
    what is stored is what counts.
    """
    pattern = re.compile(rf"{prefix}-([0-9]{{1,4}})-{field}")
    places = sorted(int(match[1]) for name in typed if (match := pattern.fullmatch(name)))
    rows = []
    for place in places:
        row = f"{prefix}-{place}"
        chosen = _number(typed.get(f"{row}-{field}", ""))
        if chosen and not typed.get(f"{row}-DELETE"):
            kept = _number(typed.get(f"{row}-id", ""))
            rows.append((_number(typed.get(f"{row}-position", "")), not kept, kept, place, chosen))
    return [chosen for *_, chosen in sorted(rows)] if places else None


def _number(value: str) -> int:
    """A key or a position as it was posted; 0 for what is none."""
    return whole_number(value) or 0


def _topics(article: Article | None, typed: QueryDict) -> list[Topic]:
    """The topics that are ticked; where the form has no words, and so no topics, those of the article."""
    if article and "title" not in typed:
        return list(article.topics.all())
    return list(Topic.objects.filter(pk__in=[_number(value) for value in typed.getlist("topics")]))


def _products(article: Article | None, typed: QueryDict) -> list[Product] | QuerySet[Product]:
    """The shop's choice as the form has it, of what is on sale; else as it is kept."""
    rows = chosen_rows(typed, "recommendations", "product")
    if rows is None:
        return recommended(article.pk) if article else []
    on_sale = Product.objects.on_sale().prefetch_related("pictures").in_bulk(rows)
    return [on_sale[pk] for pk in dict.fromkeys(rows) if pk in on_sale]
