"""Build the reader's page from a form that has not been saved. Nothing is stored."""

from django.http import QueryDict

from accounts.models import User
from articles.drafting import bylines_of, citations_in
from articles.models import Article
from articles.pages import ArticlePage, assemble
from articles.rendering import numbers_and_tips, render
from articles.typed_article import typed_article
from products.models import Product


def page_of_draft(*, article: Article | None, actor: User, typed: QueryDict) -> ArticlePage:
    """Return the page as readers would get it if `actor` saved the admin's form `typed` now.

    Without an `article`, the form is that of a new one. The form is cleaned and citations are numbered as by saving. Of
    the recommended products, the page has those on sale. Raises ValidationError as `typed_article` does.
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
