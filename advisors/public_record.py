"""The reviewers of an article as its page shows them.

Credentials and disclosures are shown as they were when the reviewer signed, and so is the name, unless the reviewer has
changed it since (articles.models.NameChange). The link leads to the present URL of the reviewer's page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from advisors import remarks
from advisors.models import RemarksShown, Review
from articles.models import Signatory
from articles.pages import ArticlePage


@dataclass(frozen=True)
class PublicSignatory:
    """A signatory with the slug of their page and the remarks that they chose to sign."""

    signatory: Signatory
    slug: str
    remarks: str = ""

    def __str__(self) -> str:
        return str(self.signatory)


@dataclass(frozen=True)
class ReviewRecord:
    """The signatories of a revision, those who have renewed its approval, and the remarks shown without a name."""

    signatories: Sequence[PublicSignatory] = ()
    renewed_by: Sequence[PublicSignatory] = ()
    unsigned: Sequence[str] = field(default_factory=list)

    @property
    def profiles(self) -> dict[int, str]:
        """Return the slugs of the reviewers' pages, by the primary keys of their accounts."""
        return {row.signatory.user_id: row.slug for row in (*self.signatories, *self.renewed_by) if row.slug}


def of_page(page: ArticlePage) -> ReviewRecord:
    """Return the record of an article's page. Makes one query if somebody signed, else none."""
    if not page.signatories:
        return ReviewRecord()
    everybody = [*page.signatories, *page.renewed_by]
    # The database refuses a signatory without a review in the same round (advisors.guards).
    given: QuerySet[Review] = Review.objects.filter(
        submission__in={row.approval.submission_id for row in everybody},
        advisor__user__in={row.user_id for row in everybody},
    ).select_related("advisor")
    reviews = given.annotate(is_shown=Exists(remarks.for_readers().filter(pk=OuterRef("pk"))))
    found = {(review.submission_id, review.advisor.user_id): review for review in reviews}
    behind = [found[key] for key in map(_key, everybody) if key in found]
    unsigned = {
        review.pk: review.remarks
        for review in behind
        if review.is_shown and review.remarks_shown != RemarksShown.SIGNED
    }

    def of(row: Signatory) -> PublicSignatory:
        review = found.get(_key(row))
        if review is None:
            return PublicSignatory(row, "")
        is_signed = review.is_shown and review.remarks_shown == RemarksShown.SIGNED
        return PublicSignatory(row, review.advisor.slug, review.remarks if is_signed else "")

    # Unsigned remarks are sorted by their text, so that their order does not reveal the authors.
    return ReviewRecord(
        [of(row) for row in page.signatories], [of(row) for row in page.renewed_by], sorted(unsigned.values())
    )


def _key(row: Signatory) -> tuple[int, int]:
    return row.approval.submission_id, row.user_id
