"""Walk through the whole site as production serves it, from the homepage and from the sitemap."""

import json
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests import public_pages
from tests.browser.crawling import Crawl, crawl, get, read
from tests.graphs import graphs_in, loose_ends, nodes, strange

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def listed(address: str) -> set[str]:
    """Return the addresses that the sitemap names, through its index."""
    root = ElementTree.fromstring(get(address).body)
    found = {row.text for row in root.iter(LOCATION)}
    return {page for part in found for page in listed(part)} if root.tag.endswith("sitemapindex") else found


@pytest.fixture(scope="module")
def in_sitemap(production) -> set[str]:
    return listed(f"{production}/sitemap.xml")


@pytest.fixture(scope="module")
def walked(production, in_sitemap) -> Crawl:
    return crawl(production, [f"{production}/", f"{production}/sitemap.xml", *sorted(in_sitemap)])


@pytest.fixture(scope="module")
def readable(walked) -> dict:
    """Return the pages that answered with 200, by address."""
    return {address: said for address, said in walked.pages.items() if walked.answers[address].status == 200}


def test_no_link_leads_nowhere(walked):
    # The lists of withdrawals link to the withdrawn article, which answers with its notice.
    gone = {path for path, status in public_pages.REFUSALS.items() if status == 410}
    wrong = [
        (walked.found_on[address], address, answer.status)
        for address, answer in walked.answers.items()
        if answer.status != 200 and not (answer.status == 410 and urlsplit(address).path in gone)
    ]
    assert wrong == []
    assert len(walked.pages) > 20


def test_no_fragment_leads_nowhere(walked):
    assert walked.dead_fragments() == []
    assert len(walked.fragments) > 20


def test_the_walk_comes_to_every_page_of_the_list_that_may_be_listed(production, walked):
    missed = [
        path
        for path in public_pages.addresses()
        if path not in public_pages.NOT_LISTED and f"{production}{path}" not in walked.answers
    ]
    assert missed == []


def test_no_page_tells_of_a_draft(walked, hidden_titles):
    assert len(hidden_titles) >= 2
    told = [
        (address, title)
        for address, answer in walked.answers.items()
        for title in hidden_titles
        if title.encode() in answer.body or title.encode("unicode_escape") in answer.body
    ]
    assert told == []


def test_every_page_has_one_heading_one_title_one_description_and_one_canonical_address(readable):
    wrong = {
        address: (said.headings, said.title, said.named("description"), said.canonical)
        for address, said in readable.items()
        if said.headings != 1
        or not said.title.strip()
        or len(said.named("robots")) != 1
        or (
            "noindex" not in said.named("robots")[0]
            and not (len(said.named("description")) == len(said.canonical) == 1)
        )
        or any(not text.strip() for text in said.named("description"))
    }
    assert wrong == {}


def test_a_canonical_address_answers_and_is_canonical_itself(walked, readable):
    wrong = [
        (address, target)
        for address, said in readable.items()
        for target in said.canonical
        if walked.answers[target].status != 200 or walked.pages[target].canonical != [target]
    ]
    assert wrong == []


def test_no_two_pages_that_may_be_listed_share_a_title_or_a_description(readable):
    pages = [said for said in readable.values() if "noindex" not in said.named("robots")[0]]
    titles, texts = [said.title for said in pages], [said.named("description")[0] for said in pages]

    assert sorted(titles) == sorted(set(titles))
    assert sorted(texts) == sorted(set(texts))


def test_what_is_not_to_be_found_asks_not_to_be_listed(production, readable, in_sitemap):
    for path in public_pages.NOT_LISTED:
        (robots,) = read(get(f"{production}{path}").text).named("robots")
        assert "noindex" in robots, path
    for path, status in public_pages.REFUSALS.items():
        answer = get(f"{production}{path}")
        assert answer.status == status, path
        assert "noindex" in read(answer.text).named("robots")[0], path
    assert not {address for address in in_sitemap if "noindex" in readable[address].named("robots")[0]}


def test_what_may_be_listed_has_a_card_with_large_pictures_allowed(readable):
    for address, said in readable.items():
        if "noindex" in said.named("robots")[0]:
            continue
        assert said.named("robots") == ["max-image-preview:large"], address
        assert said.named("og:url") == said.canonical, address
        assert len(said.named("og:title")) == len(said.named("og:description")) == 1, address
        assert said.named("twitter:card")[0] in ("summary", "summary_large_image"), address


def test_the_graph_of_each_page_is_in_the_words_of_schema_org_and_joins(walked, readable):
    everywhere: set[str] = set()
    ends: dict[str, set[str]] = {}
    for address, said in readable.items():
        graphs = graphs_in(walked.answers[address].text)
        listed = "noindex" not in said.named("robots")[0]
        assert len(graphs) <= 1 and (graphs or not listed), address
        for graph in graphs:
            assert strange(graph) == [], address
            ends[address] = loose_ends(graph)
            everywhere |= {node["@id"] for node in graph if "@id" in node}
    assert {address: names - everywhere for address, names in ends.items() if names - everywhere} == {}


def test_every_address_of_the_site_that_a_graph_names_answers(production, walked, readable):
    named = {
        value: address
        for address in readable
        for node in nodes(graphs_in(walked.answers[address].text))
        for key, value in node.items()
        if key != "@id" and isinstance(value, str) and value.startswith(f"{production}/")
    }
    assert len(named) > 20
    known = {address: answer.status for address, answer in walked.answers.items()}
    dead = {url: page for url, page in named.items() if (known.get(url) or get(url).status) != 200}
    # The record of a withdrawn article says that it is one of its parts; the article's own address shows the notice.
    assert [url for url in dead if public_pages.REFUSALS.get(urlsplit(url).path) != 410] == []


def test_no_page_sets_a_cookie_or_has_script_or_style_in_it(walked):
    assert [address for address, answer in walked.answers.items() if "set-cookie" in answer.headers] == []
    assert {address: said.inline for address, said in walked.pages.items() if said.inline} == {}


def test_no_identifier_stands_twice_on_a_page(walked):
    assert {address: said.doubled for address, said in walked.pages.items() if said.doubled} == {}


def test_every_page_and_file_is_answered_in_a_line_to_who_has_it(production, walked):
    for address, answer in walked.answers.items():
        if answer.status == 200 and not re.match(f"{production}/(media|static)/", address):
            again = get(address, **{"If-None-Match": answer.headers["etag"]})
            assert (again.status, again.body) == (304, b""), address


def test_every_file_of_the_list_is_what_it_says(production):
    for path in (path for rows in public_pages.FILES.values() for path in rows):
        answer = get(f"{production}{path}")
        assert answer.status == 200 and answer.body, path
        if "xml" in answer.kind:
            ElementTree.fromstring(answer.body)
        elif "json" in answer.kind:
            json.loads(answer.body)
