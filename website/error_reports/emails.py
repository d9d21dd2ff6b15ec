"""Emails about error reports: one to the editors, and one with an editor's answer to the reader."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from articles.notifications import absolute_url, editors
from mail import sending
from website.models import ErrorReport

# Its value is the primary key of the report, by which `forget_report` finds the emails.
REPORT_HEADER = "X-Error-Report"


def error_reported(report: ErrorReport) -> int:
    """Queue an email to every editor about a new report; return the number of emails queued.

    The email does not contain the reader's email address, so that closing the report deletes the only copy of it. Raise
    BadAddress if the email address of an editor is invalid.
    """
    return sending.send(
        "error_report",
        {
            "title": report.revision.title,
            "number": report.revision.number,
            "passage": report.passage,
            "message": report.message,
            "wants_answer": bool(report.address),
            "url": absolute_url("admin:website_errorreport_change", report.pk),
        },
        [editor.email for editor in editors()],
        headers={REPORT_HEADER: str(report.pk)},
    )


def report_answered(report: ErrorReport, text: str, address: str) -> int:
    """Queue an email to the reader at `address` with their report and the answer; return the number of emails queued.

    Once the email has been sent, recipient and content are deleted from the outbox, because the reader was told that no
    address is kept. Raise BadAddress if `address` is not a plain email address.
    """
    return sending.send(
        "error_report_answer",
        {
            "title": report.revision.title,
            "passage": report.passage,
            "message": report.message,
            "answer": text,
            "report_url": absolute_url("website:report", report.article.slug),
            "can_report": report.article.publications.visible().exists(),
        },
        address,
        headers={REPORT_HEADER: str(report.pk), "Auto-Submitted": "no"},
        erase_after_sending=True,
    )


def forget_report(report: ErrorReport) -> int:
    """Delete every email about a report, queued or sent, from the outbox; return the number of emails deleted."""
    url = absolute_url("admin:website_errorreport_change", report.pk)
    return sending.delete_emails(
        REPORT_HEADER, str(report.pk), since=report.received_at - timedelta(minutes=5), containing=url
    )


@sending.sample("error_report", _("To the editors: a reader says that something is wrong"))
def _report_sample() -> dict:
    return {
        "title": "Magnesium & sleep",
        "number": 3,
        "passage": "Sleep was longer by 17 minutes.",
        "message": "The trial says 17 seconds.",
        "wants_answer": True,
        "url": absolute_url("admin:website_errorreport_change", 1),
    }


@sending.sample("error_report_answer", _("To a reader who reported an error: an editor's answer"))
def _answer_sample() -> dict:
    return {
        "title": "Magnesium & sleep",
        "passage": "Sleep was longer by 17 minutes.",
        "message": "The trial says 17 seconds.",
        "answer": "Thank you. You are right, and the article now says so.",
        "report_url": absolute_url("website:report", "magnesium-and-sleep"),
        "can_report": True,
    }
