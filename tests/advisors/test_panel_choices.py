"""Help with choosing reviewers: their order, who cannot be chosen, and adding one with one click."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advisors import disclosures, panel, panel_choices, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, PanelMember, Question, Review
from advisors.panel_choices import Candidate, named_in, ranked
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Author, Topic
from tests import newsroom
from tests.admin_forms import article_form

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def candidate(name, **facts):
    return Candidate(Advisor(pk=ord(name[0]), name=name), **facts)


def names(found):
    return [one.advisor.name for one in found]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"refusal": "left"}),
        ({}, {"interests": ("Shares",), "specialties": ("Sleep", "Stress")}),
        ({"needed": ("Sleep",)}, {"specialties": ("Stress", "Pain")}),
        ({"specialties": ("Sleep", "Stress"), "load": 4}, {"specialties": ("Sleep",)}),
        ({"load": 1, "last_given": MAY}, {"load": 2}),
        ({}, {"last_given": MAY}),
        ({"last_given": MAY}, {"last_given": MAY.replace(month=6)}),
    ],
)
def test_the_better_fit_comes_first(first, second):
    assert names(ranked([candidate("A", **second), candidate("Z", **first)])) == ["Z", "A"]


def test_equals_stand_by_name():
    assert names(ranked([candidate("C"), candidate("A"), candidate("B")])) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Dr Ada Okafor", "Ada Okafor"),
        ("ada okafor, perhaps?", "Ada Okafor"),
        ("Prof. Ada Okafor (Leeds)", "Ada Okafor"),
        ("Somebody at Leeds", None),
        ("Ada Okafor or Ben Lund", None),
        ("Adam Okafor", None),
        ("", None),
    ],
)
def test_words_name_one_advisor_or_none(words, expected):
    board = [Advisor(name="Dr Ada Okafor"), Advisor(name="Ben Lund"), Advisor(name="Ada")]
    found = named_in(words, board[:2])
    assert (found.name.removeprefix("Dr ") if found else None) == expected


@pytest.fixture
def lapsed(cast):
    with time_machine.travel("2024-01-01"):
        return newsroom.advisor("lapsed")


def of(article):
    return {one.advisor.slug: one for one in panel_choices.candidates(article)}


def test_a_specialist_in_the_topic_is_found_and_named_as_needed(cast):
    article = newsroom.draft(cast, panel=2)
    cast.advisors[2].specialties.add(cast.topic, Topic.objects.create(name="Pain", slug="pain"))
    assert panel_choices.candidates(article)[0].advisor == cast.advisors[2]
    assert (of(article)["cleo"].specialties, of(article)["cleo"].needed) == (("Sleep",), ())
    Topic.objects.update(needs_specialist=True)
    assert of(article)["cleo"].needed == ("Sleep",)
    panel.assign(article=article, advisor=cast.advisors[2], actor=cast.editor)
    assert of(article)["cleo"].needed == ()


def test_load_and_the_last_review_are_counted(cast):
    newsroom.published(cast)
    newsroom.in_review(cast)
    reviews.decline(
        review=Review.objects.get(submission__outcome="", advisor=cast.advisors[1]),
        actor=cast.advisors[1].user,
        reason="No time.",
    )
    found = of(newsroom.draft(cast, panel=0))
    assert [found[name].load for name in ("ada", "ben", "cleo")] == [1, 0, 0]
    assert found["ada"].last_given and found["cleo"].last_given is None


def test_an_interest_that_touches_the_topic_is_said(cast):
    ada = cast.advisors[0]
    interests = dict.fromkeys(Question, Interest()) | {
        Question.STOCK: Interest("Shares in Nightcap Ltd.", topics=(cast.topic,)),
        Question.TRAVEL: Interest("A congress on pain."),
    }
    disclosures.disclose(advisor=ada, actor=ada.user, interests=interests)
    found = panel_choices.candidates(newsroom.draft(cast, panel=0))
    assert found[-1].advisor == ada
    assert found[-1].interests == ("Shares or share options: Shares in Nightcap Ltd.",)


def test_who_cannot_be_chosen_is_said_and_comes_last(cast, lapsed):
    article = newsroom.draft(cast, panel=0)
    author = Author.objects.create(name="Ada", slug="ada", user=cast.advisors[0].user)
    article.authorships.create(author=author, position=1)
    found = panel_choices.candidates(article)
    assert [one.advisor.slug for one in found][-2:] == ["ada", "lapsed"]
    assert "written or edited" in of(article)["ada"].refusal and "lapsed" in of(article)["lapsed"].refusal


def test_the_same_rule_holds_where_one_is_put_on_the_panel(cast, lapsed):
    article = newsroom.draft(cast, panel=0)
    with pytest.raises(InvalidTransition, match="standing disclosure of Dr Lapsed has lapsed"):
        panel.assign(article=article, advisor=lapsed, actor=cast.editor)
    Advisor.objects.filter(pk=cast.advisors[0].pk).update(is_active=False)
    with pytest.raises(InvalidTransition, match="no longer on the board"):
        panel.assign(article=article, advisor=Advisor.objects.get(slug="ada"), actor=cast.editor)
    assert not article.panel.exists()


@pytest.mark.parametrize("who", ["writer", "editor"])
def test_and_on_the_articles_form(client, cast, lapsed, who):
    article = newsroom.draft(cast, panel=0)
    client.force_login(cast.everybody[who])
    answer = article_form(client, article).add_row("panel", advisor=lapsed.pk).send(client)
    assert "The standing disclosure of Dr Lapsed has lapsed" in answer.content.decode()
    assert not article.panel.exists()


def test_a_member_who_lapses_later_keeps_nobody_from_saving(client, cast, lapsed):
    article = newsroom.draft(cast, panel=0)
    PanelMember.objects.create(article=article, advisor=lapsed, confirmed=True)
    client.force_login(cast.editor)
    assert article_form(client, article).send(client, title="Another title").status_code == 302


def test_taking_off_is_refused_to_whom_the_round_has_asked(cast):
    article = newsroom.in_review(cast)
    with pytest.raises(InvalidTransition, match="has been asked in the open round"):
        panel.take_off(article=article, advisor=cast.advisors[0], actor=cast.editor)
    review = Review.objects.get(advisor=cast.advisors[0])
    reviews.decline(review=review, actor=cast.advisors[0].user, reason="No time.")
    panel.take_off(article=article, advisor=cast.advisors[0], actor=cast.editor)
    assert [row.advisor.slug for row in article.panel.standing()] == ["ben"]
    assert Review.objects.filter(advisor=cast.advisors[0]).exists()


def test_taking_off_somebody_who_is_not_on_it_is_refused(cast):
    with pytest.raises(InvalidTransition, match="is not among the reviewers"):
        panel.take_off(article=newsroom.draft(cast), advisor=cast.advisors[2], actor=cast.editor)
    with pytest.raises(NotPermitted):
        panel.take_off(article=newsroom.draft(cast), advisor=cast.advisors[0], actor=cast.writer)


# The page


def page_of(article: Article) -> str:
    return reverse("admin:advisors_advisor_choose", args=[article.pk])


def test_one_press_puts_somebody_on_the_panel_and_another_takes_them_off(client, cast):
    article = newsroom.in_review(cast)
    client.force_login(cast.editor)
    answer = client.post(page_of(article), {"put": cast.advisors[2].pk}, follow=True)
    assert "is a reviewer now and has been asked" in answer.content.decode()
    assert Review.objects.filter(advisor=cast.advisors[2], submission__article=article).exists()

    refused = client.post(page_of(article), {"off": cast.advisors[2].pk})
    assert refused.status_code == 409 and "has been asked in the open round" in refused.content.decode()
    draft = newsroom.draft(cast)
    client.post(page_of(draft), {"off": cast.advisors[0].pk})
    assert [row.advisor.slug for row in draft.panel.standing()] == ["ben"]


def test_a_reviewer_who_declines_is_replaced_by_whom_they_named(client, cast):
    article = newsroom.in_review(cast)
    review = Review.objects.get(advisor=cast.advisors[0])
    reviews.decline(review=review, actor=cast.advisors[0].user, reason="No time.", ask_instead="Dr Cleo, I think")
    client.force_login(cast.editor)
    form = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert "Ask Dr Cleo instead" in form and "Dr Cleo, I think" in form
    answer = client.post(page_of(article), {"put": cast.advisors[2].pk, "back": "article"})
    assert answer.url == reverse("admin:articles_article_change", args=[article.pk])
    assert Review.objects.filter(advisor=cast.advisors[2], submission__article=article).exists()


@pytest.mark.parametrize(("who", "status"), [("writer", 403), ("advisor1", 403), ("outsider", 302), ("admin", 200)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_editors_choose(client, cast, who, status, method):
    article = newsroom.draft(cast)
    client.force_login(cast.everybody[who])
    answer = getattr(client, method)(page_of(article), {"put": cast.advisors[2].pk})
    assert answer.status_code == (302 if (who, method) == ("admin", "post") else status)
    assert article.panel.filter(advisor=cast.advisors[2]).exists() == ((who, method) == ("admin", "post"))


@pytest.mark.parametrize("key", ["", "x", "999999", "9" * 40])
def test_a_forged_advisor_is_not_found(client, cast, key):
    client.force_login(cast.editor)
    assert client.post(page_of(newsroom.draft(cast)), {"put": key}).status_code == 404


def test_the_page_asks_as_much_for_many_advisors(client, cast):
    client.force_login(cast.editor)
    article = newsroom.draft(cast)
    cast.advisors[0].specialties.add(cast.topic)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page_of(article)).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for serial in range(12):
        member = newsroom.advisor(f"member{serial}")
        member.specialties.add(cast.topic)
    assert asked() == few <= 26
