"""The time that is recorded in an article's chain, which never goes backwards.

The clock of a machine may be set back: by a wrong time server, a flat battery or a restored virtual machine. Whatever
the chain records (revisions, submissions, verdicts, approvals, publications, log entries) gets its time from
`moment_of`. So the order of the times is the order of the events, and database constraints such as “closed after it was
submitted” do not block the board.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models.articles import Article
from articles.models.publications import Transition
from articles.models.revisions import Revision
from core import times

logger = logging.getLogger(__name__)

Hook = Callable[[OuterRef], Sequence[QuerySet]]
_RECORDED: list[Hook] = []


def recorded_by(hook: Hook) -> Hook:
    """Register a function that returns the recorded times of an article, for `newest_of`. Each app may register some.

    The function gets an OuterRef to the article's primary key. It returns a queryset for each kind of event, with one
    column and at most one row: the newest time.
    """
    _RECORDED.append(hook)
    return hook


def moment_of(article: Article) -> datetime:
    """Return the aware time to record for an event of this article: now, or its newest recorded time if later.

    The caller has to hold the article's lock. Log a warning if the clock is behind the record. Makes one query.
    """
    now, newest = timezone.now(), newest_of(article)
    if newest is None or newest <= now:
        return now
    logger.warning(
        "The clock is %s behind the record of article %s, whose newest time (%s) is recorded instead. Set the clock.",
        newest - now,
        article.pk,
        times.moment(newest),
    )
    return newest


def newest_of(article: Article) -> datetime | None:
    """Return the newest aware time in the article's chain, or None if nothing is recorded yet. Makes one query.

    Planned times, such as a scheduled start, do not count: they are not events.
    """
    pk = OuterRef("pk")
    questions = [question for hook in _RECORDED for question in hook(pk)]
    found = Article.objects.filter(pk=article.pk).values_list(
        *(Subquery(question) for question in questions), "saved_at"
    )
    return max(filter(None, found.first() or ()), default=None)


@recorded_by
def _of_articles(article: OuterRef) -> Sequence[QuerySet]:
    """Return the times of log entries and revisions. Every other event of this app is followed by a log entry."""
    return [
        Transition.objects.filter(article=article).order_by("-at").values("at")[:1],
        Revision.objects.filter(article=article).order_by("-number").values("created_at")[:1],
    ]
