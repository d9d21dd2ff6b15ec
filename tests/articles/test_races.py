"""Two people act at the same moment, in threads with connections of their own. This can only be seen on PostgreSQL.

SQLite lets only one writer in at a time, so it has no races. If two actions exclude each other, one succeeds and the
other is refused with a message; the chain is intact afterwards.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from advisors import proposals, reviews
from advisors.models import Conflict, Review, Verdict
from articles import drafting, workflow
from articles.assignments.assigning import ShownAssignment, assign
from articles.exceptions import InvalidTransition
from articles.models import Approval, Article, Assignment, Submission
from audit import integrity
from sources import retractions
from sources.models import Source
from tests import newsroom
from tests.audit.chain import Chain
from tests.racing import race

ROUNDS = int(os.environ.get("RACES", "25"))  # of each race

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]


@pytest.fixture
def cast(committed) -> Iterator[newsroom.Cast]:
    """Return the cast. After the test, prove the chain of every round: each has an article of its own."""
    assert connection.settings_dict["NAME"].startswith("test_"), "these tests empty the database they run on"
    yield newsroom.cast()
    assert list(integrity.faults()) == []
    Chain().check(timezone.now())


def winners(came_to: list[object]) -> list[object]:
    """Return the results that are not refusals; assert that each refusal has a message."""
    for result in came_to:
        if isinstance(result, Exception):
            assert isinstance(result, InvalidTransition), repr(result)
            assert len(str(result)) > 20
    return [result for result in came_to if not isinstance(result, Exception)]


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def about_to_say(cast, article: Article, place: int, verdict: Verdict = Verdict.APPROVE) -> Callable[[], Review]:
    """Return a function that gives the verdict of a reviewer who has done everything else."""
    review = Review.objects.get(submission__article=article, advisor=cast.advisors[place])
    actor, digest = review.advisor.user, review.submission.revision.digest
    reviews.accept(review=review, actor=actor)
    if verdict == Verdict.CHANGES:
        reviews.comment(review=review, actor=actor, text="For whom?")
    given = {"conflict": Conflict.NONE, "verdict": verdict, "digest": digest}
    return lambda: reviews.give_verdict(authentication=newsroom.SIGNED_IN, review=review, actor=actor, **given)


def test_two_editors_publish_at_once_and_one_does(cast):
    def by(actor):
        return lambda: workflow.publish(article=fresh(article), actor=actor)

    for _ in range(ROUNDS):
        article = newsroom.approved(cast)
        assert len(winners(race(by(cast.editor), by(cast.admin)))) == 1
        assert article.publications.count() == 1


def test_two_people_submit_at_once_and_one_does(cast):
    def by(actor):
        return lambda: workflow.submit(article=fresh(article), actor=actor)

    for _ in range(ROUNDS):
        article = newsroom.draft(cast)
        assert len(winners(race(by(cast.writer), by(cast.editor)))) == 1
        assert article.submissions.get().reviews.count() == 2


def test_two_people_take_an_article_at_once_and_one_gets_it(cast):
    seen = ShownAssignment(None, None)

    def by(actor):
        return lambda: assign(article=fresh(article), actor=actor, person=actor, due_on=None, seen=seen)

    for _ in range(ROUNDS):
        article = newsroom.draft(cast)
        (row,) = winners(race(by(cast.writer), by(cast.editor)))
        assert Assignment.objects.get(article=article).person == row.person


def test_a_text_is_submitted_as_it_was_seen_or_rewritten_and_never_both(cast):
    def submit():
        return workflow.submit(article=fresh(article), actor=cast.editor, seen=1)

    def rewrite():
        content = newsroom.content(title="Magnesium and rest")
        return drafting.rewrite(article=fresh(article), actor=cast.writer, seen_version=1, content=content)

    for _ in range(ROUNDS):
        article = newsroom.draft(cast)
        (done,) = winners(race(submit, rewrite))
        assert article.revisions.count() == (1 if isinstance(done, Submission) else 2)


def test_two_deciding_verdicts_at_once_are_both_recorded_and_make_one_approval(cast):
    for _ in range(ROUNDS):
        article = newsroom.in_review(cast)
        assert len(winners(race(about_to_say(cast, article, 0), about_to_say(cast, article, 1)))) == 2
        assert Approval.objects.get(submission__article=article).signatories.count() == 2
        assert fresh(article).stage == "approved"


def test_a_deciding_verdict_and_a_recall_exclude_each_other(cast):
    def recall():
        return workflow.recall(article=fresh(article), actor=cast.writer)

    for _ in range(ROUNDS):
        article = newsroom.in_review(cast)
        about_to_say(cast, article, 0)()
        (done,) = winners(race(about_to_say(cast, article, 1), recall))
        assert fresh(article).stage == ("approved" if isinstance(done, Review) else "draft")


def test_a_withdrawal_and_the_next_version_leave_one_of_them_in_force_or_none(cast):
    def withdraw():
        return workflow.withdraw(article=fresh(article), actor=cast.editor, notice="A dose was wrong.")

    def publish():
        return workflow.publish(article=fresh(article), actor=cast.admin, change_note="The dose is right.")

    for _ in range(ROUNDS):
        article = newsroom.rewrite(cast, newsroom.published(cast), title="Magnesium and rest")
        newsroom.approve(newsroom.submit(cast, article))
        winners(race(withdraw, publish))
        withdrawn = article.publications.withdrawn().get()
        shown = article.publications.visible().filter(approval__revision__number=2)
        assert withdrawn.approval.revision.number == (1 if shown else 2)


@pytest.mark.parametrize("verb", ["publish", "schedule", "reinstate"])
def test_a_retraction_and_a_schedule_leave_nothing_scheduled_without_a_decision(cast, verb):
    def retract():
        return retractions.note(source=source, actor=cast.editor, nature="retraction", reason="Figures were copied.")

    def show():
        if verb == "schedule":
            at = timezone.now() + timedelta(days=1)
            return workflow.schedule(article=fresh(article), actor=cast.admin, at=at)
        return getattr(workflow, verb)(article=fresh(article), actor=cast.admin, **arguments)

    arguments = {"reason": "The dose is right."} if verb == "reinstate" else {}
    for serial in range(ROUNDS):
        source = newsroom.source(f"work{serial}")
        body = f'<p>By 17 minutes.<sup data-cite="{source.key}"></sup></p>'
        article = newsroom.draft(cast, sources=[source], body=body)
        newsroom.approve(newsroom.submit(cast, article))
        if verb == "reinstate":
            newsroom.publish(cast, article)
            workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
        winners(race(retract, show))
        assert not article.publications.upcoming().exists()
        assert Source.objects.get(pk=source.pk).retraction_state == "retracted"


def test_two_editors_schedule_at_once_and_one_does(cast):
    def by(actor, hours):
        at = timezone.now() + timedelta(hours=hours)
        return lambda: workflow.schedule(article=fresh(article), actor=actor, at=at)

    for _ in range(ROUNDS):
        article = newsroom.approved(cast)
        assert len(winners(race(by(cast.editor, 1), by(cast.admin, 2)))) == 1
        assert article.publications.count() == 1


def test_a_request_for_changes_and_a_deciding_approval_exclude_each_other(cast):
    def send_back():
        return workflow.request_changes(article=fresh(article), actor=cast.editor, reason="For whom?")

    for _ in range(ROUNDS):
        article = newsroom.in_review(cast)
        about_to_say(cast, article, 0)()
        done = winners(race(about_to_say(cast, article, 1), send_back))
        stage, submission = fresh(article).stage, article.submissions.get()
        if stage == "approved":  # the verdict came first, so nothing can be sent back
            assert len(done) == 1 and submission.outcome == "approved"
        else:  # a later verdict is stored but approves nothing
            assert (stage, submission.outcome) == ("changes_requested", "changes_requested")
            assert not Approval.objects.filter(submission=submission).exists()


def test_of_two_editors_and_the_writer_one_decides_on_a_proposal(cast):
    for _ in range(ROUNDS):
        article = newsroom.draft(cast, panel=0)
        [member] = proposals.propose(article=article, advisors=cast.advisors[:1], actor=cast.writer)
        about = {"article": article, "members": [member.pk]}
        came_to = race(
            lambda about=about: proposals.confirm(**about, actor=cast.editor),
            lambda about=about: proposals.turn_down(**about, actor=cast.admin),
            lambda about=about: proposals.withdraw(**about, actor=cast.writer),
        )
        assert len(winners(came_to)) == 1


def test_a_proposal_is_confirmed_while_the_article_is_submitted_and_asked_once(cast):
    for _ in range(ROUNDS):
        article = newsroom.draft(cast)
        [member] = proposals.propose(article=article, advisors=cast.advisors[2:], actor=cast.writer)
        newsroom.answer_warnings(article, cast.writer)
        came_to = race(
            lambda article=article: workflow.submit(article=article, actor=cast.writer),
            lambda article=article, pk=member.pk: proposals.confirm(article=article, members=[pk], actor=cast.editor),
            lambda article=article, pk=member.pk: proposals.confirm(article=article, members=[pk], actor=cast.admin),
        )
        assert len(winners(came_to)) == 2
        assert Review.objects.filter(submission__article=article, advisor=cast.advisors[2]).count() == 1
