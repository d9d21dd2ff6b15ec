"""The list of articles: its filters, and the verbs for several articles at once."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from advisors.models import PanelMember
from articles import workflow
from articles.admin import filters
from articles.models import Article, Author, Authorship, Stage, Topic
from tests import newsroom

LIST = "admin:articles_article_changelist"


@pytest.fixture
def editor(cast, client):
    client.force_login(cast.editor)
    return client


def listed(client, **query):
    page = client.get(reverse(LIST), query)
    return {article.title for article in page.context["cl"].queryset}


def bulk(client, verb, articles, **fields):
    return client.post(
        reverse(LIST),
        {"action": verb, "_selected_action": [article.pk for article in articles], "confirmed": "1", **fields},
    )


def moment(at):
    return {"at_0": f"{at:%Y-%m-%d}", "at_1": f"{at:%H:%M:%S}"}


@pytest.fixture
def several(cast):
    newsroom.published(cast, title="Live")
    newsroom.publish(cast, newsroom.approved(cast, title="Later"), at=timezone.now() + timedelta(days=2))
    workflow.withdraw(article=newsroom.published(cast, title="Gone"), actor=cast.editor, notice="A dose was wrong.")
    newsroom.draft(cast, title="New")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("live", {"Live"}), ("scheduled", {"Later"}), ("withdrawn", {"Gone"}), ("never", {"New"})],
)
def test_the_list_can_be_cut_to_what_readers_see(editor, several, shown, expected):
    assert listed(editor, shown=shown) == expected


@pytest.mark.parametrize("many", [1, 2000], ids=["of many", "of few"])
def test_the_list_can_be_cut_to_a_topic_or_an_author_or_to_what_has_none(editor, cast, several, monkeypatch, many):
    monkeypatch.setattr(filters.HasFilter, "MANY", many)
    light = Topic.objects.create(name="Light", slug="light")
    Article.objects.get(title="New").topics.set([light, cast.topic])
    Article.objects.get(title="Gone").topics.clear()
    other = Author.objects.create(name="Otto", slug="otto")
    Authorship.objects.create(article=Article.objects.get(title="Live"), author=other, position=2)
    Authorship.objects.filter(article__title="New").delete()

    assert listed(editor, topic=light.pk) == {"New"}
    assert listed(editor, topic=cast.topic.pk) == {"Live", "Later", "New"}
    assert listed(editor, topic="none") == {"Gone"}
    assert listed(editor, topic=cast.topic.pk, author=other.pk) == {"Live"}
    assert listed(editor, author=cast.author.pk) == {"Live", "Later", "Gone"}
    assert listed(editor, author="none") == {"New"}
    page = editor.get(reverse(LIST), {"topic": light.pk}).content.decode()
    assert "no topic" in page and "no author" in page


@pytest.mark.parametrize("more", [{}, {"shown": "live"}], ids=["of all", "of what is live"])
def test_how_many_each_topic_would_find_is_said_beside_it(editor, cast, several, more):
    light = Topic.objects.create(name="Light", slug="light")
    Article.objects.get(title="Live").topics.add(light)
    Article.objects.get(title="New").topics.clear()
    page = editor.get(reverse(LIST), {**more, "_facets": "True"}).content.decode()
    counts = ("Light (1)", "Sleep (1)", "no topic (0)") if more else ("Light (1)", "Sleep (3)", "no topic (1)")
    for count in (*counts, "no author (0)"):
        assert count in page


@pytest.mark.parametrize("value", ["0", "99999999999999999999999", "-1", "1 OR 1=1", "", "²", "none'--"])
def test_a_topic_that_there_is_not_is_refused(editor, several, value):
    answer = editor.get(reverse(LIST), {"topic": value})
    assert answer.status_code == 302 and answer["Location"].endswith("?e=1")


def test_an_article_that_is_only_scheduled_counts_as_later_and_not_as_never(editor, several):
    assert "Later" not in listed(editor, shown="never")


@pytest.mark.parametrize(("interval", "expected"), [(365, set()), (80, {"Live"}), (1, {"Live"})])
def test_the_list_can_be_cut_to_reviews_that_fall_due(editor, several, settings, interval, expected):
    settings.REVIEW_INTERVAL_DAYS = interval
    assert listed(editor, review_due="90") == expected


def test_the_list_can_be_cut_to_a_reviewer(editor, cast):
    newsroom.draft(cast, title="With Ada", panel=1)
    newsroom.draft(cast, title="With nobody", panel=0)
    assert listed(editor, advisor=cast.advisors[0].pk) == {"With Ada"}


def test_submitting_several_says_how_each_one_went(editor, cast):
    ready, unready = newsroom.draft(cast, title="Ready"), newsroom.draft(cast, title="Unready", panel=0)
    due_on = timezone.localdate() + timedelta(days=7)
    page = bulk(editor, "submit", [ready, unready], note="Please", due_on=due_on.isoformat())
    assert [(result.article.title, result.is_done) for result in page.context["results"]] == [
        ("Ready", True),
        ("Unready", False),
    ]
    ready.refresh_from_db()
    unready.refresh_from_db()
    assert (ready.stage, unready.stage) == (Stage.IN_REVIEW, Stage.DRAFT)
    assert ready.submissions.get().due_on == due_on


def test_choosing_a_verb_asks_first_and_does_nothing(editor, cast):
    article = newsroom.draft(cast)
    page = editor.post(reverse(LIST), {"action": "submit", "_selected_action": [article.pk]})
    assert "Nothing has been changed yet" in page.content.decode()
    article.refresh_from_db()
    assert article.stage == Stage.DRAFT


def test_scheduling_several_passes_the_same_guards(editor, cast):
    approved, draft = newsroom.approved(cast), newsroom.draft(cast)
    at = timezone.now() + timedelta(days=3)
    page = bulk(editor, "schedule", [approved, draft], change_note="", **moment(at))
    assert [result.is_done for result in page.context["results"]] == [True, False]
    assert approved.publications.get().starts_at.date() == at.date()


def test_putting_an_advisor_on_several_panels_asks_them_where_a_round_is_open(editor, cast):
    waiting, draft, advisor = newsroom.in_review(cast), newsroom.draft(cast), cast.advisors[2]
    bulk(editor, "assign", [waiting, draft], advisor=advisor.pk)
    assert waiting.submissions.get().reviews.filter(advisor=advisor).exists()
    assert PanelMember.objects.filter(article=draft, advisor=advisor, confirmed=True).exists()


def test_nobody_is_put_on_the_panel_of_a_text_of_their_own(editor, cast):
    article = newsroom.draft(cast)
    newsroom.rewrite(cast, article, actor=cast.admin, title="Edited")
    advisor = cast.advisors[2]
    advisor.user = cast.admin
    advisor.save()
    page = bulk(editor, "assign", [article], advisor=advisor.pk)
    assert [result.is_done for result in page.context["results"]] == [False]


def test_a_writer_is_offered_what_writers_may_do(cast, client):
    newsroom.draft(cast)
    client.force_login(cast.writer)
    actions = dict(client.get(reverse(LIST)).context["action_form"].fields["action"].choices)
    assert set(actions) == {"", "submit"}


@pytest.mark.parametrize("verb", ["schedule", "assign", "delete_selected"])
def test_a_writer_who_forges_another_verb_changes_nothing(cast, client, verb):
    article = newsroom.approved(cast)
    client.force_login(cast.writer)
    bulk(client, verb, [article], advisor=cast.advisors[2].pk, **moment(timezone.now() + timedelta(days=3)))
    article.refresh_from_db()
    assert (article.stage, article.publications.count(), article.panel.count()) == (Stage.APPROVED, 0, 2)


def test_a_writer_cannot_submit_what_is_not_theirs(cast, client):
    article = newsroom.draft(cast)
    client.force_login(cast.colleague)
    bulk(client, "submit", [article], due_on=timezone.localdate().isoformat())
    article.refresh_from_db()
    assert article.stage == Stage.DRAFT


def test_the_interval_between_reviews_has_a_default():
    assert settings.REVIEW_INTERVAL_DAYS == 365
