"""The consent of advisors to the public use of their name and portrait.

Without it, nobody can give a verdict that readers would see under their name, and the public pages of the board do not
present them. After a withdrawal, pages that an advisor has signed keep the name, because it belongs to their record.
"""

import hashlib

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import Advisor, Conflict, NameConsent, Review, Verdict
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Submission
from core.house.memory import house

# Stored with each consent as it was read, so it is never translated.
WORDS = (
    "I agree that {name} shows my name, credentials, affiliation, portrait and disclosure of interests beside each "
    "article that I approve, in the record of the article, and on a page about me. I can withdraw this at any time for "
    "what I have not signed yet. What I have signed keeps my name, because its record says who approved it."
)


def current_words() -> str:
    """Return the consent text that advisors agree to now, with the name of the publication."""
    return WORDS.format(name=house().name)


def digest_of(words: str) -> str:
    """Return the SHA-256 of a consent text in hexadecimal.

    A form posts it back, so that nobody agrees to a text that they have not read.
    """
    return hashlib.sha256(words.encode()).hexdigest()


def in_force(advisor: Advisor) -> NameConsent | None:
    """Return this advisor's consent, or None if they have not given it or have withdrawn it."""
    return NameConsent.objects.in_force().filter(advisor=advisor).first()


def consented(path: str) -> Exists:
    """Return the condition that an advisor has consented. `path` leads to the advisor (“pk”, “advisor”)."""
    return Exists(NameConsent.objects.in_force().filter(advisor=OuterRef(path)))


def give(*, advisor: Advisor, actor: User, digest: str) -> NameConsent:
    """Record the consent to the current text, whose digest the form has posted, and return it.

    A consent that is in force already is returned, and nothing is added. Raise NotPermitted for anybody but the
    advisor, and InvalidTransition if the text has changed since the form was opened.
    """
    words = current_words()
    _must_be(advisor, actor)
    if digest != digest_of(words):
        raise InvalidTransition(_("The words of the consent have changed. Read them again, and agree if you do."))
    with transaction.atomic():
        Advisor.objects.select_for_update().get(pk=advisor.pk)
        given = in_force(advisor)
        return given or NameConsent.objects.create(advisor=advisor, is_given=True, words=words, made_by=actor)


def withdraw(*, advisor: Advisor, actor: User) -> NameConsent:
    """Record that the consent is withdrawn, and return that row.

    The editors are told (quorum.withdrawn_consents). Raise NotPermitted for anybody but the advisor, and
    InvalidTransition if no consent is in force.
    """
    _must_be(advisor, actor)
    with transaction.atomic():
        # A decision holds the lock of its article, so it comes wholly before the withdrawal or after it.
        open_rounds = Submission.objects.open().filter(reviews__advisor=advisor)
        list(Article.objects.select_for_update().filter(pk__in=open_rounds.values("article")).order_by("pk"))
        Advisor.objects.select_for_update().get(pk=advisor.pk)
        given = in_force(advisor)
        if given is None:
            raise InvalidTransition(_("You have not given this consent, so there is nothing to withdraw."))
        return NameConsent.objects.create(advisor=advisor, is_given=False, words=given.words, made_by=actor)


def is_needed(conflict: str, verdict: str) -> bool:
    """Return whether readers would see the name beside the article: for an approval without a conflict of interest."""
    return verdict == Verdict.APPROVE and conflict == Conflict.NONE


def refuse_without(review: Review) -> None:
    """Raise InvalidTransition if readers would see this verdict under the advisor's name without their consent."""
    if is_needed(review.conflict, review.verdict) and in_force(review.advisor) is None:
        raise InvalidTransition(_("Readers see an approval with your name: agree to that first, beside your verdict."))


def _must_be(advisor: Advisor, actor: User) -> None:
    """Raise NotPermitted unless `actor` is this advisor and active."""
    if advisor.user_id != actor.pk or not actor.is_active:
        raise NotPermitted(_("Nobody can consent for somebody else."))
