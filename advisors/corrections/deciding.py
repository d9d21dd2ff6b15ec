"""The end of a correction request: it is confirmed by a second person, refused, or withdrawn."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import sessions
from accounts.models import User
from advisors import invitations
from advisors.corrections import asking, emails, links
from advisors.models import AccountCorrection, Advisor, Corrected, CorrectionEnd, CorrectionOutcome, Review
from advisors.quorum import decisions
from articles.exceptions import InvalidTransition, NotPermitted
from core.text import has_words


def why_not_administrator(correction: AccountCorrection, actor: User) -> str:
    """Return why this user cannot confirm the correction without the link in the email, or an empty string.

    An administrator can, unless they asked for the correction or one of the accounts is theirs.
    """
    if not actor.is_active or not actor.is_superuser:
        return _("Only an administrator can confirm this in place of the link in the email.")
    if actor.pk == correction.asked_by_id:
        return _("You asked for this correction, so somebody else has to confirm it.")
    if actor.pk in (correction.old_account_id, correction.new_account_id):
        return _("One of these accounts is yours, so somebody else has to confirm it.")
    return ""


def confirm_by_link(*, token: str) -> CorrectionOutcome:
    """Confirm the correction that this token opens, make the change, and return the outcome.

    Raise InvalidTransition if the token opens nothing, the request has ended, or the account or address has changed
    since.
    """
    with transaction.atomic():
        correction = _locked(_opened(token))
        return _confirm(correction, ended=CorrectionEnd.BY_LINK, by_name=correction.confirm_address)


def confirm_as_administrator(*, correction: AccountCorrection, actor: User, how: str) -> CorrectionOutcome:
    """Confirm a correction whose email address is no longer read, make the change, and return the outcome.

    `how` says why the link could not be used, and how the administrator has made sure. Raise NotPermitted for anybody
    but an administrator who is not involved (`why_not_administrator`). Raise InvalidTransition without `how` or if it
    is too long, if the request has ended, or if the account or address has changed since.
    """
    if refused := why_not_administrator(correction, actor):
        raise NotPermitted(refused)
    if not has_words(how):
        raise InvalidTransition(_("Say why the link cannot be used, and how you have made sure that this is right."))
    with transaction.atomic():
        correction = _locked(correction)
        return _confirm(correction, ended=CorrectionEnd.BY_ADMINISTRATOR, by=actor, by_name=str(actor)[:254], words=how)


def refuse_by_link(*, token: str, reason: str = "") -> CorrectionOutcome:
    """Refuse the correction that this token opens, and return the outcome.

    Raise InvalidTransition if the token opens nothing, the request has ended, or the reason is too long.
    """
    with transaction.atomic():
        correction = _locked(_opened(token))
        return _end(correction, ended=CorrectionEnd.REFUSED, by_name=correction.confirm_address, words=reason)


def withdraw(*, correction: AccountCorrection, actor: User, reason: str = "") -> CorrectionOutcome:
    """Withdraw the request for a correction, and return the outcome.

    Raise NotPermitted for anybody but an editor or administrator, and InvalidTransition if the request has ended or the
    reason is too long.
    """
    if not asking.may_ask(actor):
        raise NotPermitted(_("Only editors and administrators can withdraw a correction."))
    with transaction.atomic():
        correction = _locked(correction)
        return _end(correction, ended=CorrectionEnd.WITHDRAWN, by=actor, by_name=str(actor)[:254], words=reason)


def _opened(token: str) -> AccountCorrection:
    found = links.find(token)
    if found is None:
        raise InvalidTransition(_("This link has expired, or the request has ended."))
    return found


def _locked(correction: AccountCorrection) -> AccountCorrection:
    """Lock the account, so that a request ends once, and return the request if it is waiting.

    Raise InvalidTransition if it has ended or its time has run out.
    """
    User.objects.select_for_update().filter(pk=correction.old_account_id).first()
    rows = AccountCorrection.objects.select_related("advisor", "author", "old_account", "new_account", "asked_by")
    correction = rows.get(pk=correction.pk)
    if not correction.is_waiting:
        raise InvalidTransition(_("This request has ended, or its time has run out."))
    return correction


def _end(correction: AccountCorrection, **values: object) -> CorrectionOutcome:
    outcome = CorrectionOutcome(correction=correction, at=timezone.now(), **values)
    try:
        outcome.clean_fields(exclude=["by"])
    except ValidationError as error:
        raise InvalidTransition(" ".join(error.messages)) from error
    outcome.save()
    emails.decided(outcome)
    return outcome


def _confirm(correction: AccountCorrection, **values: object) -> CorrectionOutcome:
    """Store the confirmation and make the change, which the database permits only after it.

    Links to reviews that were sent to the old address end, and so do the sessions of an account with another address.
    Open rounds are decided anew. Raise InvalidTransition if the database refuses it.
    """
    changed = _("The account or address has changed since this was asked. Ask again.")
    try:
        with transaction.atomic():
            outcome = _end(correction, **values)
            _change(correction)
    except IntegrityError as error:
        raise InvalidTransition(changed) from error
    return outcome


def _change(correction: AccountCorrection) -> None:
    account, author = correction.old_account, correction.author
    if author is not None:
        author.user = correction.new_account
        author.save()
        return
    advisor = correction.advisor or Advisor.objects.filter(user=account).select_related("user").first()
    if correction.corrected == Corrected.ADDRESS:
        account.email = correction.new_address
        account.save(update_fields=["email"])
        sessions.end_all(user=account)
    elif advisor is not None:
        advisor.user = correction.new_account
        advisor.save()
    if advisor is None:
        return
    for review in Review.objects.unanswered().filter(advisor=advisor):
        invitations.revoke(review)
    decisions.reconsider_rounds_of(advisor, correction.new_account)
