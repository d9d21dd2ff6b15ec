"""Merge a duplicate in the source library into the source that stays.

Revisions are immutable: those that cite the duplicate, approved ones included, still cite it. Working copies that are
being written move to the source that stays, each in a new revision.

Locks are taken in one order: the merged sources by primary key, then articles by primary key; then rows are written.
Sources are locked with FOR NO KEY UPDATE: saving an article locks the article's row and needs only the key of a source,
so saving and merging cannot deadlock.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Field, Q
from django.utils.translation import gettext as _

from accounts.models import User
from articles import drafting
from articles.citations import marks_in, with_key
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import Article, ArticleSource, Stage
from core.db.own_fields import own_field
from sources import retractions
from sources.models import Source

# Fields for which a person chooses a value. The key is left out: it never changes once cited.
FIELDS = (
    *("work", "evidence", "title", "authors", "editors", "container", "container_short", "publisher", "edition"),
    *("year", "published_on", "volume", "issue", "pages", "doi", "pmid", "pmcid", "isbn"),
    *("url", "accessed_on", "archived_url", "archived_on"),
)
# Unique fields: a value that moves is removed from the duplicate.
UNIQUE = ("doi", "pmid")
MOST_TRIES = 5
_MOVES_AT = (Stage.DRAFT, Stage.CHANGES_REQUESTED)


@dataclass
class MergeResult:
    """The outcome of a merge: the source that stays, the fields it took over, and the articles moved and left."""

    kept: Source
    taken: list[str]
    moved: list[Article] = field(default_factory=list)
    left: list[Article] = field(default_factory=list)


def last(source: Source) -> Source:
    """Return the source into which this one was finally merged, or the source itself if it is not merged."""
    seen = {source.pk}
    while source.merged_into is not None and source.merged_into_id not in seen:
        source = source.merged_into
        seen.add(source.pk)
    return source


def fields() -> list[Field]:
    """Return the fields for which a person chooses a value, in the order of the form."""
    return [own_field(Source, name) for name in FIELDS]


def fills(duplicate: Source, kept: Source) -> list[str]:
    """Return the names of the fields that are empty in the source that stays but not in its duplicate."""
    return [name for name in FIELDS if _is_empty(kept, name) and not _is_empty(duplicate, name)]


def seen(duplicate: Source, kept: Source) -> str:
    """Return a fingerprint of both sources' values, so that `merge` can detect a change to either."""
    values = [[str(getattr(source, name) or "") for name in ("key", *FIELDS)] for source in (duplicate, kept)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def merge(
    *,
    duplicate: Source,
    into: Source,
    actor: User,
    take: Collection[str] | None = None,
    seen_values: str | None = None,
) -> MergeResult:
    """Merge a duplicate into the source that stays, in one transaction.

    `take` names the fields whose values come from the duplicate; by default, those that are empty in the other source.
    `seen_values` is what `seen` returned when the user chose. In working copies that are drafts or were sent back, the
    source that stays replaces the duplicate in the list of sources and in citations, as a new revision by `actor`;
    other working copies are listed in `left` and do not change.

    Raise NotPermitted for anybody but editors; InvalidTransition if both are the same source, or either is gone or
    already merged; Overtaken if a value was changed since `seen`, or others keep merging these sources; ValidationError
    if the values do not fit together. After an exception nothing is changed.
    """
    _permitted(actor)
    if duplicate.pk == into.pk:
        raise InvalidTransition(_("A source cannot be merged into itself. Choose the one that stays."))
    for _attempt in range(MOST_TRIES):
        try:
            return _merge(duplicate.pk, into.pk, actor, take, seen_values)
        except _GroupChanged:
            continue
    raise Overtaken(_("Others are merging these sources at the moment. Try again."))


def unmerge(*, source: Source, actor: User) -> None:
    """Undo a merge: the source is separate again. Citations and values that were moved stay where they are.

    Raise NotPermitted for anybody but editors, InvalidTransition if the source is not merged, and Overtaken if others
    keep merging these sources.
    """
    _permitted(actor)
    for _attempt in range(MOST_TRIES):
        try:
            return _unmerge(source.pk, actor)
        except _GroupChanged:
            continue
    raise Overtaken(_("Others are merging these sources at the moment. Try again."))


def working_copies(duplicate: Source, lock: bool = False) -> list[Article]:
    """Return the articles that cite the duplicate or have it attached, in the order of primary keys. `lock` locks their
    rows.
    """
    named = Q(body__contains=duplicate.key) | Q(safety_note__contains=duplicate.key)
    ids = Article.objects.filter(Q(article_sources__source=duplicate) | named).values("pk")
    rows = Article.objects.select_for_update() if lock else Article.objects
    articles = list(rows.filter(pk__in=ids).order_by("pk"))
    attached = set(ArticleSource.objects.filter(source=duplicate).values_list("article_id", flat=True))
    return [article for article in articles if article.pk in attached or _names(article, duplicate.key)]


def moves(article: Article) -> bool:
    """Return whether a merge changes this working copy. It does if the text is being written and not locked."""
    return article.stage in _MOVES_AT and not article.is_locked


def differs(duplicate: Source, kept: Source, name: str) -> bool:
    """Return whether the duplicate has a value in this field that differs from the other source's value."""
    return not _is_empty(duplicate, name) and getattr(duplicate, name) != getattr(kept, name)


class _GroupChanged(Exception):
    """Raised if another source was merged with one of these during the wait for the locks. The caller tries again."""


@transaction.atomic
def _merge(
    duplicate_key: int, kept_key: int, actor: User, take: Collection[str] | None, seen_values: str | None
) -> MergeResult:
    locked = _locked(duplicate_key, kept_key)
    if not {duplicate_key, kept_key} <= set(locked):
        raise InvalidTransition(_("One of the two sources is not in the library any more."))
    duplicate, kept = locked[duplicate_key], locked[kept_key]
    if duplicate.merged_into is not None:
        raise InvalidTransition(
            _("%(key)s was merged already, into %(other)s.")
            % {"key": duplicate.key, "other": duplicate.merged_into.key}
        )
    if kept.merged_into_id is not None:
        raise InvalidTransition(
            _("%(key)s was itself merged, into %(other)s: merge into that one.")
            % {"key": kept.key, "other": last(kept).key}
        )
    if seen_values is not None and seen_values != seen(duplicate, kept):
        raise Overtaken(_("One of the two sources has changed since you chose. Look at both again."))
    articles = working_copies(duplicate, lock=True)
    wanted = fills(duplicate, kept) if take is None else take
    result = MergeResult(kept, [name for name in FIELDS if name in wanted and differs(duplicate, kept, name)])
    _take(duplicate, kept, result.taken, actor)
    for article in articles:
        if moves(article):
            _move(article, duplicate, kept, actor)
            result.moved.append(article)
        else:
            result.left.append(article)
    retractions.refresh([duplicate, kept])
    return result


@transaction.atomic
def _unmerge(key: int, actor: User) -> None:
    source = _locked(key).get(key)
    if source is None or source.merged_into is None:
        raise InvalidTransition(_("This source is not merged into another."))
    kept = source.merged_into
    source.merged_into = None
    _save(source, actor, f"No longer merged into {kept.key}")
    retractions.refresh([source, kept])


def _permitted(actor: User) -> None:
    if not actor.is_active or not actor.has_perm("articles.edit_all_articles"):
        raise NotPermitted(_("%(name)s may not merge sources: that is for editors.") % {"name": actor})


def _locked(*keys: int) -> dict[int, Source]:
    """Return these sources and all that were merged with them, locked in the order of their primary keys.

    All of them share one retraction state, so a merge needs all the locks. Raise _GroupChanged if others were merged.
    """
    wanted = _merged_with(keys)
    rows = Source.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    locked = {source.pk: source for source in rows}
    if _merged_with(keys) != wanted:
        raise _GroupChanged
    return locked


def _merged_with(keys: Collection[int]) -> set[int]:
    """Return the primary keys of these sources and of those merged with them, directly or indirectly."""
    found, new = set(keys), set(keys)
    while new:
        pairs = Source.objects.exclude(merged_into=None).filter(Q(pk__in=new) | Q(merged_into__in=new))
        new = {key for pair in pairs.values_list("pk", "merged_into") for key in pair if key is not None} - found
        found |= new
    return found


def _is_empty(source: Source, name: str) -> bool:
    return getattr(source, name) in (None, "")


def _take(duplicate: Source, kept: Source, taken: list[str], actor: User) -> None:
    """Move the values to the source that stays, and record the duplicate as merged.

    Unique values are first removed from the duplicate, by an update that sends no post_save signal. With the signal, a
    retraction would seem to be cancelled, because between the two steps its notice matches neither source.
    """
    values = {name: getattr(duplicate, name) for name in taken}
    for name in set(UNIQUE) & set(taken):
        Source.objects.filter(pk=duplicate.pk).update(**{name: ""})
        setattr(duplicate, name, "")
    for name, value in values.items():
        setattr(kept, name, value)
    if taken:
        kept.full_clean(exclude=["key"])
        _save(kept, actor, f"Took {', '.join(taken)} from {duplicate.key}"[:100])
    duplicate.merged_into = kept
    _save(duplicate, actor, f"Merged into {kept.key}")


def _save(source: Source, actor: User, reason: str) -> None:
    source._history_user = actor  # type: ignore[attr-defined]  # simple_history reads both attributes
    source._change_reason = reason  # type: ignore[attr-defined]
    source.save()


def _names(article: Article, key: str) -> bool:
    return any(key in keys for html in (article.body, article.safety_note) for keys in marks_in(html))


def _move(article: Article, duplicate: Source, kept: Source, actor: User) -> None:
    """Replace the duplicate with the source that stays in one working copy, and record a revision."""
    row = ArticleSource.objects.filter(article=article, source=duplicate).first()
    beside = ArticleSource.objects.filter(article=article, source=kept).first()
    if row and beside:
        beside.supports = beside.supports or row.supports
        beside.save(update_fields=["supports"])
        row.delete()
    elif row:
        row.source = kept
        row.save(update_fields=["source"])
    for name in ("body", "safety_note"):
        setattr(article, name, with_key(getattr(article, name), duplicate.key, kept.key))
    article.save(update_fields=["body", "safety_note"])
    drafting.record(article=article, actor=actor)
