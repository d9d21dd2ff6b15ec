"""Remarks of advisors that readers may see: the advisor offers them, and an editor may withhold them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from advisors import panel
from advisors.models import RemarksShown, RemarksWithheld, Review, Verdict
from advisors.models.reviews import ReviewQuerySet
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Outcome
from core.text import has_words


def for_readers() -> ReviewQuerySet:
    """Return the reviews of approved rounds whose remarks the advisor has offered and no editor has withheld."""
    return offered().filter(withheld=None)


def offered() -> ReviewQuerySet:
    """Return the approving reviews of approved rounds whose remarks the advisor has offered, withheld or not."""
    given = Review.objects.filter(verdict=Verdict.APPROVE, submission__outcome=Outcome.APPROVED)
    return given.exclude(remarks_shown=RemarksShown.NO).exclude(remarks="")


def withhold(*, review: Review, actor: User, reason: str) -> RemarksWithheld:
    """Withhold an advisor's remarks from readers permanently, and return the record of it. The remarks stay stored.

    Raise NotPermitted for anybody but an editor. Raise InvalidTransition if the reason is missing or too long, if the
    remarks were not offered to readers, or if they are withheld already.
    """
    if not (panel.may_decide(actor) and actor.has_perm("advisors.add_remarkswithheld")):
        raise NotPermitted(_("Only editors can withhold remarks."))
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=review.submission.article_id)
        if not offered().filter(pk=review.pk).exists():
            raise InvalidTransition(_("Readers do not see these remarks."))
        if RemarksWithheld.objects.filter(review=review).exists():
            raise InvalidTransition(_("These remarks are withheld already."))
        if not has_words(reason):
            raise InvalidTransition(_("Say why readers should not see these remarks."))
        withheld = RemarksWithheld(review=review, withheld_by=actor, withheld_by_name=str(actor), reason=reason)
        try:
            withheld.full_clean(exclude=["review", "withheld_by"])
        except ValidationError as error:
            raise InvalidTransition(_("A reason has at most 500 characters.")) from error
        withheld.save()
        return withheld
