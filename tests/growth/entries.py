"""How each bibliographic format, register and page contains a text in every place from which something is read."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from html import escape


def _xml(text: str) -> str:
    return escape("".join(sign for sign in text if sign.isprintable() or sign in "\n\t"))


def _pubmed(text: str) -> str:
    """Return an article in PubMed's XML with the text in every place from which something is read."""
    return (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>"
        f"{_xml(text)}</ArticleTitle><AuthorList><Author><LastName>{_xml(text)}</LastName></Author></AuthorList>"
        f"<Journal><Title>{_xml(text)}</Title></Journal></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )


def _table(columns: Sequence[str], text: str) -> str:
    """Return a table in CSV with a row that has the text in every column."""
    table = io.StringIO()
    csv.writer(table).writerows([columns, [text] * len(columns)])
    return table.getvalue()


# How an entry of each format contains a text.
ENTRIES: Mapping[str, Callable[[str], str]] = {
    "BibTeX": lambda text: (
        f"@article{{a2020, title = {{{text}}}, author = {{{text}}}, journal = {{{text}}}, year = 2020}}\n"
    ),
    "RIS": lambda text: f"TY  - JOUR\nTI  - {text}\nAU  - {text}\nPY  - {text}\nUR  - {text}\nER  - \n",
    "Web of Science": lambda text: f"PT J\nTI {text}\nAU {text}\nSO {text}\nPY {text}\nER\n",
    "NBIB": lambda text: f"PMID- 1\nTI  - {text}\nFAU - {text}\nDP  - {text}\nLID - {text}\n",
    "CSL-JSON": lambda text: json.dumps([{"title": text, "author": [{"family": text}], "issued": {"raw": text}}]),
    "PubMed XML": _pubmed,
    "EndNote XML": lambda text: (
        f"<xml><records><record><titles><title>{_xml(text)}</title></titles><contributors><authors>"
        f"<author>{_xml(text)}</author></authors></contributors><dates><year>{_xml(text)}</year></dates>"
        "</record></records></xml>"
    ),
    "EndNote (tagged)": lambda text: f"%0 Journal Article\n%T {text}\n%A {text}\n%J {text}\n%D {text}\n\n",
    "RefWorks": lambda text: f"RT Journal Article\nT1 {text}\nA1 {text}\nJF {text}\nYR {text}\nER\n",
    "CSV": lambda text: _table(("Title", "Authors", "Source title", "Year"), text),
}
# The answer of a register or a page, with the text in every place from which something is read.
ANSWERS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "crossref": (
        "10.1000/a",
        lambda text: json.dumps(
            {"message": {"DOI": text, "title": [text], "author": [{"family": text}], "page": text, "type": text}}
        ),
    ),
    "pubmed": (
        "1",
        _pubmed,
    ),
    "pages": (
        "https://example.org/a",
        lambda text: f'<head><title>{text}</title><meta name="citation_author" content="{escape(text)}">{text}',
    ),
}
