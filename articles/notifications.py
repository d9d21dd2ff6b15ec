"""Letters that this room sends: one function a letter, its subject, text and HTML as templates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.roles import EDITORS
from articles.models import ErrorReport
from betterment import mail

if TYPE_CHECKING:
    from articles.retractions import Mark

REPORT_HEADER = "X-Error-Report"  # its number, by which its emails are found again


def sources_marked(marks: Sequence["Mark"]) -> int:
    """Tell every editor which sources were retracted, doubted or reinstated, which live articles cite them, and which
    that are before the board, approved or scheduled.

    One letter for all of them, to each editor alone. Returns how many were queued. Raises what the database raises.
    """
    entries = [
        {
            "after": mark.after,
            "key": mark.source.key,
            "title": mark.source.title,
            "note": mark.source.retraction_note,
            "url": _absolute("admin:articles_source_change", mark.source.pk),
            "articles": [
                (article.title, _absolute("admin:articles_article_change", article.pk)) for article in mark.articles
            ],
            "pending": [
                (one.revision.title, _absolute("admin:articles_article_change", one.revision.article_id), one.place)
                for one in mark.pending
            ],
        }
        for mark in marks
    ]
    context = {"entries": entries, "forbids": settings.RETRACTED_SOURCES == "forbid"}
    return mail.letter("source_retracted", context, [editor.email for editor in editors()])


def error_reported(report: ErrorReport) -> int:
    """Tell every editor what a reader says is wrong. Returns how many letters were queued.

    The reader's address is not in the letter: it is kept in one place, from which it goes when the report is closed.
    """
    return mail.letter(
        "error_report",
        {
            "title": report.revision.title,
            "number": report.revision.number,
            "passage": report.passage,
            "message": report.message,
            "wants_answer": bool(report.address),
            "url": _absolute("admin:articles_errorreport_change", report.pk),
        },
        [editor.email for editor in editors()],
        headers={REPORT_HEADER: str(report.pk)},
    )


def report_answered(report: ErrorReport, text: str, address: str) -> int:
    """Queue an editor's answer to the reader at `address`, with what they had reported. Returns how many were queued.

    Recipient and words go from the queue when the email has left: the reader was told that we keep no address.
    """
    return mail.letter(
        "error_report_answer",
        {
            "title": report.revision.title,
            "passage": report.passage,
            "message": report.message,
            "answer": text,
            "report_url": settings.SITE_URL.rstrip("/") + reverse("articles:report", args=[report.article.slug]),
            "can_report": report.article.publications.visible().exists(),
        },
        address,
        headers={REPORT_HEADER: str(report.pk), "Auto-Submitted": "no"},
        passing=True,
    )


def forget_report(report: ErrorReport) -> int:
    """Delete every email about a report, queued or sent: to the editors and to the reader. Returns how many."""
    url = _absolute("admin:articles_errorreport_change", report.pk)
    return mail.forget(REPORT_HEADER, str(report.pk), since=report.received_at - timedelta(minutes=5), naming=url)


def editors() -> list[User]:
    """Those who decide for the newsroom, and can be written to."""
    people = User.objects.filter(is_active=True, groups__name=EDITORS).exclude(email="").order_by("pk")
    return list(people.distinct())


@mail.sample("source_retracted", "To the editors: sources were retracted, doubted or reinstated")
def _marked_sample() -> dict:
    return {
        "entries": [
            {
                "after": "retracted",
                "key": "doe2020",
                "title": "A trial of magnesium & sleep",
                "note": f"According to Retraction Watch (3 February {date.today().year}).",
                "url": _absolute("admin:articles_source_change", 1),
                "articles": [("Magnesium and sleep", _absolute("admin:articles_article_change", 1))],
                "pending": [("Magnesium in winter", _absolute("admin:articles_article_change", 2), "approved")],
            }
        ],
        "forbids": False,
    }


@mail.sample("error_report", "To the editors: a reader says that something is wrong")
def _report_sample() -> dict:
    return {
        "title": "Magnesium & sleep",
        "number": 3,
        "passage": "Sleep was longer by 17 minutes.",
        "message": "The trial says 17 seconds.",
        "wants_answer": True,
        "url": _absolute("admin:articles_errorreport_change", 1),
    }


@mail.sample("error_report_answer", "To a reader who reported an error: an editor's answer")
def _answer_sample() -> dict:
    return {
        "title": "Magnesium & sleep",
        "passage": "Sleep was longer by 17 minutes.",
        "message": "The trial says 17 seconds.",
        "answer": "Thank you. You are right, and the article now says so.",
        "report_url": settings.SITE_URL.rstrip("/") + "/articles/magnesium-and-sleep/report/",
        "can_report": True,
    }


def _absolute(name: str, pk: int) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=[pk])
