"""Checks of account corrections: a person's account or email address may change only by a confirmed correction."""

from collections.abc import Iterator

from django.db.models import Max

from advisors.models import AccountCorrection, Advisor, Corrected, Signature
from advisors.models.corrections import AccountCorrectionQuerySet
from articles.models import Author, Byline
from audit.integrity.faults import Fault


def explains(advisor: Advisor, signed_with: int) -> bool:
    """Return whether the account with the primary key `signed_with` is, or was corrected to, the advisor's account.

    Confirmed corrections have to lead from one to the other without a gap, up to the newest correction.
    """
    return advisor.user_id == signed_with or _leads(
        signed_with, advisor.user_id, AccountCorrection.objects.filter(corrected=Corrected.ADVISOR, advisor=advisor)
    )


def had_led(start: int, end: int, corrections: AccountCorrectionQuerySet) -> bool:
    """Return whether the confirmed ones of these corrections lead from the account `start` to the account `end`.

    Both are primary keys. As in `explains`, there may be no gap, and the newest correction has to lead to `end`.
    """
    return _leads(start, end, corrections)


def faults() -> Iterator[Fault]:
    """Yield a fault for each invalid confirmation of a correction, and for each change without a correction.

    The changes are those of accounts and their email addresses. A confirmation is invalid if somebody involved gave it
    or if it came too late.
    """
    yield from _confirmations()
    yield from _authors()
    yield from _addresses()


def _leads(
    start: object,
    end: object,
    corrections: AccountCorrectionQuerySet,
    old: str = "old_account",
    new: str = "new_account",
) -> bool:
    """Return whether confirmed corrections lead from `start` to `end`, by the names of the two columns."""
    if start == end:
        return True
    steps = list(corrections.confirmed().values_list(old, new))
    at_start = [place for place, (before, _after) in enumerate(steps) if before == start]
    for first in at_start:
        chain = steps[first:]
        follows = all(one[1] == other[0] for one, other in zip(chain, chain[1:], strict=False))
        if follows and chain[-1][1] == end:
            return True
    return False


def _confirmations() -> Iterator[Fault]:
    """Yield a fault for each confirmation that a person who is involved gave, or that came too late."""
    rows = AccountCorrection.objects.confirmed().select_related("outcome__by", "advisor", "author", "old_account")
    for row in rows.iterator():
        outcome = row.outcome
        if outcome.by_id in (row.asked_by_id, row.old_account_id, row.new_account_id):
            yield Fault(str(row), "was confirmed by somebody who is involved")
        if outcome.at >= row.expires_at:
            yield Fault(str(row), "was confirmed after its time")


def _authors() -> Iterator[Fault]:
    """Yield a fault for each author whose account is not the one that they wrote with, without a correction."""
    written = Byline.objects.exclude(account=None).order_by().values_list("author", "account").distinct()
    now = dict(Author.objects.filter(pk__in={author for author, _account in written}).values_list("pk", "user"))
    for author, account in written:
        own = AccountCorrection.objects.filter(corrected=Corrected.AUTHOR, author=author)
        if now[author] != account and not _leads(account, now[author], own):
            yield Fault(f"author {author}", "wrote under an account that is no longer theirs, without a correction")


def _addresses() -> Iterator[Fault]:
    """Yield a fault for each account whose address is not that of its last signature, without a correction."""
    newest = Signature.objects.order_by().values("account").annotate(newest=Max("pk")).values("newest")
    last = Signature.objects.filter(pk__in=newest).order_by("account_id")
    for account, now, then in last.values_list("account", "account__email", "account_email"):
        own = AccountCorrection.objects.filter(corrected=Corrected.ADDRESS, old_account=account)
        if now != then and not _leads(then, now, own, "old_address", "new_address"):
            yield Fault(f"account {account}", "signed from an address that is no longer its own, without a correction")
