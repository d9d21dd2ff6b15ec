"""What stands around an article, for the partials of its page: `{% load around %}{% related_to slug as related %}`."""

from collections.abc import Sequence

from django import template

from articles.citing import how_to_cite
from articles.models import Publication
from articles.pages import ArticlePage
from articles.related import related

register = template.Library()


@register.simple_tag
def related_to(slug: str) -> Sequence[Publication]:
    """Up to three live articles on the same topics; one query (articles.related)."""
    return list(related(slug))


@register.simple_tag
def citation_of(page: ArticlePage, slug: str, number: int | str = "") -> str:
    """One line of plain text in AMA style; one query where `number` is not given (articles.citing)."""
    return how_to_cite(page, slug, int(number) if number else None)
