"""Find the rows and pages that match a typed text for one person, or those that they have worked on lately."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import site
from django.db.models import Case, Count, IntegerField, Model, Q, QuerySet, Value, When, Window
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext

from core.admin.search.registry import MODELS, OWN, PAGES, SearchedModel
from core.text import clean_line

LONGEST = 200  # characters that are read of what was typed
MOST_RECENT = 8
# How well a row matches. Groups are in the order of their best rows, so that an exact title is the first of all.
EXACT, BEGINS, IN_TITLE, IN_TEXT = range(4)


@dataclass(frozen=True)
class FoundRow:
    """A row or page that was found: its title, its URL, a note, and a passage of its text with the words marked."""

    title: str
    url: str
    note: str = ""
    passage: SafeString | str = ""
    quality: int = IN_TEXT


@dataclass(frozen=True)
class FoundGroup:
    """Rows of one kind, best first. `count` is the number of all that match, and `url` leads to the list of all."""

    key: str
    label: str
    rows: list[FoundRow]
    count: int = 0
    url: str = ""
    rank: int = 0

    @property
    def all_of_them(self) -> str:
        """Return the text of the link to the list, or "" if all rows are shown."""
        if self.count <= len(self.rows):
            return ""
        words = ngettext("All %(count)s %(kind)s", "All %(count)s %(kind)s", self.count)
        return words % {"count": f"{self.count:,}", "kind": self.label[:1].lower() + self.label[1:]}


@dataclass
class NewsroomResults:
    """The groups of rows and pages found for the text `typed` (which is cleaned), best first."""

    typed: str
    groups: list[FoundGroup] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """Return how much was found, in a sentence that screen readers announce."""
        if not self.typed:
            return ""
        shown = sum(len(group.rows) for group in self.groups)
        found = sum(max(group.count, len(group.rows)) for group in self.groups)
        if not found:
            return gettext("Nothing was found for “%(typed)s”.") % {"typed": self.typed}
        if found == shown:
            return ngettext("%(count)s result", "%(count)s results", found) % {"count": found}
        words = gettext("%(shown)s of %(count)s results")
        return words % {"shown": shown, "count": f"{found:,}"}


def may_search(request: HttpRequest) -> bool:
    """Return whether the person behind the request belongs to the newsroom, and so may use its search."""
    user = getattr(request, "user", None)
    if user is None or not (user.is_active and getattr(user, "is_staff", False)):
        return False
    return any(searched.may_be_seen(request) for searched in MODELS)


def find(request: HttpRequest, typed: str, most: int) -> NewsroomResults:
    """Return the rows and pages that match the text `typed` and that the person behind the request may open.

    A group has at most `most` rows. If nothing was typed, return what the person has worked on lately, and the pages
    on which work begins. The number of queries does not depend on the number of rows. No text raises an exception.
    """
    typed = clean_line(typed[: LONGEST * 2])[:LONGEST].strip()
    if not typed:
        groups = [*_own(request, "", most), _recent(request), FoundGroup("pages", gettext("Begin"), _offered(request))]
        return NewsroomResults("", [group for group in groups if group.rows])
    searched = sorted((one for one in MODELS if one.may_be_seen(request)), key=lambda one: one.rank)
    rows = [_found(request, one, typed, most) for one in searched]
    groups = [*_own(request, typed, most), *rows, _pages(request, typed, most)]
    groups = [group for group in groups if group.rows]
    groups.sort(key=lambda group: min(row.quality for row in group.rows))  # stable: the order of ranks stays
    return NewsroomResults(typed, groups)


def _found(request: HttpRequest, searched: SearchedModel, typed: str, most: int) -> FoundGroup:
    """Return the rows of one model. Makes one query more than the search of its list, or two if it has passages."""
    options = searched.model._meta
    matching, _ = searched.admin.get_search_results(request, searched.visible(request), typed)
    ranked = matching.annotate(found_quality=_quality(searched.titles, typed), found_count=Window(Count("*")))
    rows = list(ranked.order_by("found_quality", *(options.ordering or ()), "-pk")[:most])
    passages: Any = {}
    if searched.passages:
        passages = searched.passages([row.pk for row in rows if row.found_quality == IN_TEXT], typed)
    return FoundGroup(
        options.label_lower.replace(".", "-"),
        str(capfirst(options.verbose_name_plural)),
        [_row(searched, row, passages.get(row.pk, ""), row.found_quality) for row in rows],
        rows[0].found_count if rows else 0,
        f"{reverse(f'admin:{options.app_label}_{options.model_name}_changelist')}?{urlencode({'q': typed})}",
        searched.rank,
    )


def _quality(titles: tuple[str, ...], typed: str) -> Case:
    """Return the expression for how well a row matches by its titles."""
    every_word = Q()
    for word in typed.split():
        one_title = Q()
        for name in titles:
            one_title |= Q(**{f"{name}__icontains": word})
        every_word &= one_title
    return Case(
        *(When(Q(**{f"{name}__iexact": typed}), then=Value(EXACT)) for name in titles),
        *(When(Q(**{f"{name}__istartswith": typed}), then=Value(BEGINS)) for name in titles),
        When(every_word, then=Value(IN_TITLE)),
        default=Value(IN_TEXT),
        output_field=IntegerField(),
    )


def _row(searched: SearchedModel, row: Model, passage: SafeString | str = "", quality: int = IN_TEXT) -> FoundRow:
    options = searched.model._meta
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
    return FoundRow(str(row), url, searched.note(row), passage, quality)


def _recent(request: HttpRequest) -> FoundGroup:
    """Return what the person has worked on lately, of all models, the last first. Makes two queries for most models."""
    found: list[tuple[datetime, FoundRow]] = []
    for searched in MODELS:
        moments = searched.recent(searched.model, request.user, MOST_RECENT) if searched.may_be_seen(request) else {}
        if moments:
            rows: QuerySet = searched.visible(request).filter(pk__in=moments)
            kind = capfirst(searched.model._meta.verbose_name)
            for row in rows:
                shown = _row(searched, row)
                note = " · ".join(filter(None, (str(kind), shown.note)))
                found.append((moments[row.pk], FoundRow(shown.title, shown.url, note)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return FoundGroup("recent", gettext("Recent"), [row for _, row in found[:MOST_RECENT]])


def _offered(request: HttpRequest) -> list[FoundRow]:
    return [
        FoundRow(str(page.label), reverse(page.url))
        for page in PAGES
        if page.is_offered and (not page.permission or request.user.has_perm(page.permission))
    ]


def _own(request: HttpRequest, typed: str, most: int) -> list[FoundGroup]:
    """Return what this person alone has, and whose title contains each typed word."""
    words, whole = typed.casefold().split(), typed.casefold()
    groups = []
    for searched in sorted(OWN, key=lambda one: one.rank):
        rows = [
            FoundRow(title, url, note, quality=EXACT if title.casefold() == whole else IN_TITLE)
            for title, url, note in searched.rows(request)
            if all(word in title.casefold() for word in words)
        ]
        groups.append(FoundGroup(searched.key, str(searched.label), rows[:most], len(rows), rank=searched.rank))
    return groups


def _pages(request: HttpRequest, typed: str, most: int) -> FoundGroup:
    """Return the pages whose labels or other words contain each typed word."""
    words, whole = typed.casefold().split(), typed.casefold()
    found: dict[str, FoundRow] = {}
    for label, url, section, other_words in _all_pages(request):
        name = label.casefold()
        known = f"{name} {section} {other_words}".casefold()
        if url not in found and all(word in known for word in words):
            in_label = all(word in name for word in words)
            quality = (
                EXACT if name == whole else BEGINS if name.startswith(whole) else IN_TITLE if in_label else IN_TEXT
            )
            found[url] = FoundRow(label, url, section, quality=quality)
    best = sorted(found.values(), key=lambda row: row.quality)
    return FoundGroup("pages", gettext("Pages and settings"), best[:most], rank=100)


def _all_pages(request: HttpRequest) -> Iterator[tuple[str, str, str, str]]:
    """Yield the label, URL, section and other words of each page that the person may open."""
    for page in PAGES:
        if not page.permission or request.user.has_perm(page.permission):
            yield str(page.label), reverse(page.url), "", str(page.other_words)
    adding = pgettext("other words for a page that adds something", "new create begin write")
    for app in site.get_app_list(request):
        for model in app["models"]:
            if model["admin_url"]:
                yield str(model["name"]), model["admin_url"], str(app["name"]), gettext("list")
            if model["add_url"]:
                name = model["model"]._meta.verbose_name
                yield gettext("Add %(name)s") % {"name": name}, model["add_url"], str(app["name"]), adding
