"""The emails of this app, one function for each. Subject, text and HTML are in templates/emails/<name>.*."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import EDITORS
from articles.cited_sources.affected_articles import AffectedArticles
from mail import sending


def sources_marked(affected: Sequence[AffectedArticles]) -> int:
    """Queue an email to every editor about sources that were retracted, put in doubt or reinstated; return the number.

    The email lists the articles citing them that are live, before the board, approved or scheduled. One email covers
    all sources; each editor gets a separate copy. Database errors are passed on.
    """
    entries = [
        {
            "after": one.change.after,
            "key": one.change.source.key,
            "title": one.change.source.title,
            "note": one.change.source.retraction_note,
            "url": absolute_url("admin:sources_source_change", one.change.source.pk),
            "articles": [
                (article.title, absolute_url("admin:articles_article_change", article.pk)) for article in one.articles
            ],
            "pending": [
                (
                    waiting.revision.title,
                    absolute_url("admin:articles_article_change", waiting.revision.article_id),
                    waiting.place,
                )
                for waiting in one.pending
            ],
        }
        for one in affected
    ]
    context = {"entries": entries, "forbids": settings.RETRACTED_SOURCES == "forbid"}
    return sending.send("source_retracted", context, [editor.email for editor in editors()])


def editors() -> list[User]:
    """Return the active editors who have an email address."""
    people = User.objects.filter(is_active=True, groups__name=EDITORS).exclude(email="").order_by("pk")
    return list(people.distinct())


def absolute_url(name: str, *args: int | str) -> str:
    """Return the absolute URL of a page for an email; `name` and `args` are those of reverse()."""
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


@sending.sample("source_retracted", gettext_lazy("To the editors: sources were retracted, doubted or reinstated"))
def _marked_sample() -> dict:
    return {
        "entries": [
            {
                "after": "retracted",
                "key": "doe2020",
                "title": "A trial of magnesium & sleep",
                "note": f"According to Retraction Watch (3 February {date.today().year}).",
                "url": absolute_url("admin:sources_source_change", 1),
                "articles": [("Magnesium and sleep", absolute_url("admin:articles_article_change", 1))],
                "pending": [("Magnesium in winter", absolute_url("admin:articles_article_change", 2), "approved")],
            }
        ],
        "forbids": False,
    }
