"""What a new retraction state of a source affects: the articles and revisions that cite it."""

from dataclasses import dataclass

from articles.models import Article, Revision
from sources.retractions import StateChange


@dataclass(frozen=True)
class PendingRevision:
    """A revision that cites a source and that readers do not see yet; `place` describes its stage in words.

    `is_called_off`: it was scheduled, and the retraction took it off the schedule.
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
