"""The conditions of each verb besides the right person and stage, its messages of refusal, and its effects."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from advisors.models import Conflict
from articles import workflow
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.models import (
    Approval,
    Article,
    Author,
    Outcome,
    Reason,
    Revision,
    Signatory,
    SignedName,
    Stage,
    Submission,
)
from core.db import triggers
from sources import retractions
from tests import newsroom
from tests.conftest import ALL_GUARDS


def reread(article: Article) -> Article:
    article.refresh_from_db()
    return article


def tamper_with(revision: Revision, **fields: str) -> None:
    """Change a revision as somebody with full access to the database could."""
    triggers.remove(ALL_GUARDS, connection)
    assignments = ", ".join(f"{name} = %s" for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE articles_revision SET {assignments} WHERE id = %s", [*fields.values(), revision.pk])
    triggers.install(ALL_GUARDS, connection)


# submit


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"standfirst": ""}, "STR04"),
        ({"body": ""}, "STR04"),
        ({"body": '<p>One.<sup data-cite="nobody1999"></sup></p>'}, "CIT04"),
    ],
)
def test_a_text_that_is_not_ready_is_blocked_with_the_findings(cast, fields, rule):
    article = newsroom.draft(cast, **fields)
    with pytest.raises(Blocked) as refusal:
        newsroom.submit(cast, article)
    assert rule in {finding.id for finding in refusal.value.findings}
    assert reread(article).stage == Stage.DRAFT


def test_a_retracted_source_blocks_a_submission(cast):
    article = newsroom.draft(cast)
    retractions.note(source=cast.source, actor=cast.editor, nature="retraction", reason="Figures were copied.")
    with pytest.raises(Blocked, match="retracted"):
        newsroom.submit(cast, article)


def test_a_revision_that_is_no_longer_the_newest_is_not_submitted(cast):
    article = newsroom.rewrite(cast, newsroom.draft(cast), title="Magnesium and rest")
    with pytest.raises(InvalidTransition, match="Writer saved revision 2 after you looked at 1"):
        workflow.submit(article=article, actor=cast.editor, seen=1)


def test_a_submission_puts_forward_the_newest_revision(cast):
    article = newsroom.rewrite(cast, newsroom.draft(cast), title="Magnesium and rest")
    submission = workflow.submit(article=article, actor=cast.writer, seen=2, note="The title is new.")
    assert (submission.revision.number, submission.note, submission.submitted_by_name) == (
        2,
        "The title is new.",
        "Writer",
    )


def test_a_submission_is_due_in_the_days_that_the_settings_say(cast, settings):
    settings.REVIEW_DUE_DAYS = 5
    submission = newsroom.submit(cast, newsroom.draft(cast))
    assert submission.due_on == timezone.localdate() + timedelta(days=5)


def test_a_submission_is_due_on_the_day_that_was_chosen(cast):
    day = date(2030, 1, 2)
    assert workflow.submit(article=newsroom.draft(cast), actor=cast.writer, due_on=day).due_on == day


def test_a_submission_keeps_the_quorum_of_its_day(cast, settings):
    settings.REVIEW_QUORUM = 1
    assert newsroom.submit(cast, newsroom.draft(cast)).quorum == 1


def test_a_renewal_is_for_the_revision_that_readers_see(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    with pytest.raises(InvalidTransition, match="Only the revision that readers see"):
        workflow.submit(article=article, actor=cast.writer, reason=Reason.RENEWAL)


def test_a_draft_is_not_renewed(cast):
    with pytest.raises(InvalidTransition, match="at the stage “Draft”. Nobody can ask for a new review at this stage"):
        workflow.submit(article=newsroom.draft(cast), actor=cast.writer, reason=Reason.RENEWAL)


def test_a_published_text_is_not_submitted_as_new(cast):
    with pytest.raises(InvalidTransition, match="Nobody can submit it to the board at this stage"):
        newsroom.submit(cast, newsroom.published(cast))


# recall and request_changes


def test_a_recall_closes_the_round(cast):
    article = newsroom.in_review(cast)
    closed = workflow.recall(article=article, actor=cast.writer, reason="A typing error.")
    assert (closed.outcome, closed.is_open, article.transitions.first().reason) == (
        Outcome.RECALLED,
        False,
        "A typing error.",
    )


@pytest.mark.parametrize("words", ["", " \n"])
def test_changes_are_requested_in_words(cast, words):
    with pytest.raises(InvalidTransition, match="Say what should be changed"):
        workflow.request_changes(article=newsroom.in_review(cast), actor=cast.editor, reason=words)


# approve


@pytest.fixture
def half_approved(cast) -> Submission:
    """A submission that Ada has approved and Ben has not answered."""
    article = newsroom.in_review(cast)
    newsroom.verdict(article.submissions.get().reviews.get(advisor=cast.advisors[0]))
    return article.submissions.get()


def name(advisor, submission: Submission, **fields) -> Signatory:
    values = {"digest": submission.revision.digest, "signed_at": timezone.now()}
    values["signed_name"] = SignedName.objects.stored(advisor)
    return Signatory(user=advisor.user, **{**values, **fields})


def approve(cast, submission: Submission, *names: Signatory) -> Approval:
    return workflow.approve(submission=submission, actor=cast.advisors[0].user, signatories=names)


def test_one_name_does_not_approve(cast, half_approved):
    with pytest.raises(InvalidTransition, match="2 different reviewers"):
        approve(cast, half_approved, name(cast.advisors[0], half_approved))


def test_one_name_given_twice_does_not_approve(cast, half_approved):
    with pytest.raises(InvalidTransition, match="2 different reviewers"):
        approve(cast, half_approved, *[name(cast.advisors[0], half_approved) for _ in range(2)])


def test_a_name_without_a_verdict_is_refused_by_the_database(cast, half_approved):
    names = [name(advisor, half_approved) for advisor in cast.advisors[:2]]
    with pytest.raises(IntegrityError), transaction.atomic():
        approve(cast, half_approved, *names)
    assert not Approval.objects.exists()


def test_a_name_behind_another_digest_does_not_approve(cast, half_approved):
    first, second = (name(advisor, half_approved) for advisor in cast.advisors[:2])
    second.digest = "0" * 64
    with pytest.raises(InvalidTransition, match="another revision"):
        approve(cast, half_approved, first, second)


def test_a_name_of_somebody_on_the_byline_does_not_approve(cast, half_approved):
    author = Author.objects.create(name="Dr Ben", slug="ben", user=cast.advisors[1].user)
    half_approved.article.authorships.create(author=author, position=1)
    with pytest.raises(InvalidTransition, match="wrote or edited"):
        approve(cast, half_approved, *[name(advisor, half_approved) for advisor in cast.advisors[:2]])


@pytest.mark.parametrize("person", ["admin", "editor", "writer", "advisor2", "advisor3"])
def test_who_has_given_no_verdict_does_not_approve(cast, half_approved, person):
    names = [name(advisor, half_approved) for advisor in cast.advisors[:2]]
    with pytest.raises(NotPermitted):
        workflow.approve(submission=half_approved, actor=cast.everybody[person], signatories=names)


def test_who_has_declared_a_conflict_does_not_approve_with_their_verdict(cast, half_approved):
    newsroom.verdict(half_approved.reviews.get(advisor=cast.advisors[1]), conflict=Conflict.DECLARED)
    names = [name(advisor, half_approved) for advisor in cast.advisors[:2]]
    with pytest.raises(NotPermitted):
        workflow.approve(submission=half_approved, actor=cast.advisors[1].user, signatories=names)


def test_a_text_that_was_tampered_with_is_not_approved(cast, half_approved):
    tamper_with(half_approved.revision, body="<p>Take ten times as much.</p>")
    with pytest.raises(InvalidTransition, match="does not match its digest"):
        newsroom.verdict(half_approved.reviews.get(advisor=cast.advisors[1]))


# publish and schedule


def test_a_text_that_was_tampered_with_is_not_published(cast):
    article = newsroom.approved(cast)
    tamper_with(article.head(), body="<p>Take ten times as much.</p>")
    with pytest.raises(InvalidTransition, match="does not match its digest"):
        newsroom.publish(cast, article)


def test_a_text_that_was_tampered_with_is_not_reinstated(cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    tamper_with(article.head(), body="<p>Take ten times as much.</p>", digest="0" * 64)
    with pytest.raises(InvalidTransition, match="does not match its digest"):
        workflow.reinstate(article=article, actor=cast.editor, reason="It is right.")


def test_a_revision_that_is_no_longer_the_newest_is_not_published(cast):
    article = newsroom.rewrite(cast, newsroom.approved(cast), title="Magnesium and rest")
    newsroom.approve(newsroom.submit(cast, article))
    with pytest.raises(InvalidTransition, match="after you looked at 1"):
        workflow.publish(article=article, actor=cast.editor, seen=1)


def test_a_publication_does_not_end_before_it_starts(cast):
    with pytest.raises(InvalidTransition, match="later than the start of the publication"):
        workflow.publish(article=newsroom.approved(cast), actor=cast.editor, until=timezone.now())


def test_nothing_is_scheduled_for_the_past(cast):
    with pytest.raises(InvalidTransition, match="That moment has passed"):
        newsroom.publish(cast, newsroom.approved(cast), at=datetime(2020, 1, 1, tzinfo=UTC))


def test_a_second_version_is_not_scheduled_beside_the_first(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    newsroom.rewrite(cast, article, title="Magnesium and rest")
    newsroom.approve(newsroom.submit(cast, article))
    with pytest.raises(InvalidTransition, match="scheduled already"):
        newsroom.publish(cast, article, at=timezone.now() + timedelta(days=2))


# withdraw and reinstate


def test_a_withdrawal_tells_readers_why(cast):
    with pytest.raises(InvalidTransition, match="Tell readers"):
        workflow.withdraw(article=newsroom.published(cast), actor=cast.editor, notice=" ")


def test_a_withdrawn_revision_is_not_published_as_if_nothing_had_been(cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    with pytest.raises(InvalidTransition, match="Reinstate it, and say why"):
        newsroom.publish(cast, article)


def test_a_reinstatement_tells_readers_why(cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    with pytest.raises(InvalidTransition, match="why it is back"):
        workflow.reinstate(article=article, actor=cast.editor, reason="")


def test_what_is_live_is_not_reinstated(cast):
    with pytest.raises(InvalidTransition, match="reinstated already"):
        workflow.reinstate(article=newsroom.published(cast), actor=cast.editor, reason="Once more.")


# Messages and records


def test_a_refusal_names_the_stage_and_who_was_there_last(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article)
    with pytest.raises(
        InvalidTransition, match=r"“Published” \(Editor: published, .*\)\. Nobody can publish it at this stage"
    ):
        newsroom.publish(cast, article)


def test_the_diary_says_who_did_what_from_where_to_where(cast):
    article = newsroom.published(cast)
    lines = article.transitions.order_by("pk").values_list("verb", "actor_name", "from_stage", "to_stage")
    assert list(lines) == [
        ("submit", "Writer", "draft", "in_review"),
        ("approve", "Ben", "in_review", "approved"),
        ("publish", "Editor", "approved", "published"),
    ]


def test_a_stage_that_moved_between_look_and_step_is_not_overwritten(cast, monkeypatch):
    """Without the row lock, the conditional update would find no row."""
    article = newsroom.draft(cast)
    monkeypatch.setattr(workflow, "_lock", lambda article: article)
    Article.objects.filter(pk=article.pk).update(stage=Stage.APPROVED)
    with pytest.raises(InvalidTransition, match="somebody else has just changed it"):
        newsroom.submit(cast, article)
    assert not Submission.objects.exists()
