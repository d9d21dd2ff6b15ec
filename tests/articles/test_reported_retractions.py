"""A file that says “retracted” warns writers and the board, until an index or an editor confirms it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from advisors.models import Review
from articles.cited_sources.source_imports import ImportState, plan, store
from articles.readiness import draft_source
from checks.preflight.citations import sources_still_reliable
from checks.preflight.draft import Draft
from checks.preflight.findings import Level
from sources import retractions
from sources.importers import read
from sources.importers.retraction_reports import FileReport, notes_of, reports
from sources.models import Nature, NoticeOrigin, RegisterAnswer, RetractionNotice, RetractionState, Source, SourceLookup
from sources.register_checks import REGISTERS, due
from tests import newsroom

FILES = Path(__file__).parents[1] / "sources" / "importers" / "files"


def imported(actor, text: str | bytes):
    found = read(text)
    made = plan(found, actor=actor, evidence=dict.fromkeys(range(len(found.entries)), "cohort"))
    store(made, actor=actor)
    return made


def reported(cast) -> Source:
    imported(cast.writer, (FILES / "12-retracted.nbib").read_bytes())
    return Source.objects.get(pmid="99999999")


def test_a_file_that_says_retracted_is_on_record_and_warns(cast):
    source = reported(cast)

    assert source.retraction_state == RetractionState.NONE
    assert source.reported_retraction.endswith("says: J Y. 2022 Jan 1;1(1):1. PMID: 99999998")
    notice = RetractionNotice.objects.get()
    assert (notice.said_by, notice.nature, notice.source) == (NoticeOrigin.FILE, Nature.RETRACTION, source)
    draft = Draft(
        title="T", body=f'<p>It helps.<sup data-cite="{source.key}"></sup></p>', sources=(draft_source(source),)
    )
    (finding,) = sources_still_reliable(draft)
    assert "Nobody has confirmed it" in str(finding.message) and finding.level is Level.WARNING


def test_the_preview_shows_the_report_before_anything_is_stored(cast, client):
    client.force_login(cast.writer)
    text = (FILES / "12-retracted.nbib").read_text()
    page = client.post(reverse("admin:sources_source_paste"), {"text": text}).content.decode()
    assert "The file reports a retraction or a concern." in page
    assert not RetractionNotice.objects.exists()


def test_a_known_source_gets_the_report_even_from_somebody_who_may_not_change_it(cast):
    Source.objects.filter(pk=cast.source.pk).update(pmid="99999999")
    newsroom.in_review(cast)  # a cited source is the editors' to change
    made = imported(cast.writer, (FILES / "12-retracted.nbib").read_bytes())
    assert [row.state for row in made.rows] == [ImportState.COMPLETES]
    cast.source.refresh_from_db()
    assert cast.source.reported_retraction
    again = plan(read((FILES / "12-retracted.nbib").read_bytes()), actor=cast.writer)
    assert [row.state for row in again.rows] == [ImportState.THERE]


def test_an_editors_notice_confirms_it(cast):
    source = reported(cast)
    retractions.note(source=source, actor=cast.editor, nature=Nature.RETRACTION, reason="Seen at the journal.")
    source.refresh_from_db()
    assert (source.retraction_state, source.reported_retraction) == (RetractionState.RETRACTED, "")


def test_an_editors_reinstatement_cancels_it_until_a_file_says_something_else(cast):
    source = reported(cast)
    retractions.note(source=source, actor=cast.editor, nature=Nature.REINSTATEMENT, reason="It was another paper.")
    source.refresh_from_db()
    assert source.reported_retraction == ""

    reported(cast)
    source.refresh_from_db()
    assert source.reported_retraction == ""

    retractions.record_reports([(source, FileReport("retraction", "Retracted Publication"))])
    source.refresh_from_db()
    assert source.reported_retraction.endswith("Retracted Publication")


def test_a_confirmed_concern_leaves_a_reported_retraction_to_be_confirmed(cast):
    source = reported(cast)
    retractions.note(source=source, actor=cast.editor, nature=Nature.CONCERN, reason="Seen.")
    source.refresh_from_db()
    assert source.retraction_state == RetractionState.CONCERN and source.reported_retraction


def test_the_next_check_of_sources_asks_about_it_first_and_again(cast):
    (register,) = [one for one in REGISTERS if one.number == "pmid"]
    old, other = newsroom.source("old2019", pmid="7"), newsroom.source("told2020", pmid="99999999")
    now = timezone.now()
    for source in (old, other):
        SourceLookup.objects.create(
            source=source,
            asked=register.speaker,
            asked_at=now - timedelta(days=1),
            answered_at=now - timedelta(days=1),
            answer=RegisterAnswer.ANSWERED,
        )
    assert list(due(register, now, days=7)) == []

    reported(cast)

    assert list(due(register, now, days=7)) == [other]
    assert list(due(register, now, days=0)) == [other, old]


def test_a_notice_in_a_file_reports_the_work_that_it_is_about(cast):
    Source.objects.filter(pk=cast.source.pk).update(doi="10.1000/about")
    notice = (
        '{"DOI": "10.1000/notice", "type": "journal-article", "title": ["Retraction: A trial"], '
        '"update-to": [{"DOI": "10.1000/ABOUT", "type": "retraction", "label": "Retraction"}]}'
    )
    imported(cast.writer, notice)
    cast.source.refresh_from_db()
    assert cast.source.reported_retraction
    assert Source.objects.get(doi="10.1000/notice").reported_retraction == ""


def test_the_board_reads_it_beside_the_source(cast, client):
    article = newsroom.in_review(cast)
    retractions.record_reports([(cast.source, FileReport("retraction", "Retracted, the file says"))])
    client.force_login(cast.advisors[0].user)
    review = Review.objects.get(submission__revision__article=article, advisor=cast.advisors[0])
    page = client.get(reverse("board:review", args=[review.pk])).content.decode()
    assert "Reported as retracted, not confirmed." in page and "Retracted, the file says" in page


def test_readers_see_nothing_of_a_report(cast, client):
    article = newsroom.published(cast)
    retractions.record_reports([(cast.source, FileReport("retraction", "Retracted, the file says"))])
    page = client.get(article.get_absolute_url()).content.decode()
    assert "the file says" not in page


@pytest.mark.parametrize(
    "note",
    [
        "Retracted",
        "RETRACTED",
        "Retraction in: J X. 2020",
        "This article has been retracted at the request of the editor.",
        "Retracted Publication",
        "The paper by Doe et al was withdrawn",
    ],
)
def test_notes_that_say_it(note):
    assert notes_of("T", [note]) == [f"retraction note: {note}"]


@pytest.mark.parametrize(
    "note",
    ["Retraction of: J X. 2020", "We count retracted papers.", "Retractions in medicine", "Retractable needles", ""],
)
def test_notes_that_say_something_else(note):
    assert notes_of("T", [note]) == []


@pytest.mark.parametrize(
    ("title", "is_reported"),
    [
        ("RETRACTED: A trial", True),
        ("[Retracted] A trial", True),
        ("Retracted Article: A trial", True),
        ("Retraction: A trial", False),
        ("Retraction notice to “A trial”", False),
        ("Retracted papers in nutrition", False),
    ],
)
def test_titles_that_publishers_mark(title, is_reported):
    assert bool(notes_of(title, [])) is is_reported


def test_reports_of_pubmeds_notices_and_types():
    notice = {
        "publication-types": ["Retraction of Publication"],
        "notices": ["retraction of: J. doi: 10.1000/x. PMID: 7"],
    }
    assert list(reports({"custom": notice})) == [
        FileReport("retraction", "J. doi: 10.1000/x. PMID: 7", doi="10.1000/x", pmid="7")
    ]
    assert list(reports({"custom": {"publication-types": ["Retracted Publication"]}})) == [
        FileReport("retraction", "Retracted Publication")
    ]
