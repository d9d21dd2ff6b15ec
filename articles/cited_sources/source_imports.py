"""Import sources: `plan` decides the outcome for each entry, and `store` stores the chosen ones in one transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from articles.cited_sources import merging
from articles.drafting import attach
from articles.exceptions import NotPermitted
from articles.models import Article, Citation
from articles.permissions import may
from articles.rounds import refuse_while_locked
from core.db.own_fields import own_field
from core.text import clean_line
from sources import retractions
from sources.importers import ParsedRecord, ReadResult
from sources.importers.mapping import fields_of, proposed_key, sameness
from sources.importers.retraction_reports import FileReport, reports
from sources.matching import Match, match
from sources.models import RetractionState, Source

AT_ONCE = 400
# Fields that an entry may fill in a source of the library if they are empty there. No value is replaced.
ADDABLE = (
    *("authors", "editors", "container", "container_short", "publisher", "edition", "year", "published_on"),
    *("volume", "issue", "pages", "doi", "pmid", "pmcid", "isbn"),
)


# Fields that are left empty, with a remark, if the value of an entry cannot be stored.
SPARABLE = (
    *("authors", "editors", "container", "container_short", "publisher", "edition", "year", "published_on", "volume"),
    *("issue", "pages", "doi", "pmid", "pmcid", "isbn", "url", "archived_url", "archived_on"),
)
IDENTIFIERS = ("doi", "pmid", "pmcid")


class ImportState(StrEnum):
    """The outcome of storing an entry: a new source, values added to a known one, no change, or an error.

    A doubtful entry may describe a work that is in the library already. It is stored only if a person chooses it, and
    then as a new source.
    """

    NEW = "new"
    DOUBTFUL = "doubtful"
    COMPLETES = "completes"
    THERE = "there"
    UNFIT = "unfit"


@dataclass
class ImportRow:
    """An entry, the source that it would become or that it matches, and the reasons why it cannot be stored.

    `number` is the index of the entry, from 0. `fields` has the values of a source's fields by name, and `additions`
    those that the import would fill in. `remarks` are sentences on fields that were read differently or left out.
    `resembles` is the source that a doubtful entry may be.
    """

    number: int
    entry: ParsedRecord
    fields: dict[str, Any]
    state: ImportState = ImportState.NEW
    source: Source | None = None
    additions: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    resembles: Source | None = None

    @property
    def reports(self) -> list[FileReport]:
        """Return the retraction reports in this entry, about this work and others."""
        return list(reports(self.entry.csl))

    @property
    def own_reports(self) -> list[FileReport]:
        """Return the retraction reports in this entry about this work."""
        return [report for report in self.reports if not report.doi and not report.pmid]

    @property
    def filled(self) -> list[tuple[str, Any]]:
        """Return the values that the import would fill in, as pairs of the field's label and the value."""
        return [(str(own_field(Source, name).verbose_name), value) for name, value in self.additions.items()]


@dataclass
class ImportPlan:
    """The rows planned for the entries of a text, in order."""

    rows: list[ImportRow]

    def of(self, *states: ImportState) -> list[ImportRow]:
        """Return the rows in these states."""
        return [row for row in self.rows if row.state in states]


class _Library:
    """The sources that these entries may match, read with a few queries for every AT_ONCE entries."""

    def __init__(self, held: Sequence[Mapping[str, Any]]) -> None:
        self.by: dict[str, dict[str, Source]] = {name: {} for name in IDENTIFIERS}
        self.titled: dict[str, list[Source]] = defaultdict(list)
        self.keys = set(Source.objects.values_list("key", flat=True))
        cited = Exists(Citation.objects.filter(source=OuterRef("pk")))
        sources = Source.objects.select_related("merged_into").annotate(cited=cited)
        for name in IDENTIFIERS:
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
            for name in IDENTIFIERS:
                if value := getattr(source, name):
                    self.by[name].setdefault(value, source)
            same = self.titled[f"{sameness(source.title)} {source.year}"]
            if source not in same and all(source is not one for one in same):
                same.append(source)

    def like(self, held: Mapping[str, Any]) -> list[Source]:
        """Return the sources that share an identifier with these fields."""
        found = [self.by[name][held[name]] for name in IDENTIFIERS if held[name] in self.by[name]]
        return list({source.pk or id(source): source for source in found}.values())

    def titled_alike(self, held: Mapping[str, Any]) -> tuple[Match, Source | None]:
        """Return the best match among the sources with the same title and year (sources.matching)."""
        best, found = Match.DIFFERENT, None
        for source in self.titled.get(f"{sameness(held['title'])} {held['year']}", ()):
            judged = match(held, {name: getattr(source, name) for name in held})
            if list(Match).index(judged) < list(Match).index(best):
                best, found = judged, source
        return best, found


def plan(
    read: ReadResult,
    *,
    actor: User,
    evidence: Mapping[int, str] | None = None,
    accessed: Mapping[int, date | None] | None = None,
    titles: Mapping[int, str] | None = None,
) -> ImportPlan:
    """Return the outcome of storing each entry, without writing anything.

    `evidence`, `accessed` (days) and `titles` (of entries without one) are the values that the user entered, by the
    number of the entry. Matching takes a few queries for every AT_ONCE entries. An entry matches a source, or an
    earlier entry, that has the same DOI, PMID or PMCID. Failing that, it matches one with the same year and title
    (comparing only letters and digits) if nothing else contradicts (sources.matching).
    """
    rows = [
        ImportRow(number, entry, fields_of(entry.csl), remarks=list(entry.remarks))
        for number, entry in enumerate(read.entries)
    ]
    for row in rows:
        row.fields["evidence"] = (evidence or {}).get(row.number) or row.fields["evidence"]
        row.fields["accessed_on"] = row.fields["accessed_on"] or (accessed or {}).get(row.number)
        row.fields["title"] = row.fields["title"] or clean_line((titles or {}).get(row.number, ""))
        _spare(row)
    library = _Library([row.fields for row in rows])
    edits_all = actor.has_perm("articles.edit_all_articles")
    may_change = actor.has_perm("sources.change_source")
    for row in rows:
        known = library.like(row.fields)
        if len(known) > 1:
            row.state = ImportState.UNFIT
            keys = ", ".join(one.key for one in known)
            row.reasons = [_("Its identifiers belong to different sources: %(keys)s.") % {"keys": keys}]
            continue
        judged, alike = (Match.PROVED, known[0]) if known else library.titled_alike(row.fields)
        if alike is not None and judged in (Match.PROVED, Match.LIKELY):
            is_open = may_change and (edits_all or not getattr(alike, "cited", False))
            _join(row, alike, is_open, with_numbers=judged == Match.PROVED)
        else:
            _begin(row, library, actor, alike if judged == Match.DOUBTFUL else None)
    return ImportPlan(rows)


def _spare(row: ImportRow) -> None:
    """Empty the fields that could not be stored, with a remark on each, so that the entry is imported without them."""
    for name in SPARABLE:
        value = row.fields[name]
        if value in ("", None):
            continue
        try:
            own_field(Source, name).clean(value, None)
        except ValidationError as error:
            row.fields[name] = None if own_field(Source, name).null else ""
            message = _("%(field)s “%(value)s” is left out: %(reasons)s")
            label = str(own_field(Source, name).verbose_name)
            row.remarks.append(
                message
                % {
                    "field": label[:1].upper() + label[1:],
                    "value": Truncator(" ".join(str(value).split())).chars(60),
                    "reasons": " ".join(error.messages),
                }
            )


def _begin(row: ImportRow, library: _Library, actor: User, resembles: Source | None) -> None:
    key = proposed_key(row.entry.csl, library.keys)
    row.source = Source(key=key, created_by=actor, **row.fields)
    row.reasons = _faults(row.source)
    if row.reasons:
        row.state = ImportState.UNFIT
        return
    if resembles is not None:
        row.state, row.resembles = ImportState.DOUBTFUL, resembles
    library.keys.add(key)
    library.keep([row.source])


def _join(row: ImportRow, source: Source, is_open: bool, *, with_numbers: bool) -> None:
    """Let the entry be this source, and fill in what is empty there; identifiers only `with_numbers`."""
    row.source = merging.last(source)
    row.state = ImportState.THERE
    if source.pk is None:
        row.reasons = [_("This text contains it twice.")]
        return
    # Whoever may not change the source can still report what a file says about it.
    if row.own_reports and not source.reported_retraction and source.retraction_state != RetractionState.RETRACTED:
        row.state = ImportState.COMPLETES
    if not is_open or source.merged_into:
        return
    addable = [name for name in ADDABLE if with_numbers or name not in IDENTIFIERS]
    row.additions = {name: row.fields[name] for name in addable if row.fields[name] and not getattr(source, name)}
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
    row.state = ImportState.COMPLETES


def _faults(source: Source) -> list[str]:
    """Return the validation errors of a source. `_Library` and the database check for duplicates, so this does not."""
    try:
        source.clean_fields(exclude=["created_by", "merged_into"])
        if source.pk is None:
            source.clean()
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            return list(error.messages)
        return [
            f"{own_field(Source, name).verbose_name.capitalize()}: {' '.join(messages)}"
            for name, messages in error.message_dict.items()
        ]
    return []


def store(
    made: ImportPlan, *, actor: User, chosen: Collection[int] | None = None, article: Article | None = None
) -> tuple[list[Source], list[Source]]:
    """Store the chosen rows of a plan in one transaction; by default, all that can be stored and are not doubtful.

    Return the sources added and the sources completed. With an `article`, all chosen sources are attached to it,
    including those that were in the library. Raise NotPermitted if `actor` may not add sources or edit the article;
    InvalidTransition while the board is reviewing the article; ValidationError if a chosen row cannot be stored (unfit)
    or somebody stored the same work in the meantime (overtaken).
    """
    if not actor.has_perm("sources.add_source"):
        raise NotPermitted(_("%(name)s may not add sources.") % {"name": actor})
    rows = [
        row for row in made.rows if (row.number in chosen if chosen is not None else row.state != ImportState.DOUBTFUL)
    ]
    if chosen is not None and (wrong := [row for row in rows if row.state == ImportState.UNFIT]):
        lines = [
            _("Line %(line)s: %(reasons)s") % {"line": row.entry.line, "reasons": " ".join(row.reasons)}
            for row in wrong
        ]
        raise ValidationError(lines, code="unfit")
    new = [row.source for row in rows if row.state in (ImportState.NEW, ImportState.DOUBTFUL) and row.source]
    completing = [row.source for row in rows if row.additions and row.source]
    completed = list({source.pk: source for source in completing}.values())
    try:
        with transaction.atomic():
            if article is not None:
                article = _opened(article, actor)
            bulk_create_with_history(new, Source, batch_size=AT_ONCE, default_user=actor)
            bulk_update_with_history(completed, Source, ADDABLE, batch_size=AT_ONCE, default_user=actor)
            retractions.refresh([*new, *completed])  # bulk operations send no post_save signal
            told = [(row.source, report) for row in rows for report in row.reports if row.source and row.source.pk]
            retractions.record_reports((source, report) for source, report in told if source)
            if article is not None:
                fit = [row.source for row in rows if row.state != ImportState.UNFIT and row.source]
                attach(article, {source: "" for source in fit if source.pk})
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody stored one of these in the meantime. Nothing was stored: look at them again."),
            code="overtaken",
        ) from error
    return new, completed


def attach_source(*, source: Source, actor: User, article: Article) -> None:
    """Attach a source of the library to an article.

    Raise NotPermitted if `actor` may not edit the article, and InvalidTransition while the board is reviewing it.
    """
    with transaction.atomic():
        attach(_opened(article, actor), {source: ""})


def _opened(article: Article, actor: User) -> Article:
    """Return the article with its row locked. Raise the exceptions of `attach_source`."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not may(actor, "edit", article):
        raise NotPermitted(_("%(name)s may not edit “%(article)s”.") % {"name": actor, "article": article})
    refuse_while_locked(article)
    return article


def _parts(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Return the sorted values in lists of at most AT_ONCE, so that each fits in one query."""
    listed = sorted(values)
    return [listed[place : place + AT_ONCE] for place in range(0, len(listed), AT_ONCE)]
