"""The outcomes of the articles of the archive, and the order in which their rows are written.

A history consists of rounds of review. The first rounds of many articles are written together, then all second ones,
and so on. Each is written as an open round and then closed, because the database triggers accept no other order.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Max, Model, OuterRef, Subquery

from advisors.models import ChecklistAnswer, Comment, PanelMember, Review, Signature, Verdict
from advisors.quorum.given import disclosed
from articles.models import (
    Approval,
    Article,
    ArticleSource,
    Authorship,
    Byline,
    Citation,
    Outcome,
    Publication,
    Rendering,
    Revision,
    SearchDraft,
    SearchEntry,
    Signatory,
    Submission,
    Transition,
)
from demo.archive.people import People
from demo.archive.writing import BulkTable

DAY = timedelta(days=1)
TO_THE_VERDICT = 2 * DAY  # the time from accepting the invitation to the verdict
QUORUM = 2
YEARS = 6
# (outcome, number of versions, share per thousand)
STORIES = (
    ("published", 1, 690),
    ("published", 2, 150),
    ("published", 3, 30),
    ("draft", 1, 30),
    ("in_review", 1, 10),
    ("changes_requested", 1, 10),
    ("approved", 1, 10),
    ("scheduled", 1, 10),
    ("withdrawn", 1, 20),
    ("expired", 1, 10),
    ("edited", 2, 20),  # the first version is published, the second is a draft
    ("again", 2, 10),  # the first version is published, the second is in review
)
FIRST = (Article, ArticleSource, Authorship, PanelMember, Article.topics.through, Revision, Citation, Byline, Rendering)
LAST = (Publication, Transition, SearchEntry, SearchDraft)
OF_A_ROUND = (Submission, Review, Signature, ChecklistAnswer, Comment, Approval, Signatory)
MODELS = (*FIRST, *OF_A_ROUND, *LAST)


def story(seed: int, serial: int) -> tuple[str, int]:
    """Return the outcome (such as “published” or “withdrawn”) and the number of versions of this generated article.

    The same seed and serial always give the same result.
    """
    dice = random.Random(f"{seed}/story/{serial}")
    what, versions, _ = dice.choices(STORIES, [share for *_, share in STORIES])[0]
    return what, versions


@dataclass
class Round:
    """The rows of the rounds of review of several articles that have the same number, such as all their first rounds.

    `tables` holds the rows by model. `sent_back` holds the primary keys of submissions that were sent back,
    `asking_for_changes` those of the reviews that asked for changes.
    """

    tables: dict[type[Model], BulkTable]
    sent_back: list[int] = field(default_factory=list)
    asking_for_changes: list[int] = field(default_factory=list)

    def write(self) -> None:
        """Write the rows in the order of a real round: submission and answers, verdicts, approval, closing."""
        submissions, reviews = self.tables[Submission].keys_added, self.tables[Review].keys_added
        if not submissions:
            return
        for model in (Submission, Review, Signature, ChecklistAnswer, Comment):
            self.tables[model].write()
        digest = Subquery(Revision.objects.filter(submissions=OuterRef("submission")).values("digest"))
        given = Review.objects.filter(pk__range=(reviews[0], reviews[-1]), verdict="").exclude(conflict="")
        verdict = {"verdict_at": F("responded_at") + TO_THE_VERDICT, "digest": digest}
        given.filter(pk__in=self.asking_for_changes).update(verdict=Verdict.CHANGES, **verdict)
        given.exclude(pk__in=self.asking_for_changes).update(verdict=Verdict.APPROVE, **verdict)
        for model in (Approval, Signatory):
            self.tables[model].write()
        of_round = Submission.objects.filter(pk__range=(submissions[0], submissions[-1]), outcome="")
        approved_at = Subquery(Approval.objects.filter(submission=OuterRef("pk")).values("approved_at"))
        of_round.exclude(approval=None).update(outcome=Outcome.APPROVED, closed_at=approved_at)
        last = Review.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
        sent_back_at = Subquery(last.annotate(last=Max("verdict_at")).values("last"))
        of_round.filter(pk__in=self.sent_back).update(outcome=Outcome.CHANGES_REQUESTED, closed_at=sent_back_at)


class Histories:
    """The rows of several articles. `demo.archive.article_history` adds them, and `write` stores them."""

    def __init__(self, seed: int, people: People, sources: Sequence[int], today: datetime) -> None:
        self.seed, self.people, self.sources, self.today = seed, people, sources, today
        self.tables = {model: BulkTable(model) for model in MODELS}
        self.disclosed = [disclosed(one) for one in people.standing]
        self.searchable: list[str] = []  # title, standfirst and key messages of each published revision
        self.rounds: dict[int, Round] = defaultdict(self._next_round)

    def write(self) -> None:
        """Write all rows: articles with their revisions, then round after round, then publications and logs."""
        for model in FIRST:
            self.tables[model].write()
        for _, one in sorted(self.rounds.items()):
            one.write()
        for model in LAST:
            self.tables[model].write()

    def _next_round(self) -> Round:
        """Return an empty round that shares the key counters of the tables."""
        return Round({model: self.tables[model].beside() for model in OF_A_ROUND})
