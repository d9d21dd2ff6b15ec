"""Notes by other apps on what an article is waiting for, shown in the list of articles and on the dashboard."""

from collections.abc import Iterable

from articles.models import Article
from articles.signals import notes_wanted


def notes_on(articles: Iterable[Article]) -> dict[int, str]:
    """Return a short note, by primary key, for each article that is waiting for something. Makes one query per app."""
    articles = list(articles)
    if not articles:
        return {}
    found: dict[int, list[str]] = {}
    for answer in notes_wanted.ask(sender=Article, articles=articles):
        for pk, words in answer.items():
            found.setdefault(pk, []).append(words)
    return {pk: ", ".join(words) for pk, words in found.items()}
