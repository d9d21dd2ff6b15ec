"""The search finds what readers see at that moment, ranks it, and accepts any input."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import Article, SearchEntry, SearchWord, Topic
from articles.search import parse
from articles.search.finding import START, STOP, marked
from articles.search.index import rebuild
from tests import newsroom


def found(client, words: str, **more: str) -> list[str]:
    """Return the titles on the first page of results."""
    answer = client.get("/search/", {"q": words, **more})
    assert answer.status_code == 200
    return [row.publication.approval.revision.title for row in answer.context["page"].object_list]


@pytest.fixture
def library(cast):
    """Three articles: one with the word in its title, one with it only in its body, and one without it."""
    cite = '<sup data-cite="doe2020"></sup>'
    newsroom.published(cast, title="Tea and calm", body=f"<p>Some slept like otters.{cite}</p>")
    newsroom.published(cast, title="Otters at rest", body=f"<p>They sleep at sea.{cite}</p>")
    newsroom.published(cast, title="Magnesium", body=f"<p>A mineral.{cite}</p>")


def test_the_title_weighs_most(client, library):
    assert found(client, "otters") == ["Otters at rest", "Tea and calm"]
    assert found(client, "otter") == ["Otters at rest", "Tea and calm"]


def test_the_words_are_marked_and_the_text_is_escaped(client, cast):
    newsroom.published(cast, body='<p>As 1 &lt; 2, a otter &amp; co. sleep.<sup data-cite="doe2020"></sup></p>')
    html = client.get("/search/", {"q": "otter"}).content.decode()
    assert "As 1 &lt; 2, a <mark>otter</mark> &amp; co. sleep" in html


def test_a_passage_is_escaped_piece_by_piece():
    assert marked(f"<b>{START}<i>{STOP}{STOP}{START}") == "&lt;b&gt;<mark>&lt;i&gt;</mark>"
    assert marked("<b>no hit") == ""


@pytest.mark.parametrize("stage", ["draft", "in_review", "changes_requested", "approved"])
def test_what_is_not_live_is_not_found(client, cast, stage):
    getattr(newsroom, stage)(cast, title="Canary otter")
    for words in ("canary", "canari", "oter"):
        html = client.get("/search/", {"q": words}).content.decode().lower()
        assert "otter" not in html and "canary otter" not in html


def test_a_scheduled_and_an_expired_text_are_found_at_their_time_alone(client, cast):
    article = newsroom.approved(cast, title="Canary otter")
    start = timezone.now() + timedelta(days=1)
    workflow.schedule(article=article, actor=cast.editor, at=start, until=start + timedelta(days=1))

    assert found(client, "otter") == []
    assert "canary" not in client.get("/search/", {"q": "canari"}).content.decode()
    with time_machine.travel(start, tick=False):
        assert found(client, "otter") == ["Canary otter"]
    with time_machine.travel(start + timedelta(days=1), tick=False):
        assert found(client, "otter") == []


def test_a_withdrawn_text_and_an_older_version_are_not_found(client, cast):
    article = newsroom.published(cast, title="Canary otter")
    newsroom.rewrite(cast, article, title="Seals")
    newsroom.submit(cast, article)
    newsroom.approve(article.submissions.first())
    article.refresh_from_db()
    newsroom.publish(cast, article)
    assert found(client, "otter") == [] and found(client, "seals") == ["Seals"]
    assert "otter</a>" not in client.get("/search/", {"q": "oter"}).content.decode()

    article.refresh_from_db()
    workflow.withdraw(article=article, actor=cast.editor, notice="It was wrong.")
    assert found(client, "seals") == []


def test_topics_and_kinds_of_evidence_narrow_it(client, cast, library):
    assert len(found(client, "otter", topic="sleep")) == 2
    other = newsroom.published(cast, title="Of another topic")
    other.topics.set([Topic.objects.create(name="Other", slug="other")])
    assert found(client, "otter", topic="other") == []
    assert len(found(client, "otter", evidence="trial")) == 2
    assert found(client, "otter", evidence="synthesis") == []
    for wrong in ({"topic": "none"}, {"evidence": "none"}, {"topic": "x\x00"}):
        assert client.get("/search/", {"q": "otter", **wrong}).status_code == 404


def test_what_many_have_is_ranked_up_to_a_bound_titles_first(client, library, cast, monkeypatch):
    monkeypatch.setattr("articles.search.finding.MOST", 2)
    cite = '<sup data-cite="doe2020"></sup>'
    for place in range(3):
        newsroom.published(cast, title=f"Seals {place}", body=f"<p>Not otters.{cite}</p>")
    answer = client.get("/search/", {"q": "otters"})

    assert found(client, "otters")[0] == "Otters at rest"
    assert len(found(client, "otters")) == 2
    assert "More than 2 articles for" in answer.content.decode()
    assert "More than" not in client.get("/search/", {"q": "mineral"}).content.decode()


def test_a_word_in_a_title_is_no_hit_where_the_body_has_what_is_left_out(client, library):
    assert found(client, "otters -sea") == ["Tea and calm"]
    assert found(client, '"otters at" -calm') == ["Otters at rest"]


def test_the_index_knows_whose_text_it_holds_also_when_it_is_made_anew(cast):
    article = newsroom.published(cast)
    [kept] = SearchEntry.objects.all()
    assert kept.article_key == article.pk
    rebuild()
    assert SearchEntry.objects.get().article_key == article.pk


def test_a_topic_that_an_article_gets_or_loses_finds_it_or_not_at_once(client, cast, library):
    other = Topic.objects.create(name="Other", slug="other")
    newsroom.published(cast).topics.set([other])
    article = Article.objects.get(title="Tea and calm")
    article.topics.add(other)
    assert found(client, "otter", topic="other") == ["Tea and calm"]
    article.topics.remove(other)
    assert found(client, "otter", topic="other") == []


def test_a_topic_with_drafts_alone_is_not_given_away(client, cast, library):
    newsroom.draft(cast).topics.set([Topic.objects.create(name="Hush", slug="hush")])
    answers = [client.get("/search/", {"q": "otter", "topic": slug}) for slug in ("hush", "never-was")]
    assert [answer.status_code for answer in answers] == [404, 404]


def test_phrases_and_exclusions(client, library):
    assert found(client, '"like otters"') == ["Tea and calm"]
    assert found(client, "otters -tea") == ["Otters at rest"]
    assert found(client, "-tea") == []


def test_where_nothing_has_all_words_what_has_some_is_shown(client, library):
    answer = client.get("/search/", {"q": "otters zeppelin"})
    assert answer.context["is_partial"] and len(answer.context["page"].object_list) == 2


@pytest.mark.parametrize(("typed", "meant"), [("ottres", "otters"), ("magnesum", "magnesium"), ("qqqqqq", "")])
def test_a_slip_is_put_right(client, library, typed, meant):
    answer = client.get("/search/", {"q": typed})
    assert answer.context["meant"] == meant
    assert (f"?q={meant}" in answer.content.decode()) == bool(meant)


HOSTILE = [
    *('"', "'", '""', "''", "\\", "\x00", "a\x00b", "%", "_", "*", "^", "(", ")", "-", "--", "---a", '-"a', ":", "&|!"),
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "a AND",
        "title:a",
        "{a b}: c",
        "a*",
        'x" OR "y',
        "<->",
        "!!a",
        "a:*",
        "'; DROP TABLE x",
    ),
    *("<script>alert(1)</script>", "\ue000a\ue001", "\u2028", "\U0001f600"),
    *("e\u0301" * 400, "x" * 15_000, "word " * 3_000, "the", "…", "日本語", "-a -b -c"),
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_gets_an_answer(client, library, typed):
    answer = client.get("/search/", {"q": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_query_longer_than_any_page_makes_is_refused_before_it_is_read(client, library):
    assert client.get("/search/", {"q": "x" * 100_000}).status_code == 414


def test_a_query_is_read_alike_for_every_database():
    query = parse('The "sleep ONSET" l-theanine -"green tea" -x AND')
    assert query.wanted == (("sleep", "onset"), ("l", "theanine"))
    assert query.unwanted == (("green", "tea"), ("x",))
    assert parse("the").wanted == (("the",),)
    assert not parse('"-" * "')


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "9" * 5000, ""])
def test_a_page_of_results_that_is_not_there_is_not_found(client, library, page):
    for words in ("otters", "otters zeppelin", "", "qqqq"):
        assert client.get("/search/", {"q": words, "page": page}).status_code == 404


def test_results_have_pages_and_a_constant_number_of_queries(client, cast):
    newsroom.published(cast)
    with CaptureQueriesContext(connection) as few:
        client.get("/search/", {"q": "magnesium"})
    for _ in range(10):
        newsroom.published(cast)
    with CaptureQueriesContext(connection) as many:
        assert len(found(client, "magnesium")) == 10
    assert len(few) == len(many) <= 7
    assert len(found(client, "magnesium", page="2")) == 1
    assert len(found(client, "magnesium zeppelin", page="2")) == 1


def test_past_the_last_page_of_what_has_all_words_nothing_else_is_put_in_its_place(client, cast):
    newsroom.published(cast, title="Otters and magnesium")
    for _ in range(10):
        newsroom.published(cast)
    assert len(found(client, "otters magnesium")) == 1
    assert client.get("/search/", {"q": "otters magnesium", "page": "2"}).status_code == 404


def test_the_answer_is_the_same_for_everybody_and_kept_out_of_other_searches(client, cast):
    client.force_login(cast.editor)
    answer = client.get("/search/", {"q": "x"})
    assert answer.is_public and not answer.cookies
    assert '<meta name="robots" content="noindex' in answer.content.decode()
    assert client.post("/search/").status_code == 405


def test_the_index_can_be_made_anew(client, library, capsys):
    SearchEntry.objects.all().delete()
    SearchWord.objects.all().delete()
    assert found(client, "otters") == []
    for _ in range(2):
        call_command("rebuild_search")
        assert capsys.readouterr().out == "3 revisions can be searched.\n"
        assert len(found(client, "otters")) == 2


def test_the_search_uses_its_index(client, library):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN SELECT 1 FROM articles_searchentry e WHERE e.vector @@ 'otter'::tsquery")
            assert "articles_searchentry_vector" in str(cursor.fetchall())
            title = "to_tsvector('english', e.title) @@ 'otter'::tsquery"
            cursor.execute(f"EXPLAIN SELECT 1 FROM articles_searchentry e WHERE {title}")
            assert "articles_searchentry_title" in str(cursor.fetchall())
        else:
            cursor.execute("EXPLAIN QUERY PLAN SELECT 1 FROM articles_searchindex WHERE articles_searchindex MATCH 'x'")
            assert "VIRTUAL TABLE INDEX" in str(cursor.fetchall())
