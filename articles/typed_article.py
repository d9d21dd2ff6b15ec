"""Read an article from a posted form, without saving the article.

The checks beside the form and the previews use this module. Saving cleans the fields with `cleaned` too
(articles.forms), so all three work on the same text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import FileField, QuerySet
from django.http import QueryDict

from accounts.models import User
from articles.citations import marks_from_typing
from articles.models import Article, Author, Content, Revision, Topic
from core.db.own_fields import own_field
from core.fields import HtmlField
from core.html import differs_only_in_spacing
from core.text import whole_number
from pictures.library import with_true_sizes
from products.models import Product
from sources.models import Source

Thing = TypeVar("Thing", Author, Source)


@dataclass(frozen=True)
class TypedArticle:
    """The data that saving a form would store in an article. `content` is an unsaved revision.

    Authors, sources and products are in the order in which they would be saved.
    """

    content: Revision
    authors: list[Author]
    sources: list[Source]
    topics: list[Topic]
    product_keys: list[int]

    def products(self, among: QuerySet[Product]) -> list[Product]:
        """Return the recommended products found in `among`, in the typed order. Makes one query and its prefetches."""
        found = among.in_bulk(self.product_keys)
        return [found[key] for key in self.product_keys if key in found]


def typed_article(posted: QueryDict, *, article: Article | None, actor: User) -> TypedArticle:
    """Return what the article, or a new one, would contain if `actor` saved the admin's form `posted` now.

    Parts that the form lacks come from the working copy: the text while the board is reviewing it, rows that the user
    may not change, and always the picture, because an upload is stored only when the form is saved. Raise
    ValidationError, by field, for HTML that is too large or too deep, and for text that is far too long.
    """
    authors = _chosen(posted, article, "authorships", "author", Author)
    if article is None and not authors and (own := Author.objects.filter(user=actor).first()):
        authors = [own]  # saving a new article adds the user to its byline
    return TypedArticle(
        content=Revision(number=0, **_content(posted, article)),
        authors=authors,
        sources=_chosen(posted, article, "article_sources", "source", Source),
        topics=_topics(posted, article),
        product_keys=_keys(posted, article, "recommendations", "product"),
    )


def cleaned(name: str, typed: str, stored: str = "") -> str:
    """Return the value of a content field after `typed` is saved, with typed citations replaced by stored markers.

    HTML that differs from the `stored` value only in line breaks between blocks is returned as stored. The editor
    changes these line breaks: an unchanged text would become a new revision, and a published article a draft again.
    Raise ValidationError for HTML that cannot be sanitised (core.html) and for text that is far too long.
    """
    field = own_field(Content, name)
    if not isinstance(field, HtmlField):
        return str(field.to_python(typed))
    html = with_true_sizes(field.to_python(marks_from_typing(typed)))
    return stored if differs_only_in_spacing(stored, html) else html


def _content(posted: QueryDict, article: Article | None) -> dict[str, str]:
    content = article.content() if article else {}
    if posted.get("hero_image-clear"):
        content["hero_image"] = ""
    errors = {}
    for field in Content._meta.fields:
        if isinstance(field, FileField) or field.name not in posted:
            continue
        try:
            content[field.name] = cleaned(field.name, posted.get(field.name, ""), content.get(field.name, ""))
        except ValidationError as error:
            errors[field.name] = error
    if errors:
        raise ValidationError(errors)
    return content


def _topics(posted: QueryDict, article: Article | None) -> list[Topic]:
    """Return the topics that are ticked, or the article's own if the form lacks its text fields and thus the topics."""
    if article and "title" not in posted:
        return list(article.topics.all())
    return list(Topic.objects.filter(pk__in=[_number(value) for value in posted.getlist("topics")]))


def _chosen(posted: QueryDict, article: Article | None, prefix: str, field: str, model: type[Thing]) -> list[Thing]:
    keys = _keys(posted, article, prefix, field)
    found = model._default_manager.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _keys(posted: QueryDict, article: Article | None, prefix: str, field: str) -> list[int]:
    """Return the primary keys chosen in an inline, without duplicates, or the stored ones if it has no rows."""
    rows = chosen_rows(posted, prefix, field)
    if rows is None:
        rows = getattr(article, prefix).values_list(field, flat=True) if article else []
    return list(dict.fromkeys(rows))


def chosen_rows(posted: Mapping[str, str], prefix: str, field: str) -> list[int] | None:
    """Return the primary keys chosen in an inline's rows, in order, without the rows that are marked for deletion.

    Return None if the form has no such row, either because there is none or because the user may not change the rows.
    In that case the stored rows apply.
    """
    pattern = re.compile(rf"{prefix}-([0-9]{{1,4}})-{field}")
    places = sorted(int(match[1]) for name in posted if (match := pattern.fullmatch(name)))
    rows = []
    for place in places:
        row = f"{prefix}-{place}"
        chosen = _number(posted.get(f"{row}-{field}", ""))
        if chosen and not posted.get(f"{row}-DELETE"):
            stored = _number(posted.get(f"{row}-id", ""))
            rows.append((_number(posted.get(f"{row}-position", "")), not stored, stored, place, chosen))
    return [chosen for *_, chosen in sorted(rows)] if places else None


def _number(value: str) -> int:
    """Return a posted key or position as a number, or 0 if it is not a number."""
    return whole_number(value) or 0
