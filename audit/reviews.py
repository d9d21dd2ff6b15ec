"""Checks of the reviews: everybody named on a page as a reviewer has given an approving verdict."""

from collections.abc import Iterator

from advisors.models import Conflict, Response, Review, Verdict
from articles.models import Publication
from audit.chain import Fault


def faults_of(publication: Publication) -> Iterator[Fault]:
    """Yield the faults of the reviews in the round that approved this publication."""
    approval = publication.approval
    place = f"“{approval.revision.title}” ({publication.article.slug}), publication {publication.pk}"
    given = {
        review.advisor.user_id: review
        for review in Review.objects.filter(submission=approval.submission_id).select_related("advisor")
    }
    for signatory in approval.signatories.all():
        review = given.get(signatory.user_id)
        if review is None or review.verdict != Verdict.APPROVE or review.response != Response.ACCEPTED:
            yield Fault(place, f"{signatory} is named as a reviewer and gave no approving verdict")
        elif review.digest != approval.digest:
            yield Fault(place, f"the verdict of {signatory} is of another digest")
        elif review.conflict != Conflict.NONE:
            yield Fault(place, f"{signatory} counted in spite of a conflict of interest")
        elif review.verdict_at is None:
            yield Fault(place, f"the verdict of {signatory} has no date")
        elif review.verdict_at > approval.approved_at:
            yield Fault(place, f"{signatory} gave the verdict after the approval")
    for review in given.values():
        if review.verdict == Verdict.CHANGES and review.conflict == Conflict.NONE:
            yield Fault(place, f"{review.advisor_name} asked for changes in the round that approved it")
