"""The pages that give references in several styles."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Citation
from core.html import text_of
from sources.models import Source
from tests import newsroom
from tests.website.test_reader_page import cited, get


def styled(client, name: str, *args: str) -> dict[str, str]:
    """Return the references on a page by the short name of their style."""
    html = client.get(reverse(name, args=args)).content.decode()
    found = re.findall(r'<p class="citation" id="reference-(\w+)">(.*?)</p>', html)
    return {style: text_of(text) for style, text in found}


def test_a_source_is_given_in_each_style_and_in_ama_as_in_the_list(client, cast):
    article = newsroom.published(cast)
    citation = Citation.objects.get()
    references = styled(client, "website:cite_source", article.slug, citation.key)

    assert list(references) == ["ama", "apa", "vancouver"]
    assert references["ama"] == text_of(citation.reference)
    assert references["apa"].startswith("Doe, J") and "(2020)" in references["apa"]
    assert references["vancouver"].startswith("Doe J. ")


def test_the_article_is_given_in_each_style_with_its_permanent_address(client, cast):
    article = newsroom.published(cast)
    references = styled(client, "website:cite", article.slug)
    address = reverse("website:version", args=[article.slug, 1])

    assert list(references) == ["ama", "apa", "vancouver"]
    assert all(address in text and article.title in text for text in references.values())


def test_the_article_s_references_have_a_place_for_the_day_of_access_where_the_style_wants_one(client, cast):
    article = newsroom.published(cast)
    html = client.get(reverse("website:cite", args=[article.slug])).content.decode()
    references = styled(client, "website:cite", article.slug)

    assert " Accessed [the day on which you read it]. http" in references["ama"]
    assert " [cited the day on which you read it]. " in references["vancouver"]
    assert "the day on which" not in references["apa"]
    assert re.findall(r'<span data-today="(\w+)">(.+?)</span>', html) == [
        ("ama", "[the day on which you read it]"),
        ("vancouver", "the day on which you read it"),
    ]


def test_the_list_of_sources_leads_to_the_page_of_each_of_them(client, cast):
    article = cited(cast, 3)
    html = get(client, article)

    for key in ("work0", "work1", "work2"):
        assert f'href="{reverse("website:cite_source", args=[article.slug, key])}" rel="nofollow"' in html
    assert f'href="{reverse("website:cite", args=[article.slug])}" rel="nofollow"' in html


def test_the_references_can_be_read_without_a_script_and_the_buttons_need_one(client, cast):
    article = newsroom.published(cast)
    html = client.get(reverse("website:cite", args=[article.slug])).content.decode()

    assert html.count("data-copy=") == html.count('<button type="button" class="press" hidden data-copy=') == 3
    assert '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize(("state", "words"), [("retracted", "Retracted."), ("concern", "Expression of concern.")])
def test_the_page_of_a_source_in_doubt_says_so(client, cast, state, words):
    article = newsroom.published(cast)
    Source.objects.update(retraction_state=state)
    html = client.get(reverse("website:cite_source", args=[article.slug, "doe2020"])).content.decode()

    assert words in html


def test_only_what_readers_can_open_can_be_cited(client, cast):
    draft, article = newsroom.draft(cast, slug="a-draft"), newsroom.published(cast)
    Source.objects.create(key="roe2021", title="Not cited", evidence="cohort")
    paths = [
        reverse("website:cite", args=[draft.slug]),
        reverse("website:cite_source", args=[draft.slug, "doe2020"]),
        reverse("website:cite_source", args=[article.slug, "roe2021"]),
    ]
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]


@pytest.mark.parametrize(("name", "args"), [("website:cite", []), ("website:cite_source", ["doe2020"])])
def test_of_a_withdrawn_article_readers_find_the_notice(client, cast, name, args):
    article = newsroom.published(cast)
    assert client.get(reverse(name, args=[article.slug, *args])).status_code == 200
    workflow.withdraw(article=article, actor=cast.editor, notice="The trial was retracted.")
    response = client.get(reverse(name, args=[article.slug, *args]))
    assert response.status_code == 410
    assert "The trial was retracted." in response.content.decode()
    assert "Vancouver" not in response.content.decode()


def test_a_source_that_a_withdrawn_article_did_not_cite_has_no_page(client, cast):
    article = newsroom.published(cast)
    Source.objects.create(key="roe2021", title="Not cited", evidence="cohort")
    workflow.withdraw(article=article, actor=cast.editor, notice="The trial was retracted.")
    assert client.get(reverse("website:cite_source", args=[article.slug, "roe2021"])).status_code == 404


@pytest.mark.parametrize(("name", "args"), [("website:cite", []), ("website:cite_source", ["work7"])])
def test_the_number_of_queries_does_not_grow_with_the_sources(client, cast, name, args, django_assert_max_num_queries):
    article = cited(cast, 12)
    with django_assert_max_num_queries(9):
        assert client.get(reverse(name, args=[article.slug, *args])).status_code == 200
