from importlib import import_module

from django.apps import AppConfig

from articles.derived_columns import DERIVED_COLUMNS
from articles.guards import GUARDS
from articles.names.guards import GUARDS as NAME_GUARDS


class ArticlesConfig(AppConfig):
    name = "articles"
    guards, derived_columns = (*GUARDS, *NAME_GUARDS), DERIVED_COLUMNS

    def ready(self) -> None:
        import_module("articles.picture_uses").connect()
        import_module("articles.cited_sources.retracted_sources").watch()
        import_module("articles.cited_sources.source_uses").watch()
        import_module("articles.search.index").watch()
