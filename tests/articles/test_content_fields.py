"""Every content field appears wherever an article is written, reviewed, read, compared and searched.

Each page is requested with a different word in every field of `Content`. The test fails for a new field that is missing
on one of the pages, and for an exception that no longer applies.
"""

import re
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db.models import FileField
from django.test import Client
from django.urls import reverse

from advisors.models import Review
from articles.models import Article, Content
from articles.search.index import NOT_SEARCHED
from core.fields import HtmlField
from tests import newsroom
from tests.admin_forms import article_form, picture
from tests.audit import chain
from tests.newsroom import Cast
from tests.pictures import photos

FIELDS = Content._meta.get_fields()
PICTURES = [field.name for field in FIELDS if isinstance(field, FileField)]


def word(name: str) -> str:
    """Return a word that only this field contains."""
    return f"zz{name.replace('_', '')}quokka"


def typed() -> dict[str, str]:
    """Return the text typed into each text field."""
    cite = '<sup data-cite="doe2020"></sup>'
    return {
        field.name: f"<p>{word(field.name)}{cite}</p>" if isinstance(field, HtmlField) else word(field.name)
        for field in FIELDS
        if field.name not in PICTURES
    }


def content() -> dict[str, object]:
    """Return a value for every content field, pictures included."""
    photo = photos.photograph((1200, 675), "teal")
    return {**typed(), **{name: ContentFile(photo, f"{name}.jpg") for name in PICTURES}}


def missing(html: str, article: Article) -> set[str]:
    """Return the fields that the page does not show, by their word or by the address of their stored picture."""
    marks = {name: word(name) for name in typed()}
    marks |= {name: re.search(r"[0-9a-f]{64}", getattr(article, name).name)[0] for name in PICTURES}
    return {name for name, mark in marks.items() if mark not in html}


def html_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


# The pages


def form_page(client: Client, cast: Cast) -> tuple[str, Article]:
    article = newsroom.draft(cast, **content())
    client.force_login(cast.writer)
    return html_of(client, reverse("admin:articles_article_change", args=[article.pk])), article


def preview_of_the_form(client: Client, cast: Cast) -> tuple[str, Article]:
    """The text comes from the form alone, the picture from the working copy."""
    article = newsroom.draft(cast, **{name: value for name, value in content().items() if name in PICTURES})
    client.force_login(cast.writer)
    form = article_form(client, article).put(**{name: [value] for name, value in typed().items()})
    answer = client.post(reverse("admin:articles_article_preview", args=[article.pk]), form.data)
    assert answer.status_code == 200
    return answer.content.decode(), article


def review_page(client: Client, cast: Cast) -> tuple[str, Article]:
    article = newsroom.in_review(cast, **content())
    review = Review.objects.get(advisor=cast.advisors[0])
    client.force_login(cast.advisors[0].user)
    return html_of(client, reverse("board:review", args=[review.pk])), article


def locked_page(client: Client, cast: Cast) -> tuple[str, Article]:
    """The page that a writer sees while the board is reading, with the text in place of the form."""
    article = newsroom.in_review(cast, **content())
    client.force_login(cast.writer)
    return html_of(client, reverse("admin:articles_article_revision", args=[article.pk, 1])), article


def readers_page(client: Client, cast: Cast) -> tuple[str, Article]:
    article = newsroom.published(cast, **content())
    return html_of(client, article.get_absolute_url()), article


def earlier_version(client: Client, cast: Cast) -> tuple[str, Article]:
    """The page of an earlier version at its permanent address."""
    article = newsroom.published(cast, **content())
    first = Article.objects.get(pk=article.pk)
    newsroom.rewrite(cast, article, **{name: f"{name}, later" for name in typed() if name != "body"})
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, Article.objects.get(pk=article.pk))
    return html_of(client, reverse("website:version", args=[article.slug, 1])), first


def comparison_of_revisions(client: Client, cast: Cast) -> tuple[str, Article]:
    article = newsroom.rewrite(cast, newsroom.draft(cast), **content())
    client.force_login(cast.writer)
    return html_of(client, reverse("admin:articles_article_compare", args=[article.pk])), article


def comparison_for_the_board(client: Client, cast: Cast) -> tuple[str, Article]:
    """The review page of a second round, which shows what changed since the first."""
    article = newsroom.rewrite(cast, newsroom.changes_requested(cast), **content())
    submission = newsroom.submit(cast, article)
    review = Review.objects.get(submission=submission, advisor=cast.advisors[0])
    client.force_login(review.advisor.user)
    return html_of(client, reverse("board:review", args=[review.pk])), article


# Each page with the fields that it leaves out, and the reason.
PAGES: dict[Callable, dict[str, str]] = {
    form_page: {},
    preview_of_the_form: {},
    review_page: {},
    locked_page: {},
    readers_page: {},
    earlier_version: {},
    comparison_of_revisions: {},
    comparison_for_the_board: {},
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_page_shows_every_field_but_those_with_a_reason(client, cast, page):
    html, article = page(client, cast)
    assert missing(html, article) == set(PAGES[page])


def test_every_field_can_be_typed_and_saved_in_the_form(client, cast):
    article = newsroom.draft(cast)
    client.force_login(cast.writer)
    form = article_form(client, article).put(**{name: [value] for name, value in typed().items()})
    for name in PICTURES:
        form.data[name] = picture()
    assert form.send(client).status_code == 302

    saved = Article.objects.get(pk=article.pk)
    assert {name for name in typed() if word(name) not in getattr(saved, name)} == set()
    assert {name for name in PICTURES if not getattr(saved, name)} == set()


def test_the_search_finds_an_article_by_every_field_but_those_with_a_reason(client, cast):
    article = newsroom.published(cast, **content())
    found = set()
    for name in typed():
        hits = client.get(reverse("website:search"), {"q": word(name)}).context["page"].object_list
        if [hit.publication.article_id for hit in hits] == [article.pk]:
            found.add(name)
    assert {field.name for field in FIELDS} - found == set(NOT_SEARCHED)


def test_the_independent_list_of_the_chains_tests_names_every_field():
    """`tests.audit.chain` computes the digest on its own; a field that it does not know would go unproved."""
    assert set(chain.CONTENT) == {field.name for field in FIELDS}
