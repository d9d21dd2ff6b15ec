"""A reader's address and words are erased on request; the log and the database."""

import pytest
from django.db import Error, transaction
from post_office.models import STATUS, Email

from articles.exceptions import NotPermitted
from core.db.immutable import Immutable
from tests.website.error_reports import LIST
from website.error_reports import handling
from website.models import ErrorReport, ReportAct, ReportAnswer, ReportEvent, ReportState


def test_erasing_takes_the_address_the_words_and_every_email(report, receive, cast, editor, client):
    handling.answer(report=report, actor=cast.editor, text="Dear Jane, thank you.")
    other = receive("Another matter.")
    old = Email.objects.filter(subject__startswith="A reader reports").order_by("pk").first()
    Email.objects.filter(pk=old.pk).update(headers={}, status=STATUS.sent)  # as one from before the header
    assert "cannot be undone" in client.get(f"{LIST}{report.pk}/erase/").content.decode()
    assert ErrorReport.objects.get(pk=report.pk).message  # asking does nothing
    assert editor(report, "erase").status_code == 302

    report.refresh_from_db()
    assert (report.address, report.passage, report.message, report.fingerprint) == ("", "", "", "")
    assert [email.message.count("Another matter.") for email in Email.objects.all()] == [1]
    event = ReportEvent.objects.first()
    assert (event.act, event.actor) == (ReportAct.ERASED, cast.editor)
    assert event.note == "Deleted: 2 emails about it. One that was still waiting is not sent."
    html = editor.page(report) + client.get(LIST).content.decode()
    for gone in ("17 seconds", "17 minutes", "reader@example.org", "Dear Jane"):
        assert gone not in html
    assert "erased on request" in html and other.message in html
    assert editor(report, "erase").status_code == 409
    assert editor(report, "decide", act="nothing", outcome="Asked to erase.").status_code == 302


def test_the_database_keeps_the_log_and_lets_an_answer_be_erased_but_not_changed(report, cast):
    given = handling.answer(report=report, actor=cast.editor, text="Thank you.")
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
        lambda: handling.answer(report=report, actor=actor, text="x"),
        lambda: handling.close(report=report, actor=actor, state=ReportState.SPAM),
        lambda: handling.reopen(report=report, actor=actor, reason="x"),
        lambda: handling.mark_duplicate(report=report, actor=actor, same_as=report.pk),
        lambda: handling.unmark_duplicate(report=report, actor=actor),
        lambda: handling.erase(report=report, actor=actor),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
