"""Reduce identifiers of works to their bare forms, and check the check digit of an ISBN. Pure."""

import re
from urllib.parse import unquote

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.text import clean_line

# The number of characters of a value that are read.
LONGEST = 2_000
DOI_PREFIX = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
PMID_PREFIX = re.compile(
    r"^(https?://(www\.)?ncbi\.nlm\.nih\.gov/pubmed/|https?://pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)", re.IGNORECASE
)
PMCID_PREFIX = re.compile(
    r"^(https?://(www\.)?ncbi\.nlm\.nih\.gov/pmc/articles/|https?://pmc\.ncbi\.nlm\.nih\.gov/articles/|pmcid:?\s*)",
    re.IGNORECASE,
)
_ISBN = re.compile(r"(?<!\d)(?:97[89][\s‐-―-]?)?\d(?:[\s‐-―-]?\d){8}[\s‐-―-]?[\dXx](?!\d)")
# Up to the first space, without the comma or semicolon before it.
_DOI = re.compile(r"(10\.\d{4,9}/\S+?)(?:[,;]?\s.*)?\Z")


def bare_doi(value: str) -> str:
    """Return a DOI in lower case (ISO 26324 ignores case), without “https://doi.org/” or “doi:”."""
    return DOI_PREFIX.sub("", clean_line(value[:LONGEST])).lower()


def bare_pmid(value: str) -> str:
    """Return a PMID without “PMID:” or the PubMed URL before it."""
    return PMID_PREFIX.sub("", clean_line(value[:LONGEST])).rstrip("/")


def bare_pmcid(value: str) -> str:
    """Return a PMCID in capitals, without “PMCID:” or the PubMed Central URL before it."""
    return PMCID_PREFIX.sub("", clean_line(value[:LONGEST])).rstrip("/").upper()


def bare_isbn(value: str) -> str:
    """Return an ISBN in capitals, without “ISBN”, spaces and hyphens."""
    return re.sub(r"^ISBN(-1[03])?:?|[\s‐-―-]", "", clean_line(value[:LONGEST]).upper()).replace("-", "")


def first_isbn(text: str) -> str:
    """Return the first ISBN with a correct check digit in a text, in its bare form (`bare_isbn`).

    If there is none, return the bare form of the whole text. Reference managers write several ISBNs into one field, and
    sometimes an ISSN.
    """
    for match in _ISBN.finditer(text[:LONGEST]):
        try:
            check_isbn(bare := bare_isbn(match.group()))
        except ValidationError:
            continue
        return bare
    return bare_isbn(text)


def first_doi(text: str) -> str:
    """Return the first DOI in a text in its bare form (`bare_doi`), or `bare_doi(text)` if there is none."""
    doi = bare_doi(text)
    if "%2f" in doi[:20]:
        doi = unquote(doi)
    match = _DOI.search(doi)
    return match[1] if match else doi


def check_isbn(value: str) -> None:
    """Raise ValidationError (isbn) unless `value` is a bare ISBN-10 or ISBN-13 with a correct check digit.

    See ISO 2108:2017, annex A.
    """
    if re.fullmatch(r"[0-9]{9}[0-9X]", value):
        weighed = sum(
            weight * (10 if figure == "X" else int(figure))
            for weight, figure in zip(range(10, 0, -1), value, strict=True)
        )
        is_right = weighed % 11 == 0
    elif re.fullmatch(r"97[89][0-9]{10}", value):
        is_right = sum(int(figure) * (3 if place % 2 else 1) for place, figure in enumerate(value)) % 10 == 0
    else:
        raise ValidationError(_("An ISBN has 10 or 13 digits, such as 9780190246556."), code="isbn")
    if not is_right:
        message = _("The last digit of this ISBN does not match the others, so one of them is wrong. Check the number.")
        raise ValidationError(message, code="isbn")
