"""Identifiers and addresses, one a line, that somebody wants looked up. Pure."""

import re

from sources.identifiers import bare_doi, bare_pmcid, bare_pmid
from sources.importers.records import Unread, first_words

DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def parse(text: str) -> tuple[list[tuple[int, str]], list[Unread]]:
    """What to look up with its line (“doi:10…”, “pmid:…”, “pmcid:PMC…”, or an address), and lines that are none."""
    wanted: dict[str, int] = {}
    unread = []
    for line, words in enumerate(text.split("\n"), 1):
        words = words.strip().strip(",;")
        if not words:
            continue
        if found := identifier(words):
            wanted.setdefault(found, line)
        else:
            unread.append(
                Unread(line, first_words(words), "No format that we read, and no DOI, PMID, PMCID or address.")
            )
    return [(line, found) for found, line in wanted.items()], unread


def identifier(words: str) -> str:
    """“doi:10.1000/x” of a DOI however it was typed, and so on; "" for what is none."""
    if match := DOI.fullmatch(bare_doi(words).rstrip(".")):
        return f"doi:{match.group()}"
    if NUMBER.fullmatch(bare_pmid(words)):
        return f"pmid:{bare_pmid(words)}"
    pmcid = bare_pmcid(words)
    if pmcid.startswith("PMC") and NUMBER.fullmatch(pmcid[3:]):
        return f"pmcid:{pmcid}"
    if re.fullmatch(r"https?://[^\s/]+\.[^\s]+", words, re.IGNORECASE) and len(words) <= 500:
        return words
    return ""
