"""Convert PubMed XML (PubmedArticleSet) to CSL-JSON: articles, and books and chapters of NCBI Bookshelf. Pure."""

import re
from xml.etree.ElementTree import Element

from sources.evidence import of_pubmed
from sources.identifiers import bare_doi
from sources.kinds import WORK_KINDS, Evidence, Work
from sources.lookups.requests import words

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
BOOKSHELF = "https://www.ncbi.nlm.nih.gov/books/"
# What PubMed puts in place of a title that has no translation.
NO_TITLE = ("not available", "in process citation", "no title available")
_NUMBER = re.compile(r"[0-9]{1,4}")  # a part of a date; int() would refuse thousands of digits
_ARTICLE_NUMBER = re.compile(r"(?:e|o|r|l|bmj-)?[0-9]{1,6}", re.IGNORECASE)


def articles_in(root: Element) -> list[Element]:
    """Return the elements of the articles, books and chapters in a PubmedArticleSet, in order."""
    return [element for element in root if element.tag in ("PubmedArticle", "PubmedBookArticle")]


def pmid_of(article: Element) -> str:
    """Return the PMID of an article, a book or a chapter, or ""."""
    return text_at(article, "MedlineCitation/PMID") or text_at(article, "BookDocument/PMID")


def text_at(element: Element, path: str) -> str:
    """Return the text of the first element at this path below `element`, or "" if there is none."""
    found = element.find(path)
    return words("".join(found.itertext())) if found is not None else ""


def types_of(article: Element) -> list[str]:
    """Return PubMed's publication types of an article, a book or a chapter, in order."""
    paths = ("MedlineCitation/Article/PublicationTypeList/PublicationType", "BookDocument/PublicationType")
    return [words("".join(kind.itertext())) for path in paths for kind in article.findall(path)]


def csl(article: Element) -> dict:
    """Return a PubmedArticle or a PubmedBookArticle as a CSL-JSON item without empty values."""
    book = article.find("BookDocument")
    made = _article(article) if book is None else _book(article, book)
    return {name: value for name, value in made.items() if value}


def title_of(title: str, vernacular: str) -> str:
    """Return a title in PubMed without the full stop at its end and the brackets around a translated title.

    Return `vernacular`, the title in the original language, if there is no translation (“[Not Available].”).
    """
    for text in (title, vernacular):
        shown = without_stop(text.strip())
        shown = without_stop(re.sub(r"\A\[(.*)\]\Z", r"\1", shown))
        if shown and shown.lower() not in NO_TITLE:
            return shown
    return ""


def without_stop(title: str) -> str:
    """Return the title without a full stop at its end. An ellipsis stays."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def is_article_number(pii: str) -> bool:
    """Return whether a publisher's item identifier (PII) may be the article number that the journal prints.

    “S1080-6032(22)00139-9” is too long for that.
    """
    return bool(_ARTICLE_NUMBER.fullmatch(pii))


def _article(article: Element) -> dict:
    journal = "MedlineCitation/Article/Journal/"
    ids = {one.get("IdType"): words(one.text or "") for one in article.findall("PubmedData/ArticleIdList/ArticleId")}
    volume = text_at(article, journal + "JournalIssue/Volume")
    pages = _pages(article)
    places = article.findall("MedlineCitation/Article/ELocationID[@EIdType='pii']")
    number = next((place for one in places if is_article_number(place := words(one.text or ""))), "") if volume else ""
    headings = [text_at(heading, "DescriptorName") for heading in article.iter("MeshHeading")]
    evidence = of_pubmed(types_of(article), headings)
    is_preprint = evidence == Evidence.PREPRINT
    issued = _date(article, journal + "JournalIssue/PubDate/")
    if not volume and not pages:  # ahead of print: the day on which it went online
        issued = _date(article, "MedlineCitation/Article/ArticleDate[@DateType='Electronic']/") or issued
    pmid = pmid_of(article)
    return {
        "id": f"pmid:{pmid}",
        "type": WORK_KINDS[Work.PREPRINT if is_preprint else Work.JOURNAL_ARTICLE].csl,
        "genre": "Preprint" if is_preprint else "",
        "title": title_of(
            text_at(article, "MedlineCitation/Article/ArticleTitle"),
            text_at(article, "MedlineCitation/Article/VernacularTitle")
            or text_at(article, "MedlineCitation/VernacularTitle"),
        ),
        "author": _people(article, "MedlineCitation/Article/AuthorList/Author"),
        "container-title": without_stop(text_at(article, journal + "Title")),
        "container-title-short": text_at(article, "MedlineCitation/MedlineJournalInfo/MedlineTA")
        or text_at(article, journal + "ISOAbbreviation"),
        "issued": {"date-parts": [issued]} if issued else {},
        "volume": volume,
        "issue": text_at(article, journal + "JournalIssue/Issue"),
        "page": pages or number,
        "DOI": bare_doi(ids.get("doi", "") or text_at(article, "MedlineCitation/Article/ELocationID[@EIdType='doi']")),
        "PMID": pmid,
        "PMCID": ids.get("pmc", ""),
        "custom": {"evidence": evidence} if evidence else {},
    }


def _book(article: Element, book: Element) -> dict:
    """Return a chapter of NCBI Bookshelf, or the whole book if the record has no title of a chapter."""
    title = title_of(text_at(book, "ArticleTitle"), text_at(book, "VernacularTitle"))
    name = without_stop(text_at(book, "Book/BookTitle"))
    ids = {one.get("IdType"): words(one.text or "") for one in book.findall("ArticleIdList/ArticleId")}
    pmid = pmid_of(article)
    issued = _date(article, "BookDocument/Book/PubDate/") or _date(article, "BookDocument/Book/BeginningDate/")
    authors = _people(book, "AuthorList[@Type='authors']/Author") or _people(book, "AuthorList/Author")
    evidence = of_pubmed(types_of(article), [])
    return {
        "id": f"pmid:{pmid}",
        "type": WORK_KINDS[Work.CHAPTER if title else Work.BOOK].csl,
        "title": title or name,
        "author": authors or _people(book, "Book/AuthorList[@Type='authors']/Author"),
        "editor": _people(book, "Book/AuthorList[@Type='editors']/Author"),
        "container-title": name if title else "",
        "publisher": text_at(book, "Book/Publisher/PublisherName"),
        "edition": text_at(book, "Book/Edition"),
        "volume": text_at(book, "Book/Volume"),
        "issued": {"date-parts": [issued]} if issued else {},
        "ISBN": text_at(book, "Book/Isbn"),
        # Under “Book”, the DOI is that of the whole.
        "DOI": bare_doi(ids.get("doi", "") or ("" if title else text_at(book, "Book/ELocationID[@EIdType='doi']"))),
        "PMID": pmid,
        "URL": f"{BOOKSHELF}{ids['bookaccession']}/" if ids.get("bookaccession") else "",
        "custom": {"evidence": evidence} if evidence else {},
    }


def _pages(article: Element) -> str:
    """Return the pages, which a record has as one text or as the first and the last page."""
    place = "MedlineCitation/Article/Pagination/"
    span = (text_at(article, place + part) for part in ("StartPage", "EndPage"))
    return text_at(article, place + "MedlinePgn") or "-".join(filter(None, span))


def _people(element: Element, path: str) -> list[dict[str, str]]:
    people = []
    for person in element.findall(path):
        family, given = text_at(person, "LastName"), text_at(person, "ForeName") or text_at(person, "Initials")
        suffix = text_at(person, "Suffix")
        if family:
            parts = {"family": family, "given": given, "suffix": suffix}
            people.append({name: part for name, part in parts.items() if part})
        elif body := text_at(person, "CollectiveName"):
            people.append({"literal": without_stop(body)})
    return people


def _date(element: Element, place: str) -> list[int]:
    """Return a PubMed date as [year], [year, month] or [year, month, day], or []."""
    year, month, day = (text_at(element, place + part) for part in ("Year", "Month", "Day"))
    if not year:
        loose = re.match(r"(\d{4})(?: ([A-Z][a-z]{2}))?(?! ?[-–])", text_at(element, place + "MedlineDate"))
        loose = loose or re.match(r"(\d{4})()", text_at(element, place + "MedlineDate"))
        year, month, day = (loose[1], loose[2] or "", "") if loose else ("", "", "")
    parts = [int(year)] if _NUMBER.fullmatch(year) else []
    if parts and (month[:3] in MONTHS or _NUMBER.fullmatch(month)):
        parts.append(MONTHS.index(month[:3]) + 1 if month[:3] in MONTHS else int(month))
        parts += [int(day)] if _NUMBER.fullmatch(day) else []
    return parts
