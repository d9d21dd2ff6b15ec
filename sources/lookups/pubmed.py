"""PubMed's efetch (E-utilities): works by PMID, their kind of evidence, and the notices about them.

A work is retracted if “Retracted Publication” is among its publication types; “Retraction of Publication” is the type
of the notice itself. An expression of concern is listed among the comments and corrections of the work.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from sources.identifiers import bare_doi
from sources.lookups.pubmed_records import MONTHS, articles_in, csl, pmid_of, text_at, types_of
from sources.lookups.requests import Fetch, NotFound, RegisterNotice, ask, read_json, unreadable
from sources.lookups.safe_xml import UnsafeXml, parse
from sources.models import Nature, NoticeOrigin

NAME = "PubMed"
EFETCH = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pubmed&retmode=xml&id="
CONVERTER = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?format=json&ids="
MOST_IN_BATCH = 50
RETRACTED = "Retracted Publication"
_SEEN = re.compile(r"\b(\d{4}) (" + "|".join(MONTHS) + r")[a-z]* (\d{1,2})\b")


def item(pmid: str, fetch: Fetch) -> dict:
    """Return the work with this PMID as a CSL-JSON item.

    Raise NotFound if PubMed does not know the PMID, and LookupUnavailable if it cannot be reached or read.
    """
    found = _articles([pmid], fetch)
    if pmid not in found:
        message = _("PubMed knows no work with the PMID %(pmid)s. Check it, or enter the source by hand.")
        raise NotFound(message % {"pmid": pmid})
    return csl(found[pmid])


def numbers_of(pmcid: str, fetch: Fetch) -> tuple[str, str]:
    """Return the PMID and the DOI of the work with this PMCID in PubMed Central, with "" for a missing one.

    Raise NotFound if the work is unknown or has neither, and LookupUnavailable if the service cannot be reached or
    read.
    """
    answer = ask(fetch, "PubMed Central", CONVERTER + pmcid, accept="application/json")
    records = read_json("PubMed Central", answer.body).get("records") if answer.status == 200 else None
    record = records[0] if isinstance(records, list) and records and isinstance(records[0], dict) else {}
    pmid, doi = str(record.get("pmid") or ""), bare_doi(str(record.get("doi") or ""))
    if not pmid.isdecimal() and not doi:
        message = _("PubMed Central knows no work with the number %(pmcid)s. Enter the source by hand.")
        raise NotFound(message % {"pmcid": pmcid})
    return pmid if pmid.isdecimal() else "", doi


def notices(pmids: Sequence[str], fetch: Fetch) -> dict[str, list[RegisterNotice]]:
    """Return PubMed's notices about these works (at most fifty), by PMID. Unknown works are left out.

    Raise LookupUnavailable if the request fails; nothing is then known about any of the works.
    """
    return {pmid: list(_said_of(article, pmid)) for pmid, article in _articles(pmids, fetch).items()}


def batches(pmids: Sequence[str]) -> Iterator[list[str]]:
    """Yield the PMIDs, in order, in batches that fit into one request."""
    for start in range(0, len(pmids), MOST_IN_BATCH):
        yield list(pmids[start : start + MOST_IN_BATCH])


def _articles(pmids: Sequence[str], fetch: Fetch) -> dict[str, Element]:
    """Return the records of these works by PMID. Raise LookupUnavailable if there is no usable answer."""
    answer = ask(fetch, NAME, EFETCH + ",".join(pmids), accept="application/xml")
    if answer.status == 404:
        return {}
    try:
        root = parse(answer.body)
    except UnsafeXml as error:
        raise unreadable(NAME) from error
    if root.tag != "PubmedArticleSet":  # PubMed reports its errors as XML
        raise unreadable(NAME)
    found = {pmid_of(article): article for article in articles_in(root)}
    return {pmid: article for pmid, article in found.items() if pmid in pmids}


def _said_of(article: Element, pmid: str) -> Iterator[RegisterNotice]:
    """Yield the notices about a work. A notice of retraction is dated if the reference to it gives a complete date."""
    remarks = article.findall("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")
    if RETRACTED in types_of(article):
        told = next((remark for remark in remarks if remark.get("RefType") == "RetractionIn"), None)
        yield _notice(pmid, "retraction", Nature.RETRACTION, told)
    for remark in remarks:
        if remark.get("RefType") == "ExpressionOfConcernIn":
            yield _notice(pmid, f"concern {text_at(remark, 'PMID')}".strip(), Nature.CONCERN, remark)


def _notice(pmid: str, record: str, nature: Nature, remark: Element | None) -> RegisterNotice:
    where = text_at(remark, "RefSource") if remark is not None else ""
    doi = re.search(r"doi: ?(10\.\S+?)\.?(?:\s|$)", where)
    return RegisterNotice(
        said_by=NoticeOrigin.PUBMED,
        record=f"pubmed {pmid} {record}"[:200],
        nature=nature,
        on=_day(where),
        notice_doi=bare_doi(doi[1]) if doi and len(doi[1]) <= 200 else "",
        reason=where[:500],
    )


def _day(where: str) -> date | None:
    """Return the day in a reference such as “Lancet. 2010 Feb 6;375(9713):445”, or None without a complete date."""
    if not (seen := _SEEN.search(where)):
        return None
    try:
        return date(int(seen[1]), MONTHS.index(seen[2]) + 1, int(seen[3]))
    except ValueError:
        return None
