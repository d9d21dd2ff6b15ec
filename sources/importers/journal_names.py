"""Names of journals, books and publishers as people write them, and NLM's names of journals. Pure."""

import re

from sources.importers.journal_table import JOURNALS
from sources.importers.records import Csl
from sources.kinds import WORK_KINDS

PERIODICALS = frozenset(kind.csl for kind in WORK_KINDS.values() if kind.is_periodical)
SMALL = frozenset(
    (*("a", "an", "and", "de", "der", "des", "et", "for"), *("in", "la", "of", "on", "the", "to", "und", "with"))
)
# Words that are written in capitals in names of journals, publishers and meetings.
CAPITALS = frozenset(
    (
        *("ACM", "ACS", "AIDS", "AIP", "BMC", "BMJ", "CMAJ", "CNS", "DNA", "EFSA", "EMBO", "FEBS", "HIV", "IEEE", "II"),
        *("III", "IOP", "IV", "JAMA", "MDPI", "NATO", "NMR", "NPJ", "PLOS", "PNAS", "QJM", "RNA", "RSC", "SAE", "SIAM"),
        *("SPIE", "UK", "US", "USA", "USENIX", "WHO"),
    )
)
# A name in capitals with one of these words is only written so by a database; without them, the capitals may belong to
# the name.
USUAL = re.compile(r"\b(?:JOURNAL|ANNALS|ARCHIVES|REVIEWS?|RESEARCH|LETTERS|ADVANCES|OF|AND|IN|FOR|THE)\b")


def readable(name: str) -> str:
    """Return a name that is all in capitals, as Web of Science writes it, in title case; return others unchanged.

    “BIOCHEMISTRY” becomes “Biochemistry”. Names of up to four characters and known ones, such as “PLOS ONE”, are not
    changed.
    """
    if not name.isupper() or len(name) <= 4 or name in CAPITALS:
        return name
    if name.startswith("PLOS "):
        return name if name == "PLOS ONE" else f"PLOS {readable(name[5:])}"
    whole = " ".join(_readable_word(word) for word in name.split())
    return whole[:1].upper() + whole[1:]


def _readable_word(word: str) -> str:
    if word.strip("(),.:;") in CAPITALS:
        return word
    if word.lower() in SMALL or word[:1].isdigit():
        return word.lower()
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda part: part.group().capitalize(), word)


def folded(name: str) -> str:
    """Return the name of a journal in the form for comparison: lower-case letters and digits, without “The”."""
    letters = re.sub(r"[\W_]+", "", name.lower().replace("&", "and"))
    return letters.removeprefix("the")


_ROWS = [tuple(line.split("|")) for line in JOURNALS.strip().split("\n")]
BY_TITLE = {folded(title): (title, short) for title, short in _ROWS}
BY_ABBREVIATION = {folded(short): (title, short) for title, short in _ROWS}


def with_journal_names(item: Csl) -> Csl:
    """Return a canonical item with the name of its journal in full and in title case, as far as it is known.

    An abbreviation or a name in capitals that NLM's table has is replaced by NLM's title and abbreviation. Any other
    name in capitals with a common word such as “JOURNAL” is put into title case. All others are unchanged.
    """
    name = item.get("container-title", "") or item.get("container-title-short", "")
    if item["type"] not in PERIODICALS or not name:
        return item
    known = BY_TITLE.get(folded(name)) or BY_ABBREVIATION.get(folded(name))
    is_short = folded(name) in BY_ABBREVIATION and folded(name) not in BY_TITLE
    is_capitals = name.isupper() and len(name) > 4
    if known and (is_short or is_capitals):
        title, short = known
        return {**item, "container-title": title, "container-title-short": short}
    if is_capitals and "container-title" in item and USUAL.search(name):
        return {**item, "container-title": readable(name)}
    return item
