"""The tables of this app that public pages read (pagecache.site_version)."""

from pagecache.site_version import WatchedTable

WATCHED_TABLES = (
    WatchedTable("products_product"),
    WatchedTable("products_productpicture"),
    WatchedTable("products_ingredient"),
    WatchedTable("products_productingredient"),
)
