"""Open rounds in which an advisor declared a conflict of interest, so that the advisor's verdict does not count."""

from collections.abc import Iterable
from dataclasses import dataclass

from advisors import panel_choices
from advisors.models import Advisor, Conflict, Review, ReviewQuerySet, Verdict
from advisors.quorum import emails
from advisors.quorum.standing import Standing, standings
from articles.models import Outcome, Submission


@dataclass(frozen=True)
class ConflictedRound:
    """The state of an open round in which somebody has declared a conflict of interest.

    `instead` is the advisor who fits best to be asked, or None if nobody has to be asked or nobody fits.
    """

    standing: Standing
    instead: Advisor | None


def declared() -> ReviewQuerySet:
    """Return the verdicts with a declared conflict of interest in open rounds, the earliest first."""
    found = Review.objects.filter(conflict=Conflict.DECLARED, submission__outcome=Outcome.OPEN)
    return found.exclude(verdict=Verdict.NONE).order_by("verdict_at", "pk")


def rounds_of(submissions: Iterable[Submission]) -> dict[int, ConflictedRound]:
    """Return the state of each of these open rounds, by its primary key, in a fixed number of queries.

    `submissions` need their articles (select_related).
    """
    submissions = list(submissions)
    found = standings(submissions)
    short = [submission.article for submission in submissions if found[submission.pk].needs_somebody]
    candidates = panel_choices.candidates_for(short) if short else {}
    return {
        submission.pk: ConflictedRound(
            found[submission.pk], panel_choices.best_to_ask(candidates.get(submission.article_id, ()))
        )
        for submission in submissions
    }


def tell_editors(review: Review) -> int:
    """Email the editors that this verdict was given with a conflict of interest, and what the round needs now.

    Call this in the transaction of the verdict, before the board decides. Return the number of emails queued.
    """
    submission = review.submission
    if not submission.is_open:
        return emails.editors_conflict(review, "", "")
    found = rounds_of([submission])[submission.pk]
    return emails.editors_conflict(review, found.standing.in_words, str(found.instead or ""))
