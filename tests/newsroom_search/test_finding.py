"""What the search of the newsroom finds, in which order, and what it shows of it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Author, SearchDraft
from articles.open_forms import presence
from articles.search import find, parse
from core import times
from core.admin.search.finding import MOST_RECENT
from core.admin.search.pages import MOST_IN_DIALOG
from tests import newsroom
from tests.articles.test_search import HOSTILE
from tests.newsroom_search.conftest import PAGE, labels, titles


@pytest.fixture
def drafts(cast):
    """Return the cast, who have written about otters: in a title, in the middle of a title, and in texts."""
    # The best is the oldest, because rows of the same quality are shown newest first.
    newsroom.draft(cast, slug="exact", title="Otters")
    newsroom.draft(cast, slug="at-the-beginning", title="Otters and sleep")
    newsroom.draft(cast, slug="in-the-middle", title="Sleep and otters")
    newsroom.draft(cast, slug="in-the-text", title="Zinc", body="<p>Before. It was said that otters sleep. After.</p>")
    return cast


def test_a_title_counts_more_than_the_words_of_a_text(drafts, search):
    found = titles(search(drafts.editor, "otters"), "Articles")

    assert found == ["Otters", "Otters and sleep", "Sleep and otters", "Zinc"]


def test_the_group_with_the_best_row_is_the_first(drafts, search):
    Author.objects.create(name="Otters", slug="otters")
    newsroom.source("otters2020", title="A trial of otters")

    assert labels(search(drafts.editor, "otters"))[:3] == ["Articles", "Authors", "Sources"]
    assert labels(search(drafts.editor, "house settings")) == []
    assert labels(search(drafts.admin, "house settings")) == ["Pages and settings"]
    assert labels(search(drafts.editor, "otters2020")) == ["Sources"]


def test_a_draft_is_found_by_how_its_words_begin_and_by_other_forms_of_them(drafts, search):
    for typed in ("ott", "otter", "OTTERS", "sleeping otter", "said otters"):
        assert "Zinc" in titles(search(drafts.editor, typed), "Articles"), typed
    assert titles(search(drafts.editor, "ters zinc"), "Articles") == []


def test_the_passage_of_a_draft_has_the_words_marked_and_is_escaped(cast, search):
    newsroom.draft(cast, title="Zinc", body="<p>1 &lt; 2 &amp; the <strong>otters</strong> slept &lt;script&gt;.</p>")
    row = search(cast.editor, "otter").groups[0].rows[0]

    assert "1 &lt; 2 &amp; the <mark>otters</mark> slept &lt;script&gt;." in row.passage
    assert search(cast.editor, "zinc").groups[0].rows[0].passage == ""


def test_markup_is_no_word_of_a_draft(cast, search):
    newsroom.draft(cast, title="Zinc", body='<p><strong>Bold</strong> <a href="https://example.org/">there</a></p>')

    for typed in ("strong", "href", "https"):
        assert titles(search(cast.editor, typed), "Articles") == []


def test_a_draft_is_found_by_its_last_saved_words_alone(cast, search):
    article = newsroom.draft(cast, title="Zinc", body="<p>Otters.</p>")
    newsroom.rewrite(cast, article, title="Zinc", body="<p>Beavers.</p>")

    assert titles(search(cast.editor, "beavers"), "Articles") == ["Zinc"]
    assert titles(search(cast.editor, "otters"), "Articles") == []


def test_a_published_article_is_found_by_what_readers_see_and_by_its_working_copy(cast, search):
    article = newsroom.published(cast, title="Zinc", body="<p>Otters.</p>")
    newsroom.rewrite(cast, article, title="Zinc", body="<p>Beavers.</p>")

    for typed in ("otters", "beavers"):
        assert titles(search(cast.editor, typed), "Articles") == ["Zinc"]
    assert find(parse("beavers"), at=timezone.now()).object_list == []


def test_the_index_of_drafts_can_be_made_anew(drafts, search):
    before = set(SearchDraft.objects.values_list("article", "words"))
    SearchDraft.objects.all().delete()
    assert titles(search(drafts.editor, "said"), "Articles") == []

    call_command("rebuild_search")
    assert set(SearchDraft.objects.values_list("article", "words")) == before
    assert titles(search(drafts.editor, "said"), "Articles") == ["Zinc"]


@pytest.mark.both_databases
def test_the_search_of_drafts_uses_its_index(drafts):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT 1 FROM articles_searchdraft WHERE vector @@ to_tsquery('english', 'otter:*')"
            )
            assert "articles_searchdraft_vector" in str(cursor.fetchall())
        else:
            index = "articles_searchdraftindex"
            cursor.execute(f"EXPLAIN QUERY PLAN SELECT rowid FROM {index} WHERE {index} MATCH 'otter*'")
            assert "VIRTUAL TABLE INDEX" in str(cursor.fetchall())


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_an_answer(drafts, client, typed):
    client.force_login(drafts.admin)
    answer = client.get(PAGE, {"q": typed})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["%", "_", "o%s"])
def test_a_wildcard_of_the_database_stands_for_itself(drafts, search, typed):
    assert labels(search(drafts.editor, typed)) == []


def test_only_the_best_rows_are_shown_and_a_link_leads_to_all(cast, client, search):
    for number in range(MOST_IN_DIALOG + 2):
        newsroom.draft(cast, title=f"Otters of lake{number}")
    group = search(cast.editor, "otters").groups[0]

    assert len(group.rows) == MOST_IN_DIALOG
    assert group.all_of_them == f"All {MOST_IN_DIALOG + 2} articles"
    assert client.get(group.url).context["cl"].result_count == MOST_IN_DIALOG + 2
    assert search(cast.editor, "otters lake1").groups[0].all_of_them == ""


def test_the_page_needs_no_script_and_shows_more(cast, client, search):
    for number in range(MOST_IN_DIALOG + 2):
        newsroom.draft(cast, title=f"Otters {number}")
    assert len(search(cast.editor, "otters", PAGE).groups[0].rows) == MOST_IN_DIALOG + 2

    page = client.get(PAGE, {"q": "otters"}).content.decode()
    article = Article.objects.get(title="Otters 3")
    assert f'href="/admin/articles/article/{article.pk}/change/"' in page
    assert f"{MOST_IN_DIALOG + 2} results" in page
    assert "Nothing was found for “zebras”." in client.get(PAGE, {"q": "zebras"}).content.decode()


@pytest.mark.parametrize("typed", ["", "   ", "\x00"])
def test_where_nothing_is_typed_the_persons_own_recent_work_comes_first(cast, search, typed):
    newsroom.draft(cast, title="Not opened")
    opened = newsroom.draft(cast, title="Opened")
    presence.arrive(article=opened, user=cast.editor, at=timezone.now())
    results = search(cast.editor, typed)

    assert labels(results) == ["Recent", "Begin"]
    assert titles(results, "Recent") == ["Opened"]
    assert set(titles(search(cast.writer, typed), "Recent")) == {"Opened", "Not opened"}
    assert titles(results, "Begin") == ["Begin an article", "Paste sources", "Add a source", "Upload a manuscript"]


def test_recent_work_is_the_last_first_of_every_kind_and_bounded(cast, client, search):
    for number in range(MOST_RECENT):
        newsroom.draft(cast, title=f"Draft {number}")
    client.force_login(cast.writer)
    source = newsroom.source("saved2020")
    source.history.update(history_user=cast.writer, history_date=timezone.now())
    recent = titles(search(cast.writer, ""), "Recent")

    assert len(recent) == MOST_RECENT
    assert recent[:2] == ["saved2020: A trial called saved2020", f"Draft {MOST_RECENT - 1}"]


def test_recent_work_that_one_may_no_longer_open_is_left_out(cast, search):
    article = newsroom.draft(cast, title="Not theirs")
    presence.arrive(article=article, user=cast.colleague, at=timezone.now())

    assert titles(search(cast.colleague, ""), "Recent") == []


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["", "otters"])
def test_the_number_of_queries_does_not_grow(drafts, client, search, typed):
    def queries() -> int:
        search(drafts.editor, typed)
        with CaptureQueriesContext(connection) as made:
            client.get("/admin/search/found/", {"q": typed})
        return len(made)

    newsroom.source("otters0", title="Otters").history.update(history_user=drafts.editor)
    few = queries()
    for number in range(12):
        newsroom.draft(drafts, title=f"More {number}", body="<p>Otters.</p>")
        newsroom.source(f"otters{number + 1}", title="Otters").history.update(history_user=drafts.editor)
    assert queries() == few <= 21


def test_a_note_says_the_stage_and_the_time_of_the_last_save(cast, search):
    article = newsroom.draft(cast, title="Otters")

    assert search(cast.editor, "otters").groups[0].rows[0].note == f"Draft · {times.moment(article.saved_at)}"
