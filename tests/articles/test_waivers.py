"""Warnings are answered in a line before the board reads the text; a changed passage warns again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from articles import readiness, waivers, workflow
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.models import Stage, Waiver
from checks.preflight import Finding, Level
from tests import newsroom

VAGUE = (
    "<h2>The trials</h2><p>Sleep was longer by 17 minutes.<sup data-cite='doe2020'></sup></p>"
    "<p>The method stands <a href='https://example.org/method'>click here</a> for all to read.</p>"
)


@pytest.fixture
def article(cast):
    """A draft with one warning."""
    return newsroom.draft(cast, body=VAGUE)


def warning(article):
    found = readiness.findings(article, article.head())
    return next(finding for finding in found if finding.id == "STR03")


def waive(cast, article, **given):
    given = {"actor": cast.writer, "finding": warning(article), "reason": "The journal's own words.", **given}
    return waivers.waive(article=article, **given)


def test_a_warning_without_an_answer_keeps_the_text_from_the_board(cast, article):
    with pytest.raises(Blocked) as refusal:
        workflow.submit(article=article, actor=cast.writer)
    assert [finding.id for finding in refusal.value.findings] == ["STR03"]


def test_an_answered_warning_lets_the_text_through_and_shows_its_answer(cast, article):
    waive(cast, article)
    assert warning(article).waived == "The journal's own words."
    assert workflow.submit(article=article, actor=cast.writer).is_open


def test_a_changed_passage_asks_for_an_answer_again(cast, article):
    waive(cast, article)
    newsroom.rewrite(cast, article, body=VAGUE.replace("click here", "read more"))
    assert warning(article).waived == ""


def test_an_answer_runs_out_after_its_last_day(cast, article, time_machine):
    today = timezone.localdate()
    waive(cast, article, until=today)
    assert warning(article).waived
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert not warning(article).waived


def test_an_answer_that_is_taken_back_stays_on_record(cast, article):
    mark = waive(cast, article).mark
    assert waivers.take_back(article=article, actor=cast.writer, mark=mark)
    assert not waivers.take_back(article=article, actor=cast.writer, mark=mark)
    assert not warning(article).waived
    assert Waiver.objects.get().ended_by_name == "Writer"


def test_a_second_answer_takes_the_first_ones_place(cast, article):
    waive(cast, article)
    waive(cast, article, reason="As its editors put it.")
    assert warning(article).waived == "As its editors put it."
    assert article.waivers.count() == 2
    assert article.waivers.standing().count() == 1


@pytest.mark.parametrize("reason", ["", "  ", "\x00\x07"])
def test_an_answer_says_something(cast, article, reason):
    with pytest.raises(InvalidTransition, match="Say in a line"):
        waive(cast, article, reason=reason)


def test_a_day_that_has_passed_is_refused(cast, article):
    with pytest.raises(InvalidTransition, match="has passed"):
        waive(cast, article, until=timezone.localdate() - timedelta(days=1))


def test_a_blocker_cannot_be_waived(cast, article):
    with pytest.raises(InvalidTransition, match="Only a warning"):
        waive(cast, article, finding=Finding("STR02", Level.BLOCKER, "A picture has no alternative text.", ""))


def test_a_waiver_that_speaks_of_a_blocker_does_not_lift_it(cast):
    article = newsroom.draft(cast, body=VAGUE.replace("data-cite='doe2020'", "data-cite='nobody1999'"))
    found = readiness.findings(article, article.head())
    blocker = next(finding for finding in found if finding.id == "CIT04" and finding.level is Level.BLOCKER)
    disguised = Finding("CIT04", Level.WARNING, blocker.message, "", blocker.passage)
    waive(cast, article, finding=disguised)
    with pytest.raises(Blocked, match="nobody1999"):
        workflow.submit(article=article, actor=cast.writer)


@pytest.mark.parametrize("who", ["colleague", "outsider", "advisor1"])
def test_nobody_answers_for_a_text_that_is_not_theirs(cast, article, who):
    with pytest.raises(NotPermitted):
        waive(cast, article, actor=cast.everybody[who])


def test_nothing_is_answered_or_taken_back_while_the_board_reads(cast, article):
    waiver = waive(cast, article)
    workflow.submit(article=article, actor=cast.writer)
    with pytest.raises(InvalidTransition, match="board is reading"):
        waive(cast, article)
    with pytest.raises(InvalidTransition, match="board is reading"):
        waivers.take_back(article=article, actor=cast.writer, mark=waiver.mark)


def test_the_database_keeps_an_answer_as_it_was_given(cast, article):
    waiver = waive(cast, article)
    table = Waiver._meta.db_table
    for statement in (f"UPDATE {table} SET reason = 'other' WHERE id = %s", f"DELETE FROM {table} WHERE id = %s"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [waiver.pk])
    waiver.refresh_from_db()
    assert waiver.reason == "The journal's own words."


def test_the_board_reads_the_answers_to_what_it_reads(cast, client, article):
    waive(cast, article)
    elsewhere = Finding("TIM01", Level.WARNING, "It will age.", "", "a passage that is not in this text")
    waive(cast, article, finding=elsewhere, reason="Of another day.")
    review = newsroom.submit(cast, article).reviews.get(advisor=cast.advisors[0])
    assert [row.reason for row in waivers.before_the_board(review.submission, [])] == ["The journal's own words."]
    client.force_login(cast.advisors[0].user)
    page = client.get(reverse("admin:advisors_review_change", args=[review.pk])).content.decode()
    assert "The journal&#x27;s own words." in page
    assert "Of another day." not in page


def test_what_the_board_was_told_stays_when_an_answer_is_taken_back_later(cast, article):
    mark = waive(cast, article).mark
    submission = newsroom.submit(cast, article)
    workflow.recall(article=article, actor=cast.writer)
    article.refresh_from_db()
    waivers.take_back(article=article, actor=cast.writer, mark=mark)
    assert [row.mark for row in waivers.before_the_board(submission, [])] == [mark]


class TestBesideTheText:
    """The panel of the article's form."""

    @pytest.fixture
    def form(self, article):
        return {"mark": warning(article).mark, "reason": "It stands."}

    def answer(self, client, article, data, **headers):
        return client.post(reverse("admin:articles_article_answer", args=[article.pk]), data, headers=headers)

    def test_an_answer_is_kept_and_shown(self, cast, client, article, form):
        client.force_login(cast.writer)
        assert self.answer(client, article, form, X_Panel="1").status_code == 204
        page = client.get(reverse("admin:articles_article_change", args=[article.pk]))
        assert "It stands." in page.content.decode()

    def test_without_script_it_leads_back_to_the_form(self, cast, client, article, form):
        client.force_login(cast.writer)
        answer = self.answer(client, article, form)
        assert answer.url == reverse("admin:articles_article_change", args=[article.pk])
        assert article.waivers.count() == 1

    def test_it_is_taken_back_by_its_button(self, cast, client, article, form):
        client.force_login(cast.writer)
        self.answer(client, article, form)
        self.answer(client, article, {**form, "reason": "", "take_back": "1"})
        assert not article.waivers.standing().exists()

    @pytest.mark.parametrize(
        "changed", [{"reason": ""}, {"mark": ""}, {"mark": "x"}, {"mark": "0" * 64}, {"until": "yesterday"}]
    )
    def test_what_cannot_be_kept_is_said_beside_it(self, cast, client, article, form, changed):
        client.force_login(cast.writer)
        answer = self.answer(client, article, {**form, **changed}, X_Panel="1")
        assert answer.status_code == 409
        assert answer.content.strip()
        assert not article.waivers.exists()

    @pytest.mark.parametrize("who", ["colleague", "advisor1"])
    def test_for_others_the_article_is_not_there(self, cast, client, article, form, who):
        client.force_login(cast.everybody[who])
        assert self.answer(client, article, form).status_code == 404
        assert not article.waivers.exists()

    def test_it_is_asked_by_post_alone(self, cast, client, article):
        client.force_login(cast.writer)
        assert client.get(reverse("admin:articles_article_answer", args=[article.pk])).status_code == 405

    def test_while_the_board_reads_no_answer_is_asked_for(self, cast, client, article, form):
        waive(cast, article)
        workflow.submit(article=article, actor=cast.writer)
        article.refresh_from_db()
        assert article.stage == Stage.IN_REVIEW
        client.force_login(cast.writer)
        assert self.answer(client, article, form, X_Panel="1").status_code == 409
