"""Which of this room's tables readers' pages read (betterment.freshness)."""

from betterment.freshness import Shown

SHOWN = (
    Shown("products_product"),
    Shown("products_productpicture"),
    Shown("products_ingredient"),
    Shown("products_productingredient"),
)
