"""The table of moves: which verb leads from which stage to which, and which verbs somebody could press."""

from accounts.models import User
from articles import publishing
from articles.exceptions import InvalidTransition
from articles.models import Article, Revision, Stage
from articles.permissions import may
from core import times

DRAFT, IN_REVIEW = Stage.DRAFT, Stage.IN_REVIEW
CHANGES_REQUESTED, APPROVED, PUBLISHED = Stage.CHANGES_REQUESTED, Stage.APPROVED, Stage.PUBLISHED
WITHDRAWN = Stage.WITHDRAWN

# verb -> {stage it may be used at: stage after it}. What is live may be taken off the page at any stage. A working copy
# that is approved becomes Withdrawn by it, so that nothing heads for publication; what is being written or reviewed
# goes on.
MOVES: dict[str, dict[Stage, Stage]] = {
    "revise": {
        DRAFT: DRAFT,
        CHANGES_REQUESTED: CHANGES_REQUESTED,
        APPROVED: DRAFT,
        PUBLISHED: DRAFT,
        WITHDRAWN: DRAFT,
    },
    "submit": {DRAFT: IN_REVIEW, CHANGES_REQUESTED: IN_REVIEW},
    "renew": {PUBLISHED: IN_REVIEW},
    "recall": {IN_REVIEW: DRAFT},
    "request_changes": {IN_REVIEW: CHANGES_REQUESTED},
    "end_round": {CHANGES_REQUESTED: CHANGES_REQUESTED},
    "change_due_date": {IN_REVIEW: IN_REVIEW},
    "approve": {IN_REVIEW: APPROVED},
    "publish": {APPROVED: PUBLISHED, WITHDRAWN: PUBLISHED},
    "schedule": {APPROVED: PUBLISHED, WITHDRAWN: PUBLISHED},
    "unschedule": {**{stage: stage for stage in Stage}, PUBLISHED: APPROVED},
    "withdraw": {**{stage: stage for stage in Stage}, APPROVED: WITHDRAWN, PUBLISHED: WITHDRAWN},
    "reinstate": {**{stage: stage for stage in Stage}, APPROVED: PUBLISHED, WITHDRAWN: PUBLISHED},
}
# A renewal puts what is live before the board again. Unless changes come of it, it stays published, or, where it has
# ended in the meantime, approved. What was withdrawn in the meantime is Withdrawn (_move).
AFTER_RENEWAL = ("recall", "approve")
# What messages call each verb: “nobody can … there”.
IN_WORDS = {
    "revise": "change its text",
    "submit": "submit it to the board",
    "renew": "ask for a new review",
    "recall": "recall it from the board",
    "request_changes": "send it back for changes",
    "end_round": "end the round",
    "change_due_date": "change the due date",
    "approve": "approve it",
    "publish": "publish it",
    "schedule": "schedule it",
    "unschedule": "call off its schedule",
    "withdraw": "withdraw it",
    "reinstate": "reinstate it",
}


def target_of(verb: str, article: Article) -> Stage:
    """Return the stage that this verb leads to from the one the article is at; raises InvalidTransition otherwise."""
    stage = Stage(article.stage)
    if stage not in MOVES[verb]:
        last = article.transitions.first()
        told = f" ({last.actor_name}: {last}, {times.moment(last.at)})" if last else ""
        raise InvalidTransition(
            f"“{article}” is at the stage “{stage.label}”{told}: nobody can {IN_WORDS[verb]} there."
        )
    return MOVES[verb][stage]


def allowed(article: Article, user: User, newest: Revision | None = None) -> list[str]:
    """The verbs that this person could press now, in the table's order; guards are checked when they do.

    `newest` is the article's newest revision, where the caller has read it.
    """
    verbs = []
    upcoming, showing = article.publications.upcoming().exists(), publishing.live(article).exists()
    newest = newest or article.head()
    publishable = newest is not None and not upcoming and not publishing.was_withdrawn(newest)
    fits = {
        "revise": False,
        "submit": not article.is_locked,
        "end_round": article.is_locked,
        "approve": False,
        "renew": newest is not None and publishing.shows(article, newest),
        "unschedule": upcoming,
        "withdraw": showing,
        "reinstate": not showing and not upcoming and article.publications.filter(cancelled_at=None).exists(),
        "publish": publishable,
        "schedule": publishable,
    }
    for verb, moves in MOVES.items():
        if fits.get(verb, True) and article.stage in moves and may(user, verb, article):
            verbs.append(verb)
    return verbs
