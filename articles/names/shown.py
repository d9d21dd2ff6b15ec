"""The names that rows of the newsroom's log store as text, as staff see them: after a name change, the new name.

Such a row never changes, so it keeps the former name, which is no longer shown to anybody. The changed names are read
at most once a second and after each change, as the house settings are (core.house.memory).
"""

import math
import time
from dataclasses import dataclass
from operator import attrgetter

from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q

GOOD_FOR = 1.0  # seconds


@dataclass(frozen=True)
class Renamed:
    """An account whose name was changed or erased: the name it signs under, that of the account, and former ones."""

    name: str
    account_name: str
    former: tuple[str, ...]


class RenamedAccounts:
    """A cache of the renamed accounts in one process, by primary key of the account."""

    def __init__(self) -> None:
        self._known: dict[int, Renamed] = {}
        self._good_until = -math.inf

    def all(self) -> dict[int, Renamed]:
        """Return the renamed accounts by primary key. Makes two queries if they were not read in the last GOOD_FOR."""
        now = time.monotonic()
        if now >= self._good_until:
            self._known, self._good_until = _read(), now + GOOD_FOR
        return self._known

    def remember(self, known: dict[int, Renamed], seconds: float = math.inf) -> None:
        """Use these accounts for this number of seconds, by default for ever. Meant for tests that count queries."""
        self._known, self._good_until = known, time.monotonic() + seconds

    def changed(self) -> None:
        """Discard the stored accounts now, and again once the transaction that changes them has ended."""
        self._forget()
        transaction.on_commit(self._forget)

    def _forget(self) -> None:
        self._good_until = -math.inf


renamed_accounts = RenamedAccounts()


def shown_name(stored: str, account: int | None) -> str:
    """Return a name that a row stores as text, or the present one if the account has changed its name since.

    `stored` may have credentials after the name, which stay. The name of an account that was erased is never shown.
    """
    renamed = renamed_accounts.all().get(account or 0)
    if renamed is None or not stored or _begins_with(stored, renamed.name):
        return stored
    for former in renamed.former:
        if _begins_with(stored, former):
            return f"{renamed.name}{stored.removeprefix(former)}"
    return renamed.account_name


def _begins_with(stored: str, name: str) -> bool:
    """Return whether `stored` is this name, with or without credentials after it (Profile.name_with_credentials)."""
    return stored == name or stored.startswith(f"{name}, ")


class NameNow:
    """A read-only attribute of a model: `shown_name` of its column `stored`, for the account at the path `account`.

    The path is followed only if somebody was renamed.
    """

    def __init__(self, stored: str, account: str) -> None:
        self.stored, self.account = attrgetter(stored), attrgetter(account)

    def __get__(self, row: Model | None, owner: type) -> str:
        if row is None:
            return self  # type: ignore[return-value]
        stored: str = self.stored(row)
        return shown_name(stored, self.account(row)) if renamed_accounts.all() else stored


def _read() -> dict[int, Renamed]:
    names = apps.get_model("articles", "SignedName").objects
    changed = names.exclude(account=None).filter(Q(shown_as__isnull=False) | Q(erased_at__isnull=False))
    found: dict[int, Renamed] = {}
    for account, account_name, former, now in changed.order_by("pk").values_list(
        "account", "account__name", "name", "shown_as__name"
    ):
        before = found[account].former if account in found else ()
        found[account] = Renamed(now or account_name, account_name, (*before, former) if former else before)
    # An account that has signed nothing has no SignedName, and the log names it all the same.
    erased = apps.get_model("articles", "Erasure").objects.exclude(account=None).filter(record__isnull=False)
    for account, account_name in erased.exclude(account__in=list(found)).values_list("account", "account__name"):
        found[account] = Renamed(account_name, account_name, ())
    return found
