"""The list of what an article still needs, beside its form: each part there or open, with a link to its field."""

import re
from html import unescape

import pytest
from django.urls import reverse

from articles import readiness
from articles.admin.readiness_list import readiness_list
from articles.models import ArticleTemplate
from tests import newsroom
from tests.admin_forms import address, article_form, form_of

ITEM = re.compile(
    r'<li class="is-(done|open)">(?:<a href="#([\w-]+)">)?([^<]+?)(?:</a>)? <span class="visually-hidden">'
)
CHECKS = reverse("admin:articles_article_checks_new")
WHOLE = {
    "key_messages": "Sleep was longer.\nNobody knows for whom.",
    "safety_note": "<p>Not with alcohol.</p>",
    "disclosure": "We sell none of it.",
}


def items(html: str) -> dict[str, str]:
    """Return the target of each open part ("" for one that is there), by its name."""
    return {unescape(name): target for _, target, name in ITEM.findall(html)}


def still_open(html: str) -> list[str]:
    return [name for name, target in items(html).items() if target]


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def page(client, article=None) -> str:
    return client.get(address(article)).content.decode()


def test_an_empty_article_lists_every_part_with_a_link_to_its_field(writing, cast):
    html = page(writing)
    found = items(html)
    assert list(found) == [
        *("Title", "Standfirst", "Text", "Key messages", "Sources"),
        *("Safety note", "Disclosure", "Topics", "Byline", "Reviewers"),
    ]
    assert still_open(html) == [name for name in found if name != "Byline"]  # the writer's own
    assert all(f'id="{target}"' in html for target in found.values() if target)
    assert "Ready for the board: 1 of 10" in html


def test_a_stored_article_shows_what_is_there_and_what_is_open(writing, cast):
    article = newsroom.draft(cast, panel=1)
    assert still_open(page(writing, article)) == ["Key messages", "Safety note", "Disclosure", "Reviewers"]


def test_the_list_follows_what_is_typed(writing, cast):
    form = article_form(writing)
    form.put(title="Naps", body="<p>Short naps.</p>", key_messages="One.\nTwo.")
    answer = writing.post(CHECKS, form.data).content.decode()
    assert not {"Title", "Text", "Key messages"} & set(still_open(answer))
    assert "Standfirst" in still_open(answer)


def test_missing_parts_are_not_said_twice(writing, cast):
    answer = writing.post(CHECKS, article_form(writing).data).content.decode()
    assert "STR04" not in answer and "The article does not have a title yet." not in answer


def test_the_parts_of_a_template_are_open_until_its_instructions_are_replaced(writing, cast):
    template = ArticleTemplate.objects.first()
    opened = writing.get(address(None), {"template": template.pk})
    parts = {"Standfirst", "Text", "Key messages", "Safety note", "Disclosure"}
    assert parts <= set(still_open(opened.content.decode()))
    form = form_of(opened, "article_form").put(body="<h2>What it is</h2><p>A mineral.</p>")
    assert "Text" not in still_open(writing.post(CHECKS, form.data).content.decode())


def test_sources_are_open_until_one_is_cited(writing, cast):
    article = newsroom.draft(cast, body="<p>Sleep is good.</p>")
    html = page(writing, article)
    assert "Sources" in still_open(html) and "Cite the attached sources in the text." in html


def test_a_complete_article_has_no_list(writing, cast):
    html = page(writing, newsroom.draft(cast, **WHOLE))
    assert items(html) == {} and 'class="readiness"' not in html


@pytest.mark.parametrize("made", ["in_review", "approved", "published"])
def test_an_article_beyond_the_draft_has_no_list(client, cast, made):
    article = getattr(newsroom, made)(cast)
    client.force_login(cast.editor)
    assert 'class="readiness"' not in page(client, article)


def test_the_list_makes_no_query_for_a_draft_that_was_checked(cast, django_assert_num_queries):
    article = newsroom.draft(cast)
    draft, found = readiness.checked_draft(article, article.head())
    with django_assert_num_queries(0):
        assert readiness_list(article, draft, found)
