"""What articles wait for besides their stage, as other apps know it: for the list of articles and the dashboard."""

from collections.abc import Iterable

from articles.models import Article
from articles.signals import notes_wanted


def notes_on(articles: Iterable[Article]) -> dict[int, str]:
    """Return a few words for each of these articles that waits for something, by primary key. One query per app."""
    articles = list(articles)
    if not articles:
        return {}
    found: dict[int, list[str]] = {}
    for _, answer in notes_wanted.send(sender=Article, articles=articles):
        for pk, words in answer.items():
            found.setdefault(pk, []).append(words)
    return {pk: ", ".join(words) for pk, words in found.items()}
