"""How a round goes on and ends: changes requested while others read, refusals taken back, releases, due dates."""

from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import drafts, due, invitations, panel, reviews
from advisors.models import ChecklistItem, Conflict, DueLetter, Response, Review, ReviewStep, Step, Verdict
from articles import waivers, workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.integrity import stages
from articles.models import Article, Stage, Submission
from tests import mailing, newsroom
from tests.admin_forms import address, form_of


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def article(cast) -> Article:
    """Before the board, with three reviewers: Ada and Ben have accepted, Cleo has not answered."""
    article = newsroom.draft(cast, panel=3)
    newsroom.submit(cast, article)
    for name in ("ada", "ben"):
        reviews.accept(review=asked(article, name), actor=asked(article, name).advisor.user)
    return Article.objects.get(pk=article.pk)


def asked(article: Article, name: str) -> Review:
    """What somebody is asked in the newest round."""
    found = Review.objects.select_related("submission__revision", "advisor__user")
    return found.filter(submission__article=article, advisor__slug=name).order_by("-submission_id").first()


def request_changes(article: Article, name: str = "ada") -> Submission:
    newsroom.verdict(asked(article, name), Verdict.CHANGES)
    return article.submissions.first()


def after_the_due_date(submission: Submission) -> datetime:
    midnight = datetime.combine(submission.due_on + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight)


def desk(review: Review) -> Client:
    """A browser in which the advisor of this review has opened the link of an email."""
    browser = Client()
    browser.post(reverse("board:arrive", args=[invitations.issue(review)]), {"answer": "open"})
    return browser


def words(answer) -> str:
    return unescape(answer.content.decode())


def esubjects_to(name: str) -> list[Email]:
    return [row for row in Email.objects.order_by("pk") if row.to == [f"{name}@example.org"]]


def email_to(name: str) -> Email:
    (row,) = esubjects_to(name)
    return row


def subjects_to(name: str) -> list[str]:
    return [row.subject for row in esubjects_to(name)]


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
        assert not list(stages())


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
    assert told.subject == "You need not review “Magnesium and sleep”"
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
    with pytest.raises(IntegrityError), transaction.atomic():
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
    drafts.keep(review=ben, actor=ben.advisor.user, typed=typed, seen="")
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
        drafts.keep(review=ben, actor=ben.advisor.user, typed={"remarks": "Late."}, seen="")


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


# Refusals, releases, asking again


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
    due.plan(timezone.now())
    ben = asked(article, "ben")
    planned = DueLetter.objects.filter(review=ben, sent_at=None, cancelled_at=None)
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

    assert "Dr Cleo is on the panel and has been asked." in words(said)
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

    assert "is asked when the text is next submitted" in words(said)


def test_somebody_who_does_not_answer_is_released_told_why_and_replaced(client, cast, article):
    cleo = asked(article, "cleo")
    client.force_login(cast.editor)
    Email.objects.all().delete()
    form = form_of(client.get(address(article)), reverse("admin:advisors_advisor_release", args=[cleo.pk]))
    form.send(client, text="We have not heard from you.")
    cleo = asked(article, "cleo")

    assert cleo.state == "released" and cleo.advisor_id not in panel.asked_now(article)
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
    with pytest.raises(InvalidTransition, match="Nothing is asked of Dr Ada, PhD any more: approve"):
        panel.release(review=asked(article, "ada"), actor=cast.editor, reason="Late.")


def test_a_line_of_a_reviews_diary_is_never_changed(article, cast):
    panel.release(review=asked(article, "cleo"), actor=cast.editor, reason="Late.")
    line = ReviewStep.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewStep.objects.filter(pk=line.pk)._raw_delete("default")


# The due date


def test_an_editor_changes_the_due_date_and_everybody_who_has_not_answered_is_told(article, cast):
    newsroom.verdict(asked(article, "ada"))
    due.plan(timezone.now())
    before = article.submissions.get().due_on
    later = before + timedelta(days=10)
    token = invitations.issue(asked(article, "ben"))
    Email.objects.all().delete()
    workflow.change_due_date(article=article, actor=cast.editor, due_on=later, reason="It is August.")
    told = email_to("ben")

    assert article.submissions.get().due_on == later
    assert "It is August." in told.message and not subjects_to("ada") and len(subjects_to("cleo")) == 1
    assert article.transitions.first().verb == "change_due_date"
    planned = DueLetter.objects.filter(sent_at=None, cancelled_at=None, review__isnull=False)
    assert not planned.filter(key__contains=str(before)).exists()
    due.plan(timezone.now())
    assert planned.filter(key__contains=str(later)).exists()
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert invitations.find(token)


def test_a_date_that_is_taken_back_has_its_reminders_again(article, cast):
    before = article.submissions.get().due_on
    due.plan(timezone.now())
    planned = DueLetter.objects.filter(sent_at=None, cancelled_at=None, review__isnull=False)
    keys = set(planned.values_list("key", flat=True))
    for due_on in (before + timedelta(days=10), before):
        workflow.change_due_date(article=article, actor=cast.editor, due_on=due_on)
        due.plan(timezone.now())
    assert keys and set(planned.values_list("key", flat=True)) == keys


def test_the_due_date_is_changed_by_editors_only_and_to_another_day_from_today_on(article, cast):
    stands = article.submissions.get().due_on
    with pytest.raises(NotPermitted):
        workflow.change_due_date(article=article, actor=cast.writer, due_on=stands + timedelta(days=1))
    for wrong, said in ((timezone.localdate() - timedelta(days=1), "has passed"), (stands, "stands already")):
        with pytest.raises(InvalidTransition, match=said):
            workflow.change_due_date(article=article, actor=cast.editor, due_on=wrong)


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
    workflow.change_due_date(article=article, actor=cast.editor, due_on=later)
    assert "Asks for more time." not in words(client.get(address(article)))


def test_a_closing_round_keeps_its_date(article, cast):
    request_changes(article)
    ben = asked(article, "ben")
    with pytest.raises(InvalidTransition, match="stays as it is"):
        reviews.ask_for_time(review=ben, actor=ben.advisor.user)
    with pytest.raises(InvalidTransition):
        workflow.change_due_date(article=article, actor=cast.editor, due_on=timezone.localdate())


# What the newsroom sees


def test_the_articles_page_says_who_is_still_answering_and_offers_to_end_the_round(client, cast, article):
    request_changes(article)
    client.force_login(cast.editor)
    page = words(client.get(address(article)))

    assert "Dr Ben, PhD may still answer until" in page
    assert "End the round" in page and "Submit to the board" not in page


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
