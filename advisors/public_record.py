"""Who reviewed what, as readers find it: on an article's page, and on an expert's own.

Names, credentials and disclosures are those that were signed; an address is that of the advisor today.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from advisors import remarks
from advisors.models import Advisor, RemarksShown
from articles.models import Signatory
from articles.pages import ArticlePage


@dataclass(frozen=True)
class Signed:
    """A signatory with the address of their page (the advisor's slug) and the remarks that they chose to sign."""

    signatory: Signatory
    slug: str
    remarks: str = ""

    def __str__(self) -> str:
        return str(self.signatory)


@dataclass(frozen=True)
class Record:
    """Those behind the approval on which a page stands, those who renewed it since, and remarks without a name."""

    signatories: Sequence[Signed] = ()
    renewed_by: Sequence[Signed] = ()
    unsigned: Sequence[str] = field(default_factory=list)


def of_page(page: ArticlePage) -> Record:
    """The record of a page: two queries where somebody signed, else none."""
    if not page.signatories:
        return Record()
    everybody = [*page.signatories, *page.renewed_by]
    people = {row.user_id for row in everybody}
    slugs = dict(Advisor.objects.filter(user__in=people).values_list("user", "slug"))
    signed, unsigned = {}, []
    shown = remarks.for_readers().filter(submission__in={row.approval.submission_id for row in everybody})
    for review in shown.select_related("advisor"):
        if (review.submission_id, review.advisor.user_id) not in {_key(row) for row in everybody}:
            continue
        if review.remarks_shown == RemarksShown.SIGNED:
            signed[review.submission_id, review.advisor.user_id] = review.remarks
        else:
            unsigned.append(review.remarks)

    def of(row: Signatory) -> Signed:
        return Signed(row, slugs.get(row.user_id, ""), signed.get(_key(row), ""))

    # By their words, not by who wrote them: the order shall not give away a name.
    return Record([of(row) for row in page.signatories], [of(row) for row in page.renewed_by], sorted(unsigned))


def _key(row: Signatory) -> tuple[int, int]:
    return row.approval.submission_id, row.user_id
