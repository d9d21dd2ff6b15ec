from django.apps import AppConfig

from articles.guards import GUARDS
from articles.upkeep import UPKEEP


class ArticlesConfig(AppConfig):
    name = "articles"
    guards, upkeep = GUARDS, UPKEEP

    def ready(self) -> None:
        from articles import picture_uses, retractions, sitemaps  # know the models, which are there by now
        from articles.search import index
        from articles.shown import SHOWN
        from betterment import site_map

        self.shown = SHOWN
        picture_uses.connect()
        retractions.watch()
        index.watch()
        site_map.register(sitemaps.of_articles)
