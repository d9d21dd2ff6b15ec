"""The promise proved anew from the board's rows: behind every name on a page stands that person's own verdict."""

from collections.abc import Iterator

from advisors.models import Conflict, Response, Review, Verdict
from articles.models import Publication
from audit import chain
from audit.chain import Fault


def faults(progress=lambda done: None) -> Iterator[Fault]:
    """Every fault of everything that is, was or will be visible; `progress` is told how many were read."""
    yield from chain.missing_guards()
    for done, publication in enumerate(chain.publications(), 1):
        yield from chain.faults_of(publication)
        yield from _faults_of_reviews(publication)
        progress(done)
    yield from chain.overlaps()
    yield from chain.cancellations()
    yield from chain.stages()
    yield from chain.times_of_review()


def _faults_of_reviews(publication: Publication) -> Iterator[Fault]:
    approval = publication.approval
    place = f"“{approval.revision.title}” ({publication.article.slug}), publication {publication.pk}"
    given = {
        review.advisor.user_id: review
        for review in Review.objects.filter(submission=approval.submission_id).select_related("advisor")
    }
    for signatory in approval.signatories.all():
        review = given.get(signatory.user_id)
        if review is None or review.verdict != Verdict.APPROVE or review.response != Response.ACCEPTED:
            yield Fault(place, f"{signatory} stands behind it and gave no approving verdict")
        elif review.digest != approval.digest:
            yield Fault(place, f"the verdict of {signatory} speaks of another digest")
        elif review.conflict != Conflict.NONE:
            yield Fault(place, f"{signatory} counted in spite of a conflict of interest")
        elif review.verdict_at > approval.approved_at:
            yield Fault(place, f"{signatory} gave the verdict after the approval")
    for review in given.values():
        if review.verdict == Verdict.CHANGES and review.conflict == Conflict.NONE:
            yield Fault(place, f"{review.advisor_name} asked for changes in the round that approved it")
