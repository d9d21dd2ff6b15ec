"""Name changes while the account behind the name is being corrected.

The correction is decided first, because the account may be in wrong hands: nobody can confirm a change of a name while
a correction of the account is waiting. Once the advisor or author has another account, the names that they signed with
the former one are changed by whoever has the new one, which a second person has confirmed to be theirs. Nobody changes
them with the former account any more: whoever has that may be somebody else.
"""

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisors.models import AccountCorrection, Signature
from articles.models import Byline, SignedName


def hindrance(name: SignedName, account: int | None) -> str:
    """Return a sentence that says why this account cannot change this name now, or an empty string.

    `account` is a primary key. Makes three queries.
    """
    if name.account_id is None:
        return ""
    if _is_of_others(name, account):
        said = (
            _("What was signed under “%(name)s” belongs to somebody who has another account now.")
            if name.account_id == account
            else _(
                "Under “%(name)s”, somebody else has signed with the former account, too. The account behind that has "
                "to be corrected first."
            )
        )
        return said % {"name": name.name}
    accounts = (name.account_id, account)
    waiting = AccountCorrection.objects.filter(outcome=None, expires_at__gt=timezone.now())
    if waiting.filter(Q(old_account__in=accounts) | Q(new_account__in=accounts)).exists():
        return _("A correction of this account is waiting. Confirm the name once that has ended.")
    return ""


def moved_names(account: User) -> set[int]:
    """Return the names of other accounts under which this account’s advisor or authors have signed, or are shown.

    They had another account then, and a correction gave them this one. Makes two queries.
    """
    rows: list[QuerySet] = [
        Signature.objects.filter(review__advisor__user=account).exclude(signed_name__account=account),
        Byline.objects.filter(author__user=account, account__isnull=False).exclude(signed_name__account=account),
    ]
    shown = Coalesce("signed_name__shown_as", "signed_name")
    found = {pk for some in rows for pk in some.order_by().values_list(shown, flat=True).distinct()}
    own = SignedName.objects.filter(pk__in=found, account=account)
    return found - set(own.values_list("pk", flat=True)) if found else found


def _is_of_others(name: SignedName, account: int | None) -> bool:
    """Return whether something is signed or shown under this name by an advisor or author with another account."""
    under = Q(signed_name=name) | Q(signed_name__shown_as=name)
    signatures = Signature.objects.filter(under).exclude(review__advisor__user=account)
    bylines = Byline.objects.filter(under, account__isnull=False).exclude(author__user=account)
    return bool(signatures.exists() or bylines.exists())
