"""The tables of this app that public pages read (core.db.watched_tables)."""

from core.db.watched_tables import WatchedTable

# Recommendations belong to a higher-level app (articles), so their table is named only in SQL.
_RECOMMENDED = "SELECT product_id FROM articles_recommendation WHERE article_id = %(article)s"

WATCHED_TABLES = (
    WatchedTable("products_product", on_article=f"id IN ({_RECOMMENDED})"),
    WatchedTable("products_productpicture", on_article=f"product_id IN ({_RECOMMENDED})"),
    WatchedTable("products_ingredient", on_article=None),
    WatchedTable("products_productingredient", on_article=None),
)
