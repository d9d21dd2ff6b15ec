"""Sign a verdict: store who gave it, how they were authenticated, and the details under which they appear."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.sessions import Means
from advisors.guards import DETAILS
from advisors.models import Advisor, ChecklistAnswer, Comment, NameConsent, Review, Signature
from advisors.quorum.given import Given, digest, disclosed
from articles.exceptions import InvalidTransition
from articles.models import Signatory, SignedName, Waiver
from core.fields import LineField, ProseField


@dataclass(frozen=True)
class Authentication:
    """How the person who gives a verdict was authenticated. `link_email` is the address to which a link was sent, or
    "".
    """

    means: Means
    link_email: str = ""


def sign(*, review: Review, authentication: Authentication, answers: Sequence[ChecklistAnswer] = ()) -> Signature:
    """Store and return the signature of a verdict that is about to be saved, with the advisor's present details.

    `answers` are those to the check-list. Call this in the transaction that saves the verdict, when `review` has the
    values that will be saved. The database refuses a signature with other details than those of the profile, and a
    verdict without a signature.
    """
    advisor, submission = review.advisor, review.submission
    for field in Review._meta.concrete_fields:
        if isinstance(field, LineField | ProseField):
            field.pre_save(review, add=False)  # as it will be stored
    comments = list(Comment.objects.filter(review=review))
    waivers = list(Waiver.objects.standing(submission.submitted_at).filter(article=submission.article_id))
    signature = Signature(
        review=review,
        account=advisor.user,
        means=authentication.means,
        account_email=advisor.user.email,
        link_email=authentication.link_email,
        signed_name=SignedName.objects.stored(advisor),
        comments=sorted(row.pk for row in comments),
        waivers=sorted(row.pk for row in waivers),
        **_details(advisor),
    )
    specialists = submission.specialists.values_list("pk", flat=True)
    given = Given(review, submission, signature, specialists, answers, comments, waivers, disclosed(review.disclosure))
    signature.given_digest = digest(given)
    signature.save()
    return signature


def signatory(review: Review) -> Signatory:
    """Return the unsaved signatory of an approving review, as it was signed.

    Raise ValueError if the review has no verdict, and InvalidTransition if its advisor no longer agrees to be named.
    """
    if review.verdict_at is None:
        raise ValueError(f"Review {review.pk} has no verdict.")
    if not NameConsent.objects.in_force().filter(advisor=review.advisor_id).exists():
        raise InvalidTransition(_("%(advisor)s no longer agrees to be named.") % {"advisor": review.advisor_shown})
    signature = review.signature
    return Signatory(
        user_id=signature.account_id,
        digest=review.digest,
        signed_at=review.verdict_at,
        signed_name=signature.signed_name,
        **_details(signature),
    )


def _details(person: Advisor | Signature) -> dict[str, str]:
    """Return what readers see of a reviewer beside the name: the texts, and the name of the stored photo."""
    return {**{name: getattr(person, name) for name in DETAILS}, "photo": person.photo.name or ""}
