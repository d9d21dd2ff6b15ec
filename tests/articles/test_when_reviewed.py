"""The time of the last review, which the database stores with a publication, lists use and check_integrity verifies."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import workflow
from articles.derived_columns import WHEN_REVIEWED
from articles.models import Approval, Citation, Publication, Reason, Topic
from articles.reviews_due import in_doubt, last_review_before, marked_since_approval
from sources import retractions
from tests import newsroom

YEAR = timedelta(days=365)


def ago(days: float):
    return time_machine.travel(timezone.now() - timedelta(days=days))


def renewed(cast, article):
    """Approve the same text once more and return the article."""
    newsroom.answer_warnings(article, cast.editor)
    newsroom.approve(workflow.submit(article=article, actor=cast.editor, reason=Reason.RENEWAL))
    article.refresh_from_db()
    return article


@pytest.fixture
def old(cast):
    """Return an article that was published 400 days ago by advisors who were on the board then."""
    with ago(401):
        for advisor in cast.advisors:
            newsroom.prepare(advisor)
            newsroom.vouch(advisor)
    with ago(400):
        return newsroom.published(cast, title="Old")


def said(article) -> list:
    return list(article.publications.order_by("pk").values_list("reviewed_at", flat=True))


def test_a_publication_says_when_its_text_was_approved(old):
    assert said(old) == [Approval.objects.get().approved_at]


def test_a_renewal_is_said_at_once_and_by_no_other_article(cast, old):
    other = newsroom.published(cast)
    before = said(other)
    renewed(cast, old)

    assert said(old) == [Approval.objects.filter(revision__article=old).latest("approved_at").approved_at]
    assert said(other) == before


def test_a_newer_text_has_a_review_of_its_own(cast, old):
    newsroom.rewrite(cast, old, title="Newer")
    newsroom.approve(newsroom.submit(cast, old))
    old.refresh_from_db()
    newsroom.publish(cast, old)
    first, second = said(old)

    assert second - first > timedelta(days=399)


def test_what_comes_back_after_a_renewal_says_the_renewal(cast, old):
    workflow.withdraw(article=old, actor=cast.editor, notice="A figure is looked at.")
    old.refresh_from_db()
    workflow.reinstate(article=old, actor=cast.editor, reason="It stands.")
    renewed(cast, old)

    assert said(old)[-1] == Approval.objects.latest("approved_at").approved_at


def test_what_was_stored_while_the_triggers_were_away_gets_its_time_when_they_come_back(cast, old):
    renewed(cast, old)
    kept = said(old)
    Publication.objects.update(reviewed_at=None)
    with connection.cursor() as cursor:
        cursor.execute(WHEN_REVIEWED[0].refill)

    assert said(old) == kept != [None]


@pytest.mark.parametrize("wrong", [None, "later"])
def test_the_proof_names_a_publication_that_says_another_time(cast, old, wrong, capsys):
    newsroom.published(cast, title="In order")
    Publication.objects.filter(article=old).update(reviewed_at=wrong and timezone.now())
    with pytest.raises(CommandError, match="1 faults"):
        call_command("check_integrity")

    out = capsys.readouterr().out
    assert f"{old.slug}: publication {said_by(old)} does not say when its text was last reviewed" in out


def said_by(article) -> int:
    return article.publications.get().pk


def test_what_was_withdrawn_is_asked_for_nothing(cast, old, capsys):
    workflow.withdraw(article=old, actor=cast.editor, notice="It was wrong.")
    call_command("check_integrity")

    assert not last_review_before(timezone.now()).exists()


def test_a_text_falls_due_a_year_after_its_newest_approval(cast, old):
    newsroom.published(cast)
    assert [row.article for row in last_review_before(timezone.now())] == [old]
    renewed(cast, old)
    now = timezone.now()
    assert not last_review_before(now + YEAR - timedelta(days=1)).exists()
    assert last_review_before(now + YEAR).filter(article=old).exists()


def test_a_text_that_has_an_end_falls_due_as_well(cast):
    with ago(400):
        article = newsroom.approved(cast)
        workflow.publish(article=article, actor=cast.editor, until=timezone.now() + timedelta(days=800))

    assert last_review_before(timezone.now()).get().article == article


@pytest.mark.parametrize(("days", "due"), [(90, True), (110, False), (700, False)])
def test_a_topic_with_an_interval_of_its_own_sets_the_day(cast, days, due):
    with ago(100):
        article = newsroom.published(cast)
    article.topics.add(Topic.objects.create(name="Own", slug="own", review_interval_days=days))
    newsroom.published(cast)

    assert last_review_before(timezone.now()).exists() is due


def test_what_falls_due_is_found_by_an_index(old):
    found = last_review_before(timezone.now())

    assert [row.article for row in found] == [old]
    if connection.vendor == "sqlite":  # PostgreSQL's plan depends on the number of rows
        plan = found.explain()
        assert "INDEX publication_reviewed" in plan and "INDEX publication_ends_at" in plan and "SCAN" not in plan


def mark(cast, nature):
    retractions.note(source=cast.source, actor=cast.editor, nature=nature, reason="Figures were copied.", on=None)


@pytest.mark.parametrize(
    ("events", "doubted"),
    [
        ([], False),
        (["retraction"], True),
        (["concern"], True),
        (["concern", "renewal"], False),
        (["concern", "renewal", "retraction"], True),
        (["renewal", "retraction"], True),
        (["concern", "retraction"], True),
        (["concern", "renewal", "retraction", "reinstatement"], False),
    ],
)
def test_what_the_board_did_not_know_is_found_from_the_side_of_the_sources(cast, events, doubted):
    with ago(400):
        article = newsroom.published(cast)
        newsroom.draft(cast)
    for place, event in enumerate(events):
        with ago(300 - place):
            renewed(cast, article) if event == "renewal" else mark(cast, event)

    assert [row.article for row in in_doubt()] == ([article] if doubted else [])
    told = marked_since_approval().filter(revision__article=article)
    assert told.exists() is doubted
    assert all(citation.marked_at > citation.board_at for citation in told)


def test_a_citation_of_what_nobody_reads_any_more_puts_nothing_in_doubt(cast, old):
    newsroom.rewrite(cast, old, title="Without it", body="<p>Nothing is cited.</p>")
    newsroom.answer_warnings(old, cast.editor)
    newsroom.approve(newsroom.submit(cast, old))
    old.refresh_from_db()
    newsroom.publish(cast, old)
    mark(cast, "retraction")

    assert Citation.objects.exists() and not in_doubt().exists()
