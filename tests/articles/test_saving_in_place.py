"""The JSON with which a save is answered that leaves the page as it is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisors.models import PanelMember
from articles.models import Article
from core import times
from tests import newsroom
from tests.admin_forms import WebForm, article_form

IN_PLACE = {"_in_place": "1"}


@pytest.fixture
def article(cast) -> Article:
    return newsroom.draft(cast)


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


def errors(answer) -> dict[str, list[str]]:
    return {error["at"]: error["messages"] for error in answer.json()["errors"]}


def keys_in(html: str, prefix: str) -> list[int]:
    return [int(key) for key in re.findall(rf'name="{prefix}-\d+-id" value="(\d+)"', html)]


def test_a_save_is_answered_with_the_new_version_and_the_time_in_the_newsrooms_zone(writing, article, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    before = article.version
    with timezone.override("Pacific/Auckland"):
        answer = article_form(writing, article).send(writing, title="Saved in place", **IN_PLACE).json()
        assert answer["at"] == times.clock(timezone.now())
    article.refresh_from_db()
    assert (article.title, answer["version"], answer["revision"]) == ("Saved in place", before + 1, 2)
    assert answer["address"].endswith(f"/{article.pk}/change/")
    assert answer["groups"] == {}
    assert answer["messages"] == []


def test_a_save_without_a_change_makes_no_revision_and_says_so(writing, article):
    answer = article_form(writing, article).send(writing, **IN_PLACE).json()
    assert answer["revision"] == 1
    assert answer["messages"] == ["Nothing in the text has changed, so no new revision was made."]


def test_two_saves_from_one_page_work_with_the_version_of_the_answer(writing, article):
    form = article_form(writing, article)
    first = form.send(writing, title="First", **IN_PLACE).json()
    second = form.send(writing, title="Second", seen_version=str(first["version"]), **IN_PLACE)
    assert second.status_code == 200
    assert [revision.title for revision in article.revisions.all()][:2] == ["Second", "First"]


def test_new_rows_come_back_with_their_keys_so_that_they_are_not_added_twice(writing, cast, article):
    other = newsroom.source("row2020")
    form = article_form(writing, article).add_row("article_sources", source=str(other.pk))
    answer = form.send(writing, **IN_PLACE).json()
    assert list(answer["groups"]) == ["article_sources"]
    stored = list(article.article_sources.order_by("pk").values_list("pk", flat=True))
    assert sorted(keys_in(answer["groups"]["article_sources"], "article_sources")) == stored
    assert 'name="article_sources-INITIAL_FORMS" value="2"' in answer["groups"]["article_sources"]


def test_removed_rows_are_not_in_the_answer(writing, article):
    form = article_form(writing, article).put(**{"article_sources-0-DELETE": "on"})
    answer = form.send(writing, **IN_PLACE).json()
    assert keys_in(answer["groups"]["article_sources"], "article_sources") == []


def test_proposed_reviewers_come_back_as_stored_rows(writing, cast, article):
    form = article_form(writing, article)
    free = [advisor for advisor in cast.advisors if not PanelMember.objects.filter(advisor=advisor).exists()]
    answer = form.add_row("panel", advisor=str(free[0].pk)).send(writing, **IN_PLACE).json()
    assert free[0].name in answer["groups"]["panel"]
    assert keys_in(answer["groups"]["panel"], "panel")


def test_the_answer_makes_as_many_queries_for_many_rows_as_for_one(writing, article):
    def queries(row: str, **fields: str) -> int:
        source = newsroom.source(row, doi=f"10.1000/{row}")
        form = article_form(writing, article).add_row("article_sources", source=str(source.pk))
        with CaptureQueriesContext(connection) as captured:
            assert form.send(writing, **fields).status_code in (200, 302)
        return len(captured)

    queries("first", **IN_PLACE)
    with_few = queries("second", **IN_PLACE) - queries("third")
    for row in ("fourth", "fifth", "sixth", "seventh"):
        queries(row)
    assert queries("eighth", **IN_PLACE) - queries("ninth") <= with_few


def test_errors_are_said_to_be_at_their_fields(writing, article):
    form = article_form(writing, article)
    form.add_row("article_sources", source="")
    form.put(**{"article_sources-1-supports": "Something"})
    answer = form.send(writing, slug="no address", **IN_PLACE)
    assert answer.status_code == 422
    found = errors(answer)
    assert "Enter a valid “slug”" in found["id_slug"][0]
    assert found["id_article_sources-1-source"] == ["This field is required."]
    assert article.revisions.count() == 1


def test_an_error_of_rows_as_a_whole_is_at_their_group(client, cast):
    article = newsroom.draft(cast)
    Article.objects.filter(pk=article.pk).update(created_by=cast.editor)
    client.force_login(cast.writer)
    form = article_form(client, article).put(**{"authorships-0-DELETE": "on"})
    answer = form.send(client, **IN_PLACE)
    assert "You cannot take yourself off the byline" in errors(answer)["authorships-group"][0]


def test_a_save_in_the_meantime_leads_to_the_page_with_both_versions(writing, cast, article):
    form = article_form(writing, article)
    newsroom.rewrite(cast, article, cast.editor, title="The editor's")
    answer = form.send(writing, title="The writer's", **IN_PLACE)
    assert (answer.status_code, answer.json()) == (409, {})
    del form.data["_in_place"]
    assert "Nothing was overwritten" in form.send(writing).content.decode()


def test_a_text_that_the_board_reads_leads_to_the_page_that_says_so(writing, cast, article):
    form = article_form(writing, article)
    newsroom.submit(cast, article)
    assert form.send(writing, title="Too late", **IN_PLACE).status_code == 409
    del form.data["_in_place"]
    assert "What you typed is below." in form.send(writing).content.decode()


def test_a_new_article_comes_back_with_its_address_and_all_its_rows(writing, cast):
    form: WebForm = article_form(writing)
    answer = form.send(writing, title="Begun in place", slug="begun-in-place", **IN_PLACE).json()
    article = Article.objects.get(slug="begun-in-place")
    assert answer["address"].endswith(f"/{article.pk}/change/")
    assert keys_in(answer["groups"]["authorships"], "authorships") == [article.authorships.get().pk]
    assert set(answer["groups"]) == {"authorships", "article_sources", "recommendations", "panel"}


def test_a_save_does_not_look_up_the_sources_of_rows_that_stay_as_they_are(writing, article):
    def lookups() -> int:
        form = article_form(writing, article)
        with CaptureQueriesContext(connection) as captured:
            assert (
                form.send(writing, standfirst=f"Words {article.article_sources.count()}.", **IN_PLACE).status_code
                == 200
            )
        one = re.compile(r'FROM "sources_source" WHERE "sources_source"\."id" = \d+ LIMIT 21')
        return sum(bool(one.search(query["sql"])) for query in captured.captured_queries)

    few = lookups()
    for place in range(5):
        article.article_sources.create(source=newsroom.source(f"row{place}", doi=f"10.1000/row{place}"))
    assert lookups() == few == 0
