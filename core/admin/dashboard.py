"""The dashboard on the first page of the admin. Each app adds panels for the current user."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

MAX_COUNTED = 1000  # rows; counting reads every row, and nobody needs a higher number


@dataclass(frozen=True)
class PanelRow:
    """A row of a panel: its text, its link, a note and a quotation.

    In a panel with an action, each row has a checkbox that submits `value`.
    """

    text: str
    url: str
    note: str = ""
    quote: str = ""
    is_urgent: bool = False
    value: str = ""


@dataclass(frozen=True)
class PanelAction:
    """A button that acts on the ticked rows: its label, its URL, the `name` of the checkboxes, and hidden fields."""

    label: str
    url: str
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A list on the dashboard with its first few rows. `url` leads to the whole list. A lower `rank` comes first.

    `count` is the length of the whole list, at most MAX_COUNTED + 1. A panel that needs more than plain rows names a
    `template` for its content, which gets `context` and the panel itself as `panel`.
    """

    title: str
    count: int
    url: str
    rows: list[PanelRow] = field(default_factory=list)
    rank: int = 50
    action: PanelAction | None = None
    template: str = ""
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def tally(self) -> str:
        """Return the count as shown on the page, with a plus sign (“1,000+”) if there are more than MAX_COUNTED."""
        return str(self.count) if self.count <= MAX_COUNTED else f"{MAX_COUNTED:,}+"


PanelProvider = Callable[[Any], list[Panel]]  # called with a user; core does not import that model
_PROVIDERS: list[PanelProvider] = []


def add(provider: PanelProvider) -> PanelProvider:
    """Register the decorated function, which returns the panels for a user.

    The function is called once for each view of the dashboard.
    """
    _PROVIDERS.append(provider)
    return provider


def count_of(rows: QuerySet, shown: int = 0, at_most: int = 0) -> int:
    """Return the number of rows, at most MAX_COUNTED + 1, for `Panel.count`.

    A panel that has already read `shown` rows with a limit of `at_most` passes both. If it read fewer rows than its
    limit, their number is returned without a query. Otherwise one query counts the rows.
    """
    if shown < at_most:
        return shown
    return rows.order_by().values("pk")[: MAX_COUNTED + 1].count()


def panels(user: AbstractBaseUser) -> list[Panel]:
    """Return the panels of all apps for this user: non-empty panels first, each group by rank and title."""
    found = [panel for provider in _PROVIDERS for panel in provider(user)]
    return sorted(found, key=lambda panel: (not panel.count, panel.rank, panel.title))
