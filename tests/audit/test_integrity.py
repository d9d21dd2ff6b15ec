"""check_integrity reports nothing on a healthy site, and on a tampered one a line per fault that names the article.

The attacker here controls the database: the guards are removed, and raw SQL does what no code of ours can.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from advisors.models import Review
from articles import workflow
from articles.digests import digest
from articles.models import Publication, Signatory, SignedName
from audit.integrity.guards import faults as missing_guards
from core.db import triggers
from tests import newsroom
from tests.admin_forms import picture
from tests.audit.tampering import check, names, tamper, tells, unchecked, unguarded
from tests.conftest import ALL_GUARDS


def test_a_healthy_site_with_every_stage_has_a_summary_and_no_fault(cast, capsys):
    newsroom.draft(cast)
    newsroom.in_review(cast)
    newsroom.changes_requested(cast)
    newsroom.approved(cast)
    newsroom.published(cast, hero_image=picture(), hero_alt="Teal")
    call_command("check_integrity")

    assert capsys.readouterr().out == "1 publications of 5 articles: every one shows what its reviewers approved.\n"


def test_a_site_with_a_past_and_a_future_is_healthy(cast, capsys):
    withdrawn, corrected = newsroom.published(cast), newsroom.published(cast)
    workflow.withdraw(article=withdrawn, actor=cast.editor, notice="A dose was wrong.")
    newsroom.rewrite(cast, corrected, title="Corrected")
    newsroom.approve(newsroom.submit(cast, corrected))
    newsroom.publish(cast, corrected, at=timezone.now() + timedelta(days=1))
    called_off = newsroom.approved(cast)
    newsroom.publish(cast, called_off, at=timezone.now() + timedelta(days=1))
    workflow.unschedule(article=called_off, actor=cast.editor)
    newsroom.rewrite(cast, corrected, actor=cast.editor, title="Being written")
    call_command("check_integrity")

    assert "3 publications of 3 articles" in capsys.readouterr().out


def test_an_empty_site_is_healthy(db, capsys):
    call_command("check_integrity")

    assert "0 publications of 0 articles" in capsys.readouterr().out


def test_the_text_of_a_revision_was_changed(article, revision, capsys):
    tamper("UPDATE articles_revision SET body = %s WHERE id = %s", "<p>Longer by 71 minutes.</p>", revision.pk)
    lines, ended = check(capsys)

    assert [line for line in lines if names(line, article) and "revision 1 does not match its digest" in line]
    assert ended.endswith("in 2 publications.") and ended.startswith(f"{len(lines)} faults")
    assert not [line for line in lines if "In order" in line]


def test_the_digest_of_a_revision_was_changed(article, revision, capsys):
    tamper("UPDATE articles_revision SET digest = %s WHERE id = %s", "a" * 64, revision.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article) and "revision 1 does not match its digest" in line]
    assert [line for line in lines if names(line, article) and "the approval is of another digest" in line]


def test_text_and_digest_were_both_changed(article, revision, capsys):
    """Somebody who computes the digest anew still has the verdicts against them."""
    revision.body = "<p>Longer by 71 minutes.</p>"
    anew = digest(revision.content(), revision.citations.all(), revision.bylines.all())
    tamper("UPDATE articles_revision SET body = %s, digest = %s WHERE id = %s", revision.body, anew, revision.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article) and "the approval is of another digest" in line]
    assert not [line for line in lines if "does not match its digest" in line]


def test_the_text_of_a_citation_was_changed(article, revision, capsys):
    tamper("UPDATE articles_citation SET reference = 'Roe R.' WHERE revision_id = %s", revision.pk)
    lines, _ = check(capsys)

    assert len(lines) == 2 and all(names(line, article) for line in lines)
    assert "does not match its digest" in lines[0]
    assert "the stored rendering of revision 1 does not match its content" in lines[1]  # a mark says which source it is


def test_the_name_on_a_byline_was_changed(article, revision, capsys):
    other = SignedName.objects.exclude(pk__in=revision.bylines.values("signed_name")).first()
    tamper("UPDATE articles_byline SET signed_name_id = %s WHERE revision_id = %s", other.pk, revision.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "does not match its digest")


def test_a_signatory_was_removed(article, capsys):
    signatory = Signatory.objects.filter(approval__revision__article=article).first()
    tamper("DELETE FROM articles_signatory WHERE id = %s", signatory.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "has 1 of the 2 approvals needed")


def test_a_signatory_was_added_who_gave_no_verdict(article, cast, revision, capsys):
    signatory = Signatory.objects.filter(approval__revision=revision).first()
    signatory.pk, signatory.user, signatory.position = None, cast.advisors[2].user, 9
    signatory.signed_name = SignedName.objects.stored(cast.advisors[2])
    signatory._state.adding = True
    with unguarded():
        signatory.save()
    lines, _ = check(capsys)

    assert tells(lines, article, "Dr Cleo, PhD is named as a reviewer and gave no approving verdict")


def test_a_signatory_was_put_in_the_place_of_another(article, cast, revision, capsys):
    signatory = Signatory.objects.filter(approval__revision=revision).first()
    tamper("UPDATE articles_signatory SET user_id = %s WHERE id = %s", cast.writer.pk, signatory.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article) and "approved an article that they wrote or edited" in line]


def test_a_signatory_was_exchanged_for_who_had_saved_the_approved_revision(cast, capsys):
    article = newsroom.rewrite(cast, newsroom.draft(cast), actor=cast.editor, title="Tampered with")
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article)
    signatory = Signatory.objects.filter(approval__revision__article=article).first()
    tamper("UPDATE articles_signatory SET user_id = %s WHERE id = %s", cast.editor.pk, signatory.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article) and "approved an article that they wrote or edited" in line]


def test_a_publication_was_moved_to_a_time_before_its_approval(article, capsys):
    with unguarded():
        Publication.objects.filter(article=article).update(starts_at=F("starts_at") - timedelta(hours=1))
    lines, _ = check(capsys)

    assert tells(lines, article, "was shown before it was approved")


def test_a_conflict_of_interest_was_found_later(article, revision, capsys):
    review = Review.objects.filter(submission__revision=revision).earliest("pk")
    tamper("UPDATE advisors_review SET conflict = 'declared', conflict_statement = 'Shares.' WHERE id = %s", review.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "counted in spite of a conflict of interest")


def test_a_verdict_speaks_of_another_digest(article, revision, capsys):
    review = Review.objects.filter(submission__revision=revision).earliest("pk")
    tamper("UPDATE advisors_review SET digest = %s WHERE id = %s", "b" * 64, review.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "the verdict of Dr Ada, PhD is of another digest")


def test_a_verdict_was_turned_round(article, revision, capsys):
    review = Review.objects.filter(submission__revision=revision).earliest("pk")
    tamper("UPDATE advisors_review SET verdict = 'changes' WHERE id = %s", review.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article) and "gave no approving verdict" in line]
    assert any(
        line.endswith(f"{review.advisor_name} asked for changes in the round that approved it") for line in lines
    )


def test_the_date_of_a_verdict_was_removed(article, revision, capsys):
    review = Review.objects.filter(submission__revision=revision).earliest("pk")
    with unchecked("advisors_review", "review_verdict_is_whole"):
        tamper("UPDATE advisors_review SET verdict_at = NULL WHERE id = %s", review.pk)
    lines, _ = check(capsys)
    # On PostgreSQL the constraint is gone for good, which is found as well.
    lines = [line for line in lines if not line.startswith("database: the table advisors_review is not")]

    assert tells(lines, article, "the verdict of Dr Ada, PhD has no date")


def test_two_publications_overlap(article, revision, capsys):
    shown = Publication.objects.get(article=article)
    if connection.vendor == "postgresql":
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE articles_publication DROP CONSTRAINT publication_no_overlap")
    with unguarded():
        second = Publication.objects.create(
            article=article,
            approval=shown.approval,
            starts_at=shown.starts_at + timedelta(hours=1),
            ends_at=shown.starts_at + timedelta(days=1),
            published_by=shown.published_by,
            published_by_name="Editor",
            published_as=article.slug,
            created_at=shown.created_at,
        )
    lines, _ = check(capsys)

    assert f"{article.slug}: publications {shown.pk} and {second.pk} overlap" in lines


@pytest.mark.parametrize("stage", ["approved", "published"])
def test_a_stage_was_written_by_hand(cast, stage, capsys):
    article = newsroom.draft(cast, title="Tampered with")
    tamper("UPDATE articles_article SET stage = %s WHERE id = %s", stage, article.pk)
    lines, _ = check(capsys)

    assert [
        line
        for line in lines
        if names(line, article) and f"is at “{stage.title()}” and its newest revision is not approved" in line
    ]


def test_a_text_was_taken_from_the_board_by_hand(cast, capsys):
    article = newsroom.in_review(cast, title="Tampered with")
    tamper("UPDATE articles_article SET stage = 'draft' WHERE id = %s", article.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "is at “Draft” with 1 open submissions")


def test_a_submission_was_closed_otherwise(article, revision, capsys):
    tamper("UPDATE articles_submission SET outcome = 'recalled' WHERE revision_id = %s", revision.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "its submission ended as “recalled”")


def test_a_kept_page_was_altered(article, revision, capsys):
    tamper("UPDATE articles_rendering SET body = '<p>Longer by 71 minutes.</p>' WHERE revision_id = %s", revision.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "does not match its content")


def test_a_kept_safety_note_was_altered(article, revision, capsys):
    tamper("UPDATE articles_rendering SET safety_note = '<p>Safe.</p>' WHERE revision_id = %s", revision.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "does not match its content")


def test_a_picture_was_exchanged_under_its_name(article, revision, capsys):
    Path(settings.MEDIA_ROOT, revision.hero_image.name).write_bytes(picture("red").read())
    lines, _ = check(capsys)

    assert (
        len(lines) == 1
        and names(lines[0], article)
        and "the picture" in lines[0]
        and "is not the one that was approved" in lines[0]
    )


def test_a_picture_is_missing(article, revision, capsys):
    Path(settings.MEDIA_ROOT, revision.hero_image.name).unlink()
    lines, _ = check(capsys)

    assert len(lines) == 1 and names(lines[0], article) and "the picture" in lines[0] and "is missing" in lines[0]


@pytest.mark.parametrize("guard", ALL_GUARDS, ids=lambda guard: guard.name)
def test_a_guard_is_missing(db, guard, capsys):
    if connection.vendor not in guard.vendors:
        assert guard.name not in str(list(missing_guards()))
        return
    triggers.remove([guard], connection)
    try:
        lines, ended = check(capsys)
    finally:
        triggers.install([guard], connection)

    assert lines == [f"database: the guard {guard.name} is missing or changed; run manage.py migrate"]
    assert ended == "1 faults in 0 publications."


def test_a_publication_that_was_shown_is_hidden_as_if_called_off(article, capsys):
    Publication.objects.filter(article=article).update(cancelled_at=F("starts_at"))
    lines, _ = check(capsys)

    shown = Publication.objects.get(article=article)
    assert f"{article.slug}: publication {shown.pk} was cancelled and the log does not say by whom" in lines


def test_what_the_log_says_of_another_article_does_not_explain_what_is_hidden(article, cast, capsys):
    other = newsroom.published(cast)
    workflow.withdraw(article=other, actor=cast.editor, notice="A dose was wrong.")
    Publication.objects.filter(article=article).update(cancelled_at=F("starts_at"))
    lines, _ = check(capsys)

    shown = Publication.objects.get(article=article)
    assert f"{article.slug}: publication {shown.pk} was cancelled and the log does not say by whom" in lines


def test_a_schedule_that_was_called_off_is_no_fault(cast, capsys):
    later = newsroom.approved(cast)
    newsroom.publish(cast, later, at=timezone.now() + timedelta(days=1))
    workflow.unschedule(article=later, actor=cast.editor)
    call_command("check_integrity")
    assert "was cancelled" not in capsys.readouterr().out
