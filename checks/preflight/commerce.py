"""COM: does the reader learn what we earn, and do the products belong to the text."""

from collections.abc import Iterator

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level
from checks.preflight.language import passage
from checks.preflight.shop import mentions

MOST_PRODUCTS = 8


def products_disclosed(draft: Draft) -> Iterator[Finding]:
    """COM01: the text names one of our products or its brand, and there is no disclosure.

    A material connection is disclosed (FTC Endorsement Guides, 16 CFR 255.5).
    """
    if draft.disclosure.strip():
        return
    seen = set()
    for name, sentence, found in mentions(draft):
        if found[0] not in seen:
            seen.add(found[0])
            yield Finding(
                "COM01",
                Level.BLOCKER,
                f"The text names “{found[0]}”, which we sell, and discloses nothing.",
                "Write in the disclosure what we sell in connection with this text.",
                passage(sentence, found.start()),
                name,
            )


def products_belong(draft: Draft) -> Iterator[Finding]:
    """COM02: recommended products that share no topic with the article; more than eight of them.

    Nothing is said of products, or articles, whose topics nobody has entered.
    """
    for product in draft.products:
        if draft.topics and product.topics and not set(draft.topics) & set(product.topics):
            yield Finding(
                "COM02",
                Level.WARNING,
                f"“{product.name}” has no topic in common with the article.",
                "Recommend what belongs to this text, or correct the topics.",
                product.name,
                "products",
            )
    if len(draft.products) > MOST_PRODUCTS:
        message = f"{len(draft.products)} products are recommended, more than {MOST_PRODUCTS}."
        yield Finding("COM02", Level.WARNING, message, "Keep the ones that fit this article best.", field="products")


CHECKS = (products_disclosed, products_belong)
