"""The rules that the database enforces on publications, however a row is written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Approval, Outcome, Publication, Submission
from tests import newsroom
from tests.articles.rows import bare_approval, insert, publication, refused, review, sign

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def approval_of(article) -> Approval:
    return Approval.objects.get(submission__article=article)


def close(approval: Approval, outcome: Outcome = Outcome.APPROVED) -> None:
    Submission.objects.filter(pk=approval.submission_id).update(outcome=outcome, closed_at=timezone.now())


def test_what_nobody_approved_has_nothing_to_be_published_by(cast):
    with refused():
        insert(publication(newsroom.draft(cast), None))


def test_an_approval_that_nobody_signed_is_not_published(cast):
    approval = bare_approval(cast)
    close(approval)
    with refused("a full quorum approved"):
        insert(publication(approval.submission.article, approval))


def test_an_approval_short_of_its_quorum_is_not_published(cast):
    approval = bare_approval(cast)
    review(approval, cast.advisors[0])
    sign(approval, cast.advisors[0])
    close(approval)
    with refused("a full quorum approved"):
        insert(publication(approval.submission.article, approval))


def test_an_approval_with_its_quorum_is_published(cast):
    approval = bare_approval(cast)
    for place, advisor in enumerate(cast.advisors[:2]):
        review(approval, advisor)
        sign(approval, advisor, position=place)
    close(approval)
    insert(publication(approval.submission.article, approval))
    assert Publication.objects.visible().count() == 1


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.RECALLED, Outcome.CHANGES_REQUESTED])
def test_a_round_that_did_not_end_in_approval_is_not_published(cast, outcome):
    approval = bare_approval(cast)
    for place, advisor in enumerate(cast.advisors[:2]):
        review(approval, advisor)
        sign(approval, advisor, position=place)
    if outcome:
        close(approval, outcome)
    with refused("a full quorum approved"):
        insert(publication(approval.submission.article, approval))


def test_an_approval_publishes_no_other_article(cast):
    one, other = newsroom.approved(cast), newsroom.draft(cast)
    with refused("of its own article"):
        insert(publication(other, approval_of(one)))


def test_an_article_has_one_publication_without_an_end(cast):
    article = newsroom.published(cast)
    later = publication(article, approval_of(article), starts_at=timezone.now() + DAY)
    with refused():
        insert(later)


def test_a_publication_does_not_start_within_another(cast):
    article = newsroom.approved(cast)
    workflow.publish(article=article, actor=cast.editor, until=timezone.now() + DAY)
    with refused():
        insert(publication(article, approval_of(article), starts_at=timezone.now() + HOUR))


def test_a_publication_does_not_reach_into_the_next(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + DAY)
    with refused():
        insert(publication(article, approval_of(article), ends_at=timezone.now() + 2 * DAY))


def test_a_publication_may_begin_at_the_moment_the_last_one_ends(cast):
    article = newsroom.approved(cast)
    first = workflow.publish(article=article, actor=cast.editor, until=timezone.now() + DAY)
    insert(publication(article, approval_of(article), starts_at=first.ends_at))
    assert article.publications.count() == 2


def test_a_publication_is_not_stretched_over_the_next(cast):
    article = newsroom.approved(cast)
    first = workflow.publish(article=article, actor=cast.editor, until=timezone.now() + DAY)
    insert(publication(article, approval_of(article), starts_at=first.ends_at, ends_at=first.ends_at + DAY))
    with refused():
        Publication.objects.filter(pk=first.pk).update(ends_at=first.ends_at + HOUR)


def test_what_was_called_off_makes_room(cast):
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + DAY)
    workflow.unschedule(article=article, actor=cast.editor)
    insert(publication(article, approval_of(article)))
    assert Publication.objects.visible().count() == 1


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("publication_starts_before_ends", {"ends_at": -HOUR}),
        ("publication_starts_before_ends", {"ends_at": 0 * HOUR}),
        ("publication_cancelled_before_start", {"cancelled_at": HOUR}),
        ("publication_notice_means_ended", {"notice": "Gone."}),
        ("publication_kind", {"kind": "whim"}),
    ],
)
def test_a_publication_that_makes_no_sense_is_refused(cast, name, changes):
    article = newsroom.approved(cast)
    row = publication(article, approval_of(article))
    for field, value in changes.items():
        setattr(row, field, row.starts_at + value if isinstance(value, timedelta) else value)
    with refused(name):
        insert(row)
