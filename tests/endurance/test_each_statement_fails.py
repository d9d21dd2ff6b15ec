"""Whichever statement of a verb fails, none of it has happened, and it succeeds when it is tried again.

Each verb runs with its first statement failing, then with its second, and so on to the last, and then with its COMMIT
failing. The rows of every table are compared. The n-th try has run exactly what the (n-1)-th try ran, and one statement
more.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from advisors import disclosures, panel, reviews
from advisors.disclosures import Interest
from advisors.models import Conflict, Question, Review, Verdict
from advisors.quorum import taking_back
from articles import drafting, workflow
from articles.models import Article, Reason, Told
from articles.notices import correcting
from articles.round_changes import due_date, terms
from articles.transitions import MOVES
from tests import newsroom
from tests.endurance.databases import contents

pytestmark = pytest.mark.sqlite_is_enough

Verb = Callable[[], object]


class Failing:
    """Runs statements until the n-th, which fails before it is run, as do all that follow.

    If only one failed, Django itself would ignore it (Q.check, when it tests whether a constraint holds).
    """

    def __init__(self, place: int) -> None:
        self.left = place

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left <= 0:
            raise OperationalError(f"the server is gone, before {sql[:80]}")
        return execute(sql, params, many, context)


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def an_asked_review(cast: newsroom.Cast) -> Review:
    return newsroom.in_review(cast).submissions.get().reviews.order_by("pk")[0]


def ready_for_a_verdict(cast: newsroom.Cast, before: int = 0, verdict: Verdict = Verdict.APPROVE) -> Verb:
    """Let this many advisors approve, and the next one do everything but give the verdict; return the function that
    gives it.
    """
    asked = list(newsroom.in_review(cast).submissions.get().reviews.order_by("pk"))
    for review in asked[:before]:
        newsroom.verdict(review)
    review = Review.objects.get(pk=asked[before].pk)
    actor, digest = review.advisor.user, review.submission.revision.digest
    reviews.accept(review=review, actor=actor)
    reviews.comment(review=review, actor=actor, text="For whom?")
    return lambda: reviews.give_verdict(
        authentication=newsroom.SIGNED_IN,
        review=Review.objects.get(pk=review.pk),
        actor=actor,
        conflict=Conflict.NONE,
        verdict=verdict,
        digest=digest,
    )


def on_a_review(verb: Callable[..., object], **arguments: object) -> Callable[[newsroom.Cast], Verb]:
    def prepared(cast: newsroom.Cast) -> Verb:
        review = an_asked_review(cast)
        return lambda: verb(review=Review.objects.get(pk=review.pk), actor=review.advisor.user, **arguments)

    return prepared


def on_an_article(made: Callable[..., Article], who: str, verb: Callable, **arguments: object) -> Callable:
    """Return a function that does `verb` to an article that `made` has prepared, as the named member of the cast."""

    def prepared(cast: newsroom.Cast) -> Verb:
        article = made(cast)
        return lambda: verb(article=fresh(article), actor=getattr(cast, who), **arguments)

    return prepared


def begin(cast: newsroom.Cast) -> Verb:
    whole = {"authors": [cast.author], "topics": [cast.topic], "sources": {cast.source: "sleep"}}
    return lambda: drafting.begin(actor=cast.writer, slug="new", content=newsroom.content(), **whole)


def rewrite(made: Callable[..., Article]) -> Callable[[newsroom.Cast], Verb]:
    def prepared(cast: newsroom.Cast) -> Verb:
        article, content = made(cast), newsroom.content(title="Magnesium and rest")
        return lambda: drafting.rewrite(
            article=fresh(article), actor=cast.writer, seen_version=article.version, content=content
        )

    return prepared


def restore(cast: newsroom.Cast) -> Verb:
    article = newsroom.rewrite(cast, newsroom.draft(cast), title="Magnesium and rest")
    seen = article.version
    return lambda: drafting.restore(article=fresh(article), number=1, actor=cast.writer, seen_version=seen)


def second_version(cast: newsroom.Cast) -> Article:
    """Publish one version and approve the next one."""
    article = newsroom.rewrite(cast, newsroom.published(cast), title="Magnesium and rest")
    newsroom.approve(newsroom.submit(cast, article))
    return fresh(article)


def second_scheduled(cast: newsroom.Cast) -> Article:
    article = second_version(cast)
    newsroom.publish(cast, article, timezone.now() + timedelta(days=1))
    return fresh(article)


def withdrawn(cast: newsroom.Cast) -> Article:
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    return fresh(article)


def schedule(cast: newsroom.Cast) -> Verb:
    article, at = second_version(cast), timezone.now() + timedelta(days=1)
    return lambda: workflow.schedule(article=fresh(article), actor=cast.editor, at=at)


def still_answering(cast: newsroom.Cast) -> Article:
    """Request changes while one reviewer, who had accepted, may still answer."""
    article = newsroom.in_review(cast)
    review = article.submissions.get().reviews.order_by("pk")[0]
    reviews.accept(review=review, actor=review.advisor.user)
    workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")
    return fresh(article)


def take_back_verdict(cast: newsroom.Cast) -> Verb:
    review = an_asked_review(cast)
    newsroom.verdict(review)
    return lambda: taking_back.take_back(review=Review.objects.get(pk=review.pk), actor=review.advisor.user)


def correct_notice(cast: newsroom.Cast) -> Verb:
    article = newsroom.published(cast)
    told = workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    noted = {"publication": told.pk, "about": Told.WITHDRAWAL, "words": "A dose was too high."}
    return lambda: correcting.correct_notice(article=fresh(article), actor=cast.editor, **noted)


def release(cast: newsroom.Cast) -> Verb:
    review = an_asked_review(cast)
    return lambda: panel.release(review=Review.objects.get(pk=review.pk), actor=cast.editor, reason="Late.")


def ask_one_more(cast: newsroom.Cast) -> Verb:
    article = newsroom.in_review(cast)
    return lambda: panel.assign(article=fresh(article), advisor=cast.advisors[2], actor=cast.editor)


def take_one_off(cast: newsroom.Cast) -> Verb:
    article = newsroom.draft(cast)
    return lambda: panel.take_off(article=fresh(article), advisor=cast.advisors[0], actor=cast.editor)


def disclose(cast: newsroom.Cast) -> Verb:
    advisor, interests = cast.advisors[0], dict.fromkeys(Question, Interest())
    return lambda: disclosures.disclose(advisor=advisor, actor=advisor.user, interests=interests)


VERBS: dict[str, Callable[[newsroom.Cast], Verb]] = {
    "begin": begin,
    "rewrite a draft": rewrite(newsroom.draft),
    "rewrite what is published": rewrite(newsroom.published),
    "restore": restore,
    "submit": on_an_article(newsroom.draft, "writer", workflow.submit),
    "renew": on_an_article(newsroom.published, "writer", workflow.submit, reason=Reason.RENEWAL),
    "recall": on_an_article(newsroom.in_review, "writer", workflow.recall),
    "send back": on_an_article(newsroom.in_review, "editor", workflow.request_changes, reason="For whom?"),
    "accept": on_a_review(reviews.accept),
    "decline": on_a_review(reviews.decline, reason="No time."),
    "comment": on_a_review(reviews.comment, text="For whom?"),
    "ask for more time": on_a_review(reviews.ask_for_time),
    "approve, one of two": ready_for_a_verdict,
    "approve, the deciding one": lambda cast: ready_for_a_verdict(cast, before=1),
    "request changes": lambda cast: ready_for_a_verdict(cast, verdict=Verdict.CHANGES),
    "end_round": on_an_article(still_answering, "editor", workflow.end_round, reason="The warning cannot wait."),
    "change_due_date": on_an_article(
        newsroom.in_review, "editor", due_date.change_due_date, due_on=timezone.localdate() + timedelta(days=40)
    ),
    "change_terms": on_an_article(
        newsroom.in_review, "editor", terms.change_terms, quorum=3, reason="The claim is bold."
    ),
    "correct_notice": correct_notice,
    "take_back_verdict": take_back_verdict,
    "release": release,
    "publish": on_an_article(newsroom.approved, "editor", workflow.publish),
    "publish the next version": on_an_article(second_version, "editor", workflow.publish),
    "schedule": schedule,
    "unschedule": on_an_article(second_scheduled, "editor", workflow.unschedule),
    "withdraw, with what is scheduled": on_an_article(second_scheduled, "editor", workflow.withdraw, notice="Wrong."),
    "reinstate": on_an_article(withdrawn, "editor", workflow.reinstate, reason="The dose is right."),
    "ask one more": ask_one_more,
    "take one off": take_one_off,
    "disclose": disclose,
}


OF_THE_BOARD = [
    *("accept", "decline", "comment", "ask for more time", "approve, one of two"),
    *("approve, the deciding one", "request changes", "take_back_verdict", "ask one more", "take one off", "disclose"),
]


def test_every_verb_of_the_workflow_is_here():
    words = " ".join(VERBS)
    spoken = {"revise": "rewrite", "request_changes": "send back", "approve": "approve, the deciding one"}
    for verb in MOVES:
        assert spoken.get(verb, verb) in words, verb
    assert set(OF_THE_BOARD) < set(VERBS)


def refused() -> None:
    raise OperationalError("the server is gone, before COMMIT")


def fail_at_each_statement(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    verb = VERBS[name](newsroom.cast())
    before = contents()
    with monkeypatch.context() as patched, pytest.raises(OperationalError, match="before COMMIT"):
        patched.setattr(connection, "_commit", refused)
        verb()
    assert changed_since(before) == []
    for place in count(1):
        failing = Failing(place)
        try:
            with connection.execute_wrapper(failing):
                verb()
        except OperationalError as error:
            assert connection.in_atomic_block is False
            assert changed_since(before) == [], str(error)
        else:
            break  # it has fewer statements than that, and has succeeded
    assert place > 3 and failing.left > 0
    assert changed_since(before)


def changed_since(before: dict[str, object]) -> list[str]:
    """Return the tables whose rows have changed."""
    after = contents()
    return [table for table in after if after[table] != before[table]]


# Two classes, so that two processes can share the work.
class TestWhicheverStatementFailsNothingHasHappenedToTheText:
    @pytest.mark.parametrize("name", [name for name in VERBS if name not in OF_THE_BOARD])
    def test_and_then_it_succeeds(self, own, name, monkeypatch):
        fail_at_each_statement(name, monkeypatch)


class TestWhicheverStatementFailsTheBoardHasSaidNothing:
    @pytest.mark.parametrize("name", OF_THE_BOARD)
    def test_and_then_it_succeeds(self, own, name, monkeypatch):
        fail_at_each_statement(name, monkeypatch)
