"""What editors do with an error report: answer it, close it, reopen it, join it with another, erase it."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from articles import reports
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, ErrorReport, Publication, ReportAct, ReportAnswer, ReportEvent, ReportState
from articles.report_passages import place_of
from betterment import mail, postbox
from betterment.immutable import Immutable
from tests import mailing, newsroom

LIST = "/admin/articles/errorreport/"


@pytest.fixture
def article(cast, settings) -> Article:
    article = newsroom.published(cast, title="Magnesium & sleep")
    settings.EMAIL_BACKEND = mailing.QUEUE
    Email.objects.all().delete()  # those of the board on the way to here
    return article


@pytest.fixture
def take_down(article):
    """Keeps what a reader says about the article as they read it now."""

    def keep(message: str = "It was 17 seconds.", **fields: str) -> ErrorReport:
        publication = Publication.objects.visible().select_related("approval__revision").get(article=article)
        return reports.take_down(publication=publication, message=message, **fields)

    return keep


@pytest.fixture
def report(take_down) -> ErrorReport:
    return take_down(passage="It was longer by 17 minutes.", address="reader@example.org")


@pytest.fixture
def editor(client, cast):
    """A browser in which the editor has signed in; calling it presses a button of a report's page."""
    client.force_login(cast.editor)

    def press(report: ErrorReport, name: str, **fields: object):
        sent = {"seen": reports.seen_now(report), **fields}
        return client.post(f"{LIST}{report.pk}/{name}/", sent)

    press.page = lambda report: client.get(f"{LIST}{report.pk}/change/").content.decode()
    return press


def correct(cast, article: Article, minutes: str = "17 seconds") -> Publication:
    """The article goes through the board again with another number, and is published."""
    body = f'<h2>The trials</h2><p>Sleep was longer by {minutes}.<sup data-cite="doe2020"></sup></p>'
    newsroom.rewrite(cast, article, title="Magnesium & sleep", body=body)
    newsroom.approve(newsroom.submit(cast, article))
    return newsroom.publish(cast, Article.objects.get(pk=article.pk))


def answers() -> list[Email]:
    return [row for row in Email.objects.order_by("pk") if row.subject.startswith("Your error report")]


# Answers


def test_an_answer_goes_to_the_reader_and_says_how_to_write_again(report, cast, article):
    reports.answer(report=report, actor=cast.editor, text="You are <right>.\nThank you.")
    (email,) = answers()

    assert email.to == ["reader@example.org"] and email.subject == "Your error report on “Magnesium & sleep”"
    assert "You are <right>.\nThank you." in email.message and "You are &lt;right&gt;." in email.html_message
    assert "It was 17 seconds." in email.message and "nobody reads replies" in email.message
    assert reverse("articles:report", args=[article.slug]) in email.message
    assert email.headers["Auto-Submitted"] == "no" and cast.editor.email not in email.message
    given, event = ReportAnswer.objects.get(), ReportEvent.objects.get()
    assert (given.text, given.written_by_name) == ("You are <right>.\nThank you.", "Editor")
    assert (event.act, event.actor, event.note) == (ReportAct.ANSWERED, cast.editor, "")
    report.refresh_from_db()
    assert report.is_open and report.address


def test_the_answer_has_a_sample_in_the_list_of_emails():
    occasion, context = mail.SAMPLES["error_report_answer"]
    subject, text, html = mail.render("error_report_answer", context())
    assert "reader" in occasion and "“Magnesium & sleep”" in subject and "now says so" in text and "now says so" in html


def test_the_queue_keeps_neither_address_nor_words_once_an_answer_has_left(report, cast):
    reports.answer_and_close(
        report=report, actor=cast.editor, text="It is right.", state=ReportState.NOTHING, outcome="Checked."
    )
    report.refresh_from_db()
    assert report.address == "" and answers()[0].to == ["reader@example.org"]  # it has still to leave

    postbox.send_queue()
    (email,) = answers()
    assert email.status == STATUS.sent and not any(email.to) and not email.message and not email.html_message
    assert not Email.objects.filter(to__contains="reader@").exists()


def test_an_answer_that_was_given_up_cannot_be_tried_again_without_its_address(report, cast, client, monkeypatch):
    reports.answer(report=report, actor=cast.editor, text="It is right.")

    def refuse(row):
        raise OSError("550 no such user reader@example.org")

    monkeypatch.setattr(postbox, "message_of", refuse)
    monkeypatch.setattr(postbox, "get_max_retries", lambda: 1)
    monkeypatch.setattr(postbox, "_is_loss", lambda error: False)
    postbox.send_queue()
    (email,) = answers()
    assert email.status == STATUS.failed and not any(email.to)
    assert "reader@example.org" not in email.logs.get().message
    client.force_login(cast.admin)
    client.post("/admin/post_office/email/", {"action": "try_again", "_selected_action": [email.pk]})
    assert Email.objects.get(pk=email.pk).status == STATUS.failed


def test_without_an_address_the_page_says_that_no_answer_can_be_sent(take_down, editor):
    report = take_down()
    html = editor.page(report)
    assert "No answer can be sent." in html and "The reader left no address." in html and "Send the answer" not in html
    refused = editor(report, "decide", act="answer", answer="Thank you.")
    assert refused.status_code == 409 and "Thank you." in refused.content.decode() and not answers()


def test_closing_without_sending_what_was_written_is_refused_and_keeps_it(report, editor):
    refused = editor(report, "decide", act="spam", answer="Dear reader")
    assert refused.status_code == 400 and "You wrote an answer." in refused.content.decode()
    assert "Dear reader" in refused.content.decode() and ErrorReport.objects.get().is_open


def test_the_title_of_an_article_adds_no_header_to_an_answer(report, cast, article, monkeypatch):
    report.revision.title = "A\r\nBcc: thief@example.org"
    reports.notifications.report_answered(report, "Thank you.", report.address)
    (email,) = answers()
    assert "\n" not in email.subject and not any(email.bcc)
    assert set(email.headers) == {"Auto-Submitted", "X-Error-Report"}


# Closing


def test_corrected_is_offered_only_in_a_later_version_that_was_published(report, cast, article, editor):
    assert 'value="corrected"' not in editor.page(report)
    first = Publication.objects.get(article=article)
    for version in (None, first):
        with pytest.raises(InvalidTransition, match="published version that corrects it"):
            reports.close(report=report, actor=cast.editor, state=ReportState.CORRECTED, version=version)

    second = correct(cast, article)
    assert "Send the answer and close as corrected in version 2" in editor.page(report)
    assert editor(report, "decide", act="corrected", version=second.pk).status_code == 302
    closed = ErrorReport.objects.get()
    assert (closed.state, closed.corrected_in, closed.outcome) == ("corrected", second, "Corrected in version 2.")
    assert reverse("articles:version", args=[article.slug, 2]) in editor.page(report)


def test_of_several_later_versions_one_is_chosen(report, cast, article, editor):
    second, third = correct(cast, article), correct(cast, article, "18 seconds")
    html = editor.page(report)
    assert f'<option value="{second.pk}">Version 2</option>' in html and "Version 3</option>" in html
    assert editor(report, "decide", act="corrected", version="").status_code == 409
    assert editor(report, "decide", act="corrected", version="999999").status_code == 400
    editor(report, "decide", act="corrected", version=third.pk)
    assert ErrorReport.objects.get().corrected_in == third


def test_a_scheduled_version_and_one_of_another_article_correct_nothing(report, cast, article):
    newsroom.rewrite(cast, article, title="Magnesium & sleep", standfirst="Another.")
    newsroom.approve(newsroom.submit(cast, article))
    ahead = newsroom.publish(cast, Article.objects.get(pk=article.pk), timezone.now() + timedelta(days=3))
    other = Publication.objects.get(article=newsroom.published(cast))
    for version in (ahead, other):
        with pytest.raises(InvalidTransition):
            reports.close(report=report, actor=cast.editor, state=ReportState.CORRECTED, version=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErrorReport.objects.update(
            state="corrected", address="", outcome="x", closed_at=timezone.now(), corrected_in=other
        )


def test_spam_needs_no_words(report, editor):
    assert editor(report, "decide", act="spam").status_code == 302
    closed = ErrorReport.objects.get()
    assert (closed.state, closed.outcome, closed.address) == (ReportState.SPAM, "Spam.", "")


def test_of_two_editors_at_once_the_second_is_told_and_keeps_what_was_typed(report, cast, editor):
    seen = reports.seen_now(report)
    reports.close(report=report, actor=cast.admin, state=ReportState.NOTHING, outcome="It is right.")
    late = editor(report, "decide", act="answer_nothing", answer="Dear reader", outcome="My words", seen=seen)
    html = late.content.decode()
    assert late.status_code == 409 and "since you opened the page" in html
    assert "Dear reader" in html and "My words" in html and not answers()


def test_an_answer_is_not_sent_where_the_closing_is_refused(report, cast):
    with pytest.raises(InvalidTransition):
        reports.answer_and_close(report=report, actor=cast.editor, text="Thank you.", state=ReportState.CORRECTED)
    assert not answers() and not ReportAnswer.objects.exists() and not ReportEvent.objects.exists()


# Reopening


def test_a_closed_report_is_opened_again_with_a_reason_and_cannot_be_answered(report, cast, editor):
    reports.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="It is right.")
    assert editor(report, "reopen", reason=" ").status_code == 400
    assert editor(report, "reopen", reason="It was wrong after all.").status_code == 302
    report.refresh_from_db()
    event = ReportEvent.objects.first()
    assert report.is_open and (report.outcome, report.closed_by, report.closed_at) == ("", None, None)
    assert (event.act, event.actor, event.note) == (ReportAct.REOPENED, cast.editor, "It was wrong after all.")
    html = editor.page(report)
    assert "No answer can be sent." in html and "deleted when the report was closed" in html and "It is right." in html
    assert editor(report, "reopen", reason="Once more.").status_code == 409


def test_reopening_is_refused_where_the_same_words_were_sent_again(report, cast, take_down):
    reports.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="It is right.")
    again = take_down(passage="It was longer by 17 minutes.")
    assert again.pk != report.pk
    with pytest.raises(InvalidTransition, match=f"Report {again.pk} has the same words"):
        reports.reopen(report=report, actor=cast.editor, reason="It was wrong.")


# The same report


def test_the_same_words_are_one_report_with_a_count_and_one_email(take_down, cast, editor):
    first = take_down(passage="17 minutes")
    second = take_down("IT was  17 seconds.", passage="17 Minutes")
    assert second.pk == first.pk and ErrorReport.objects.get().times == 2 and Email.objects.count() == 1
    assert "sent 2 times" in editor.page(first)
    assert take_down(passage="17 hours").pk != first.pk


def test_an_address_that_comes_with_the_second_sending_is_kept(take_down):
    take_down()
    take_down(address="reader@example.org")
    assert ErrorReport.objects.get().address == "reader@example.org"


def test_two_readers_with_the_same_words_both_get_the_answer_and_close_together(take_down, cast, client):
    first = take_down(address="reader@example.org")
    second = take_down(address="other@example.org")
    take_down(address="other@example.org")
    second.refresh_from_db()
    assert second.same_as == first and second.times == 2
    client.force_login(cast.editor)
    html = client.get(LIST).content.decode()
    assert "3 times" in html and f"{LIST}{second.pk}/change/" not in html
    assert f"{LIST}{second.pk}/change/" in client.get(f"{LIST}?same=too").content.decode()

    reports.answer_and_close(
        report=first, actor=cast.editor, text="It is right.", state=ReportState.NOTHING, outcome="Checked."
    )
    assert sorted(email.to[0] for email in answers()) == ["other@example.org", "reader@example.org"]
    second.refresh_from_db()
    assert second.state == ReportState.NOTHING and second.address == ""
    reports.reopen(report=first, actor=cast.editor, reason="No.")
    second.refresh_from_db()
    assert second.is_open
    assert [event.act for event in second.events.all()] == [ReportAct.REOPENED, ReportAct.CLOSED]


def test_an_editor_marks_one_as_the_same_and_takes_it_apart_again(take_down, cast, editor):
    first, second = take_down("One."), take_down("Two.")
    assert editor(second, "same", same_as=first.pk).status_code == 302
    second.refresh_from_db()
    assert second.same_as == first and "answered and closed there" in editor.page(second)
    assert editor(second, "decide", act="spam").status_code == 409
    assert editor(first, "same", same_as=second.pk).status_code == 409
    assert editor(second, "apart").status_code == 302
    second.refresh_from_db()
    assert second.same_as is None
    assert {event.act for event in first.events.all()} == {ReportAct.JOINED, ReportAct.PARTED}


def test_what_cannot_be_the_same_is_refused(take_down, cast):
    first, second = take_down("One."), take_down("Two.")
    for number in (first.pk, 0, 999_999):
        with pytest.raises(InvalidTransition):
            reports.join(report=first, actor=cast.editor, same_as=number)
    reports.close(report=second, actor=cast.editor, state=ReportState.SPAM)
    with pytest.raises(InvalidTransition, match="not open"):
        reports.join(report=first, actor=cast.editor, same_as=second.pk)
    elsewhere = Publication.objects.select_related("approval__revision").get(article=newsroom.published(cast))
    other = reports.take_down(publication=elsewhere, message="Elsewhere.")
    with pytest.raises(InvalidTransition, match="on this article"):
        reports.join(report=first, actor=cast.editor, same_as=other.pk)


# Erasing


def test_erasing_takes_the_address_the_words_and_every_email(report, take_down, cast, editor, client):
    reports.answer(report=report, actor=cast.editor, text="Dear Jane, thank you.")
    other = take_down("Another matter.")
    old = Email.objects.filter(subject__startswith="A reader reports").order_by("pk").first()
    Email.objects.filter(pk=old.pk).update(headers={}, status=STATUS.sent)  # as one from before the header
    assert "cannot be undone" in client.get(f"{LIST}{report.pk}/erase/").content.decode()
    assert ErrorReport.objects.get(pk=report.pk).message  # asking does nothing
    assert editor(report, "erase").status_code == 302

    report.refresh_from_db()
    assert (report.address, report.passage, report.message, report.fingerprint) == ("", "", "", "")
    assert [email.message.count("Another matter.") for email in Email.objects.all()] == [1]
    event = ReportEvent.objects.first()
    assert (event.act, event.actor, event.note) == (ReportAct.ERASED, cast.editor, "")
    html = editor.page(report) + client.get(LIST).content.decode()
    for gone in ("17 seconds", "17 minutes", "reader@example.org", "Dear Jane"):
        assert gone not in html
    assert "erased on request" in html and other.message in html
    assert editor(report, "erase").status_code == 409
    assert editor(report, "decide", act="nothing", outcome="Asked to erase.").status_code == 302


def test_the_database_keeps_the_log_and_lets_an_answer_be_erased_but_not_changed(report, cast):
    given = reports.answer(report=report, actor=cast.editor, text="Thank you.")
    with pytest.raises(Immutable):
        ReportEvent.objects.update(note="x")
    with pytest.raises(Error), transaction.atomic():
        ReportAnswer.objects.filter(pk=given.pk).update(text="Other words.")
    with pytest.raises(Error), transaction.atomic():
        ReportAnswer.objects.filter(pk=given.pk).update(written_by_name="Somebody")
    ReportAnswer.objects.filter(pk=given.pk).update(text="")


@pytest.mark.parametrize("name", ["writer", "advisor1", "outsider"])
def test_nobody_but_editors_does_any_of_it(report, cast, name):
    actor = cast.everybody[name]
    acts = [
        lambda: reports.answer(report=report, actor=actor, text="x"),
        lambda: reports.close(report=report, actor=actor, state=ReportState.SPAM),
        lambda: reports.reopen(report=report, actor=actor, reason="x"),
        lambda: reports.join(report=report, actor=actor, same_as=report.pk),
        lambda: reports.part(report=report, actor=actor),
        lambda: reports.erase(report=report, actor=actor),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


# Where it is shown


def test_the_passage_is_marked_in_the_version_seen_and_in_the_current_one(take_down, cast, article, editor):
    report = take_down(passage="Sleep was longer by 17 minutes.[1]")
    assert "<mark>Sleep was longer by 17 minutes</mark>." in editor.page(report)
    assert "Readers still see that text." in editor.page(report)
    correct(cast, article)
    html = editor.page(report)
    assert html.count("<mark>") == 1 and "does not stand there any more" in html
    assert reverse("articles:version", args=[article.slug, 1]) in html


@pytest.mark.parametrize(
    ("copied", "words"),
    [
        ("longer by 17 minutes.1", "longer by 17 minutes"),
        ("LONGER  by\n17 minutes", "longer by 17 minutes"),
        ("The trials\nSleep was", "The trials\nSleep was"),
        ("eep was", None),
        ("…", None),
        ("not there", None),
    ],
)
def test_a_passage_is_found_whatever_its_spacing_and_citation_marks(article, copied, words):
    place = place_of(article.head(), copied)
    assert (place.words if place else None) == words


def test_html_in_a_report_is_shown_as_text(take_down, editor, client):
    report = take_down("<script>alert(1)</script>", passage="<img src=x onerror=alert(1)>")
    for html in (editor.page(report), client.get(LIST).content.decode(), client.get("/admin/").content.decode()):
        assert "<script>alert" not in html and "<img src=x" not in html


def test_open_reports_stand_beside_the_article_for_those_who_may_see_them(take_down, cast, article, client):
    report = take_down("It was <b>17</b> seconds.")
    page = reverse("admin:articles_article_change", args=[article.pk])
    client.force_login(cast.editor)
    html = client.get(page).content.decode()
    assert f"{LIST}{report.pk}/change/" in html and "It was &lt;b&gt;17" in html
    client.force_login(cast.writer)
    assert f"{LIST}{report.pk}/change/" not in client.get(page).content.decode()
    client.force_login(cast.editor)
    reports.close(report=report, actor=cast.editor, state=ReportState.SPAM)
    assert f"{LIST}{report.pk}/change/" not in client.get(page).content.decode()


def test_ten_thousand_reports_on_one_article_cost_a_page_no_more(
    report, article, editor, client, django_assert_max_num_queries
):
    ErrorReport.objects.bulk_create(
        ErrorReport(article=article, revision=report.revision, message=f"No. {serial} " + "x" * 300)
        for serial in range(10_000)
    )
    with django_assert_max_num_queries(20):
        html = editor.page(report)
    assert html.count("No. ") <= 20
    with django_assert_max_num_queries(9):
        assert client.get(f"{LIST}?state__exact=open&p=3").status_code == 200
    with django_assert_max_num_queries(60):
        html = client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    assert "1,000+" in html
    every = f"{LIST}?state__exact=open&amp;article={article.pk}"
    assert every in html and client.get(every.replace("&amp;", "&")).status_code == 200


def test_the_open_reports_on_an_article_are_found_by_an_index(report, article):
    assert "error_report_of_article" in ErrorReport.objects.waiting().filter(article=article)[:6].explain() or (
        connection.vendor != "sqlite"
    )


def test_the_list_is_cut_by_outcome(take_down, cast, client):
    spam, nothing = take_down("One."), take_down("Two.")
    reports.close(report=spam, actor=cast.editor, state=ReportState.SPAM)
    reports.close(report=nothing, actor=cast.editor, state=ReportState.NOTHING, outcome="Right.")
    client.force_login(cast.editor)
    html = client.get(f"{LIST}?state__exact=spam").content.decode()
    assert "One." in html and "Two." not in html


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1"])
def test_a_report_that_is_not_there_is_not_found(report, editor, client, number):
    assert client.get(f"{LIST}{number}/change/").status_code == 404
    assert client.post(f"{LIST}{number}/decide/", {"seen": 0, "act": "spam"}).status_code == 404
