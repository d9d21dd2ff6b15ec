"""The reader's page of what stands in the form and in no table yet. Nothing is stored on the way."""

from django.http import QueryDict

from accounts.models import User
from articles.drafting import bylines_of, citations_in
from articles.models import Article
from articles.pages import ArticlePage, assemble
from articles.rendering import numbers_and_tips, render
from articles.typed_article import typed_article
from products.models import Product


def page_of_draft(*, article: Article | None, actor: User, typed: QueryDict) -> ArticlePage:
    """Return the page as readers would get it if `actor` saved the admin's form `typed` now; without an article, a new
    one.

    Cleaned and numbered as saving does it. Of the recommended products it shows those on sale.
    Raises ValidationError as `typed_article`.
    """
    draft = typed_article(typed, article=article, actor=actor)
    citations = citations_in(draft.content, draft.sources)
    return assemble(
        draft.content,
        citations=citations,
        rendering=render(draft.content.body, draft.content.safety_note, *numbers_and_tips(citations)),
        bylines=bylines_of(draft.authors),
        topics=draft.topics,
        products=draft.products(Product.objects.on_sale().prefetch_related("pictures")),
    )
