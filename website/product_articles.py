"""The section of a product page with the articles that recommend the product (products.signals)."""

from collections.abc import Sequence

from django.utils import timezone

from articles.models import Publication
from articles.pages import teasers
from core.page_sections import PageSection
from products.models import Product
from products.signals import product_sections_wanted

MOST = 12


def articles_behind(product: Product) -> Sequence[Publication]:
    """Return up to MOST publications of articles that recommend this product, newest first. Makes two queries.

    Each has the article's slug as `slug`, and its text in `approval.revision`.
    """
    return list(teasers(timezone.now()).filter(article__recommendations__product=product)[:MOST])


def section_of_articles(sender: type[Product], product: Product, **arguments: object) -> list[PageSection]:
    """Return a list with one page section: the articles that recommend the product, or a sentence if there are none."""
    return [PageSection("website/_product_articles.html", {"publications": articles_behind(product)})]


product_sections_wanted.connect(section_of_articles, dispatch_uid="articles-on-the-page-of-a-product")
