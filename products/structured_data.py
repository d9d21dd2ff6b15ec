"""Structured data of the product pages, in the vocabulary of schema.org."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags

from core.seo.json_ld import graph
from core.seo.structured_pages import breadcrumb
from core.seo.structured_parts import LANGUAGE, organization, reference, website
from products.models import Product


def of_product(product: Product, url: str, pictures: Sequence[str] = ()) -> dict[str, Any]:
    """Return the JSON-LD graph of a product page: the page, the product with its offer, and the breadcrumbs.

    `url` and `pictures` are absolute URLs. The product has an offer if it has a safe URL in the shop. No price is
    given, because only the shop knows the price. A product that is no longer sold is https://schema.org/Discontinued.
    """
    state = "InStock" if product.is_available else "Discontinued"
    offer = {"@type": "Offer", "url": product.shop_link, "availability": f"https://schema.org/{state}"}
    node = {
        "@type": "Product",
        "@id": f"{url}#product",
        "url": url,
        "name": product.name,
        "description": product.tagline or strip_tags(product.description)[:300],
        "brand": {"@type": "Brand", "name": product.brand} if product.brand else None,
        "image": list(pictures),
        "offers": {**offer, "seller": reference(organization())} if product.shop_link else None,
    }
    page = {
        "@type": "WebPage",
        "@id": f"{url}#webpage",
        "url": url,
        "name": product.name,
        "mainEntity": reference(node),
        "isPartOf": reference(website()),
        "breadcrumb": {"@id": f"{url}#breadcrumb"},
        "inLanguage": LANGUAGE,
    }
    return graph(
        [
            page,
            node,
            organization(),
            website(),
            breadcrumb(url, product.name, [("Products", reverse("products:products"))]),
        ]
    )
