"""Taking sources in: what would become of each entry (`plan`), and doing it (`store`), all or nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from articles import merging
from articles.drafting import attach
from articles.exceptions import NotPermitted
from articles.models import Article, Citation
from articles.permissions import may
from articles.rounds import refuse_while_locked
from sources import retractions
from sources.importers import ParsedRecord, Read
from sources.importers.mapping import fields_of, proposed_key, sameness
from sources.models import Source

AT_ONCE = 400
# What an entry may add to a source that is there; what stands there already is never replaced.
ADDABLE = (
    *("authors", "editors", "container", "container_short", "publisher", "edition", "year", "published_on"),
    *("volume", "issue", "pages", "doi", "pmid", "pmcid", "isbn"),
)


class EntryState(StrEnum):
    """What would become of an entry."""

    NEW = "new"
    COMPLETES = "completes"
    THERE = "there"
    UNFIT = "unfit"


@dataclass
class Row:
    """One entry: what it is, which source it would be or is, and what stands in the way."""

    number: int
    entry: ParsedRecord
    fields: dict[str, Any]
    state: EntryState = EntryState.NEW
    source: Source | None = None
    additions: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    @property
    def filled(self) -> list[tuple[str, Any]]:
        """What would be filled in, by the names that people read."""
        return [(str(Source._meta.get_field(name).verbose_name), value) for name, value in self.additions.items()]


@dataclass
class Plan:
    """The rows of a text, in its order."""

    rows: list[Row]

    def of(self, *states: EntryState) -> list[Row]:
        """The rows in these states."""
        return [row for row in self.rows if row.state in states]


class _Library:
    """The sources that these entries may be, looked up at once: a few queries for every few hundred entries."""

    def __init__(self, held: Sequence[Mapping[str, Any]]) -> None:
        self.by: dict[str, dict[str, Source]] = {name: {} for name in ("doi", "pmid", "pmcid", "title")}
        self.keys = set(Source.objects.values_list("key", flat=True))
        cited = Exists(Citation.objects.filter(source=OuterRef("pk")))
        sources = Source.objects.select_related("merged_into").annotate(cited=cited)
        for name in ("doi", "pmid", "pmcid"):
            for some in _parts({row[name] for row in held} - {""}):
                self.keep(sources.filter(**{f"{name}__in": some}))
        years = {row["year"] for row in held}
        titles = {sameness(row["title"]) for row in held}
        likely = Source.objects.filter(Q(year__in=years - {None}) | (Q(year=None) if None in years else Q(pk=None)))
        same = [pk for pk, title in likely.values_list("pk", "title") if sameness(title) in titles]
        for some in _parts(same):
            self.keep(sources.filter(pk__in=some))

    def keep(self, sources: Iterable[Source]) -> None:
        for source in sources:
            for name in ("doi", "pmid", "pmcid"):
                if value := getattr(source, name):
                    self.by[name].setdefault(value, source)
            self.by["title"].setdefault(f"{sameness(source.title)} {source.year}", source)

    def like(self, held: Mapping[str, Any]) -> list[Source]:
        """The sources that bear one of its identifiers; else the one of its title and year, if that may be it."""
        found = [self.by[name][held[name]] for name in ("doi", "pmid", "pmcid") if held[name] in self.by[name]]
        if found:
            return list({source.pk or id(source): source for source in found}.values())
        source = self.by["title"].get(f"{sameness(held['title'])} {held['year']}")
        if source is None or any(
            held[name] and getattr(source, name) and held[name] != getattr(source, name) for name in ("doi", "pmid")
        ):
            return []
        return [source]


def plan(
    read: Read,
    *,
    actor: User,
    evidence: Mapping[int, str] | None = None,
    accessed: Mapping[int, date | None] | None = None,
) -> Plan:
    """What would become of each entry. `evidence` and `accessed` are what a person said of the entry of that number.

    Reads only, in a number of queries that does not grow with the entries. An entry is the same as a source, or as an
    entry before it, with the same DOI, PMID or PMCID, or with the same title (letters and figures) and year and no
    other DOI or PMID.
    """
    rows = [Row(number, entry, fields_of(entry.csl)) for number, entry in enumerate(read.entries)]
    for row in rows:
        row.fields["evidence"] = (evidence or {}).get(row.number) or row.fields["evidence"]
        row.fields["accessed_on"] = row.fields["accessed_on"] or (accessed or {}).get(row.number)
    library = _Library([row.fields for row in rows])
    edits_all = actor.has_perm("articles.edit_all_articles")
    may_change = actor.has_perm("sources.change_source")
    for row in rows:
        known = library.like(row.fields)
        if len(known) > 1:
            row.state = EntryState.UNFIT
            row.reasons = ["Its identifiers belong to different sources: " + ", ".join(one.key for one in known) + "."]
        elif known:
            _join(row, known[0], may_change and (edits_all or not getattr(known[0], "cited", False)))
        else:
            _begin(row, library, actor)
    return Plan(rows)


def _begin(row: Row, library: _Library, actor: User) -> None:
    key = proposed_key(row.entry.csl, library.keys)
    row.source = Source(key=key, created_by=actor, **row.fields)
    row.reasons = _faults(row.source)
    if row.reasons:
        row.state = EntryState.UNFIT
        return
    library.keys.add(key)
    library.keep([row.source])


def _join(row: Row, source: Source, is_open: bool) -> None:
    row.source = merging.last(source)
    row.state = EntryState.THERE
    if source.pk is None:
        row.reasons = ["It stands twice in this text."]
        return
    if not is_open or source.merged_into:
        return
    row.additions = {name: row.fields[name] for name in ADDABLE if row.fields[name] and not getattr(source, name)}
    if not row.additions:
        return
    before = {name: getattr(source, name) for name in row.additions}
    for name, value in row.additions.items():
        setattr(source, name, value)
    if _faults(source):
        for name, value in before.items():
            setattr(source, name, value)
        row.additions = {}
        return
    row.state = EntryState.COMPLETES


def _faults(source: Source) -> list[str]:
    """What full_clean says, but for what is unique: that was looked up for all at once, and the tables see to it."""
    try:
        source.clean_fields(exclude=["created_by", "merged_into"])
        if source.pk is None:
            source.clean()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            return list(error.messages)
        return [
            f"{Source._meta.get_field(name).verbose_name.capitalize()}: {' '.join(messages)}"
            for name, messages in error.message_dict.items()
        ]
    return []


def store(
    made: Plan, *, actor: User, chosen: Collection[int] | None = None, article: Article | None = None
) -> tuple[list[Source], list[Source]]:
    """Store the chosen rows of a plan (all that can be, without `chosen`), in one transaction: all of it or nothing.

    Returns the sources added and those completed. With an `article`, every chosen source is put at hand for it, those
    that were there too. Raises NotPermitted; InvalidTransition while the board reads that article; ValidationError
    where a chosen row cannot be stored, or somebody stored the same in the meantime.
    """
    if not actor.has_perm("sources.add_source"):
        raise NotPermitted(f"{actor} may not add sources.")
    rows = [row for row in made.rows if chosen is None or row.number in chosen]
    if chosen is not None and (wrong := [row for row in rows if row.state == EntryState.UNFIT]):
        raise ValidationError([f"Line {row.entry.line}: {' '.join(row.reasons)}" for row in wrong], code="unfit")
    new = [row.source for row in rows if row.state == EntryState.NEW]
    completed = list({row.source.pk: row.source for row in rows if row.state == EntryState.COMPLETES}.values())
    try:
        with transaction.atomic():
            if article is not None:
                article = Article.objects.select_for_update().get(pk=article.pk)
                if not may(actor, "edit", article):
                    raise NotPermitted(f"{actor} may not edit “{article}”.")
                refuse_while_locked(article)
            bulk_create_with_history(new, Source, batch_size=AT_ONCE, default_user=actor)
            bulk_update_with_history(completed, Source, ADDABLE, batch_size=AT_ONCE, default_user=actor)
            retractions.refresh([*new, *completed])  # rows stored in bulk announce themselves to nobody
            if article is not None:
                sources = {row.source: "" for row in rows if row.state != EntryState.UNFIT and row.source.pk}
                attach(article, sources)
    except IntegrityError as error:
        raise ValidationError(
            "Somebody stored one of these in the meantime. Nothing was stored: look at them again.", code="overtaken"
        ) from error
    return new, completed


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    """The values in lists that a database takes at once."""
    listed = sorted(values)
    return [listed[place : place + AT_ONCE] for place in range(0, len(listed), AT_ONCE)]
