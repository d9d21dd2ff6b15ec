"""Find sources in the library that may be the same work as the one being entered.

Sources match by identifier, by URL, by title and year, or by a nearly identical title. The database selects candidates
by words in the title; similarity is computed here, for at most `MOST_CANDIDATES` titles.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from core.text import normalised
from sources.identifiers import bare_doi, bare_pmcid, bare_pmid
from sources.models import Source

MOST_CANDIDATES = 300
MOST_WORDS = 5
MOST_SHOWN = 5
# With a smaller share of common trigrams (Dice), two titles on one subject usually belong to two works.
NEAR = 0.62

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class LikelyDuplicate:
    """A source that may be the same work, and the reason (`why`), as a phrase for the user."""

    source: Source
    why: str


def folded(title: str) -> str:
    """Return a title in lower case without accents and punctuation, so that different spellings are equal. Pure."""
    plain = normalised(title, "NFKD").casefold()
    return " ".join(_WORDS.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def likeness(one: str, other: str) -> float:
    """Return the similarity of two folded titles from 0 to 1: the Dice coefficient of their trigrams. Pure."""
    first, second = _trigrams(one), _trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


def bare_address(url: str) -> str:
    """Return a URL without scheme, “www.”, fragment and trailing slash, or "" if it is not a URL. Pure."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if host and "." in host else ""


def likely(
    *,
    title: str = "",
    year: int | None = None,
    doi: str = "",
    pmid: str = "",
    pmcid: str = "",
    url: str = "",
    apart_from: int | None = None,
) -> list[LikelyDuplicate]:
    """Return at most `MOST_SHOWN` sources that may be the work described, the most certain first.

    Values may be in the form in which they were typed or pasted. `apart_from` is the primary key of the source that is
    being edited, which is left out. A duplicate that was merged is replaced by the source that it was merged into.
    Makes at most three queries.
    """
    found: dict[int, LikelyDuplicate] = {}
    sources = Source.objects.select_related("merged_into__merged_into")
    for source, why in (
        *_by_identifier(sources, bare_doi(doi), bare_pmid(pmid), bare_pmcid(pmcid), bare_address(url)),
        *_by_title(sources.filter(merged_into=None), folded(title), year),
    ):
        standing = source.merged_into or source
        standing = standing.merged_into or standing
        if apart_from not in (source.pk, standing.pk):
            found.setdefault(standing.pk, LikelyDuplicate(standing, why))
    return list(found.values())[:MOST_SHOWN]


def _by_identifier(
    sources: QuerySet[Source], doi: str, pmid: str, pmcid: str, address: str
) -> Iterable[tuple[Source, str]]:
    """Yield (source, reason) for sources with one of these identifiers or with this URL."""
    same = Q()
    if doi:
        same |= Q(doi=doi)
    if pmid:
        same |= Q(pmid=pmid)
    if pmcid:
        same |= Q(pmcid=pmcid)
    if address:
        same |= Q(url__in=[f"{start}{address}{end}" for start in _STARTS for end in ("", "/")])
    if not same:
        return
    for source in sources.filter(same)[: MOST_SHOWN * 2]:
        why = [name for name, mine, theirs in (
            ("DOI", doi, source.doi), ("PMID", pmid, source.pmid), ("PMCID", pmcid, source.pmcid)
        ) if mine and mine == theirs]  # fmt: skip
        if why:
            yield source, _("the same %(identifiers)s") % {"identifiers": _(" and ").join(why)}
        else:
            yield source, _("the same address")


_STARTS = ("https://", "http://", "https://www.", "http://www.")


def _by_title(sources: QuerySet[Source], title: str, year: int | None) -> Iterable[tuple[Source, str]]:
    """Yield (source, reason) for sources with the same title, then for those with nearly the same title.

    A source whose year differs by more than one year is left out.
    """
    words = sorted({word for word in title.split() if len(word) > 3}, key=lambda word: (-len(word), word))[:MOST_WORDS]
    if len(words) < 2:
        return
    holds = (Case(When(title__icontains=word, then=Value(1)), default=Value(0)) for word in words)
    candidates = sources.annotate(score=sum(holds, start=Value(0))).filter(score__gte=(len(words) + 1) // 2)
    if year is not None:
        candidates = candidates.filter(Q(year=None) | Q(year__range=(year - 1, year + 1)))
    near = []
    rows = candidates.order_by("-score", "pk").values_list("pk", "title", "year")
    for pk, theirs, their_year in rows[:MOST_CANDIDATES]:
        theirs = folded(theirs)
        if theirs == title:
            is_same_year = bool(year) and their_year == year
            near.append((2.0, _("the same title and year") if is_same_year else _("the same title"), pk))
        elif (share := likeness(title, theirs)) >= NEAR:
            near.append((share, _("a title that is nearly the same"), pk))
    near = sorted(near, key=lambda row: -row[0])[: MOST_SHOWN + 1]
    found = sources.in_bulk([pk for *_rest, pk in near])
    yield from ((found[pk], why) for _share, why, pk in near if pk in found)


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)} if text else set()
