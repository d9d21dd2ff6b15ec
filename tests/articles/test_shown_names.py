"""The names that the newsroom's log has written out: staff see the present one, and the rows stay as they were."""

import pytest
from django.test import Client
from django.urls import reverse

from advisors.models import Review
from articles.models import Article, Transition
from articles.names import changes
from articles.names.shown import shown_name
from tests import newsroom

HOW = "Called her."


@pytest.fixture
def article(cast) -> Article:
    article = newsroom.changes_requested(cast)
    newsroom.rewrite(cast, article, title="Magnesium and sleep in adults")
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article)
    return article


def rename(cast, person, name: str) -> None:
    for change in changes.ask(person=person, actor=person, name=name):
        changes.confirm(change=change, actor=cast.editor, how=HOW)


def test_staff_see_the_present_name_of_an_advisor_on_every_page_about_the_article(cast, article):
    rename(cast, cast.advisors[0].user, "Dr Adam New")
    rename(cast, cast.writer, "Wanda Wright")
    editor = Client()
    editor.force_login(cast.editor)
    review = Review.objects.filter(advisor=cast.advisors[0]).earliest("pk")
    pages = [
        editor.get(reverse("admin:articles_article_change", args=[article.pk])),
        editor.get(reverse("admin:articles_article_history", args=[article.pk])),
        editor.get(reverse("admin:advisors_review_changelist")),
        editor.get(reverse("admin:advisors_review_change", args=[review.pk])),
        editor.get(reverse("admin:index")),
    ]
    shown = "\n".join(page.content.decode() for page in pages)
    assert {page.status_code for page in pages} == {200}
    assert "Dr Adam New, PhD" in shown and "Wanda Wright" in shown
    assert "Dr Ada," not in shown and "Wanda Writer" not in shown and ">Writer<" not in shown


def test_the_rows_keep_what_they_wrote_out(cast, article):
    rename(cast, cast.advisors[0].user, "Dr Adam New")
    review = Review.objects.filter(advisor=cast.advisors[0]).earliest("pk")
    assert (review.advisor_name, review.advisor_shown) == ("Dr Ada, PhD", "Dr Adam New, PhD")
    rename(cast, cast.writer, "Wanda Wright")
    submitted = Transition.objects.filter(verb="submit").earliest("pk")
    assert (submitted.actor_name, submitted.actor_shown) == ("Writer", "Wanda Wright")


def test_a_name_that_only_begins_like_a_former_one_is_not_taken_for_it(cast, article):
    ada = cast.advisors[0].user
    rename(cast, ada, "Dr Adam New")
    assert shown_name("Dr Adam New, MSc", ada.pk) == "Dr Adam New, MSc"
    assert shown_name("Dr Ada, MSc", ada.pk) == "Dr Adam New, MSc"
    assert shown_name("Dr Adamson", ada.pk) == "Dr Adam New"  # an account shows one name
    assert shown_name("Dr Ada, PhD", cast.editor.pk) == "Dr Ada, PhD" and shown_name("", ada.pk) == ""


def test_former_names_are_followed_to_the_present_one_and_back(cast, article):
    ada = cast.advisors[0].user
    rename(cast, ada, "Dr Adam New")
    rename(cast, ada, "Dr Ada")
    assert shown_name("Dr Adam New, PhD", ada.pk) == "Dr Ada, PhD" == shown_name("Dr Ada, PhD", ada.pk)


def test_a_list_of_names_needs_no_query_for_each(cast, article, django_assert_num_queries):
    rename(cast, cast.advisors[0].user, "Dr Adam New")
    rows = list(Transition.objects.order_by("pk"))
    with django_assert_num_queries(2):  # renamed accounts, and erased ones
        assert [row.actor_shown for row in rows]
