"""The page around the article's form: the cursor, the one button that saves, and what the checks say at first."""

import re

import pytest
from django.urls import reverse

from tests import newsroom
from tests.admin_forms import address, article_form

SAVES = re.compile(r"<(?:button|input)[^>]*name=\"(_save|_continue|_addanother)\"[^>]*>")


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def page(client, article=None) -> str:
    return client.get(address(article)).content.decode()


def test_the_cursor_of_a_new_article_is_in_its_title(writing, cast):
    html = page(writing)
    assert re.findall(r"<\w+[^>]* autofocus[^>]*>", html) == re.findall(r'<textarea name="title"[^>]*>', html)
    assert "django-admin-form-add-constants" not in html  # by which Django's script puts it into the first button
    assert "autofocus" not in page(writing, newsroom.draft(cast))


def test_one_button_saves_and_needs_no_script(writing, cast):
    for article in (None, newsroom.draft(cast)):
        [button] = SAVES.finditer(page(writing, article))
        assert button[1] == "_continue"
        assert 'type="submit"' in button[0] and 'form="article_form"' in button[0]


def test_only_who_can_save_something_while_the_board_reads_has_the_button(client, cast):
    article = newsroom.in_review(cast)
    client.force_login(cast.writer)
    assert SAVES.findall(page(client, article)) == []
    client.force_login(cast.editor)  # may recommend products
    assert SAVES.findall(page(client, article)) == ["_continue"]


def test_the_checks_of_a_new_article_say_that_they_run_while_one_writes(writing, cast):
    html = page(writing)
    assert "The checks run as you write." in html and "The checks found nothing." not in html
    article = newsroom.draft(cast)
    newsroom.answer_warnings(article, cast.writer)
    assert "The checks run as you write." not in page(writing, article)


def test_the_checks_of_a_new_article_count_what_they_find_once_they_ran(writing, cast):
    answer = writing.post(reverse("admin:articles_article_checks_new"), article_form(writing).data)
    assert 'class="tally"' in answer.content.decode() and "as you write" not in answer.content.decode()
