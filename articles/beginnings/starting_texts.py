"""The text, topics and sources with which the form of a new article opens. Nothing is stored before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from articles.models import Article, ArticleTemplate, Content, Topic
from core.db.own_fields import own_field
from sources.models import Source

# Fields that belong to one article alone. The title gives the address; a picture has words and a caption of its own.
NOT_COPIED = frozenset({"title", "search_description", "hero_image", "hero_alt", "hero_caption", "hero_credit"})


@dataclass(frozen=True)
class StartingText:
    """What a new article begins with. `origin` is the template or the article from which it comes.

    `content` has values of content fields by name. `sources` maps each source to the statements that it supports.
    """

    origin: ArticleTemplate | Article
    content: Mapping[str, str]
    topics: tuple[Topic, ...] = ()
    sources: Mapping[Source, str] = field(default_factory=dict)

    @property
    def is_copy(self) -> bool:
        """Return whether the text comes from another article."""
        return isinstance(self.origin, Article)


def copied_fields() -> list[str]:
    """Return the names of the content fields that a copy of an article takes over."""
    return [one.name for one in Content._meta.get_fields() if one.name not in NOT_COPIED]


def from_template(template: ArticleTemplate) -> StartingText:
    """Return the text of a template. Its fields are those of an article, as far as it has them."""
    names = {one.name for one in ArticleTemplate._meta.get_fields()}
    return StartingText(template, {name: getattr(template, name) for name in copied_fields() if name in names})


def from_article(article: Article) -> StartingText:
    """Return the working copy of an article, cleaned once more, with its topics and sources. Makes two queries.

    Title, address, picture, byline, products, reviewers and reviews are not copied: they belong to that article.
    """
    stored = article.content()
    rows = article.article_sources.select_related("source").order_by("pk")
    return StartingText(
        article,
        {name: str(own_field(Content, name).to_python(stored[name])) for name in copied_fields()},
        tuple(article.topics.all()),
        {row.source: row.supports for row in rows},
    )
