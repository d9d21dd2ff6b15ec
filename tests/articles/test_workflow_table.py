"""Who may do what and when: the whole rule, written out by hand and tried cell by cell.

Nothing here is computed from articles.transitions.MOVES or articles.permissions, so that a change of the rule has to be
made in two places on purpose.
"""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import EDITORS, WRITERS
from advisors import reviews
from advisors.models import Review
from articles import drafting, workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Author, Authorship, Reason, Signatory, SignedName, Stage, Submission, Told
from articles.notices.correcting import correct_notice
from articles.round_changes.due_date import change_due_date
from articles.round_changes.taken_back import take_back_verdict
from articles.round_changes.terms import change_terms
from articles.transitions import allowed
from tests import newsroom

# writer began the article, coauthor is on its byline, colleague is another writer; asked is on its panel,
# unasked is on the board; gone was an editor and is switched off.
ROLES = ("writer", "coauthor", "colleague", "asked", "unasked", "editor", "admin", "outsider", "gone")
# edit saves a changed working copy (workflow.revise); renew is submit with the reason "renewal".
VERBS = (
    *("edit", "submit", "renew", "recall", "request_changes", "end_round", "change_due_date", "approve"),
    *("change_terms", "take_back_verdict"),
    *("publish", "schedule", "unschedule", "withdraw", "reinstate", "correct_notice"),
)
OWN, EDITING = "writer coauthor editor admin", "editor admin"

# situation -> verb, who may use it there, the stage afterwards. What is not listed, nobody may; "approve" is not
# listed anywhere: only the board's verdicts make an approval (test_reviews), and "take_back_verdict" neither, because
# nobody has given a verdict in these rounds (test_taking_back).
TABLE: dict[str, list[tuple[str, str, str]]] = {
    "draft": [("edit", OWN, "draft"), ("submit", OWN, "in_review")],
    "in review": [
        ("recall", OWN, "draft"),
        ("request_changes", EDITING, "changes_requested"),
        ("change_due_date", EDITING, "in_review"),
        ("change_terms", EDITING, "in_review"),
    ],
    "changes requested": [("edit", OWN, "changes_requested"), ("submit", OWN, "in_review")],
    "changes requested, one still answering": [("end_round", EDITING, "changes_requested")],
    "approved": [
        ("edit", OWN, "draft"),
        ("publish", EDITING, "published"),
        ("schedule", EDITING, "published"),
    ],
    "published": [
        ("edit", OWN, "draft"),
        ("renew", OWN, "in_review"),
        ("withdraw", EDITING, "withdrawn"),
    ],
    "published from tomorrow": [("edit", OWN, "draft"), ("unschedule", EDITING, "approved")],
    "published, a new version from tomorrow": [
        ("edit", OWN, "draft"),
        ("unschedule", EDITING, "approved"),
        ("withdraw", EDITING, "withdrawn"),
    ],
    "withdrawn": [
        ("edit", OWN, "draft"),
        ("reinstate", EDITING, "published"),
        ("correct_notice", EDITING, "withdrawn"),
    ],
    "expired": [("edit", OWN, "draft"), ("reinstate", EDITING, "published")],
    "withdrawn, with a newer version approved before": [
        ("edit", OWN, "draft"),
        ("publish", EDITING, "published"),
        ("schedule", EDITING, "published"),
        ("reinstate", EDITING, "approved"),
        ("correct_notice", EDITING, "withdrawn"),
    ],
    "withdrawn, with a newer version approved since": [
        ("edit", OWN, "draft"),
        ("publish", EDITING, "published"),
        ("schedule", EDITING, "published"),
        ("reinstate", EDITING, "approved"),
        ("correct_notice", EDITING, "approved"),
    ],
    "withdrawn while it was in review anew": [
        ("edit", OWN, "draft"),
        ("reinstate", EDITING, "published"),
        ("correct_notice", EDITING, "withdrawn"),
    ],
    "draft of what is live": [
        ("edit", OWN, "draft"),
        ("submit", OWN, "in_review"),
        ("withdraw", EDITING, "draft"),
    ],
    "draft of what is scheduled": [
        ("edit", OWN, "draft"),
        ("submit", OWN, "in_review"),
        ("unschedule", EDITING, "draft"),
    ],
    "draft of what was withdrawn": [
        ("edit", OWN, "draft"),
        ("submit", OWN, "in_review"),
        ("reinstate", EDITING, "draft"),
        ("correct_notice", EDITING, "draft"),
    ],
    "in review, an earlier version live": [
        ("recall", OWN, "draft"),
        ("request_changes", EDITING, "changes_requested"),
        ("change_due_date", EDITING, "in_review"),
        ("change_terms", EDITING, "in_review"),
        ("withdraw", EDITING, "in_review"),
    ],
    "in review anew": [
        ("recall", OWN, "published"),
        ("request_changes", EDITING, "changes_requested"),
        ("change_due_date", EDITING, "in_review"),
        ("change_terms", EDITING, "in_review"),
        ("withdraw", EDITING, "in_review"),
    ],
    "changes requested, an earlier version live": [
        ("edit", OWN, "changes_requested"),
        ("submit", OWN, "in_review"),
        ("withdraw", EDITING, "changes_requested"),
    ],
    "approved, an earlier version live": [
        ("edit", OWN, "draft"),
        ("publish", EDITING, "published"),
        ("schedule", EDITING, "published"),
        ("withdraw", EDITING, "withdrawn"),
    ],
    "approved, an earlier version from tomorrow": [
        ("edit", OWN, "draft"),
        ("unschedule", EDITING, "approved"),
    ],
}
ALLOWED = {
    (situation, verb, role): after
    for situation, rows in TABLE.items()
    for verb, roles, after in rows
    for role in roles.split()
}
CELLS = [(situation, verb) for situation in TABLE for verb in VERBS]


def roles_to_try(situation: str, verb: str) -> list[str]:
    """Return the roles that try this verb: all of them on SQLite and in `make test-all`.

    On PostgreSQL otherwise those who may do it, whose statements its triggers have to let through, and one who may not:
    the code refuses before anything is written, and is the same on both databases.
    """
    named = [role for role in ROLES if (situation, verb, role) in ALLOWED]
    others = [role for role in ROLES if role not in named]
    if connection.vendor == "sqlite" or os.environ.get("BOTH_IN_FULL") == "1":
        return [*named, *others]
    return [*named, others[CELLS.index((situation, verb)) % len(others)]]


class Newsroom:
    """The cast and one article in each situation, created by the newsroom's own functions."""

    def __init__(self) -> None:
        self.cast = newsroom.cast()
        self.before: dict[int, dict] = {}  # the rows of an article, which each test leaves as they were
        coauthor = newsroom.user("coauthor", WRITERS, is_staff=True)
        self.second = Author.objects.create(name="Cora Author", slug="cora-author", user=coauthor)
        self.people = {
            **self.cast.everybody,
            "coauthor": coauthor,
            "asked": self.cast.advisors[0].user,
            "unasked": self.cast.advisors[2].user,
            "gone": newsroom.user("gone", EDITORS, is_staff=True, is_active=False),
        }
        draft, live, scheduled, expired = self.draft, self.live, self.scheduled, self.expired
        self.articles = {
            "draft": draft(),
            "in review": self.submit(draft()),
            "changes requested": self.send_back(self.submit(draft())),
            "changes requested, one still answering": self.send_back(self.accept(self.submit(draft()))),
            "approved": self.approve(draft()),
            "published": live(),
            "published from tomorrow": scheduled(self.approve(draft())),
            "published, a new version from tomorrow": scheduled(self.approve(self.edit(live()))),
            "withdrawn": self.withdrawn(),
            "expired": expired(),
            "withdrawn, with a newer version approved before": self.withdraw(self.approve(self.edit(live()))),
            "withdrawn, with a newer version approved since": self.approve(self.edit(self.withdrawn())),
            "withdrawn while it was in review anew": self.recall(self.withdraw(self.submit(live(), Reason.RENEWAL))),
            "draft of what is live": self.edit(live()),
            "draft of what is scheduled": self.edit(scheduled(self.approve(draft()))),
            "draft of what was withdrawn": self.edit(self.withdrawn()),
            "in review, an earlier version live": self.submit(self.edit(live())),
            "in review anew": self.submit(live(), Reason.RENEWAL),
            "changes requested, an earlier version live": self.send_back(self.submit(self.edit(live()))),
            "approved, an earlier version live": self.approve(self.edit(live())),
            "approved, an earlier version from tomorrow": self.approve(self.edit(scheduled(self.approve(draft())))),
        }

    def draft(self) -> Article:
        article = newsroom.draft(self.cast)
        Authorship.objects.create(article=article, author=self.second, position=1)
        drafting.record(article=article, actor=self.cast.writer)
        return article

    def edit(self, article: Article) -> Article:
        return newsroom.rewrite(self.cast, article, title="Magnesium and sleep, revised")

    def submit(self, article: Article, reason: Reason = Reason.NEW_TEXT) -> Article:
        workflow.submit(article=article, actor=self.cast.writer, reason=reason)
        return article

    def accept(self, article: Article) -> Article:
        review = Review.objects.filter(submission__article=article).order_by("pk").first()
        reviews.accept(review=review, actor=review.advisor.user)
        return article

    def send_back(self, article: Article) -> Article:
        workflow.request_changes(article=article, actor=self.cast.editor, reason="For whom?")
        return article

    def approve(self, article: Article) -> Article:
        newsroom.approve(newsroom.submit(self.cast, article))
        return article

    def live(self, **until) -> Article:
        article = self.approve(self.draft())
        workflow.publish(article=article, actor=self.cast.editor, **until)
        return article

    def scheduled(self, article: Article) -> Article:
        newsroom.publish(self.cast, article, at=timezone.now() + timedelta(days=1))
        return article

    def withdrawn(self) -> Article:
        return self.withdraw(self.live())

    def withdraw(self, article: Article) -> Article:
        workflow.withdraw(article=article, actor=self.cast.editor, notice="A dose was wrong.")
        return article

    def recall(self, article: Article) -> Article:
        workflow.recall(article=article, actor=self.cast.writer)
        return article

    def expired(self) -> Article:
        with time_machine.travel(timezone.now() - timedelta(days=2)):
            return self.live(until=timezone.now() + timedelta(days=1))


@pytest.fixture(scope="module")
def everything_once(django_db_setup, django_db_blocker):
    """The newsroom, built once; each test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Newsroom()
        transaction.set_rollback(True)


@pytest.fixture
def newsroom_now(everything_once):
    with transaction.atomic():
        yield everything_once
        transaction.set_rollback(True)


def press(room: Newsroom, verb: str, article: Article, role: str) -> object:
    """Use the verb on the article with arguments that are otherwise valid, and return its result."""
    actor = room.people[role]
    if verb == "edit":
        return newsroom.rewrite(room.cast, article, actor=actor, title="Magnesium and sleep, once more")
    if verb == "approve":
        revision = article.head()
        submission = article.submissions.first() or Submission(article=article, revision=revision)
        names = [
            Signatory(
                user=advisor.user,
                digest=revision.digest,
                signed_at=timezone.now(),
                signed_name=SignedName.objects.stored(advisor),
            )
            for advisor in room.cast.advisors[:2]
        ]
        return workflow.approve(submission=submission, actor=actor, signatories=names)
    arguments = {
        "renew": {"reason": Reason.RENEWAL},
        "request_changes": {"reason": "For whom does this hold?"},
        "end_round": {"reason": "The warning cannot wait."},
        "change_due_date": {"due_on": timezone.localdate() + timedelta(days=40)},
        "change_terms": {"quorum": 3, "reason": "The claim is bold."},
        "publish": {"change_note": "The dose is right."},
        "schedule": {"at": timezone.now() + timedelta(hours=1), "change_note": "The dose is right."},
        "withdraw": {"notice": "A dose was wrong."},
        "reinstate": {"reason": "The dose has been checked."},
    }
    if verb == "correct_notice":
        told = article.publications.exclude(notice="").first() or article.publications.first()
        noted = {"publication": told.pk if told else 0, "about": Told.WITHDRAWAL, "words": "A dose was too high."}
        return correct_notice(article=article, actor=actor, **noted)
    if verb == "take_back_verdict":
        submission = article.submissions.first() or Submission(article=article, revision=article.head())
        return take_back_verdict(submission=submission, actor=actor, verdict="The approval.")
    functions: dict[str, Callable] = {
        "renew": workflow.submit,
        "change_due_date": change_due_date,
        "change_terms": change_terms,
    }
    function = functions.get(verb) or getattr(workflow, verb)
    return function(article=article, actor=actor, **arguments.get(verb, {}))


def rows_of(article: Article) -> dict[str, list]:
    """Return all rows that a verb could have changed, by model."""
    return {
        "article": list(Article.objects.filter(pk=article.pk).values()),
        "reviews": list(article.submissions.order_by("pk").values("reviews", "reviews__response")),
        **{
            name: list(getattr(article, name).order_by("pk").values())
            for name in ("revisions", "submissions", "publications", "transitions")
        },
    }


def tried(room: Newsroom, situation: str, verb: str, role: str) -> str:
    """What is wrong with that cell, and nothing if the rule holds there. Whatever was written is taken back."""
    with transaction.atomic():
        article = Article.objects.get(pk=room.articles[situation].pk)
        after = ALLOWED.get((situation, verb, role))
        wrong = done_wrongly(room, verb, article, role, after) if after else not_refused(room, verb, article, role)
        transaction.set_rollback(True)
    return f"{situation}: {verb} by {role}: {wrong}" if wrong else ""


def done_wrongly(room: Newsroom, verb: str, article: Article, role: str, after: str) -> str:
    try:
        press(room, verb, article, role)
    except InvalidTransition as refusal:
        return f"was refused: {refusal}"
    article.refresh_from_db()
    return "" if article.stage == after else f"leads to {article.stage}, not to {after}"


def not_refused(room: Newsroom, verb: str, article: Article, role: str) -> str:
    if article.pk not in room.before:
        room.before[article.pk] = rows_of(article)
    try:
        press(room, verb, article, role)
    except InvalidTransition:
        return "" if rows_of(article) == room.before[article.pk] else "was refused and changed something"
    return "was not refused"


@pytest.mark.parametrize(("situation", "verb"), CELLS)
def test_those_may_do_this_here_whom_the_table_names_and_for_nobody_else_anything_changes(
    everything_once, situation, verb
):
    roles = roles_to_try(situation, verb)
    assert [wrong for role in roles if (wrong := tried(everything_once, situation, verb, role))] == []


@pytest.mark.parametrize("situation", TABLE)
def test_the_buttons_offered_are_those_that_would_work(newsroom_now, situation):
    article = Article.objects.get(pk=newsroom_now.articles[situation].pk)
    for role in ROLES:
        would_work = {verb for verb in VERBS if (situation, verb, role) in ALLOWED} - {"edit"}
        assert set(allowed(article, newsroom_now.people[role])) == would_work, role


@pytest.mark.django_db  # pytest-django creates a test database only for its own marker
def test_the_table_names_verbs_and_roles_that_exist():
    assert {verb for _, verb, _ in ALLOWED} == set(VERBS) - {"approve", "take_back_verdict"}
    assert {role for *_, role in ALLOWED} == set(ROLES) - {"colleague", "asked", "unasked", "outsider", "gone"}


def test_every_stage_has_a_situation_of_its_name():
    assert {str(stage.label).lower() for stage in Stage} - TABLE.keys() == set()
