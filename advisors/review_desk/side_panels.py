"""The panels beside the article under review: its sources, the findings of the checks, and threads."""

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
    """A source as readers see it, with the writer's note on the statements that it supports."""

    cited: CitedSource
    supports: str


@dataclass(frozen=True)
class FindingWithWaiver:
    """A finding on the revision, with the writer's waiver that was valid at the submission, if there was one."""

    finding: Finding
    waiver: Waiver | None


def sources(page: ArticlePage, revision: Revision) -> list[CitedSourceWithNote]:
    """Return the sources of a page in order, each with the writer's note. Makes two queries."""
    notes = dict(
        ArticleSource.objects.filter(article=revision.article_id).values_list("source", "supports")
    )  # by source, because numbers of citations differ between revisions
    by_number = {row.number: notes.get(row.source_id, "") for row in revision.citations.all()}
    return [CitedSourceWithNote(cited, by_number.get(cited.number, "")) for cited in page.sources]


def checks(submission: Submission) -> tuple[list[FindingWithWaiver], list[Waiver]]:
    """Return the findings on the revision with their waivers, and the waivers whose finding no longer exists."""
    found = preflight.run(draft_of_revision(submission.revision))
    answers = {row.mark: row for row in waivers.before_the_board(submission, found)}
    checked = [FindingWithWaiver(finding, answers.pop(finding.mark, None)) for finding in found]
    return checked, list(answers.values())


def visible_threads(review: Review) -> tuple[list[Thread], list[Thread]]:
    """Return the threads that this advisor may see, as a list for this round and a list for earlier rounds.

    Other advisors' comments in this round are hidden until the advisor has given a verdict or the round is over, so
    that each advisor judges independently. They are also hidden from advisors who declined or were released, because
    these may be asked again.
    """
    found = threads.threads_of(review.submission.article)
    is_blind = not review.verdict and not review.submission.is_over
    now = [
        thread
        for thread in found
        if thread.comment.review.submission_id == review.submission_id
        and (not is_blind or thread.comment.review.advisor_id == review.advisor_id)
    ]
    return now, [thread for thread in found if thread.comment.review.submission_id < review.submission_id]


def count_open(found: Sequence[Thread]) -> int:
    """Return the number of these threads that are open."""
    return sum(thread.is_open for thread in found)
