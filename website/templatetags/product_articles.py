"""The articles beside which a product stands, for the page of that product: a room that knows none of them."""

from collections.abc import Sequence

from django import template
from django.utils import timezone

from articles.models import Publication
from articles.pages import teasers
from products.models import Product

MOST = 12

register = template.Library()


@register.simple_tag
def articles_behind(product: Product) -> Sequence[Publication]:
    """What readers can open now and find this product beside, the newest first, twelve at most: two queries.

    Each has `slug`, and its words in `approval.revision`, as every list of articles.
    """
    return list(teasers(timezone.now()).filter(article__recommendations__product=product)[:MOST])
