"""How a round ends: changes requested while others are reading, the lock of the text, and words that are kept."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import drafts, panel, reviews
from advisors.models import ChecklistItem, Conflict, Review, Verdict
from advisors.quorum import signatures
from articles import waivers, workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Stage, Submission
from audit.integrity.history import faults_of_stage
from tests import mailing, newsroom
from tests.admin_forms import address, form_of
from tests.advisors.rounds import (
    after_the_due_date,
    asked,
    before_the_board,
    desk,
    email_to,
    request_changes,
    subjects_to,
    words,
)
from tests.audit.parts import found_by


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def article(cast) -> Article:
    return before_the_board(cast)


# A request for changes while others are reading


def test_who_has_accepted_may_finish_after_a_colleague_has_requested_changes(article):
    submission = request_changes(article)
    newsroom.verdict(asked(article, "ben"))
    submission.refresh_from_db()

    assert asked(article, "ben").verdict == Verdict.APPROVE
    assert submission.outcome == "changes_requested"


def test_a_closing_round_approves_nothing(article, cast):
    workflow.recall(article=article, actor=cast.writer)
    submission = newsroom.submit(cast, article)
    submission = Submission.objects.get(pk=submission.pk)
    for name in ("ben", "cleo"):
        reviews.accept(review=asked(article, name), actor=asked(article, name).advisor.user)
    request_changes(article)
    newsroom.verdict(asked(article, "ben")), newsroom.verdict(asked(article, "cleo"))

    assert Article.objects.get(pk=article.pk).stage == Stage.CHANGES_REQUESTED
    assert not article.revisions.filter(approvals__isnull=False).exists()


def test_the_text_stays_locked_until_the_last_answer(article, cast):
    request_changes(article)
    for change in (
        lambda: newsroom.rewrite(cast, article, title="Anew"),
        lambda: workflow.submit(article=article, actor=cast.writer),
        lambda: waivers.take_back(article=article, actor=cast.writer, mark="0" * 64),
    ):
        with pytest.raises(InvalidTransition, match="Dr Ben, PhD may still answer until"):
            change()
    newsroom.verdict(asked(article, "ben"))
    newsroom.rewrite(cast, article, title="Anew")

    assert Article.objects.get(pk=article.pk).title == "Anew"


def test_the_text_is_free_at_once_where_nobody_else_has_accepted(cast):
    article = newsroom.in_review(cast)
    submission = request_changes(article)

    assert not submission.is_closing and submission.answers_until is None
    newsroom.rewrite(cast, article, title="Anew")


def test_a_closing_round_ends_by_the_clock_without_a_job(article, cast):
    submission = request_changes(article)
    with time_machine.travel(after_the_due_date(submission) - timedelta(minutes=1), tick=False):
        assert Article.objects.get(pk=article.pk).is_locked and asked(article, "ben").is_waiting
    with time_machine.travel(after_the_due_date(submission), tick=False):
        assert not Article.objects.get(pk=article.pk).is_locked and not asked(article, "ben").is_waiting
        assert not Review.objects.waiting().exists()
        with pytest.raises(InvalidTransition, match="Changes were requested on"):
            newsroom.verdict(asked(article, "ben"))
        newsroom.rewrite(cast, article, title="Anew")
        assert not found_by(faults_of_stage)


def test_an_editor_ends_a_closing_round_with_a_reason_that_is_told(article, cast):
    request_changes(article)
    with pytest.raises(InvalidTransition, match="Say why"):
        workflow.end_round(article=article, actor=cast.editor, reason=" ")
    with pytest.raises(NotPermitted):
        workflow.end_round(article=article, actor=cast.writer, reason="I cannot wait.")
    Email.objects.all().delete()
    workflow.end_round(article=article, actor=cast.editor, reason="The warning cannot wait.")
    told = email_to("ben")

    assert told.subject.startswith("The round on") and "The warning cannot wait." in told.message
    assert subjects_to("writer") == ["“Magnesium and sleep” can be changed now"]
    assert article.transitions.first().verb == "end_round"
    assert not Article.objects.get(pk=article.pk).is_locked
    with pytest.raises(InvalidTransition, match="this round is over"):
        workflow.end_round(article=article, actor=cast.editor, reason="Once more.")


def test_who_has_not_accepted_is_released_with_a_true_word(article):
    Email.objects.all().delete()
    request_changes(article)
    cleo = asked(article, "cleo")
    told = email_to("cleo")

    assert cleo.released_at and not cleo.is_waiting and cleo.state == "released"
    assert told.subject == "You no longer have to review “Magnesium and sleep”"
    assert "Changes were requested on" in told.message and "no need to begin" in told.message
    assert subjects_to("ben") == ["Changes are requested to “Magnesium and sleep”; you may still answer"]
    with pytest.raises(InvalidTransition, match="Changes were requested"):
        reviews.accept(review=cleo, actor=cleo.advisor.user)


def test_writer_and_editor_are_told_at_once_and_until_when_the_text_is_locked(article):
    Email.objects.all().delete()
    request_changes(article)
    for name in ("writer", "editor"):
        told = email_to(name)
        assert "Say for whom this holds." in told.message and "Dr Ben, PhD may still answer until" in told.message
    Email.objects.all().delete()
    newsroom.verdict(asked(article, "ben"))
    assert subjects_to("writer") == subjects_to("editor") == ["“Magnesium and sleep” can be changed now"]


def test_a_refusal_of_the_last_one_ends_a_closing_round(article):
    request_changes(article)
    ben = asked(article, "ben")
    reviews.decline(review=ben, actor=ben.advisor.user, reason="Then there is no need.")

    assert not Article.objects.get(pk=article.pk).is_locked


def test_an_editor_who_sends_the_text_back_lets_readers_finish_too(article, cast):
    workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")

    assert asked(article, "ada").is_waiting and asked(article, "ben").is_waiting
    assert Article.objects.get(pk=article.pk).is_locked


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "approved"},
        {"due_on": timezone.localdate() + timedelta(days=90)},
        {"answers_until": timezone.now() + timedelta(days=900)},
        {"answers_until": None},
        {"note": "Another."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_lets_a_closing_round_only_end_sooner(article, change):
    submission = request_changes(article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=submission.pk).update(**change)
    Submission.objects.filter(pk=submission.pk).update(answers_until=timezone.now())


def test_the_database_takes_no_verdict_after_the_time_for_answers(article):
    submission = request_changes(article)
    given = {"verdict": "approve", "conflict": "none", "digest": submission.revision.digest}
    late = submission.answers_until
    signatures.sign(review=asked(article, "ben"), authentication=newsroom.SIGNED_IN)
    with pytest.raises(IntegrityError, match="while it is under review"), transaction.atomic():
        Review.objects.filter(pk=asked(article, "ben").pk).update(**given, verdict_at=late)
    in_time = late - timedelta(seconds=1)
    assert Review.objects.filter(pk=asked(article, "ben").pk).update(**given, verdict_at=in_time) == 1


# Words are not lost


def test_what_somebody_types_when_the_round_ends_under_them_is_kept_and_stays_readable(article, cast):
    ben = asked(article, "ben")
    browser = desk(ben)
    place = reverse("board:typed", args=[ben.pk])
    json = {"HTTP_ACCEPT": "application/json"}
    first = browser.post(place, {"remarks": "Begun."}, **json).json()
    workflow.recall(article=article, actor=cast.writer)
    kept = browser.post(place, {"remarks": "Begun and gone on.", "seen": first["seen"]}, **json)
    page = words(browser.get(reverse("board:review", args=[ben.pk])))

    assert kept.status_code == 200 and "taken back from the board" in kept.json()["over"]
    assert "Begun and gone on." in page and "taken back from the board" in page
    assert "no longer" not in page


def test_words_that_were_not_given_begin_the_next_round_and_answers_do_not(article, cast):
    ChecklistItem.objects.create(question="Are doses and limits right?")
    ben = asked(article, "ben")
    typed = {"remarks": "Sound.", "text": "In whom?", "verdict": "approve", "conflict": "none", "tick_1": "yes"}
    drafts.save(review=ben, actor=ben.advisor.user, typed=typed, seen="")
    workflow.recall(article=article, actor=cast.writer)
    newsroom.rewrite(cast, article, title="Anew")
    newsroom.submit(cast, article)
    again = asked(article, "ben")
    reviews.accept(review=again, actor=again.advisor.user)
    page = desk(again).get(reverse("board:review", args=[again.pk]))

    assert drafts.draft_of(again).typed == {"remarks": "Sound.", "text": "In whom?"}
    assert "In whom?" in words(page) and "is in the fields again" in words(page)
    assert not {"verdict", "conflict"} & set(form_of(page, "/verdict/").data)
    assert drafts.draft_of(asked(article, "ada")) is None


def test_words_for_a_round_before_are_refused_once_a_newer_one_asks(article, cast):
    ben = asked(article, "ben")
    workflow.recall(article=article, actor=cast.writer)
    newsroom.rewrite(cast, article, title="Anew")
    newsroom.submit(cast, article)
    with pytest.raises(InvalidTransition, match="a newer revision"):
        drafts.save(review=ben, actor=ben.advisor.user, typed={"remarks": "Late."}, seen="")


@pytest.mark.parametrize("ends", ["approved", "recalled", "declined", "released"])
def test_the_link_goes_on_opening_a_review_that_is_not_asked_for_any_more(article, cast, ends):
    cleo = asked(article, "cleo")
    browser = desk(cleo)
    if ends == "approved":
        newsroom.verdict(asked(article, "ada")), newsroom.verdict(asked(article, "ben"))
    elif ends == "recalled":
        workflow.recall(article=article, actor=cast.writer)
    elif ends == "declined":
        reviews.decline(review=cleo, actor=cleo.advisor.user, reason="On leave.")
    else:
        panel.release(review=cleo, actor=cast.editor, reason="We have not heard from you.")
    page = browser.get(reverse("board:review", args=[cleo.pk]))

    assert page.status_code == 200 and "Sleep was longer by 17 minutes." in words(page)
    assert "Give the verdict" not in words(page) and "no longer signed in" not in words(page)
    said = {
        "approved": "The board approved this revision on",
        "recalled": "The text was taken back from the board on",
        "declined": "You have declined this review.",
        "released": "We have not heard from you.",
    }
    assert said[ends] in words(page)


def test_nobody_reads_what_the_others_say_before_they_have_spoken_or_the_round_is_over(article, cast):
    ada, cleo = asked(article, "ada"), asked(article, "cleo")
    reviews.comment(review=ada, actor=ada.advisor.user, text="In adults over 60 only.")
    browser = desk(cleo)
    page = reverse("board:review", args=[cleo.pk])
    panel.release(review=cleo, actor=cast.editor, reason="We have not heard from you.")
    assert "In adults over 60 only." not in words(browser.get(page))
    workflow.recall(article=article, actor=cast.writer)
    assert "In adults over 60 only." in words(browser.get(page))


# What the newsroom sees


def test_the_articles_page_says_who_is_still_answering_and_offers_to_end_the_round(client, cast, article):
    request_changes(article)
    client.force_login(cast.editor)
    page = words(client.get(address(article)))

    assert "Dr Ben, PhD may still answer until" in page
    assert "End the round" in page and "Submit to the board" not in page


def test_a_writer_is_offered_no_button_that_would_save_nothing(client, cast, article):
    client.force_login(cast.writer)
    workflow.recall(article=article, actor=cast.writer)
    assert 'name="_continue"' in words(client.get(address(article)))
    newsroom.submit(cast, article)
    assert 'name="_continue"' not in words(client.get(address(article)))


@pytest.mark.parametrize("who", ["writer", "editor"])
def test_the_start_page_and_the_list_say_who_may_still_answer(client, cast, article, who):
    request_changes(article)
    client.force_login(cast.everybody[who])
    for place in ("admin:index", "admin:articles_article_changelist"):
        assert "Dr Ben, PhD may still answer until" in words(client.get(reverse(place)))


def test_somebody_who_has_left_the_board_keeps_no_text_locked(article):
    ben = asked(article, "ben").advisor
    ben.is_active = False
    ben.save()
    request_changes(article)
    assert not Article.objects.get(pk=article.pk).is_locked


def test_saving_in_a_closing_round_is_refused_with_the_words_on_the_page(client, cast, article):
    client.force_login(cast.writer)
    workflow.recall(article=article, actor=cast.writer)
    form = form_of(client.get(address(article)), "article_form")
    newsroom.submit(cast, article)
    for name in ("ada", "ben"):
        reviews.accept(review=asked(article, name), actor=asked(article, name).advisor.user)
    request_changes(article)
    page = words(form.send(client, title="Typed meanwhile"))

    assert "Nothing was saved." in page and "Typed meanwhile" in page


def test_a_verdict_with_a_conflict_in_a_closing_round_stays_on_record(article):
    request_changes(article)
    newsroom.verdict(asked(article, "ben"), conflict=Conflict.DECLARED)
    assert asked(article, "ben").conflict == Conflict.DECLARED
    assert not Article.objects.get(pk=article.pk).is_locked
