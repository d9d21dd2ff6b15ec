"""COM: checks that readers learn of our commercial interest, and that the products fit the article."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import passage
from checks.preflight.shop import mentions

MOST_PRODUCTS = 8


def products_disclosed(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (COM01) for each of our products or brands that the draft names without a disclosure.

    A material connection must be disclosed (FTC Endorsement Guides, 16 CFR 255.5).
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
                translated(_("The text names “%(name)s”, which we sell, and discloses nothing."), name=found[0]),
                translated(_("Write in the disclosure what we sell in connection with this text.")),
                passage(sentence, found.start()),
                name,
            )


def products_belong(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (COM02) for each recommended product that shares no topic with the article.

    Topics are not compared if the article or the product has none. Also yield one if more than eight products are
    recommended.
    """
    for product in draft.products:
        if draft.topics and product.topics and not set(draft.topics) & set(product.topics):
            yield Finding(
                "COM02",
                Level.WARNING,
                translated(_("“%(name)s” has no topic in common with the article."), name=product.name),
                translated(_("Recommend what belongs to this text, or correct the topics.")),
                product.name,
                "products",
            )
    if len(draft.products) > MOST_PRODUCTS:
        message = translated(
            _("%(count)s products are recommended, more than %(limit)s."),
            count=len(draft.products),
            limit=MOST_PRODUCTS,
        )
        yield Finding(
            "COM02",
            Level.WARNING,
            message,
            translated(_("Keep the ones that fit this article best.")),
            field="products",
        )


CHECKS = (products_disclosed, products_belong)
