"""What a product's own page says to machines, in the words of schema.org."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import strip_tags

from betterment.json_ld import graph
from betterment.structured_parts import LANGUAGE, organization, reference, website
from products.models import Product


def of_product(product: Product, url: str, pictures: Sequence[str] = ()) -> dict[str, Any]:
    """The graph of a product's own page, with its offer where the shop sells it. `pictures` are full addresses."""
    state = "InStock" if product.is_available else "OutOfStock"
    offer = {"@type": "Offer", "url": product.shop_url, "availability": f"https://schema.org/{state}"}
    node = {
        "@type": "Product",
        "@id": f"{url}#product",
        "url": url,
        "name": product.name,
        "description": product.tagline or strip_tags(product.description)[:300],
        "brand": {"@type": "Brand", "name": product.brand} if product.brand else None,
        "image": list(pictures),
        "offers": {**offer, "seller": reference(organization())} if product.shop_url else None,
    }
    page = {
        "@type": "WebPage",
        "@id": f"{url}#webpage",
        "url": url,
        "name": product.name,
        "mainEntity": reference(node),
    }
    return graph([{**page, "isPartOf": reference(website()), "inLanguage": LANGUAGE}, node, organization(), website()])
