"""Signing a verdict: freezing who gave it, how they were authenticated, and the details under which they appear."""

from dataclasses import dataclass

from accounts.sessions import Means
from advisors.guards import DETAILS
from advisors.models import Advisor, Review, Signature
from articles.models import Signatory


@dataclass(frozen=True)
class Authentication:
    """How the person who gives a verdict was authenticated; for a link, the address to which it was sent."""

    means: Means
    link_email: str = ""


def sign(*, review: Review, authentication: Authentication) -> Signature:
    """Store and return the signature of a verdict that is about to be saved, with the advisor's present details.

    Call this in the transaction that saves the verdict. The database refuses a signature with other details than those
    of the profile, and a verdict without a signature.
    """
    advisor = review.advisor
    return Signature.objects.create(
        review=review,
        account=advisor.user,
        means=authentication.means,
        account_email=advisor.user.email,
        link_email=authentication.link_email,
        **_details(advisor),
    )


def signatory(review: Review) -> Signatory:
    """Return the unsaved signatory of an approving review, as it was signed.

    Raise ValueError if the review has no verdict.
    """
    if review.verdict_at is None:
        raise ValueError(f"Review {review.pk} has no verdict.")
    signature = review.signature
    return Signatory(
        user_id=signature.account_id,
        digest=review.digest,
        signed_at=review.verdict_at,
        **_details(signature),
    )


def _details(person: Advisor | Signature) -> dict[str, str]:
    """Return what readers see of a reviewer: the texts, and the name of the stored photo."""
    return {**{name: getattr(person, name) for name in DETAILS}, "photo": person.photo.name or ""}
