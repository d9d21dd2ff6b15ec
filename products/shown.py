"""Which of this room's tables readers' pages read (betterment.freshness)."""

from betterment.freshness import WatchedTable

SHOWN = (
    WatchedTable("products_product"),
    WatchedTable("products_productpicture"),
    WatchedTable("products_ingredient"),
    WatchedTable("products_productingredient"),
)
