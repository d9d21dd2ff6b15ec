"""Declines that are taken back, reviewers who are released and asked again, and due dates that change."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import invitations, panel, reviews, scheduled_emails
from advisors.models import Response, ReviewStep, ScheduledEmail, Step
from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article
from articles.round_changes import due_date
from tests import mailing, newsroom
from tests.admin_forms import address, form_of
from tests.advisors.rounds import asked, before_the_board, desk, email_to, request_changes, subjects_to, words


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def article(cast) -> Article:
    return before_the_board(cast)


# Declining, releasing and asking again


def test_a_mistaken_refusal_is_taken_back_by_the_advisor(article):
    ben = asked(article, "ben")
    browser = desk(ben)
    browser.post(reverse("board:decline", args=[ben.pk]), {"reason": "The wrong button."})
    Email.objects.all().delete()
    back = browser.post(reverse("board:reopen", args=[ben.pk]), follow=True)
    ben = asked(article, "ben")

    assert (ben.response, ben.decline_reason) == (Response.ACCEPTED, "")
    assert "Give the verdict" in words(back)
    assert subjects_to("editor") == ["Dr Ben, PhD will review “Magnesium and sleep” after all"]
    told = ben.steps.values_list("step", "words")
    assert list(told) == [(Step.DECLINED, "The wrong button."), (Step.REOPENED, "")]


def test_reminders_go_on_after_a_refusal_was_taken_back(article):
    scheduled_emails.plan(timezone.now())
    ben = asked(article, "ben")
    planned = ScheduledEmail.objects.filter(review=ben, sent_at=None, cancelled_at=None)
    many = planned.count()
    reviews.decline(review=ben, actor=ben.advisor.user, reason="The wrong button.")
    assert many and not planned.exists()
    reviews.reopen(review=ben, actor=ben.advisor.user)
    assert planned.count() == many


def test_a_refusal_is_not_taken_back_once_the_round_is_over_or_somebody_else_was_asked(article, cast):
    ben, cleo = asked(article, "ben"), asked(article, "cleo")
    for review in (ben, cleo):
        reviews.decline(review=review, actor=review.advisor.user, reason="On leave.")
    panel.take_off(article=article, advisor=ben.advisor, actor=cast.editor)
    with pytest.raises(InvalidTransition, match="asked somebody else in your place"):
        reviews.reopen(review=ben, actor=ben.advisor.user)
    workflow.recall(article=article, actor=cast.writer)
    with pytest.raises(InvalidTransition, match="taken back from the board"):
        reviews.reopen(review=cleo, actor=cleo.advisor.user)


@pytest.mark.parametrize("gone", ["declined", "released"])
@pytest.mark.parametrize("is_off", [False, True])
def test_an_editor_asks_somebody_again_who_declined_or_was_released(client, cast, article, gone, is_off):
    cleo = asked(article, "cleo")
    if gone == "declined":
        reviews.decline(review=cleo, actor=cleo.advisor.user, reason="On leave.")
    else:
        panel.release(review=cleo, actor=cast.editor, reason="We have not heard from you.")
    if is_off:
        panel.take_off(article=article, advisor=cleo.advisor, actor=cast.editor)
    client.force_login(cast.editor)
    place = reverse("admin:advisors_advisor_choose", args=[article.pk])
    Email.objects.all().delete()
    assert "Ask again" in words(client.get(place))
    said = client.post(place, {"put": cleo.advisor_id}, follow=True)
    cleo = asked(article, "cleo")

    assert "Dr Cleo is a reviewer now and has been asked." in words(said)
    assert cleo.is_waiting and not cleo.response and not cleo.released_at
    assert len(subjects_to("cleo")) == 1
    assert cleo.steps.last().step == Step.ASKED_AGAIN


def test_asking_one_asks_nobody_else_again(article, cast):
    ben, cleo = asked(article, "ben"), asked(article, "cleo")
    for review in (ben, cleo):
        reviews.decline(review=review, actor=review.advisor.user, reason="On leave.")
    assert [review.advisor for review in panel.assign(article=article, advisor=ben.advisor, actor=cast.editor)] == [
        ben.advisor
    ]
    assert asked(article, "cleo").response == Response.DECLINED


def test_choosing_says_when_somebody_will_be_asked(client, cast):
    article = newsroom.draft(cast, panel=1)
    client.force_login(cast.editor)
    place = reverse("admin:advisors_advisor_choose", args=[article.pk])
    said = client.post(place, {"put": cast.advisors[1].pk}, follow=True)

    assert "will be asked when the text is next submitted" in words(said)


def test_somebody_who_does_not_answer_is_released_told_why_and_replaced(client, cast, article):
    cleo = asked(article, "cleo")
    client.force_login(cast.editor)
    Email.objects.all().delete()
    form = form_of(client.get(address(article)), reverse("admin:advisors_advisor_release", args=[cleo.pk]))
    form.send(client, text="We have not heard from you.")
    cleo = asked(article, "cleo")

    assert cleo.state == "released" and cleo.advisor_id not in panel.invited_advisors(article)
    assert "We have not heard from you." in email_to("cleo").message
    assert "We have not heard from you." in words(client.get(address(article)))
    panel.take_off(article=article, advisor=cleo.advisor, actor=cast.editor)


@pytest.mark.parametrize("who", ["writer", "advisor1"])
def test_nobody_but_an_editor_releases_a_reviewer(article, cast, who):
    with pytest.raises(NotPermitted):
        panel.release(review=asked(article, "cleo"), actor=cast.everybody[who], reason="No.")


def test_nobody_is_released_without_a_reason_or_after_their_verdict(article, cast):
    with pytest.raises(InvalidTransition, match="Say why"):
        panel.release(review=asked(article, "cleo"), actor=cast.editor, reason=" ")
    newsroom.verdict(asked(article, "ada"))
    with pytest.raises(InvalidTransition, match="Dr Ada, PhD can no longer give this review: approve"):
        panel.release(review=asked(article, "ada"), actor=cast.editor, reason="Late.")


def test_a_line_of_a_reviews_diary_is_never_changed(article, cast):
    panel.release(review=asked(article, "cleo"), actor=cast.editor, reason="Late.")
    line = ReviewStep.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.filter(pk=line.pk)._raw_delete("default")


# The due date


def test_an_editor_changes_the_due_date_and_everybody_who_has_not_answered_is_told(article, cast):
    newsroom.verdict(asked(article, "ada"))
    scheduled_emails.plan(timezone.now())
    before = article.submissions.get().due_on
    later = before + timedelta(days=10)
    token = invitations.issue(asked(article, "ben"))
    Email.objects.all().delete()
    due_date.change_due_date(article=article, actor=cast.editor, due_on=later, reason="It is August.")
    told = email_to("ben")

    assert article.submissions.get().due_on == later
    assert "It is August." in told.message and not subjects_to("ada") and len(subjects_to("cleo")) == 1
    assert article.transitions.first().verb == "change_due_date"
    planned = ScheduledEmail.objects.filter(sent_at=None, cancelled_at=None, review__isnull=False)
    assert not planned.filter(key__contains=str(before)).exists()
    scheduled_emails.plan(timezone.now())
    assert planned.filter(key__contains=str(later)).exists()
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert invitations.find(token)


def test_a_date_that_is_taken_back_has_its_reminders_again(article, cast):
    before = article.submissions.get().due_on
    scheduled_emails.plan(timezone.now())
    planned = ScheduledEmail.objects.filter(sent_at=None, cancelled_at=None, review__isnull=False)
    keys = set(planned.values_list("key", flat=True))
    for due_on in (before + timedelta(days=10), before):
        due_date.change_due_date(article=article, actor=cast.editor, due_on=due_on)
        scheduled_emails.plan(timezone.now())
    assert keys and set(planned.values_list("key", flat=True)) == keys


def test_the_due_date_is_changed_by_editors_only_and_to_another_day_from_today_on(article, cast):
    stands = article.submissions.get().due_on
    with pytest.raises(NotPermitted):
        due_date.change_due_date(article=article, actor=cast.writer, due_on=stands + timedelta(days=1))
    for wrong, said in ((timezone.localdate() - timedelta(days=1), "has passed"), (stands, "is the due date already")):
        with pytest.raises(InvalidTransition, match=said):
            due_date.change_due_date(article=article, actor=cast.editor, due_on=wrong)


def test_a_reviewer_asks_for_more_time_in_one_tap_and_the_editors_are_told_once(client, cast, article):
    ben = asked(article, "ben")
    browser = desk(ben)
    Email.objects.all().delete()
    form = form_of(browser.get(reverse("board:review", args=[ben.pk])), "/more-time/")
    form.send(browser)
    page = browser.post(form.address, follow=True)
    client.force_login(cast.editor)

    assert "You have asked for more time" in words(page)
    assert subjects_to("editor") == ["Dr Ben, PhD asks for more time: “Magnesium and sleep”"]
    assert "Asks for more time." in words(client.get(address(article)))
    later = article.submissions.get().due_on + timedelta(days=7)
    due_date.change_due_date(article=article, actor=cast.editor, due_on=later)
    assert "Asks for more time." not in words(client.get(address(article)))


def test_a_closing_round_keeps_its_date(article, cast):
    request_changes(article)
    ben = asked(article, "ben")
    with pytest.raises(InvalidTransition, match="stays as it is"):
        reviews.ask_for_time(review=ben, actor=ben.advisor.user)
    with pytest.raises(InvalidTransition):
        due_date.change_due_date(article=article, actor=cast.editor, due_on=timezone.localdate())
