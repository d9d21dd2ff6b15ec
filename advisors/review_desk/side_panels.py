"""What lies beside the text under review: its sources, what the checks say of it, what has been said in threads."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisors import threads
from advisors.models import Review
from advisors.threads import Thread
from articles import waivers
from articles.models import ArticleSource, Revision, Submission, Waiver
from articles.pages import ArticlePage, CitedSource
from articles.readiness import draft_of_revision
from checks import preflight
from checks.preflight import Finding


@dataclass(frozen=True)
class CitedSourceWithNote:
    """A source as readers get it, and the writer's note on what it supports."""

    cited: CitedSource
    supports: str


@dataclass(frozen=True)
class FindingWithWaiver:
    """A finding on the revision, and the writer's answer that stood when it was submitted."""

    finding: Finding
    waiver: Waiver | None


def sources(page: ArticlePage, revision: Revision) -> list[CitedSourceWithNote]:
    """The sources of a page in its order, each with what it supports: two queries."""
    notes = dict(
        ArticleSource.objects.filter(article=revision.article_id).values_list("source", "supports")
    )  # by source, as numbers are the revision's own
    by_number = {row.number: notes.get(row.source_id, "") for row in revision.citations.all()}
    return [CitedSourceWithNote(cited, by_number.get(cited.number, "")) for cited in page.sources]


def checks(submission: Submission) -> tuple[list[FindingWithWaiver], list[Waiver]]:
    """What the checks find in the revision, each with its answer; and answers whose finding the checks make no more."""
    found = preflight.run(draft_of_revision(submission.revision))
    answers = {row.mark: row for row in waivers.before_the_board(submission, found)}
    checked = [FindingWithWaiver(finding, answers.pop(finding.mark, None)) for finding in found]
    return checked, list(answers.values())


def visible_threads(review: Review) -> tuple[list[Thread], list[Thread]]:
    """The threads of this round, and those of earlier rounds of the article.

    Until the advisor has given a verdict or the round is over, what the others say in it is kept from them, so that
    each reads with their own eyes. That holds as well for whoever declined or was released, and may be asked again.
    """
    found = threads.threads_of(review.submission.article)
    is_blind = not review.verdict and not review.submission.is_over
    now = [
        thread
        for thread in found
        if thread.comment.review.submission_id == review.submission_id
        and (not is_blind or thread.comment.review_id == review.pk)
    ]
    return now, [thread for thread in found if thread.comment.review.submission_id < review.submission_id]


def count_open(found: Sequence[Thread]) -> int:
    """How many threads still wait."""
    return sum(thread.is_open for thread in found)
