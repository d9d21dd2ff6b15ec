"""Build the public page from a form that has not been saved. Nothing is stored."""

from django.http import QueryDict

from accounts.models import User
from articles.drafting import bylines_of, citations_in
from articles.models import Article
from articles.pages import ArticlePage, assemble
from articles.rendering import numbers_and_tips, render
from articles.typed_article import typed_article
from products.models import Product


def page_of_draft(*, article: Article | None, actor: User, typed: QueryDict) -> ArticlePage:
    """Return the page that readers would get if `actor` saved `typed`, the data of the admin's form, now.

    If `article` is None, the form is for a new article. The form is cleaned and citations are numbered as on saving.
    Only those recommended products that are on sale are shown. Raise ValidationError, by field, for HTML that is too
    large or too deep, and for text that is far too long.
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
