"""Answers to readers who reported an error."""

from django.urls import reverse
from post_office.models import STATUS, Email

from mail import outbox, sending
from tests.website.error_reports import answers
from website.error_reports import handling
from website.models import ErrorReport, ReportAct, ReportAnswer, ReportEvent, ReportState


def test_an_answer_goes_to_the_reader_and_says_how_to_write_again(report, cast, article):
    handling.answer(report=report, actor=cast.editor, text="You are <right>.\nThank you.")
    (email,) = answers()

    assert email.to == ["reader@example.org"] and email.subject == "Your error report on “Magnesium & sleep”"
    assert "You are <right>.\nThank you." in email.message and "You are &lt;right&gt;." in email.html_message
    assert "It was 17 seconds." in email.message and "nobody reads replies" in email.message
    assert reverse("website:report", args=[article.slug]) in email.message
    assert email.headers["Auto-Submitted"] == "no" and cast.editor.email not in email.message
    given, event = ReportAnswer.objects.get(), ReportEvent.objects.get()
    assert (given.text, given.written_by_name) == ("You are <right>.\nThank you.", "Editor")
    assert (event.act, event.actor, event.note) == (ReportAct.ANSWERED, cast.editor, "")
    report.refresh_from_db()
    assert report.is_open and report.address


def test_the_answer_has_a_sample_in_the_list_of_emails():
    occasion, context = sending.SAMPLES["error_report_answer"]
    subject, text, html = sending.render("error_report_answer", context())
    assert "reader" in occasion and "“Magnesium & sleep”" in subject and "now says so" in text and "now says so" in html


def test_the_queue_keeps_neither_address_nor_words_once_an_answer_has_left(report, cast):
    handling.answer_and_close(
        report=report, actor=cast.editor, text="It is right.", state=ReportState.NOTHING, outcome="Checked."
    )
    report.refresh_from_db()
    assert report.address == "" and answers()[0].to == ["reader@example.org"]  # it has not been sent yet

    outbox.send_queue()
    (email,) = answers()
    assert email.status == STATUS.sent and not any(email.to) and not email.message and not email.html_message
    assert not Email.objects.filter(to__contains="reader@").exists()


def test_an_answer_that_was_given_up_cannot_be_tried_again_without_its_address(report, cast, client, monkeypatch):
    handling.answer(report=report, actor=cast.editor, text="It is right.")

    def refuse(row):
        raise OSError("550 no such user reader@example.org")

    monkeypatch.setattr(outbox, "build_message", refuse)
    monkeypatch.setattr(outbox, "get_max_retries", lambda: 1)
    monkeypatch.setattr(outbox, "_is_loss", lambda error: False)
    outbox.send_queue()
    (email,) = answers()
    assert email.status == STATUS.failed and not any(email.to)
    assert "reader@example.org" not in email.logs.get().message
    client.force_login(cast.admin)
    client.post("/admin/post_office/email/", {"action": "try_again", "_selected_action": [email.pk]})
    assert Email.objects.get(pk=email.pk).status == STATUS.failed


def test_without_an_address_the_page_says_that_no_answer_can_be_sent(receive, editor):
    report = receive()
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
    handling.emails.report_answered(report, "Thank you.", report.address)
    (email,) = answers()
    assert "\n" not in email.subject and not any(email.bcc)
    assert set(email.headers) == {"Auto-Submitted", "X-Error-Report"}
