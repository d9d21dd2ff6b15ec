"""The page of all revisions and the page that compares two: what they show, to whom, and with how many queries."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import drafting, workflow
from articles.models import Revision
from tests import newsroom


def address(article, page: str = "history/") -> str:
    return f"/admin/articles/article/{article.pk}/{page}"


def text(answer) -> str:
    """Return the text of the page on one line."""
    page = re.sub(r"<script.*?</script>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&ldquo;", "“").split())


@pytest.fixture
def article(cast):
    """An article with three revisions: the writer changed the body, then the editor the title and the safety note."""
    article = newsroom.draft(cast, slug="magnesium")
    newsroom.rewrite(cast, article, body="<p>Sleep was longer by 19 minutes.</p>")
    return newsroom.rewrite(
        cast,
        article,
        actor=cast.editor,
        title="Magnesium, again",
        body="<p>Sleep was longer by 19 minutes.</p>",
        safety_note="<p>Ask first.</p>",
    )


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def rows(answer) -> list[str]:
    return [
        " ".join(re.sub(r"<[^>]+>", " ", row).split())
        for row in re.findall(r'<li class="revision".*?</p>\s*</div>\s*</li>', answer.content.decode(), re.DOTALL)
    ]


def test_every_revision_is_there_newest_first_with_who_and_what(writing, article):
    third, second, first = rows(writing.get(address(article)))

    assert "Revision 3 the current text Editor" in third
    assert "Title, safety note" in third
    assert "Revision 2 Writer" in second and "Body" in second and "− doe2020" in second
    assert "The first: “Magnesium and sleep”" in first


def test_a_source_that_is_cited_anew_is_named(writing, cast, article):
    newsroom.rewrite(cast, article)

    assert "+ doe2020" in rows(writing.get(address(article)))[0]


def test_words_are_counted_against_the_revision_before(writing, article):
    row = rows(writing.get(address(article)))[0]

    assert "+3 −2 words" in row  # “again” for “and sleep”, and “Ask first”


def test_what_became_of_a_revision_is_said(client, cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="An error.")
    newsroom.rewrite(cast, article, title="Another")
    newsroom.submit(cast, article)
    workflow.recall(article=article, actor=cast.writer)
    client.force_login(cast.writer)
    second, first = rows(client.get(address(article)))

    for word in ("Submitted", "Approved", "Published", "Withdrawn"):
        assert word in first
    assert "Submitted" in second and "Recalled" in second and "Published" not in second


def test_a_scheduled_revision_is_not_said_to_be_published(client, cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=2))
    client.force_login(cast.writer)

    assert "Scheduled for" in rows(client.get(address(article)))[0]


def test_twenty_five_stand_on_a_page_and_the_last_is_compared_with_the_next_page(writing, cast):
    article = newsroom.draft(cast)
    for place in range(26):
        newsroom.rewrite(cast, article, title=f"Title {place}")
    first, second = writing.get(address(article)), writing.get(address(article) + "?page=2")

    assert len(rows(first)) == 25 and "Page 1 of 2" in text(first)
    assert "words" in rows(first)[-1]
    assert len(rows(second)) == 2


def test_the_queries_do_not_grow_with_the_revisions(writing, cast):
    article = newsroom.published(cast)
    counts = []
    for _ in range(2):
        newsroom.rewrite(cast, article, title=f"Title {len(counts)}")
        with CaptureQueriesContext(connection) as found:
            writing.get(address(article))
        counts.append(len(found))
        for place in range(12):
            newsroom.rewrite(cast, article, title=f"{len(counts)}, title {place}")
    assert counts[0] == counts[1] <= 20


@pytest.mark.parametrize("page", ["history/", "compare/", "compare/?from=1&to=3", "restore/1/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("writer", 200), ("editor", 200), ("admin", 200), ("colleague", 404), ("advisor1", 404), ("outsider", 302)],
)
def test_who_may_edit_the_article_sees_its_record_and_nobody_else(client, cast, article, page, who, status):
    client.force_login(cast.everybody[who])

    assert client.get(address(article, page)).status_code == status


@pytest.mark.parametrize("page", ["history/", "compare/", "restore/1/"])
def test_an_article_that_is_not_there_is_not_found(writing, page):
    for odd in ("9999", "x", "1/2"):
        assert writing.get(f"/admin/articles/article/{odd}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["history/", "compare/"])
def test_the_record_is_only_read(writing, article, page):
    assert writing.post(address(article, page)).status_code == 405
    assert Revision.objects.count() == 3


# Comparing


def test_two_revisions_are_compared_with_their_words_marked(writing, article):
    page = writing.get(address(article, "compare/?from=1&to=3"))

    assert "Revision 1 and revision 3" in text(page)
    assert "Title, body, safety note" in text(page)
    assert "[added: , again ]" in text(page) and "A trial called doe2020" in text(page)


@pytest.mark.parametrize("query", ["", "?to=3", "?from=3&to=2", "?from=2&to=", "?from=2&to=3&view=odd"])
def test_without_an_answer_to_which_it_is_the_newest_and_the_one_before(writing, article, query):
    assert "Revision 2 and revision 3" in text(writing.get(address(article, f"compare/{query}")))


@pytest.mark.parametrize("query", ["?from=1&to=9", "?from=0&to=1", "?from=999999999&to=999999999"])
def test_a_revision_that_is_not_there_is_not_found(writing, article, query):
    assert writing.get(address(article, f"compare/{query}")).status_code == 404


def test_a_revision_of_another_article_is_not_reached(writing, cast, article):
    other = newsroom.draft(cast)

    assert writing.get(address(other, "compare/?from=1&to=3")).status_code == 404


def test_side_by_side_has_two_columns(writing, article):
    page = writing.get(address(article, "compare/?from=1&to=3&view=sides")).content.decode()

    assert "cmp-pair" in page and "cmp-block" not in page


def test_the_changes_before_and_after_are_one_link_away(writing, article):
    page = writing.get(address(article, "compare/?from=2&to=2")).content.decode()

    assert "from=1&amp;to=2&amp;view=merged" in page and "from=2&amp;to=3&amp;view=merged" in page
    assert "The text, the sources and the byline are the same." in page


def test_a_reference_that_was_corrected_is_shown(writing, cast, article):
    newsroom.rewrite(cast, article)
    cast.source.title = "A trial with another title"
    cast.source.save()
    newsroom.rewrite(cast, article)
    page = text(writing.get(address(article, "compare/")))

    assert "Listed differently" in page and "with another title" in page


def test_markup_in_a_title_is_shown_as_text(writing, cast):
    article = newsroom.draft(cast, title="<script>alert(1)</script>")
    newsroom.rewrite(cast, article, title="<img src=x onerror=alert(2)>")
    for page in ("history/", "compare/", "compare/?view=sides", "restore/1/"):
        answer = writing.get(address(article, page)).content.decode()
        assert "<script>alert" not in answer and "<img src=x" not in answer


def test_the_address_of_the_record_is_the_admins_own(writing, article):
    assert address(article) in writing.get(address(article, "change/")).content.decode()


def test_a_rewrite_without_a_difference_makes_no_row(writing, article):
    article.refresh_from_db()
    drafting.rewrite(article=article, actor=article.created_by, seen_version=article.version, content={})

    assert len(rows(writing.get(address(article)))) == 3
