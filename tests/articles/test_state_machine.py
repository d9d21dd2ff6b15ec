"""Whatever anybody does in any order, readers see approved words, and the chain stays intact.

Writers, advisors, editors and a superuser use any verb on two articles while the clock moves on and is set back.
Refusals are allowed; any other exception fails the test. After each step tests.audit.chain proves the promise from the
raw rows, without `visible()` and without the stage.
"""

import os
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.roles import EDITORS
from advisors import disclosures, panel, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, Conflict, PanelMember, Question, Review, Verdict
from articles import drafting, workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Author, Authorship, Reason, Submission
from audit import integrity
from mail import sending
from tests import newsroom
from tests.articles.changes_of_people import ChangesOfPeople
from tests.articles.changes_of_rounds import ChangesOfRounds
from tests.articles.changes_of_the_clock import ChangesOfTheClock
from tests.audit.chain import Chain

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
PEOPLE = ("writer", "colleague", "editor", "admin", "advisor1", "advisor2", "advisor3", "advisor4", "outsider")
people = st.sampled_from(PEOPLE)
# People who would normally use the verb are chosen more often than others.
writers = st.one_of(st.just("writer"), st.just("editor"), people)
editors = st.one_of(st.just("editor"), st.just("editor"), people)
articles = st.sampled_from((0, 1))
words = st.sampled_from(("", "Sleep came sooner.", "Sleep lasted longer.", "Nothing was measured."))
minutes = st.sampled_from((1, 30, 60, 600))
steps = ("accept", "accept", "accept", "decline", "reopen", "more time", "comment")

# verb -> function and valid arguments
VERBS = {
    "submit": (workflow.submit, {}),
    "renew": (workflow.submit, {"reason": Reason.RENEWAL}),
    "recall": (workflow.recall, {}),
    "request_changes": (workflow.request_changes, {"reason": "For whom?"}),
    "publish": (workflow.publish, {"change_note": "The dose is right."}),
    "schedule": (workflow.schedule, {}),
    "unschedule": (workflow.unschedule, {}),
    "withdraw": (workflow.withdraw, {"notice": "A dose was wrong."}),
    "reinstate": (workflow.reinstate, {"reason": "The dose is right."}),
}


def at_a_stage(*stages: str):
    """Return a precondition: the rule runs only while an article is at one of these stages, so most steps work."""
    return precondition(lambda machine: machine.at(*stages))


class Newsroom(ChangesOfPeople, ChangesOfRounds, ChangesOfTheClock, RuleBasedStateMachine):
    """One example: two articles, a cast, and a clock."""

    cast: newsroom.Cast
    articles: tuple[Article, Article]

    def __init__(self) -> None:
        super().__init__()
        self.people = self.cast.everybody
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.chain = Chain()

    def teardown(self) -> None:
        try:
            assert [str(fault) for fault in integrity.faults()] == []
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)
            self.clock.stop()

    def at(self, *stages: str) -> list[int]:
        """Return which of the two articles are at these stages, as of the last check."""
        found = {row["id"] for row in self.chain.articles if row["stage"] in stages}
        return [place for place, article in enumerate(self.articles) if article.pk in found]

    def one_at(self, data, *stages: str) -> int:
        return data.draw(st.sampled_from(self.at(*stages)))

    def press(self, function, **arguments) -> object:
        """Call the function one microsecond after the last step. Return its result, or None if it is refused."""
        self.now.shift(timedelta(microseconds=1))
        arguments["actor"] = self.people[arguments["actor"]]
        if "article" in arguments:
            arguments["article"] = Article.objects.get(pk=self.articles[arguments["article"]].pk)
        try:
            return function(**arguments)
        except InvalidTransition as refusal:
            assert str(refusal)

    # The text

    @rule(article=articles, actor=writers, words=words)
    def write(self, article, actor, words):
        content = newsroom.content(
            body=f'<h2>The trials</h2><p>{words}</p><p>By 17 minutes.<sup data-cite="doe2020"></sup></p>'
        )
        version = Article.objects.values_list("version", flat=True).get(pk=self.articles[article].pk)
        self.press(drafting.rewrite, article=article, actor=actor, seen_version=version, content=content)

    @rule(article=articles, actor=writers, behind=st.sampled_from((0, 0, 1)))
    def save_the_same_again(self, article, actor, behind):
        working_copy = Article.objects.get(pk=self.articles[article].pk)
        version = working_copy.version - behind
        content = working_copy.content()
        self.press(drafting.rewrite, article=article, actor=actor, seen_version=version, content=content)

    # The verbs: the next step, and any verb by anybody

    @at_a_stage("draft", "changes_requested")
    @rule(data=st.data())
    def a_writer_submits(self, data):
        self.press(workflow.submit, article=self.one_at(data, "draft", "changes_requested"), actor="writer")

    @at_a_stage("published")
    @rule(data=st.data())
    def a_writer_renews(self, data):
        article = self.one_at(data, "published")
        self.press(workflow.submit, article=article, actor="writer", reason=Reason.RENEWAL)

    @at_a_stage("approved", "withdrawn")
    @rule(data=st.data(), wait=st.one_of(st.none(), minutes), until=st.one_of(st.none(), minutes))
    def an_editor_publishes_or_schedules(self, data, wait, until):
        article = self.one_at(data, "approved", "withdrawn")
        self.anybody_presses("schedule" if wait else "publish", article, "editor", wait, until, None)

    @precondition(lambda machine: machine.chain.shown)
    @rule(data=st.data())
    def an_editor_withdraws_what_is_live(self, data):
        self.press_one_of("withdraw", self.chain.shown, data)

    @precondition(lambda machine: machine.chain.upcoming)
    @rule(data=st.data())
    def an_editor_calls_off_what_is_scheduled(self, data):
        self.press_one_of("unschedule", self.chain.upcoming, data)

    def press_one_of(self, verb, found, data):
        place = data.draw(st.sampled_from([place for place, text in enumerate(self.articles) if text.pk in found]))
        self.anybody_presses(verb, place, "editor", None, None, None)

    @rule(
        verb=st.sampled_from(tuple(VERBS)),
        article=articles,
        actor=editors,
        wait=minutes,
        until=st.one_of(st.none(), minutes),
        seen=st.sampled_from((None, None, None, 1)),
    )
    def anybody_presses(self, verb, article, actor, wait, until, seen):
        function, arguments = VERBS[verb]
        if verb == "schedule":
            arguments = {"at": timezone.now() + timedelta(minutes=wait), "change_note": "The dose is right."}
        if verb in ("publish", "schedule"):
            arguments = {**arguments, "until": until and timezone.now() + timedelta(minutes=until)}
        if verb in ("publish", "schedule", "submit"):
            arguments = {**arguments, "seen": seen}
        self.press(function, article=article, actor=actor, **arguments)

    # The board

    def choose(self, data) -> Review:
        """Choose any review, more often one of an open round."""
        return data.draw(
            st.sampled_from(
                list(Review.objects.order_by("submission__outcome", "pk").select_related("submission__revision"))
            )
        )

    def reviewer(self, data, review: Review) -> str:
        """Choose the advisor who was asked, now and then somebody else."""
        if data.draw(st.integers(0, 9)) == 9:
            return data.draw(people)
        return self.reviewer_of(review)

    @precondition(lambda machine: machine.chain.reviews)
    @rule(data=st.data(), step=st.sampled_from(steps))
    def answer(self, data, step):
        review = self.choose(data)
        verbs = {
            "accept": (reviews.accept, {}),
            "decline": (reviews.decline, {"reason": "No time."}),
            "reopen": (reviews.reopen, {}),
            "more time": (reviews.ask_for_time, {}),
            "comment": (reviews.comment, {"text": "For whom?"}),
        }
        function, arguments = verbs[step]
        self.press(function, review=review, actor=self.reviewer(data, review), **arguments)

    @precondition(lambda machine: machine.chain.reviews)
    @rule(
        data=st.data(),
        verdict=st.sampled_from((Verdict.APPROVE, Verdict.APPROVE, Verdict.CHANGES, Verdict.NONE)),
        conflict=st.sampled_from((Conflict.NONE, Conflict.NONE, Conflict.DECLARED, Conflict.UNSTATED)),
        digest=st.sampled_from(("shown", "shown", "shown", "other", "0" * 64)),
    )
    def give_verdict(self, data, verdict, conflict, digest):
        review = self.choose(data)
        if digest == "shown":
            digest = review.submission.revision.digest
        elif digest == "other":
            digest = data.draw(st.sampled_from(self.articles)).head().digest
        actor, ticks = self.reviewer(data, review), newsroom.ticks(review.submission.article)
        given = {"conflict": conflict, "statement": "A grant.", "verdict": verdict, "digest": digest, "ticks": ticks}
        self.press(reviews.give_verdict, authentication=newsroom.SIGNED_IN, review=review, actor=actor, **given)

    @at_a_stage("in_review")
    @rule(data=st.data(), conflict=st.sampled_from((Conflict.NONE, Conflict.NONE, Conflict.DECLARED)))
    def the_panel_approves(self, data, conflict):
        """Let every reviewer of the panel approve in turn; the first states that conflict."""
        article = self.articles[self.one_at(data, "in_review")]
        submission = Submission.objects.get(article=article, outcome="")
        for review in submission.reviews.order_by("pk"):
            actor = self.reviewer_of(review)
            self.press(reviews.accept, review=review, actor=actor)
            given = {"digest": submission.revision.digest, "ticks": newsroom.ticks(article)}
            given |= {"conflict": conflict, "statement": "A grant.", "authentication": newsroom.SIGNED_IN}
            self.press(reviews.give_verdict, review=review, actor=actor, verdict=Verdict.APPROVE, **given)
            conflict = Conflict.NONE

    def reviewer_of(self, review: Review) -> str:
        return f"advisor{[advisor.pk for advisor in self.cast.advisors].index(review.advisor_id) + 1}"

    # The people

    @rule(
        change=st.sampled_from(("panel", "panel", "proposal", "board", "byline")),
        article=articles,
        place=st.integers(0, 3),
        actor=editors,
    )
    def people_come_and_go(self, change, article, place, actor):
        advisor, text = Advisor.objects.get(pk=self.cast.advisors[place].pk), self.articles[article]
        member = PanelMember.objects.standing().filter(article=text, advisor=advisor).first()
        if change == "panel":
            verb = panel.take_off if member and member.confirmed else panel.assign
            self.press(verb, article=article, advisor=advisor, actor=actor)
        elif change == "proposal":
            if member is None:
                PanelMember.objects.create(article=text, advisor=advisor, confirmed=False)
            self.press(panel.invite_new_members, article=article, actor="editor")
        elif change == "board":
            member_of_the_board = Advisor.objects.get(pk=advisor.pk)
            member_of_the_board.is_active = not member_of_the_board.is_active
            member_of_the_board.save()
        elif author := Author.objects.filter(user=advisor.user).first():
            self.change_the_byline(article, author)

    def change_the_byline(self, article: int, author: Author) -> None:
        """Change the byline as the admin does: the rows, then `record`, which refuses while the board is reading."""
        text = self.articles[article]
        with transaction.atomic():
            if not Authorship.objects.filter(article=text, author=author).delete()[0]:
                Authorship.objects.create(article=text, author=author, position=2)
            if not self.press(drafting.record, article=article, actor="editor"):
                transaction.set_rollback(True)

    @rule(place=st.integers(0, 3), actor=st.one_of(st.none(), st.none(), people))
    def an_advisor_discloses(self, place, actor):
        """Disclose interests for another year, now and then in the name of another advisor."""
        self.press(
            disclosures.disclose,
            advisor=self.cast.advisors[place],
            actor=actor or f"advisor{place + 1}",
            interests=dict.fromkeys(Question, Interest()),
        )

    @at_a_stage("in_review")
    @rule(data=st.data())
    def an_editor_asks_somebody_else_after_a_decline(self, data):
        article = self.one_at(data, "in_review")
        waiting = Review.objects.waiting().filter(submission__article=self.articles[article])
        if review := waiting.order_by("pk").first():
            self.press(
                reviews.decline, review=review, actor=self.reviewer_of(review), reason="No time.", ask_instead="Dr Cleo"
            )
            self.press(panel.take_off, article=article, advisor=review.advisor, actor="editor")
        standing = PanelMember.objects.standing().filter(article=self.articles[article])
        for advisor in Advisor.objects.exclude(pk__in=standing.values("advisor")).order_by("pk"):
            self.press(panel.assign, article=article, advisor=advisor, actor="editor")

    @precondition(lambda machine: machine.chain.shown)
    @rule(data=st.data(), late=st.booleans())
    def the_yearly_review_comes(self, data, late):
        """Let about a year pass, so that disclosures lapse; advisors who renew them review the text."""
        self.now.shift(timedelta(days=370 if late else 200))
        for place in range(data.draw(st.integers(0, 4))):
            self.an_advisor_discloses(place, None)
        if self.at("published"):
            self.press(workflow.submit, article=self.one_at(data, "published"), actor="editor", reason=Reason.RENEWAL)

    @invariant()
    def the_promise_holds(self):
        self.chain.check(timezone.now())


SEQUENCES = int(os.environ.get("MACHINE_EXAMPLES", "1000")) // 4  # from each of the four stages


def how_often(sequences: int, steps: int) -> settings:
    return settings(
        max_examples=max(sequences, 1),
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def begin(cast: newsroom.Cast) -> tuple[Article, Article]:
    """Return two texts. An advisor is on the byline of the second; another advisor, also an editor, worked on it."""
    cast.advisors.append(newsroom.advisor("dora"))
    cast.advisors[3].user.groups.add(Group.objects.get(name=EDITORS))
    for advisor in cast.advisors[:2]:
        Author.objects.create(name=advisor.name, slug=advisor.slug, user=advisor.user)
    one, two = (newsroom.draft(cast, slug=f"article-{place}", panel=3) for place in (0, 1))
    Authorship.objects.create(article=two, author=Author.objects.get(slug="ben"), position=1)
    ghost = Author.objects.create(name="A. Ghost", slug="ghost")
    Authorship.objects.create(article=two, author=ghost, position=2)
    drafting.record(article=two, actor=cast.advisors[3].user)
    panel.take_off(article=two, advisor=cast.advisors[1], actor=cast.editor)
    PanelMember.objects.create(article=two, advisor=cast.advisors[3], confirmed=False)
    return one, two


def come_so_far(cast: newsroom.Cast, article: Article, so_far: str) -> None:
    if so_far != "draft":
        submission = newsroom.submit(cast, article)
    if so_far in ("approved", "published"):
        newsroom.approve(submission)
    if so_far == "published":
        newsroom.publish(cast, article)


def whatever_anybody_does(so_far: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run sequences that begin with the first text at that stage, four of five short and the others long.

    Cast and texts are created once, and each sequence is rolled back. Emails are queued without rendering.
    """
    monkeypatch.setattr(sending, "render", lambda name, context: (name, name, name))
    with time_machine.travel(START - timedelta(days=1)):
        Newsroom.cast = newsroom.cast()
        Newsroom.articles = begin(Newsroom.cast)
        come_so_far(Newsroom.cast, Newsroom.articles[0], so_far)
    run_state_machine_as_test(Newsroom, settings=how_often(SEQUENCES - SEQUENCES // 5, 15))
    run_state_machine_as_test(Newsroom, settings=how_often(SEQUENCES // 5, 40))


# A class for each stage, so that processes can share the work.
@pytest.mark.django_db
class TestTheChainHoldsWhateverAnybodyDoesToADraft:
    def test_in_whatever_order(self, monkeypatch):
        whatever_anybody_does("draft", monkeypatch)


@pytest.mark.django_db
class TestTheChainHoldsWhateverAnybodyDoesToATextBeforeTheBoard:
    def test_in_whatever_order(self, monkeypatch):
        whatever_anybody_does("in_review", monkeypatch)


@pytest.mark.django_db
class TestTheChainHoldsWhateverAnybodyDoesToAnApprovedText:
    def test_in_whatever_order(self, monkeypatch):
        whatever_anybody_does("approved", monkeypatch)


@pytest.mark.django_db
class TestTheChainHoldsWhateverAnybodyDoesToAPublishedText:
    def test_in_whatever_order(self, monkeypatch):
        whatever_anybody_does("published", monkeypatch)
