"""An earlier text is restored as a new revision; nothing is lost and no rule is bypassed."""

import pytest
from django.test import Client

from articles import drafting
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import Article, ArticleSource, Author, Authorship, Publication, Revision
from tests import newsroom
from tests.admin_forms import picture

BODY = "<p>Nothing is cited here any more.</p>"


@pytest.fixture
def article(cast):
    """A draft whose second revision cites nothing and has another title."""
    return newsroom.rewrite(cast, newsroom.draft(cast), title="Second", body=BODY)


def restore(cast, article, number=1, actor=None, seen_version=None):
    article.refresh_from_db()
    return drafting.restore(
        article=article,
        number=number,
        actor=actor or cast.writer,
        seen_version=article.version if seen_version is None else seen_version,
    )


def contents() -> dict[int, tuple]:
    return {row.pk: (row.number, row.digest, *row.content().values()) for row in Revision.objects.all()}


def test_the_earlier_text_is_a_new_revision_and_the_working_copy(cast, article):
    first = article.revisions.get(number=1)
    before = contents()
    revision = restore(cast, article)

    assert (revision.number, revision.created_by) == (3, cast.writer)
    assert revision.content() == first.content() == Article.objects.get(pk=article.pk).content()
    assert revision.digest == first.digest
    assert contents().items() >= before.items()


def test_restoring_what_stands_makes_no_revision(cast, article):
    assert restore(cast, article, number=2) is None
    assert article.revisions.count() == 2


def test_the_sources_that_its_marks_name_are_put_at_hand_again(cast, article):
    ArticleSource.objects.filter(article=article).delete()
    revision = restore(cast, article)

    assert [row.key for row in revision.citations.all()] == ["doe2020"]
    assert article.sources.get() == cast.source


def test_a_source_that_is_at_hand_keeps_its_note(cast, article):
    restore(cast, article)

    assert article.article_sources.get().supports == "the length of sleep"


def test_the_byline_stays_as_it_is_now(cast, article):
    Authorship.objects.create(article=article, author=Author.objects.create(name="Ann", slug="ann"), position=1)
    revision = restore(cast, article)

    assert [row.name for row in revision.bylines.all()] == ["Wanda Writer", "Ann"]


def test_the_picture_of_then_is_the_picture_of_now(cast, article):
    article.hero_image = picture("teal")
    article.hero_alt = "Teal"
    article.save()
    drafting.record(article=article, actor=cast.writer)
    name = Article.objects.get(pk=article.pk).hero_image.name
    newsroom.rewrite(cast, article, hero_image="", hero_alt="")
    restore(cast, article, number=3)

    assert Article.objects.get(pk=article.pk).hero_image.name == name != ""


@pytest.mark.parametrize("who", ["colleague", "outsider", "advisor1"])
def test_who_may_not_edit_may_not_restore(cast, article, who):
    with pytest.raises(NotPermitted):
        restore(cast, article, actor=cast.everybody[who])
    assert Article.objects.get(pk=article.pk).title == "Second"


def test_a_text_that_was_saved_in_the_meantime_is_not_replaced(cast, article):
    newsroom.rewrite(cast, article, title="Third")
    with pytest.raises(Overtaken, match="saved"):
        restore(cast, article, seen_version=article.version - 1)
    assert Article.objects.get(pk=article.pk).title == "Third"


def test_while_the_board_reads_nothing_is_restored(cast, article):
    article = newsroom.rewrite(cast, article, title="Third")
    newsroom.submit(cast, article)
    before = Article.objects.get(pk=article.pk).content()
    with pytest.raises(InvalidTransition, match="Recall it"):
        restore(cast, article)
    assert Article.objects.get(pk=article.pk).content() == before


def test_a_number_that_is_none_is_refused(cast, article):
    with pytest.raises(InvalidTransition, match="no revision 9"):
        restore(cast, article, number=9)


def test_what_readers_see_stays_until_the_board_has_approved_again(cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Second")
    live = Publication.objects.visible().get()
    restore(cast, article)

    article.refresh_from_db()
    assert article.stage == "draft"
    assert Publication.objects.visible().get() == live


# In the admin


def address(article, page: str) -> str:
    return f"/admin/articles/article/{article.pk}/{page}"


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def send(client, article, number=1, **data):
    return client.post(address(article, f"restore/{number}/"), {"seen": article.version, **data})


def test_asking_shows_what_would_change_and_changes_nothing(writing, article):
    page = writing.get(address(article, "restore/1/")).content.decode()

    assert "What that would change" in page and "17 minutes" in page
    assert article.revisions.count() == 2


def test_sending_it_restores_and_leads_back_to_the_record(writing, article):
    answer = writing.post(address(article, "restore/1/"), {"seen": article.version}, follow=True)

    assert answer.redirect_chain[-1][0] == address(article, "history/")
    assert "Restored: the text of revision 1 is now revision 3." in answer.content.decode()
    assert Article.objects.get(pk=article.pk).title == "Magnesium and sleep"


@pytest.mark.parametrize("seen", ["", "0", "x", "-1", "99999999999999999999"])
def test_a_form_that_is_stale_is_refused_with_the_text_of_now(writing, article, seen):
    answer = send(writing, article, seen=seen)

    assert answer.status_code == 409
    assert "in the meantime" in answer.content.decode()
    assert article.revisions.count() == 2


def test_while_the_board_reads_the_page_says_so(writing, cast, article):
    article = newsroom.rewrite(cast, article)
    newsroom.submit(cast, article)
    article.refresh_from_db()
    answer = send(writing, article, number=2)

    assert answer.status_code == 409 and "Recall it before you change it" in answer.content.decode()
    assert "Recall it before you restore" in writing.get(address(article, "restore/2/")).content.decode()
    assert 'name="seen"' not in answer.content.decode()


@pytest.mark.parametrize("who", ["colleague", "advisor1", "outsider"])
def test_nobody_else_gets_there(client, cast, article, who):
    client.force_login(cast.everybody[who])

    assert send(client, article).status_code == (302 if who == "outsider" else 404)
    assert article.revisions.count() == 2


def test_a_published_article_says_that_it_becomes_a_draft(writing, cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Second")
    newsroom.approve(newsroom.submit(cast, article))

    assert "becomes a draft again" in writing.get(address(article, "restore/1/")).content.decode()


def test_a_stranger_to_the_form_needs_its_token(cast, article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.writer)

    assert send(client, article).status_code == 403
    assert article.revisions.count() == 2
