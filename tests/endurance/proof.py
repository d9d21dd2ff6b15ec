"""Prove the promise from one snapshot of the database, while others go on writing.

This covers what `check_integrity` proves, what tests.audit.chain proves from the raw rows, and that history, rows and
emails agree: a transition that happened only in part would appear in some of them and not in the others.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from accounts.roles import EDITORS
from advisors.models import Conflict, Occasion, Response, Review, ReviewStep, ScheduledEmail, Verdict
from articles.models import (
    Approval,
    Article,
    Outcome,
    Publication,
    Reason,
    Revision,
    Submission,
    TermsChange,
    Transition,
)
from audit import integrity
from tests.audit.chain import Chain


@contextmanager
def snapshot() -> Iterator[datetime]:
    """Read all rows from one snapshot, and yield its time, at which the clock stands still. Nobody is blocked."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        Article.objects.exists()
        with time_machine.travel(timezone.now(), tick=False):
            yield timezone.now()


def prove(chain: Chain | None = None) -> None:
    """Raise AssertionError with what is broken. With a chain, which is slow, also check that no row that was seen has
    changed.
    """
    with snapshot() as now:
        found = [*_diary(), *_visible(now), *_quorum(), *_emails()]
        assert found == [], found[:20]
        if chain is not None:
            faults = [str(fault) for fault in integrity.faults()]
            assert faults == [], faults[:20]
            chain.check(now)


def _diary() -> Iterator[str]:
    """Check that rows and transitions match one to one, and that the transitions lead to the stage."""
    told: dict[str, Counter] = defaultdict(Counter)
    at: dict[int, str] = defaultdict(lambda: "draft")
    for row in Transition.objects.order_by("pk").values("article", "verb", "from_stage", "to_stage", "revision"):
        if row["from_stage"] != at[row["article"]]:
            yield f"the diary of {row['article']} jumps from {at[row['article']]} to {row['from_stage']}"
        at[row["article"]] = row["to_stage"]
        told[row["verb"]][row["article"], row["revision"]] += 1
    for pk, stage in Article.objects.values_list("pk", "stage"):
        if stage != at[pk]:
            yield f"article {pk} is at {stage}, and its diary ends at {at[pk]}"
    submissions, publications = Submission.objects.all(), Publication.objects.all()
    rows = {
        "submit": submissions.filter(reason=Reason.NEW_TEXT),
        "renew": submissions.filter(reason=Reason.RENEWAL),
        "recall": submissions.filter(outcome=Outcome.RECALLED),
        "request_changes": submissions.filter(outcome=Outcome.CHANGES_REQUESTED),
        "approve": submissions.filter(outcome=Outcome.APPROVED),
        "withdraw": publications.exclude(notice=""),
    }
    for verb, found in rows.items():
        path = "approval__revision" if verb == "withdraw" else "revision"
        there = Counter(found.order_by().values_list("article", path))
        if there != told[verb]:
            yield f"{verb}: rows without a line {there - told[verb]}, lines without a row {told[verb] - there}"
    shown = Counter(publications.order_by().values_list("article", "approval__revision"))
    if shown != told["publish"] + told["schedule"] + told["reinstate"]:
        yield "publications and the lines that tell of them differ"
    called_off = Counter(
        publications.exclude(cancelled_at=None).order_by().values_list("article", "approval__revision")
    )
    if told["unschedule"] - called_off:
        yield "something was called off, and is not"
    if called_off.total() > told["unschedule"].total() + told["withdraw"].total():
        yield "more was called off than the diary tells"
    approvals = Counter(Approval.objects.order_by().values_list("submission__article", "revision"))
    if approvals != told["approve"]:
        yield "approvals and the lines that tell of them differ"
    for article, count, last in _numbers():
        if count != last:
            yield f"article {article} has {count} revisions, and the last is number {last}"


def _numbers() -> Iterator[tuple[int, int, int]]:
    numbers: dict[int, list[int]] = defaultdict(list)
    for article, number in Revision.objects.order_by().values_list("article", "number"):
        numbers[article].append(number)
    for article, found in numbers.items():
        yield article, len(set(found)), max(found)


def _visible(now: datetime) -> Iterator[str]:
    intervals = defaultdict(list)
    for row in Publication.objects.filter(cancelled_at=None).order_by("article", "starts_at", "pk"):
        intervals[row.article_id].append((row.starts_at, row.ends_at))
    for article, found in intervals.items():
        if sum(starts <= now and (ends is None or now < ends) for starts, ends in found) > 1:
            yield f"two publications of article {article} are visible"
        for (_, ends), (starts, _) in zip(found, found[1:], strict=False):
            if ends is None or ends > starts:
                yield f"two publications of article {article} overlap"


def _quorum() -> Iterator[str]:
    given = set(
        Review.objects.filter(response=Response.ACCEPTED, conflict=Conflict.NONE, verdict=Verdict.APPROVE).values_list(
            "submission", "signature__account", "digest"
        ),
    )
    for approval in Approval.objects.select_related("submission").prefetch_related("signatories"):
        names = {signatory.user_id for signatory in approval.signatories.all()}
        if len(names) < approval.submission.quorum or approval.submission.quorum < 2:
            yield f"approval {approval.pk} is short of its quorum"
        if any((approval.submission_id, name, approval.digest) not in given for name in names):
            yield f"somebody stands behind approval {approval.pk} without a verdict"


def _emails() -> Iterator[str]:
    """Check that every email has its reason in the rows, and every reason its email.

    If a due date or the terms of a round were changed or a closing round ended, the rows do not say which reviewers got
    an email.
    """
    queued: Counter[str] = Counter()
    kinds = {
        "^Would you review ": "invitation",
        "^Your verdict on ": "verdict",
        "^Conflict of interest: ": "conflict",
        "^The board has approved ": "approval",
        "^Changes requested: ": "changes",
        "^Changes are requested to ": "closing",
        "^You no longer have to review ": "released",
        "^The round on ": "over",
        " declines “": "declined",
        "^Review of .*: answer by ": "due date",
        " can be changed now$": "ended",
        "^The terms of the review have changed: ": "terms",
        "^Terms of the round changed: ": "terms, to the newsroom",
    }
    for subject in Email.objects.values_list("subject", flat=True):
        queued[next((name for words, name in kinds.items() if re.search(words, subject)), f"other: {subject}")] += 1
    editors = set(User.objects.filter(groups__name=EDITORS).values_list("pk", flat=True))

    def told(verb: str) -> int:
        actors = Transition.objects.filter(verb=verb).values_list("actor", flat=True)
        return sum(len(editors - {actor}) for actor in actors)

    def newsroom(submission: Submission, actor: int) -> int:
        """Return the number of editors and of people who began and submitted the text, without `actor`."""
        return len((editors | {submission.article.created_by_id, submission.submitted_by_id}) - {actor})

    def told_of_changes() -> int:
        sent_back = Transition.objects.filter(verb="request_changes").order_by("at")
        rounds = Submission.objects.filter(outcome="changes_requested").order_by("-closed_at")
        return sum(
            newsroom(rounds.filter(article=line.article_id, closed_at__lte=line.at).first(), line.actor_id)
            for line in sent_back
        )

    def told_of_terms() -> int:
        return sum(newsroom(change.submission, change.changed_by_id) for change in TermsChange.objects.all())

    silent = Review.objects.unanswered().exclude(submission__outcome="")
    was_closing = Review.objects.filter(submission__answers_until__isnull=False)
    still_had_to_answer = was_closing.filter(
        Q(response="accepted", verdict="")
        | Q(response="accepted", verdict_at__gt=F("submission__closed_at"))
        | Q(response="declined", responded_at__gt=F("submission__closed_at"))
    )
    asked_again = ReviewStep.objects.filter(step="asked_again").count()
    reasons = {
        "invitation": Review.objects.count() + asked_again,
        "verdict": Review.objects.exclude(verdict="").count(),
        "conflict": Review.objects.exclude(verdict="").filter(conflict="declared").count() * len(editors),
        "approval": told("approve"),
        "changes": told_of_changes(),
        "closing": still_had_to_answer.count(),
        "released": ReviewStep.objects.filter(step="released").count(),
        "over": silent.exclude(submission__answers_until__gt=timezone.now()).count(),
        "terms, to the newsroom": told_of_terms(),
        "declined": ReviewStep.objects.filter(step="declined").count() * len(editors),
    }
    for name in {*queued, *reasons} - {"due date", "terms", "ended"}:
        count = reasons.get(name, 0)
        if queued[name] != count:
            yield f"{queued[name]} emails of the kind “{name}” for {count} reasons"
    if ScheduledEmail.objects.filter(occasion=Occasion.INVITATION).count() != reasons["invitation"]:
        yield "invitations are not noted as they went"
