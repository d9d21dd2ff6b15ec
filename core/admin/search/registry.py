"""The models and pages that the newsroom's search covers. Each app registers its own in its admin modules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin import ModelAdmin, site
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Moments = Mapping[Any, datetime]


def changed_lately(model: type[Model], user: Any, most: int) -> Moments:
    """Return the rows that the user has saved last, by primary key, with the times, from the model's history."""
    versions = model.history.filter(history_user=user.pk).order_by("-history_id")  # type: ignore[attr-defined]
    key = model._meta.pk.attname
    return dict(reversed(versions.values_list(key, "history_date")[:most]))


@dataclass(frozen=True)
class SearchedModel:
    """A model whose rows the newsroom's search can find, by the same words as the search of its list in the admin.

    `titles` names the fields in which a hit counts most, and `note` returns what is shown below the title of a row.
    `rows` returns the rows that the person behind a request may open (default: those of the list in the admin).
    `passages` takes primary keys and the typed text; it returns, by key, the passage of each row that has the words.
    `recent` returns the rows that a user has worked on last, at most as many as asked for.
    """

    model: type[Model]
    titles: tuple[str, ...]
    note: Callable[[Any], str]
    rank: int
    rows: Callable[[HttpRequest], QuerySet] | None = None
    related: tuple[str, ...] = ()
    passages: Callable[[Sequence[Any], str], Mapping[Any, SafeString]] | None = None
    recent: Callable[[type[Model], Any, int], Moments] = changed_lately

    @property
    def admin(self) -> ModelAdmin:
        """Return the admin of the model, which decides who may see its rows and what a search finds."""
        return site._registry[self.model]

    def may_be_seen(self, request: HttpRequest) -> bool:
        """Return whether the person behind the request may see rows of this model at all."""
        return self.admin.has_view_permission(request)

    def visible(self, request: HttpRequest) -> QuerySet:
        """Return the rows that the person behind the request may open."""
        rows = self.rows(request) if self.rows else self.admin.get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows


@dataclass(frozen=True)
class SearchedPage:
    """A page that can be found by its label and by other words for it, and what one needs to open it.

    `url` is the name of a URL pattern without arguments. Everybody in the newsroom may open a page without a
    `permission`. A page with `is_offered` is also shown before anything is typed.
    """

    label: str | Promise
    url: str
    permission: str = ""
    other_words: str | Promise = ""
    is_offered: bool = False


@dataclass(frozen=True)
class SearchedOwn:
    """Something of one person that is no row of the admin: the label of its group, and what returns its rows.

    `rows` gets the request and returns (title, URL, note) of everything that this person has of it, the last first.
    """

    key: str
    label: str | Promise
    rows: Callable[[HttpRequest], Sequence[tuple[str, str, str]]]
    rank: int


MODELS: list[SearchedModel] = []
OWN: list[SearchedOwn] = []
PAGES: list[SearchedPage] = []


def add(searched: SearchedModel) -> None:
    """Let the newsroom's search find the rows of a model. Call this where its admin is registered."""
    MODELS.append(searched)


def add_own(searched: SearchedOwn) -> None:
    """Make something of each person findable, for them alone."""
    OWN.append(searched)


def add_pages(*pages: SearchedPage) -> None:
    """Let the newsroom's search find pages other than the admin's own lists and forms, or those by another name."""
    PAGES.extend(pages)
