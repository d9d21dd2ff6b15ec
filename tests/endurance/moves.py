"""A member of the newsroom who makes one random move after another: mostly the usual next step, sometimes any other.

Every move goes through the functions that the site itself uses. A refusal is a valid result; any other exception is not
caught here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts.models import User
from advisors import panel, reviews
from advisors.models import Advisor, Conflict, PanelMember, Response, Review, Verdict
from articles import drafting, workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Reason
from articles.notices.correcting import correct_notice
from articles.round_changes.due_date import change_due_date
from articles.round_changes.terms import change_terms
from articles.transitions import MOVES
from tests import newsroom

STAFF = ("writer", "editor", "editor", "admin")
ADVISORS = ("ada", "ben", "cleo", "dora", "eve", "finn")
EVERYBODY = (*STAFF, "colleague", "outsider", *ADVISORS)
# The functions of the verbs that articles.workflow does not have under their names.
FUNCTIONS: dict[str, Callable] = {
    "renew": workflow.submit,
    "change_due_date": change_due_date,
    "change_terms": change_terms,
    "correct_notice": correct_notice,
}
HOW = ("soundly", "badly", "briefly", "lightly", "deeply", "well", "early", "late", "alone", "warmly")


@dataclass(frozen=True)
class Move:
    """A move that was tried: the name of the exception that refused it, or the row that records it for good."""

    verb: str
    refusal: str = ""
    row: str = ""


def company(articles: int) -> newsroom.Cast:
    """Return the cast with three more advisors, and create this many drafts with four members of the board as
    reviewers.
    """
    cast = newsroom.cast()
    cast.advisors += [newsroom.advisor(name) for name in ADVISORS[3:]]
    for place in range(articles):
        newsroom.draft(cast, slug=f"contested-{place}", panel=4)
    return cast


class Player:
    """Makes moves on the existing articles, chosen by the seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.people = {user.email.partition("@")[0]: user for user in User.objects.all()}
        contested = Article.objects.filter(slug__startswith="contested-")  # all other articles are left alone
        self.articles = list(contested.order_by("pk").values_list("pk", flat=True))
        self.advisors = list(Advisor.objects.order_by("pk"))

    def move(self) -> Move:
        """Make one move by somebody. Raise any exception that is not a refusal."""
        article = Article.objects.get(pk=self.dice.choice(self.articles))
        verb = self._anything(article) if self.dice.random() < 0.1 else self._next(article)
        try:
            came_to = verb()
        except InvalidTransition as refusal:
            return Move(self.said, refusal=type(refusal).__name__)
        row = came_to[0] if isinstance(came_to, list) and came_to else came_to
        return Move(self.said, row=f"{row._meta.label_lower} {row.pk}" if isinstance(row, models.Model) else "")

    def _next(self, article: Article) -> Callable[[], object]:
        if article.stage == "in_review":
            return self._board(article)
        ways = {
            "draft": {"submit": 7, "rewrite": 2},
            "changes_requested": {"rewrite": 4, "submit": 5, "end_round": 4},
            "approved": {"publish": 5, "schedule": 3, "rewrite": 2, "reinstate": 2},
            "published": {"rewrite": 4, "renew": 2, "withdraw": 2, "unschedule": 2},
            "withdrawn": {"rewrite": 3, "reinstate": 4, "publish": 2, "schedule": 1, "correct_notice": 1},
        }[article.stage]
        return self._press(self.dice.choices(list(ways), list(ways.values()))[0], article, self.dice.choice(STAFF))

    def _anything(self, article: Article) -> Callable[[], object]:
        verbs = (*MOVES, "rewrite", "assign", "take_off")
        verb = self.dice.choice([verb for verb in verbs if verb not in ("revise", "approve", "take_back_verdict")])
        return self._press(verb, article, self.dice.choice(EVERYBODY))

    def _press(self, verb: str, article: Article, who: str) -> Callable[[], object]:
        self.said = verb
        arguments = {"article": article, "actor": self.people[who]}
        soon = timezone.now() + timedelta(seconds=self.dice.choice((0.2, 2, 3600)))
        if verb == "rewrite":
            content = newsroom.content(
                body=f"<h2>The trials</h2><p>People slept {self._words()}.</p>"
                '<p>By 17 minutes.<sup data-cite="doe2020"></sup></p>'
            )
            return lambda: drafting.rewrite(**arguments, seen_version=article.version, content=content)
        if verb in ("assign", "take_off"):
            advisor = self.dice.choice(self.advisors)
            return lambda: getattr(panel, verb)(**arguments, advisor=advisor)
        told = article.publications.exclude(notice="").order_by("pk").first()
        more = {
            "renew": {"reason": Reason.RENEWAL},
            "request_changes": {"reason": "For whom?"},
            "end_round": {"reason": "The warning cannot wait."},
            "change_due_date": {"due_on": timezone.localdate() + timedelta(days=self.dice.randint(1, 60))},
            "change_terms": {"quorum": self.dice.choice((2, 3)), "reason": "The claim is bold."},
            "schedule": {"at": soon, "change_note": "The dose is right."},
            "publish": {"until": self.dice.choice((None, None, soon)), "change_note": "The dose is right."},
            "withdraw": {"notice": "A dose was wrong."},
            "correct_notice": {
                "publication": told.pk if told else 0,
                "about": "notice",
                "words": f"A dose was too high: {self._words()}.",
            },
            "reinstate": {"reason": "The dose is right."},
        }.get(verb, {})
        function = FUNCTIONS.get(verb) or getattr(workflow, verb)
        return lambda: function(**arguments, **more)

    def _words(self) -> str:
        return ", ".join(self.dice.choices(HOW, k=4))

    def _board(self, article: Article) -> Callable[[], object]:
        """Let one of the advisors who were asked make their next step; rarely, end the round in another way."""
        asked = list(Review.objects.waiting().filter(submission__article=article).select_related("advisor__user"))
        asked = [review for review in asked if review.advisor.is_active]
        if not asked or self.dice.random() < 0.06:
            on_panel = PanelMember.objects.standing().filter(article=article).count()
            if self.dice.random() < 0.5 and on_panel < len(self.advisors):
                return self._press("assign", article, "editor")
            verb = self.dice.choice(("recall", "request_changes", "change_due_date", "change_terms"))
            return self._press(verb, article, "editor")
        review = self.dice.choice(asked)
        whom = {"review": review, "actor": review.advisor.user}
        if review.response != Response.ACCEPTED:
            if self.dice.random() < 0.05:
                self.said = "decline"
                return lambda: reviews.decline(**whom, reason="No time.")
            self.said = "accept"
            return lambda: reviews.accept(**whom)
        verdict = Verdict.CHANGES if self.dice.random() < 0.1 else Verdict.APPROVE
        if verdict == Verdict.CHANGES and not review.comments.exists():
            self.said = "comment"
            return lambda: reviews.comment(**whom, text="For whom?")
        self.said = "verdict"
        conflict = Conflict.DECLARED if self.dice.random() < 0.05 else Conflict.NONE
        given = {"digest": review.submission.revision.digest, "ticks": newsroom.ticks(article)}
        return lambda: reviews.give_verdict(
            authentication=newsroom.SIGNED_IN, **whom, conflict=conflict, statement="A grant.", verdict=verdict, **given
        )
