"""The articles and revisions that a new retraction state of a source affects."""

from dataclasses import dataclass

from articles.models import Article, Revision
from sources.retractions import StateChange


@dataclass(frozen=True)
class PendingRevision:
    """A revision that cites a source and that readers do not see yet; `place` describes its stage in words.

    `is_called_off` is true if it was scheduled and the retraction cancelled the schedule.
    """

    revision: Revision
    place: str
    is_called_off: bool = False


@dataclass(frozen=True)
class AffectedArticles:
    """Live articles and pending revisions that cite a source with a new retraction state."""

    change: StateChange
    articles: tuple[Article, ...] = ()
    pending: tuple[PendingRevision, ...] = ()
