"""Vouching for the identity of advisors. Without a valid vouch, a verdict does not count toward a quorum.

An editor could otherwise invent an advisor with an account of their own, and approve under any name.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Advisor, Conflict, Review, Verdict, Vouch, waiting_now
from advisors.quorum import decisions
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Outcome, SignedName, Submission
from articles.models.submissions import SubmissionQuerySet
from core.text import has_words


def refusal(advisor: Advisor, actor: User) -> str:
    """Return a sentence that says why this user cannot vouch for this advisor, or an empty string if they can.

    Superusers and editors can, except the one who added the advisor to the board, and the advisor.
    """
    if not actor.is_active or not actor.has_perm("articles.edit_all_articles"):
        return _("Only editors and administrators can vouch for an advisor.")
    if actor.pk == advisor.user_id:
        return _("You cannot vouch for yourself.")
    if actor.pk == advisor.added_by_id:
        return _("You added %(advisor)s to the board. Ask another editor or an administrator to vouch for them.") % {
            "advisor": advisor
        }
    return ""


def identity(advisor: Advisor) -> str:
    """Return the name, account and address that a vouch for this advisor covers, as one text that can be compared."""
    return f"{advisor.name} · {advisor.user_id} · {advisor.user.email}"


def vouch(*, advisor: Advisor, actor: User, how: str) -> Vouch:
    """Record that `actor` has checked who the advisor is, and `how`; return the vouch.

    It is for the account, the email address and the name that the advisor has now. Open rounds are decided anew. Raise
    NotPermitted for users who cannot vouch for this advisor (`refusal`), and InvalidTransition if `how` is missing or
    too long.
    """
    if refused := refusal(advisor, actor):
        raise NotPermitted(refused)
    if not has_words(how):
        raise InvalidTransition(_("Say how you have checked who they are: “met at …”, “called the institute”."))
    with transaction.atomic():
        advisor = Advisor.objects.select_related("user").get(pk=advisor.pk)
        row = Vouch(
            advisor=advisor,
            account=advisor.user,
            address=advisor.user.email,
            signed_name=SignedName.objects.stored(advisor),
            vouched_by=actor,
            vouched_by_name=str(actor),
            how=how,
        )
        try:
            row.clean_fields()
        except ValidationError as error:
            raise InvalidTransition(" ".join(error.messages)) from error
        row.save()
        decisions.reconsider_rounds_of(advisor, actor)
        return row


def rounds_that_wait() -> SubmissionQuerySet:
    """Return the open rounds in which an approval was given, or can be, by an advisor for whom nobody vouches now."""
    given = Q(verdict=Verdict.APPROVE) & ~Q(conflict=Conflict.DECLARED)
    reviews = Review.objects.filter(given | waiting_now(), submission=OuterRef("pk"), advisor__is_active=True)
    unknown = reviews.exclude(is_vouched())
    rounds: SubmissionQuerySet = Submission.objects.filter(Exists(unknown), outcome=Outcome.OPEN)
    return rounds.order_by("due_on", "pk")


def is_vouched() -> Exists:
    """Return the condition that somebody vouches for the advisor of a review as they are now."""
    return Exists(Vouch.objects.valid().filter(advisor=OuterRef("advisor")))


def without_vouch(advisors: Iterable[Advisor]) -> set[int]:
    """Return the primary keys of these advisors for whom nobody vouches now. Makes one query."""
    known = {advisor.pk for advisor in advisors}
    return known - set(Vouch.objects.valid().filter(advisor__in=known).values_list("advisor", flat=True))
