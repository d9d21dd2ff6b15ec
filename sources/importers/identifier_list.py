"""Read a list of identifiers and URLs to be looked up, one on each line. Pure."""

import re

from django.utils.translation import gettext as _

from sources.identifiers import bare_doi, bare_pmcid, bare_pmid
from sources.importers.records import UnreadEntry, first_words

DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def parse(text: str) -> tuple[list[tuple[int, str]], list[UnreadEntry]]:
    """Return (line number, identifier) pairs in order, and an UnreadEntry for each other line that is not blank.

    The identifiers have the forms that `identifier` returns. One that occurs several times is returned once, with the
    number of its first line.
    """
    wanted: dict[str, int] = {}
    unread = []
    for line, words in enumerate(text.split("\n"), 1):
        words = words.strip().strip(",;")
        if not words:
            continue
        if found := identifier(words):
            wanted.setdefault(found, line)
        else:
            why = _("Neither in a format that we read, nor a DOI, PMID, PMCID or address.")
            unread.append(UnreadEntry(line, first_words(words), why))
    return [(line, found) for found, line in wanted.items()], unread


def identifier(words: str) -> str:
    """Return an identifier in any spelling as “doi:10…”, “pmid:…”, “pmcid:PMC…” or a URL, or "" for other text."""
    if match := DOI.fullmatch(bare_doi(words).rstrip(".")):
        return f"doi:{match.group()}"
    if NUMBER.fullmatch(bare_pmid(words)):
        return f"pmid:{bare_pmid(words)}"
    pmcid = bare_pmcid(words)
    if pmcid.startswith("PMC") and NUMBER.fullmatch(pmcid[3:]):
        return f"pmcid:{pmcid}"
    if re.match(r"www\.", words, re.IGNORECASE):
        words = f"https://{words}"
    if re.fullmatch(r"https?://[^\s/]+\.[^\s]+", words, re.IGNORECASE) and len(words) <= 500:
        return words
    return ""
