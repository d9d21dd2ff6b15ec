"""How notices determine the state of a source, and the effects on sources, live articles and editors."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.sites import site as admin_site
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone as clock
from django.utils.translation import override

from articles import notifications
from articles.admin.filters import NextReviewFilter
from articles.cited_sources import retracted_sources, source_imports
from articles.exceptions import NotPermitted
from articles.models import Article
from sources import importers, retractions
from sources.models import Nature, NoticeOrigin, RetractionNotice, Source
from sources.signals import retraction_states_changed
from tests import newsroom

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RW, CROSSREF, PUBMED, EDITOR = (
    NoticeOrigin.RETRACTION_WATCH,
    NoticeOrigin.CROSSREF,
    NoticeOrigin.PUBMED,
    NoticeOrigin.EDITOR,
)


def notice(nature, on=None, by=RW, **fields):
    return RetractionNotice(said_by=by, nature=nature, noticed_on=on, recorded_at=NOW, **fields)


def on_record(nature, on=None, by=RW, record="1", **fields):
    row = notice(nature, on, by, record=record, **fields)
    row.save()
    return row


EARLY, LATER, LAST = date(2019, 2, 3), date(2020, 2, 3), date(2021, 2, 3)
FOLDED = {
    "nothing": ([], ""),
    "a retraction": ([("retraction", EARLY)], "retracted"),
    "a concern": ([("concern", EARLY)], "concern"),
    "a correction alone": ([("correction", EARLY)], ""),
    "a correction after a retraction": ([("retraction", EARLY), ("correction", LATER)], "retracted"),
    "a concern that became a retraction": ([("concern", EARLY), ("retraction", LATER)], "retracted"),
    "a concern after a retraction": ([("retraction", EARLY), ("concern", LATER)], "retracted"),
    "taken back": ([("retraction", EARLY), ("reinstatement", LATER)], ""),
    "taken back, in any order of rows": ([("reinstatement", LATER), ("retraction", EARLY)], ""),
    "taken back and retracted again": (
        [("retraction", EARLY), ("reinstatement", LATER), ("retraction", LAST)],
        "retracted",
    ),
    "taken back before": ([("reinstatement", EARLY), ("retraction", LATER)], "retracted"),
    "taken back, then doubted": ([("retraction", EARLY), ("reinstatement", LATER), ("concern", LAST)], "concern"),
    "both on one day": ([("retraction", EARLY), ("reinstatement", EARLY)], "retracted"),
    "undated": ([("retraction", None)], "retracted"),
    "undated, and taken back on a day": ([("retraction", None), ("reinstatement", EARLY)], ""),
    "undated, taken back without a date": ([("retraction", None), ("reinstatement", None)], ""),
    "dated, taken back without a date": ([("retraction", EARLY), ("reinstatement", None)], "retracted"),
}


@pytest.mark.parametrize("case", FOLDED)
def test_the_notices_of_a_work_are_folded_by_date(case):
    notices, state = FOLDED[case]
    assert retractions.fold([notice(nature, on) for nature, on in notices])[0] == state
    assert retractions.fold([notice(nature, on) for nature, on in reversed(notices)])[0] == state


def test_a_reinstatement_by_one_takes_back_what_another_said_before():
    told = [notice("retraction", EARLY, PUBMED), notice("retraction", EARLY), notice("reinstatement", LATER)]
    assert retractions.fold(told) == ("", "")


def test_everybody_who_says_so_is_named_once_with_the_first_date():
    told = [
        notice("retraction", LATER),
        notice("retraction", EARLY),
        notice("retraction", None, PUBMED),
        notice("concern", EARLY, CROSSREF),
        notice("retraction", LAST, EDITOR, reason="Seen in the journal."),
    ]
    assert retractions.fold(told) == (
        "retracted",
        "According to PubMed (undated), Retraction Watch (3 February 2019) and "
        "an editor (3 February 2021). Seen in the journal.",
    )


def test_a_note_never_outgrows_its_column():
    [_, note] = retractions.fold([notice("retraction", EARLY, EDITOR, reason="x" * 500)])
    assert len(note) == 300 and note.endswith("…")


@pytest.mark.parametrize("meant", [{"doi": "10.1000/DOE2020"}, {"pmid": "23853635"}])
def test_a_notice_means_a_source_by_its_numbers(cast, meant):
    Source.objects.filter(pk=cast.source.pk).update(pmid="23853635")
    on_record("retraction", EARLY, **meant)
    [mark] = retractions.refresh([cast.source])
    assert (mark.source.key, mark.before, mark.after) == ("doe2020", "", "retracted")
    assert cast.source.retraction_state == "retracted"
    cast.source.refresh_from_db()
    assert cast.source.retraction_note == "According to Retraction Watch (3 February 2019)."
    assert cast.source.history.first().retraction_state == "retracted"


def test_marking_twice_changes_nothing(cast):
    on_record("retraction", EARLY, doi="10.1000/doe2020")
    retractions.refresh([cast.source])
    past = cast.source.history.count()
    assert retractions.refresh([cast.source]) == []
    assert cast.source.history.count() == past


def test_a_notice_that_goes_takes_the_mark_with_it(cast):
    row = on_record("retraction", EARLY, doi="10.1000/doe2020")
    retractions.refresh([cast.source])
    row.delete()
    [mark] = retractions.refresh([cast.source])
    assert (mark.before, mark.after, cast.source.retraction_note) == ("retracted", "", "")


def test_a_notice_on_one_of_two_merged_sources_marks_both(cast):
    kept, other = newsroom.source("kept2020"), newsroom.source("other2020")
    third = newsroom.source("third2020")
    Source.objects.filter(pk=cast.source.pk).update(merged_into=kept)
    Source.objects.filter(pk=kept.pk).update(merged_into=third)
    on_record("retraction", EARLY, doi="10.1000/doe2020")
    assert {mark.source.key for mark in retractions.refresh([third])} == {"doe2020", "kept2020", "third2020"}
    other.refresh_from_db()
    assert other.retraction_state == ""


def test_a_new_source_is_known_at_once(cast):
    on_record("retraction", EARLY, doi="10.1000/new2020")
    assert newsroom.source("new2020").retraction_state == "retracted"
    assert Source.objects.get(key="new2020").retraction_state == "retracted"


def test_a_corrected_doi_takes_the_mark_away(cast):
    on_record("retraction", EARLY, doi="10.1000/doe2020")
    retractions.refresh([cast.source])
    cast.source.doi = "10.1000/right"
    cast.source.save()
    cast.source.refresh_from_db()
    assert cast.source.retraction_state == ""


def test_the_mark_stands_and_falls_with_the_transaction(cast):
    on_record("retraction", EARLY, doi="10.1000/doe2020")
    with pytest.raises(RuntimeError), transaction.atomic():
        retractions.refresh([cast.source])
        raise RuntimeError
    assert Source.objects.get(pk=cast.source.pk).retraction_state == ""


def test_many_sources_cost_no_more_queries_than_few(cast):
    for serial in range(15):
        newsroom.source(f"work{serial}")
        on_record("retraction", EARLY, doi=f"10.1000/work{serial}", record=str(serial))
    few, many = Source.objects.filter(key__in=["work1", "work2"]), Source.objects.filter(key__startswith="work")
    many = many.exclude(pk__in=few)
    counts = []
    for sources in (list(few), list(many)):
        with CaptureQueriesContext(connection) as queries:
            retractions.refresh(sources)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_change_is_told_in_its_transaction_and_the_live_articles_on_commit(
    cast, django_capture_on_commit_callbacks, request, monkeypatch
):
    live, told, emails = newsroom.published(cast, title="Live"), [], []
    newsroom.draft(cast, title="Draft")

    def listen(changes, **said):
        told.extend((one.source.key, one.before, one.after) for one in changes)

    retraction_states_changed.connect(listen)
    request.addfinalizer(lambda: retraction_states_changed.disconnect(listen))
    monkeypatch.setattr(notifications, "sources_marked", emails.append)
    with django_capture_on_commit_callbacks(execute=True):
        on_record("retraction", EARLY, doi="10.1000/doe2020")
        retractions.refresh([cast.source])
        assert told == [("doe2020", "", "retracted")] and emails == []
    [[affected]] = emails
    assert (affected.change.source.key, affected.articles) == ("doe2020", (live,))


def test_every_editor_gets_an_email(cast, django_capture_on_commit_callbacks):
    newsroom.published(cast, title="Tea & <sleep>")
    gone = newsroom.user("gone", "Editors", is_active=False)
    mail.outbox.clear()  # the emails of the round
    with django_capture_on_commit_callbacks(execute=True):
        on_record("retraction", EARLY, doi="10.1000/doe2020")
        retractions.refresh([cast.source])
    assert [email.to for email in mail.outbox] == [["editor@example.org"], ["writer@example.org"]]
    assert gone.email not in str(mail.outbox)
    email = mail.outbox[0]
    html = email.alternatives[0][0]
    assert email.subject == "doe2020: retracted"
    assert "According to Retraction Watch (3 February 2019)." in email.body
    assert "Tea & <sleep>" in email.body and "Tea &amp; &lt;sleep&gt;" in html
    assert "http://127.0.0.1:8000/admin/sources/source/" in email.body


def test_a_subject_holds_no_control_character(cast, django_capture_on_commit_callbacks):
    Source.objects.filter(pk=cast.source.pk).update(title="x")
    marked = Source(pk=cast.source.pk, key="doe\v\f\r\n2020", title="x")
    notifications.sources_marked([retracted_sources.AffectedArticles(retractions.StateChange(marked, "", "concern"))])
    assert mail.outbox[0].subject == "doe 2020: expression of concern"


def test_a_mail_server_that_fails_undoes_nothing(cast, settings, django_capture_on_commit_callbacks, caplog):
    settings.EMAIL_BACKEND = "tests.sources.test_retractions.Broken"
    with django_capture_on_commit_callbacks(execute=True):
        on_record("retraction", EARLY, doi="10.1000/doe2020")
        retractions.refresh([cast.source])
    assert Source.objects.get(pk=cast.source.pk).retraction_state == "retracted"
    assert "was not sent" in caplog.text


class Broken:
    def __init__(self, **options):
        raise ConnectionRefusedError("no mail server")


def test_a_receiver_that_fails_undoes_the_change(cast, django_capture_on_commit_callbacks, request):
    def fail(**said):
        raise ValueError("broken")

    retraction_states_changed.connect(fail)
    request.addfinalizer(lambda: retraction_states_changed.disconnect(fail))
    on_record("retraction", EARLY, doi="10.1000/doe2020")
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValueError, match="broken"):
        retractions.refresh([cast.source])
    assert Source.objects.get(pk=cast.source.pk).retraction_state == "" and mail.outbox == []


def test_what_receivers_take_off_the_schedule_is_counted_once(cast, request):
    def answer(changes, **said):
        return {one.source.pk: {7, 8} for one in changes}

    retraction_states_changed.connect(answer)
    request.addfinalizer(lambda: retraction_states_changed.disconnect(answer))
    newsroom.source("other2020")
    for serial, doi in enumerate(("10.1000/doe2020", "10.1000/other2020")):
        on_record("retraction", EARLY, doi=doi, record=str(serial))
    changes = retractions.refresh(Source.objects.all())
    assert len(changes) == 2 and retractions.unscheduled(changes) == 2


def test_an_editor_notes_a_retraction_and_takes_it_back(cast):
    said = {"source": cast.source, "actor": cast.editor, "reason": "Read in the journal."}
    retractions.note(nature=Nature.RETRACTION, on=EARLY, **said)
    assert cast.source.retraction_state == "retracted"
    retractions.note(nature=Nature.REINSTATEMENT, on=LATER, **said)
    assert cast.source.retraction_state == ""
    assert RetractionNotice.objects.filter(source=cast.source, record__startswith="Editor, ").count() == 2


@pytest.mark.parametrize("who", ["writer", "colleague", "advisor1", "outsider"])
def test_nobody_else_notes_a_retraction(cast, who):
    with pytest.raises(NotPermitted):
        retractions.note(source=cast.source, actor=cast.everybody[who], nature="retraction", reason="x")
    assert not RetractionNotice.objects.exists()


@pytest.mark.parametrize(("reason", "days", "code"), [(" ", 0, "not_said"), ("x", 1, "in_future")])
def test_a_note_without_a_reason_or_of_a_day_to_come_is_refused(cast, reason, days, code):
    on = clock.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError) as refused:
        retractions.note(source=cast.source, actor=cast.editor, nature="retraction", reason=reason, on=on)
    assert code in str([error.code for errors in refused.value.error_dict.values() for error in errors])


def due(value):
    request = RequestFactory().get("/")
    chosen = NextReviewFilter(request, {"review_due": [value]}, Article, admin_site._registry[Article])
    return {article.title for article in chosen.queryset(request, Article.objects.all())}


@pytest.mark.parametrize("value", ["0", "30", "source"])
def test_a_live_article_whose_source_was_marked_is_due_now(cast, value):
    newsroom.published(cast, title="Live")
    newsroom.approved(cast, title="Not live")
    assert due(value) == set()
    retractions.note(source=cast.source, actor=cast.editor, nature="concern", reason="Letter to the editor.")
    assert due(value) == {"Live"}


def approved_in_doubt(cast):
    """A live article that the board approved while its source was doubted."""
    article = newsroom.draft(cast, title="Live")
    submission = newsroom.submit(cast, article)
    retractions.note(source=cast.source, actor=cast.editor, nature="concern", reason="Letter to the editor.")
    newsroom.approve(submission)
    newsroom.publish(cast, article)
    return article


def test_what_the_board_knew_when_it_approved_asks_for_nothing(cast):
    approved_in_doubt(cast)
    assert due("0") == set()
    retractions.note(source=cast.source, actor=cast.editor, nature="retraction", reason="Withdrawn since.")
    assert due("0") == {"Live"}


def test_an_edited_source_that_was_marked_before_asks_for_nothing_new(cast):
    approved_in_doubt(cast)
    cast.source.pages = "1-2"
    cast.source.save()
    assert due("0") == set()


def test_sources_that_are_taken_in_by_the_dozen_are_known_at_once(cast):
    on_record("retraction", EARLY, doi="10.1000/new2020")
    given = '[{"type": "article-journal", "title": "New", "DOI": "10.1000/NEW2020", "custom": {"evidence": "cohort"}}]'
    source_imports.store(source_imports.plan(importers.read(given), actor=cast.writer), actor=cast.writer)
    assert Source.objects.get(title="New").retraction_state == "retracted"


def test_the_stored_note_is_the_same_in_every_language():
    with override("de"):
        assert retractions.fold([notice("retraction", EARLY)])[1] == "According to Retraction Watch (3 February 2019)."
