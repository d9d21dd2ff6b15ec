"""What an editor does about the links in an advisor's letters: sends a new one, or ends those that are out."""

from django.db import transaction

from accounts.models import User
from advisors import emails, invitations, panel
from advisors.models import Review
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article


def send_link(*, review: Review, actor: User) -> int:
    """Write to the advisor with a new link, and end those of earlier letters; returns how many were open.

    Raises NotPermitted for anybody but an editor, InvalidTransition for a review that is asked for no more, and where
    no letter can go to the advisor's address.
    """
    with transaction.atomic():
        review = _waiting(review, actor)
        ended = invitations.revoke(review)
        if not emails.new_link(review):
            raise InvalidTransition(f"No email can go to {review.advisor}: see whether their address still holds.")
        return ended


def end_links(*, review: Review, actor: User) -> int:
    """End the links of every letter so far; returns how many were open. The advisor can still sign in, and the next
    letter brings a link of its own. Raises NotPermitted, and InvalidTransition where none is open."""
    with transaction.atomic():
        ended = invitations.revoke(_waiting(review, actor))
        if not ended:
            raise InvalidTransition("No link of theirs is open.")
        return ended


def _waiting(review: Review, actor: User) -> Review:
    if not panel.may_decide(actor) or not actor.is_active:
        raise NotPermitted("Editors alone send links to a review, and end them.")
    Article.objects.select_for_update().get(pk=review.submission.article_id)
    review = Review.objects.select_related("submission__revision", "advisor__user").get(pk=review.pk)
    if not review.is_waiting:
        raise InvalidTransition(f"Nothing is asked of {review.advisor_name} any more: {review.state}.")
    return review
