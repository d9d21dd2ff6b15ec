"""Check the text of a product page when the product is saved."""

from html import escape
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from checks.pasted_text import shop_findings
from checks.preflight import Draft, DraftProduct, Level
from checks.word_lists import lists
from products.models import Product
from products.signals import product_remarks_wanted

# The most remarks shown at once, so that a page of many claims does not fill the screen with them.
MOST = 8


def watch() -> None:
    """Connect the receiver that checks a product's text when the product is saved (`product_remarks_wanted`)."""
    product_remarks_wanted.connect(_remarks, dispatch_uid="checks.product_pages")


def product_draft(product: Product) -> Draft:
    """Return a product page as a draft that the checks can read, with the alternative texts of its pictures."""
    pictures = "\n".join(picture.alternative_text for picture in product.pictures.all())
    notes = "".join(f"<p>{escape(text, quote=False)}</p>" for text in (product.directions, product.cautions) if text)
    return Draft(
        title=product.name,
        standfirst=product.tagline,
        body=product.description,
        safety_note=notes,
        hero_alt=pictures,
        products=(DraftProduct(product.name, product.brand),),
        lists=lists(),
    )


def _remarks(sender: type[Product], product: Product, **_arguments: Any) -> list[tuple[int, str]]:
    """Return a remark for each finding in a product's words, the most serious first, at most MOST."""
    found = shop_findings(product_draft(product))
    return [
        (
            messages.ERROR if finding.level is Level.BLOCKER else messages.WARNING,
            _("%(message)s “%(passage)s” %(hint)s")
            % {"message": finding.message, "passage": finding.passage, "hint": finding.hint},
        )
        for finding in found[:MOST]
    ]
