"""The tables of this app that public pages read (core.db.watched_tables)."""

from core.db.watched_tables import WatchedTable

# The recommendations of articles are rows of an app above this one; their table is named in SQL only.
_RECOMMENDED = "SELECT product_id FROM articles_recommendation WHERE article_id = %(article)s"

WATCHED_TABLES = (
    WatchedTable("products_product", on_article=f"id IN ({_RECOMMENDED})"),
    WatchedTable("products_productpicture", on_article=f"product_id IN ({_RECOMMENDED})"),
    WatchedTable("products_ingredient", on_article=None),
    WatchedTable("products_productingredient", on_article=None),
)
