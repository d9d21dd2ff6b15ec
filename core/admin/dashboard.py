"""The dashboard, the admin's first page: each app adds the panels that concern the person who looks at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

MAX_COUNTED = 1000  # rows; a count reads every row, and a higher number would tell nobody more


@dataclass(frozen=True)
class PanelRow:
    """A row of a panel: its text, its link, a note and a quotation. `value` is what its checkbox sends, if it has one.

    Rows have checkboxes in a panel with an action.
    """

    text: str
    url: str
    note: str = ""
    quote: str = ""
    is_urgent: bool = False
    value: str = ""


@dataclass(frozen=True)
class PanelAction:
    """A button for the ticked rows: its label, the URL that it posts to, the name of the checkboxes, hidden fields."""

    label: str
    url: str
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A list on the dashboard with its first few rows. `url` leads to the whole list.

    `count` is the length of the whole list, at most MAX_COUNTED + 1. A panel that needs more than plain rows names a
    `template` for its content, which gets `context` and the panel itself as `panel`.
    """

    title: str
    count: int
    url: str
    rows: list[PanelRow] = field(default_factory=list)
    empty: str = gettext_lazy("Nothing here.")
    rank: int = 50
    action: PanelAction | None = None
    template: str = ""
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def tally(self) -> str:
        """The count as the page shows it: “1,000+” for more than MAX_COUNTED."""
        return str(self.count) if self.count <= MAX_COUNTED else f"{MAX_COUNTED:,}+"


PanelProvider = Callable[[AbstractBaseUser], list[Panel]]
_PROVIDERS: list[PanelProvider] = []


def add(provider: PanelProvider) -> PanelProvider:
    """Decorator: the function returns panels for a user. It is called once for each view of the dashboard."""
    _PROVIDERS.append(provider)
    return provider


def count_of(rows: QuerySet, shown: int = 0, at_most: int = 0) -> int:
    """Return how many rows there are, at most MAX_COUNTED + 1, for `Panel.count`.

    A panel that has read `shown` rows with a limit of `at_most` passes both: if there were fewer than the limit, the
    count is known and no query is made. Otherwise one query counts.
    """
    if shown < at_most:
        return shown
    return rows.order_by().values("pk")[: MAX_COUNTED + 1].count()


def panels(user: AbstractBaseUser) -> list[Panel]:
    """Return the panels of all apps for this user: those that are not empty first, then by rank and title."""
    found = [panel for provider in _PROVIDERS for panel in provider(user)]
    return sorted(found, key=lambda panel: (not panel.count, panel.rank, panel.title))
