"""Requests for corrections of accounts: what an editor may ask for, and which email address has to confirm it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.corrections import emails
from advisors.models import AccountCorrection, Advisor, Corrected, CorrectionEnd, CorrectionOutcome, Signature
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, Byline
from core.text import has_words

TIME_TO_CONFIRM = timedelta(days=14)


def may_ask(actor: User) -> bool:
    """Return whether this user may ask for corrections: active editors and administrators may."""
    return actor.is_active and actor.has_perm("articles.edit_all_articles")


def is_bound(subject: Advisor | Author | User) -> bool:
    """Return whether something was signed by this advisor or with this account, or written as this author.

    If so, only a correction can change the account of the advisor or author, or the email address of the account.
    """
    if isinstance(subject, Author):
        return subject.user_id is not None and Byline.objects.filter(author=subject).exclude(account=None).exists()
    return subject.pk is not None and _signatures(subject).exists()


def confirm_address(subject: Advisor | Author | User) -> str:
    """Return the email address held at the last signature; without a signature, the present one of the account.

    Raise ValueError for an author without an account.
    """
    account = subject if isinstance(subject, User) else subject.user
    if account is None:
        raise ValueError(f"{subject} has no account.")
    last = _signatures(account if isinstance(subject, Author) else subject).order_by("-pk").first()
    return last.account_email if last else account.email


def _signatures(subject: Advisor | User) -> QuerySet[Signature]:
    """Return the signatures of an advisor or, for an account, those with it and those of the advisor who has it."""
    if isinstance(subject, Advisor):
        own = Q(review__advisor=subject)
    else:
        own = Q(account=subject) | Q(review__advisor__user=subject)
    found: QuerySet[Signature] = Signature.objects.filter(own)
    return found


def ask_for_account(*, subject: Advisor | Author, new_account: User, reason: str, actor: User) -> AccountCorrection:
    """Ask for the account of an advisor or author to become `new_account`; return the request.

    An email asks the owner of the email address held at the last signature to confirm it. Raise NotPermitted if `actor`
    may not ask or one of the accounts is theirs. Raise InvalidTransition if they have no account, nothing was signed or
    written under it, the new account is theirs already, inactive or somebody else's, the reason is missing or too long,
    or another correction of the account is waiting.
    """
    if subject.user is None:
        raise InvalidTransition(_("They have no account yet. Choose one in their form."))
    taken = type(subject).objects.filter(user=new_account).exclude(pk=subject.pk).first()
    if taken is not None:
        raise InvalidTransition(_("This account is that of %(person)s.") % {"person": taken})
    if new_account.pk == subject.user_id:
        raise InvalidTransition(_("This is their account already."))
    if not new_account.is_active:
        raise InvalidTransition(_("This account is switched off."))
    row = AccountCorrection(
        corrected=Corrected.ADVISOR if isinstance(subject, Advisor) else Corrected.AUTHOR,
        advisor=subject if isinstance(subject, Advisor) else None,
        author=subject if isinstance(subject, Author) else None,
        old_account=subject.user,
        new_account=new_account,
        old_address=subject.user.email,
        new_address=new_account.email,
    )
    return _ask(row, subject, reason, actor)


def ask_for_address(*, account: User, new_address: str, reason: str, actor: User) -> AccountCorrection:
    """Ask for the email address of an account that has signed something to become `new_address`; return the request.

    Raise NotPermitted if `actor` may not ask or the account is theirs. Raise InvalidTransition if the address is
    invalid, is theirs already or belongs to another account, nothing was signed with the account, the reason is missing
    or too long, or another correction of the account is waiting.
    """
    new_address = new_address.strip().lower()
    if new_address == account.email:
        raise InvalidTransition(_("This is their address already."))
    if User.objects.filter(email=new_address).exists():
        raise InvalidTransition(_("Another account has this address."))
    row = AccountCorrection(
        corrected=Corrected.ADDRESS,
        old_account=account,
        new_account=account,
        old_address=account.email,
        new_address=new_address,
    )
    return _ask(row, account, reason, actor)


def _ask(row: AccountCorrection, subject: Advisor | Author | User, reason: str, actor: User) -> AccountCorrection:
    if not may_ask(actor):
        raise NotPermitted(_("Only editors and administrators can ask for a correction."))
    if actor.pk in (row.old_account_id, row.new_account_id):
        raise NotPermitted(_("One of these accounts is yours. Ask another editor or an administrator."))
    if not is_bound(subject):
        raise InvalidTransition(_("Nothing was signed or written under it yet. Change it in the form."))
    if not has_words(reason):
        raise InvalidTransition(_("Say why it has to be corrected."))
    now = timezone.now()
    row.confirm_address, row.reason = confirm_address(subject), reason
    row.asked_by, row.asked_by_name = actor, str(actor)
    row.asked_at, row.expires_at = now, now + TIME_TO_CONFIRM
    try:
        row.clean_fields()
    except ValidationError as error:
        raise InvalidTransition(" ".join(error.messages)) from error
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=row.old_account_id).first()
        record_expired()
        if AccountCorrection.objects.waiting().filter(old_account=row.old_account_id).exists():
            raise InvalidTransition(_("A correction of this account is waiting already."))
        row.save()
        emails.please_confirm(row)
    return row


def record_expired() -> int:
    """Record as expired each unconfirmed request whose time has run out; return their number.

    The old email address and the editor who asked get an email about each.
    """
    over = AccountCorrection.objects.waiting().filter(expires_at__lte=timezone.now())
    rows = list(over.select_related("advisor", "author", "old_account", "new_account", "asked_by"))
    for row in rows:
        outcome = CorrectionOutcome.objects.create(correction=row, ended=CorrectionEnd.EXPIRED)
        emails.decided(outcome)
    return len(rows)
