"""PubMed's efetch (E-utilities): works by PMID, their kind of evidence, and the notices about them.

A work is retracted if “Retracted Publication” is among its publication types; “Retraction of Publication” is the type
of the notice itself. An expression of concern is listed among the comments and corrections of the work.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from sources.evidence import of_pubmed
from sources.identifiers import bare_doi
from sources.kinds import WORK_KINDS, Evidence, Work
from sources.lookups.requests import Fetch, NotFound, RegisterNotice, ask, read_json, unreadable, words
from sources.lookups.safe_xml import UnsafeXml, parse
from sources.models import Nature, NoticeOrigin

NAME = "PubMed"
EFETCH = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi?db=pubmed&retmode=xml&id="
CONVERTER = "https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?format=json&ids="
MOST_IN_BATCH = 50
RETRACTED = "Retracted Publication"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NUMBER = re.compile(r"[0-9]{1,4}")  # a part of a date; int() would refuse thousands of digits
_SEEN = re.compile(r"\b(\d{4}) (" + "|".join(_MONTHS) + r")[a-z]* (\d{1,2})\b")


def item(pmid: str, fetch: Fetch) -> dict:
    """Return the work with this PMID as a CSL-JSON item. Raise NotFound or LookupUnavailable."""
    found = _articles([pmid], fetch)
    if pmid not in found:
        message = _("PubMed knows no work with the PMID %(pmid)s. Check it, or enter the source by hand.")
        raise NotFound(message % {"pmid": pmid})
    return csl(found[pmid])


def numbers_of(pmcid: str, fetch: Fetch) -> tuple[str, str]:
    """Return the PMID and the DOI of a work in PubMed Central, "" for one that is missing.

    Raise NotFound if it has neither, and LookupUnavailable if there is no answer.
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
    """Yield the PMIDs in batches that fit into one request."""
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
    found = {_text(article, "MedlineCitation/PMID"): article for article in root.findall("PubmedArticle")}
    return {pmid: article for pmid, article in found.items() if pmid in pmids}


def _said_of(article: Element, pmid: str) -> Iterator[RegisterNotice]:
    """Yield the notices about a work. A notice of retraction is dated if the reference to it gives a complete date."""
    remarks = article.findall("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")
    if RETRACTED in _types(article):
        told = next((remark for remark in remarks if remark.get("RefType") == "RetractionIn"), None)
        yield _notice(pmid, "retraction", Nature.RETRACTION, told)
    for remark in remarks:
        if remark.get("RefType") == "ExpressionOfConcernIn":
            yield _notice(pmid, f"concern {_text(remark, 'PMID')}".strip(), Nature.CONCERN, remark)


def _notice(pmid: str, record: str, nature: Nature, remark: Element | None) -> RegisterNotice:
    where = _text(remark, "RefSource") if remark is not None else ""
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
        return date(int(seen[1]), _MONTHS.index(seen[2]) + 1, int(seen[3]))
    except ValueError:
        return None


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return words("".join(found.itertext())) if found is not None else ""


def _types(article: Element) -> list[str]:
    path = "MedlineCitation/Article/PublicationTypeList/PublicationType"
    return [words("".join(kind.itertext())) for kind in article.findall(path)]


def _people(article: Element) -> list[dict[str, str]]:
    people = []
    for person in article.findall("MedlineCitation/Article/AuthorList/Author"):
        family, given = _text(person, "LastName"), _text(person, "ForeName") or _text(person, "Initials")
        if family:
            people.append({"family": family} | ({"given": given} if given else {}))
        elif body := _text(person, "CollectiveName"):
            people.append({"literal": body})
    return people


def _issued(article: Element) -> list[int]:
    """Return the date of the journal issue as [year], [year, month] or [year, month, day], or []."""
    place = "MedlineCitation/Article/Journal/JournalIssue/PubDate/"
    year, month, day = (_text(article, place + part) for part in ("Year", "Month", "Day"))
    if not year:
        loose = re.match(r"(\d{4})(?: ([A-Z][a-z]{2}))?", _text(article, place + "MedlineDate"))
        year, month, day = (loose[1], loose[2] or "", "") if loose else ("", "", "")
    parts = [int(year)] if _NUMBER.fullmatch(year) else []
    if parts and (month[:3] in _MONTHS or _NUMBER.fullmatch(month)):
        parts.append(_MONTHS.index(month[:3]) + 1 if month[:3] in _MONTHS else int(month))
        parts += [int(day)] if _NUMBER.fullmatch(day) else []
    return parts


def csl(article: Element) -> dict:
    """Return a PubmedArticle as a CSL-JSON item without empty values."""
    journal = "MedlineCitation/Article/Journal/"
    ids = {one.get("IdType"): words(one.text or "") for one in article.findall("PubmedData/ArticleIdList/ArticleId")}
    pages = _text(article, "MedlineCitation/Article/Pagination/MedlinePgn")
    place = next((one.text or "" for one in article.findall("MedlineCitation/Article/ELocationID[@EIdType='pii']")), "")
    headings = [_text(heading, "DescriptorName") for heading in article.iter("MeshHeading")]
    evidence = of_pubmed(_types(article), headings)
    is_preprint = evidence == Evidence.PREPRINT
    issued = _issued(article)
    title = _text(article, "MedlineCitation/Article/ArticleTitle")
    pmid = _text(article, "MedlineCitation/PMID")
    made = {
        "id": f"pmid:{pmid}",
        "type": WORK_KINDS[Work.PREPRINT if is_preprint else Work.JOURNAL_ARTICLE].csl,
        "genre": "Preprint" if is_preprint else "",
        "title": title.removesuffix("."),
        "author": _people(article),
        "container-title": _text(article, journal + "Title"),
        "container-title-short": _text(article, "MedlineCitation/MedlineJournalInfo/MedlineTA"),
        "issued": {"date-parts": [issued]} if issued else {},
        "volume": _text(article, journal + "JournalIssue/Volume"),
        "issue": _text(article, journal + "JournalIssue/Issue"),
        "page": pages or words(place),
        "DOI": bare_doi(ids.get("doi", "")),
        "PMID": pmid,
        "PMCID": ids.get("pmc", ""),
        "custom": {"evidence": evidence} if evidence else {},
    }
    return {name: value for name, value in made.items() if value}
