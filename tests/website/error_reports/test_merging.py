"""The same error reported more than once."""

import pytest
from post_office.models import Email

from articles.exceptions import InvalidTransition
from articles.models import Publication
from tests import newsroom
from tests.website.error_reports import LIST, answers
from website.error_reports import handling
from website.models import ErrorReport, ReportAct, ReportState


def test_the_same_words_are_one_report_with_a_count_and_one_email(receive, cast, editor):
    first = receive(passage="17 minutes")
    second = receive("IT was  17 seconds.", passage="17 Minutes")
    assert second.pk == first.pk and ErrorReport.objects.get().times == 2 and Email.objects.count() == 1
    assert "sent 2 times" in editor.page(first)
    assert receive(passage="17 hours").pk != first.pk


def test_an_address_that_comes_with_the_second_sending_is_kept(receive):
    receive()
    receive(address="reader@example.org")
    assert ErrorReport.objects.get().address == "reader@example.org"


def test_two_readers_with_the_same_words_both_get_the_answer_and_close_together(receive, cast, client):
    first = receive(address="reader@example.org")
    second = receive(address="other@example.org")
    receive(address="other@example.org")
    second.refresh_from_db()
    assert second.same_as == first and second.times == 2
    client.force_login(cast.editor)
    html = client.get(LIST).content.decode()
    assert "3 times" in html and f"{LIST}{second.pk}/change/" not in html
    assert f"{LIST}{second.pk}/change/" in client.get(f"{LIST}?same=too").content.decode()

    handling.answer_and_close(
        report=first, actor=cast.editor, text="It is right.", state=ReportState.NOTHING, outcome="Checked."
    )
    assert sorted(email.to[0] for email in answers()) == ["other@example.org", "reader@example.org"]
    second.refresh_from_db()
    assert second.state == ReportState.NOTHING and second.address == ""
    handling.reopen(report=first, actor=cast.editor, reason="No.")
    second.refresh_from_db()
    assert second.is_open
    assert [event.act for event in second.events.all()] == [ReportAct.REOPENED, ReportAct.CLOSED]


def test_an_editor_marks_one_as_the_same_and_takes_it_apart_again(receive, cast, editor):
    first, second = receive("One."), receive("Two.")
    assert editor(second, "same", same_as=first.pk).status_code == 302
    second.refresh_from_db()
    assert second.same_as == first and "answered and closed there" in editor.page(second)
    assert editor(second, "decide", act="spam").status_code == 409
    assert editor(first, "same", same_as=second.pk).status_code == 409
    assert editor(second, "apart").status_code == 302
    second.refresh_from_db()
    assert second.same_as is None
    assert {event.act for event in first.events.all()} == {ReportAct.JOINED, ReportAct.PARTED}


def test_what_cannot_be_the_same_is_refused(receive, cast):
    first, second = receive("One."), receive("Two.")
    for number in (first.pk, 0, 999_999):
        with pytest.raises(InvalidTransition):
            handling.mark_duplicate(report=first, actor=cast.editor, same_as=number)
    handling.close(report=second, actor=cast.editor, state=ReportState.SPAM)
    with pytest.raises(InvalidTransition, match="not open"):
        handling.mark_duplicate(report=first, actor=cast.editor, same_as=second.pk)
    elsewhere = Publication.objects.select_related("approval__revision").get(article=newsroom.published(cast))
    other = handling.receive(publication=elsewhere, message="Elsewhere.")
    with pytest.raises(InvalidTransition, match="on this article"):
        handling.mark_duplicate(report=first, actor=cast.editor, same_as=other.pk)
