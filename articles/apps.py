from django.apps import AppConfig

from articles.guards import GUARDS
from articles.report_guards import GUARDS as REPORT_GUARDS
from articles.upkeep import UPKEEP


class ArticlesConfig(AppConfig):
    name = "articles"
    guards, upkeep = (*GUARDS, *REPORT_GUARDS), UPKEEP

    def ready(self) -> None:
        watch_the_articles()
        show_the_articles(self)


# What these functions import knows the models, which are there only once every app is ready.


def watch_the_articles() -> None:
    """Connect what follows a change of an article or a source: warnings about retractions, and the search index."""
    from articles import picture_uses, retracted_sources, retractions, source_uses
    from articles.search import index

    picture_uses.connect()
    retractions.watch()
    retracted_sources.watch()
    source_uses.watch()
    index.watch()


def show_the_articles(config: AppConfig) -> None:
    """Say what readers' pages show (as `shown` of this configuration), and put the articles into the sitemap."""
    from articles import sitemaps
    from articles.shown import SHOWN
    from betterment import site_map

    config.shown = SHOWN
    site_map.register(sitemaps.of_articles)
