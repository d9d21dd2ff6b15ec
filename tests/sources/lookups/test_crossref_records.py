"""Records of Crossref in the forms that publishers deposit: markup, entities, books in series, reciprocal updates."""

import json

import pytest

from core.outgoing.client import Answer
from sources.lookups import crossref, pubmed
from sources.lookups.crossref import csl


def titled(title: str) -> str:
    return csl({"DOI": "10.1000/x", "type": "journal-article", "title": [title]})["title"]


@pytest.mark.parametrize(
    ("deposited", "read"),
    [
        ("Salt &amp;amp; sleep", "Salt & sleep"),
        ("&lt;i&gt;In vitro&lt;/i&gt; salt", "In vitro salt"),
        ("Effects of\n            <i>Lactobacillus</i>\n            on sleep", "Effects of Lactobacillus on sleep"),
        ("Growth of\n      <i>E. coli</i>\n      , in vitro", "Growth of E. coli, in vitro"),
        ("Vitamin D\n   <sub>3</sub>\n   and sleep", "Vitamin D3 and sleep"),
        ("Sleep if p < 0.05 and n > 10", "Sleep if p < 0.05 and n > 10"),
        ("<scp>DNA</scp> and <mml:math><mml:mi>x</mml:mi></mml:math>", "DNA and x"),
    ],
)
def test_titles_lose_their_markup_and_keep_their_words(deposited, read):
    assert titled(deposited) == read


def test_a_journal_with_two_names_keeps_the_first():
    work = {"DOI": "10.1000/x", "type": "journal-article", "title": ["T"], "container-title": ["Sleep", "Schlaf"]}
    assert csl(work)["container-title"] == "Sleep"


def said(record: dict, doi: str) -> list[str]:
    body = json.dumps({"message": {"items": [record]}}).encode()
    found = crossref.notices([doi], lambda url, **how: Answer(200, {}, body, url))
    return [str(notice.nature) for notice in found[doi]]


UPDATES = {"DOI": "10.1000/other", "type": "retraction", "source": "publisher"}


def test_a_notice_that_names_its_work_both_ways_is_not_itself_retracted():
    record = {
        "DOI": "10.1000/notice",
        "title": ["Retraction: A trial"],
        "update-to": [UPDATES],
        "updated-by": [UPDATES],
    }
    assert said(record, "10.1000/notice") == []


@pytest.mark.parametrize("title", ["RETRACTED: A trial", "A trial"])
def test_a_work_that_names_its_notice_both_ways_is_retracted(title):
    record = {"DOI": "10.1000/work", "title": [title], "update-to": [UPDATES], "updated-by": [UPDATES]}
    assert said(record, "10.1000/work") == ["retraction"]


def test_a_notice_that_another_notice_retracts_is_retracted():
    other = {**UPDATES, "DOI": "10.1000/third"}
    record = {"DOI": "10.1000/notice", "title": ["Retraction: A trial"], "update-to": [UPDATES], "updated-by": [other]}
    assert said(record, "10.1000/notice") == ["retraction"]


BOOK = b"""<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>33000001</PMID>
<ArticleIdList><ArticleId IdType="bookaccession">NBK430685</ArticleId></ArticleIdList><Book>
<Publisher><PublisherName>StatPearls Publishing</PublisherName></Publisher><BookTitle>StatPearls</BookTitle>
<PubDate><Year>2024</Year><Month>Jan</Month></PubDate></Book><ArticleTitle>Magnesium</ArticleTitle>
<AuthorList Type="authors"><Author><LastName>Doe</LastName><ForeName>Jane</ForeName></Author></AuthorList>
</BookDocument></PubmedBookArticle></PubmedArticleSet>"""


def test_a_chapter_of_ncbi_bookshelf_is_found_by_its_pmid():
    item = pubmed.item("33000001", lambda url, **how: Answer(200, {}, BOOK, url))
    assert (item["type"], item["title"], item["container-title"]) == ("chapter", "Magnesium", "StatPearls")
    assert item["URL"] == "https://www.ncbi.nlm.nih.gov/books/NBK430685/"
    assert pubmed.notices(["33000001"], lambda url, **how: Answer(200, {}, BOOK, url)) == {"33000001": []}
