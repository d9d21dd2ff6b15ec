"""What an editor does with the links in an advisor's emails: send a new one, or revoke them."""

from django.db import transaction

from accounts.models import User
from advisors import emails, invitations, panel
from advisors.models import Review
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article


def send_link(*, review: Review, actor: User) -> int:
    """Email a new link to the advisor and revoke the earlier ones; return how many were valid.

    Raises NotPermitted for anybody but an editor, and InvalidTransition where the review can no longer be given or no
    email can be sent to the advisor's address.
    """
    with transaction.atomic():
        review = _waiting(review, actor)
        ended = invitations.revoke(review)
        if not emails.new_link(review):
            raise InvalidTransition(f"No email can go to {review.advisor}: see whether their address still holds.")
        return ended


def end_links(*, review: Review, actor: User) -> int:
    """Revoke every link to this review; return how many were valid. The advisor can still sign in, and the next email
    has a link of its own.

    Raises NotPermitted for anybody but an editor, and InvalidTransition where no link is valid.
    """
    with transaction.atomic():
        ended = invitations.revoke(_waiting(review, actor))
        if not ended:
            raise InvalidTransition("No link of theirs is open.")
        return ended


def _waiting(review: Review, actor: User) -> Review:
    """Lock the article and return the review anew. Raises NotPermitted, and InvalidTransition where it can no longer be
    given.
    """
    if not panel.may_decide(actor) or not actor.is_active:
        raise NotPermitted("Editors alone send links to a review, and end them.")
    Article.objects.select_for_update().get(pk=review.submission.article_id)
    review = Review.objects.select_related("submission__revision", "advisor__user").get(pk=review.pk)
    if not review.is_waiting:
        raise InvalidTransition(f"Nothing is asked of {review.advisor_name} any more: {review.state}.")
    return review
