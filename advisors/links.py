"""Functions for editors to send an advisor a new link to a review, or to revoke the links."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors import emails, invitations, panel
from advisors.models import Review
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article


def send_link(*, review: Review, actor: User) -> int:
    """Email a new link to the advisor and revoke all earlier links; return the number revoked.

    Raise NotPermitted for anybody but an editor. Raise InvalidTransition if the review can no longer be given, or if no
    email can be sent to the advisor's address.
    """
    with transaction.atomic():
        review = _waiting(review, actor)
        ended = invitations.revoke(review)
        if not emails.new_link(review):
            raise InvalidTransition(
                _("No email can be sent to %(advisor)s. Check their email address.") % {"advisor": review.advisor}
            )
        return ended


def end_links(*, review: Review, actor: User) -> int:
    """Revoke every link to this review; return the number revoked.

    The advisor can still sign in, and the next email has a new link. Raise NotPermitted for anybody but an editor.
    Raise InvalidTransition if the review can no longer be given or has no link to revoke.
    """
    with transaction.atomic():
        ended = invitations.revoke(_waiting(review, actor))
        if not ended:
            raise InvalidTransition(_("They have no valid link."))
        return ended


def _waiting(review: Review, actor: User) -> Review:
    """Lock the article, and return the review in its present state.

    Raise NotPermitted for anybody but an editor, and InvalidTransition if the review can no longer be given.
    """
    if not panel.may_decide(actor) or not actor.is_active:
        raise NotPermitted(_("Only editors can send or end links to a review."))
    Article.objects.select_for_update().get(pk=review.submission.article_id)
    review = Review.with_taken_back.select_related("submission__revision", "advisor__user").get(pk=review.pk)
    if not review.is_waiting:
        raise InvalidTransition(
            _("%(advisor)s can no longer give this review: %(state)s.")
            % {"advisor": review.advisor_shown, "state": review.state}
        )
    return review
