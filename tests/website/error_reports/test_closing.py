"""Error reports are closed with a true outcome, and reopened."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from articles.exceptions import InvalidTransition
from articles.models import Article, Publication
from tests import newsroom
from tests.catalogues import write_catalogue
from tests.website.error_reports import answers, correct
from website.error_reports import handling
from website.models import ErrorReport, ReportAct, ReportAnswer, ReportEvent, ReportState


def test_corrected_is_offered_only_in_a_later_version_that_was_published(report, cast, article, editor):
    assert 'value="corrected"' not in editor.page(report)
    first = Publication.objects.get(article=article)
    for version in (None, first):
        with pytest.raises(InvalidTransition, match="published version that corrects it"):
            handling.close(report=report, actor=cast.editor, state=ReportState.CORRECTED, version=version)

    second = correct(cast, article)
    assert "Send the answer and close as corrected in version 2" in editor.page(report)
    assert editor(report, "decide", act="corrected", version=second.pk).status_code == 302
    closed = ErrorReport.objects.get()
    assert (closed.state, closed.corrected_in, closed.outcome) == ("corrected", second, "Corrected in version 2.")
    assert reverse("website:version", args=[article.slug, 2]) in editor.page(report)


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
            handling.close(report=report, actor=cast.editor, state=ReportState.CORRECTED, version=version)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErrorReport.objects.update(
            state="corrected", address="", outcome="x", closed_at=timezone.now(), corrected_in=other
        )


def test_spam_needs_no_words(report, editor):
    assert editor(report, "decide", act="spam").status_code == 302
    closed = ErrorReport.objects.get()
    assert (closed.state, closed.outcome, closed.address) == (ReportState.SPAM, "Spam.", "")


def test_of_two_editors_at_once_the_second_is_told_and_keeps_what_was_typed(report, cast, editor):
    seen = handling.last_event_key(report)
    handling.close(report=report, actor=cast.admin, state=ReportState.NOTHING, outcome="It is right.")
    late = editor(report, "decide", act="answer_nothing", answer="Dear reader", outcome="My words", seen=seen)
    html = late.content.decode()
    assert late.status_code == 409 and "since you opened the page" in html
    assert "Dear reader" in html and "My words" in html and not answers()


def test_an_answer_is_not_sent_where_the_closing_is_refused(report, cast):
    with pytest.raises(InvalidTransition):
        handling.answer_and_close(report=report, actor=cast.editor, text="Thank you.", state=ReportState.CORRECTED)
    assert not answers() and not ReportAnswer.objects.exists() and not ReportEvent.objects.exists()


def test_a_closed_report_is_opened_again_with_a_reason_and_cannot_be_answered(report, cast, editor):
    handling.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="It is right.")
    assert editor(report, "reopen", reason=" ").status_code == 400
    assert editor(report, "reopen", reason="It was wrong after all.").status_code == 302
    report.refresh_from_db()
    event = ReportEvent.objects.first()
    assert report.is_open and (report.outcome, report.closed_by, report.closed_at) == ("", None, None)
    assert (event.act, event.actor, event.note) == (ReportAct.REOPENED, cast.editor, "It was wrong after all.")
    html = editor.page(report)
    assert "No answer can be sent." in html and "deleted when the report was closed" in html and "It is right." in html
    assert editor(report, "reopen", reason="Once more.").status_code == 409


def test_reopening_is_refused_where_the_same_words_were_sent_again(report, cast, receive):
    handling.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="It is right.")
    again = receive(passage="It was longer by 17 minutes.")
    assert again.pk != report.pk
    with pytest.raises(InvalidTransition, match=f"Report {again.pk} has the same words"):
        handling.reopen(report=report, actor=cast.editor, reason="It was wrong.")


def test_the_log_is_not_translated(report, cast, settings, tmp_path):
    write_catalogue(tmp_path, "de", {"nothing to correct": "nichts zu berichtigen"})
    settings.LOCALE_PATHS = [tmp_path]
    with override("de"):
        assert ReportState.NOTHING.label == "nichts zu berichtigen"
        handling.close(report=report, actor=cast.editor, state=ReportState.NOTHING, outcome="It is right.")
    assert ReportEvent.objects.get().note == "Nothing to correct. It is right."
