"""The admin's start page: each room adds the panels that concern whoever looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

MOST = 1000  # that are counted: more say no more to whoever looks, and a count reads every row


@dataclass(frozen=True)
class PanelRow:
    """One line of a panel: what it is, where it leads, and what is to be known of it. `value` is what ticking it sends,
    in a panel that has a press."""

    text: str
    url: str
    note: str = ""
    quote: str = ""
    is_urgent: bool = False
    value: str = ""


@dataclass(frozen=True)
class Press:
    """A button for the rows that are ticked: where they are posted, under which name, and what goes with them."""

    label: str
    url: str
    name: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A list on the start page, cut to a few rows; `url` leads to all of them, of which `count` is how many there are,
    up to one more than MOST.

    Where plain rows do not do, `template` shows the panel's content, with `context` and the panel as `panel`.
    """

    title: str
    count: int
    url: str
    rows: list[PanelRow] = field(default_factory=list)
    empty: str = "Nothing here."
    rank: int = 50
    press: Press | None = None
    template: str = ""
    context: Mapping[str, object] = field(default_factory=dict)

    @property
    def tally(self) -> str:
        """The count as it is shown."""
        return str(self.count) if self.count <= MOST else f"{MOST:,}+"


Source = Callable[[AbstractBaseUser], list[Panel]]
_SOURCES: list[Source] = []


def add(source: Source) -> Source:
    """Decorator: this function gives panels for a user. Called once for each start page, in a few queries."""
    _SOURCES.append(source)
    return source


def count_of(rows: QuerySet, shown: int = 0, at_most: int = 0) -> int:
    """How many rows there are, for a panel: up to one more than MOST. One query, and none where `shown`, how many the
    panel has read of `at_most`, says it already."""
    if shown < at_most:
        return shown
    return rows.order_by().values("pk")[: MOST + 1].count()


def panels(user: AbstractBaseUser) -> list[Panel]:
    """Every room's panels for this person, those with something in them first, then by rank."""
    found = [panel for source in _SOURCES for panel in source(user)]
    return sorted(found, key=lambda panel: (not panel.count, panel.rank, panel.title))
