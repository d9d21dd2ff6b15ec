from django.apps import AppConfig
from django.db.models.signals import post_migrate

from articles.guards import GUARDS
from betterment.guards import install_after_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    guards = GUARDS

    def ready(self) -> None:
        from articles import retractions, sitemaps  # know the models, which are there by now
        from articles.search import index
        from articles.shown import SHOWN
        from betterment import site_map

        self.shown = SHOWN
        retractions.watch()
        index.watch()
        site_map.register(sitemaps.of_articles)
        post_migrate.connect(install_after_migrate, sender=self)
