"""The table of transitions: for each workflow action, the stages at which it is allowed and the stages after it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles import publishing
from articles.exceptions import InvalidTransition
from articles.models import Article, Revision, Stage
from articles.permissions import may
from core import times

DRAFT, IN_REVIEW = Stage.DRAFT, Stage.IN_REVIEW
CHANGES_REQUESTED, APPROVED, PUBLISHED = Stage.CHANGES_REQUESTED, Stage.APPROVED, Stage.PUBLISHED
WITHDRAWN = Stage.WITHDRAWN

# action -> {stage at which it is allowed: stage after it}. A live text may be withdrawn at any stage of the working
# copy. The stage of an approved or published working copy then becomes Withdrawn, so that nothing waits to be
# published; a draft or a text under review keeps its stage.
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
    "change_terms": {IN_REVIEW: IN_REVIEW},
    "take_back_verdict": {IN_REVIEW: IN_REVIEW},
    "approve": {IN_REVIEW: APPROVED},
    "publish": {APPROVED: PUBLISHED, WITHDRAWN: PUBLISHED},
    "schedule": {APPROVED: PUBLISHED, WITHDRAWN: PUBLISHED},
    "unschedule": {**{stage: stage for stage in Stage}, PUBLISHED: APPROVED},
    "withdraw": {**{stage: stage for stage in Stage}, APPROVED: WITHDRAWN, PUBLISHED: WITHDRAWN},
    "reinstate": {**{stage: stage for stage in Stage}, APPROVED: PUBLISHED, WITHDRAWN: PUBLISHED},
    "correct_notice": {stage: stage for stage in Stage},
}
# A renewal submits the live text to the board again. After these actions, the text is Published again or, if its
# publication has ended in the meantime, Approved; if it was withdrawn, it is Withdrawn (workflow._move).
AFTER_RENEWAL = ("recall", "approve")
# The actions as messages name them, as in “Nobody can … at this stage.”.
IN_WORDS = {
    "revise": gettext_lazy("change its text"),
    "submit": gettext_lazy("submit it to the board"),
    "renew": gettext_lazy("ask for a new review"),
    "recall": gettext_lazy("recall it from the board"),
    "request_changes": gettext_lazy("send it back for changes"),
    "end_round": gettext_lazy("end the round"),
    "change_due_date": gettext_lazy("change the due date"),
    "change_terms": gettext_lazy("change the terms of the round"),
    "take_back_verdict": gettext_lazy("take back a verdict"),
    "approve": gettext_lazy("approve it"),
    "publish": gettext_lazy("publish it"),
    "schedule": gettext_lazy("schedule it"),
    "unschedule": gettext_lazy("call off its schedule"),
    "withdraw": gettext_lazy("withdraw it"),
    "reinstate": gettext_lazy("reinstate it"),
    "correct_notice": gettext_lazy("correct a notice"),
}


def target_of(verb: str, article: Article) -> Stage:
    """Return the stage after this action. Raise InvalidTransition if the article's stage does not allow the action."""
    stage = Stage(article.stage)
    if stage not in MOVES[verb]:
        last = article.transitions.first()
        params = {"article": article, "stage": stage.label, "verb": IN_WORDS[verb]}
        if last is None:
            raise InvalidTransition(
                _("“%(article)s” is at the stage “%(stage)s”. Nobody can %(verb)s at this stage.") % params
            )
        message = _(
            "“%(article)s” is at the stage “%(stage)s” (%(name)s: %(last)s, %(time)s). "
            "Nobody can %(verb)s at this stage."
        )
        raise InvalidTransition(
            message % {**params, "name": last.actor_shown, "last": last, "time": times.moment(last.at)}
        )
    return MOVES[verb][stage]


def allowed(article: Article, user: User, newest: Revision | None = None) -> list[str]:
    """Return the actions that the user could perform now, in the table's order.

    `newest` is the article's newest revision if the caller has read it. Some conditions are checked only by the action.
    """
    verbs = []
    upcoming, showing = article.publications.upcoming().exists(), publishing.live(article).exists()
    has_any = showing or upcoming or article.publications.filter(cancelled_at=None).exists()
    newest = newest or article.head()
    publishable = newest is not None and not upcoming and not publishing.was_withdrawn(newest)
    fits = {
        "revise": False,
        "submit": not article.is_locked,
        "end_round": article.is_locked,
        "approve": False,
        "take_back_verdict": False,
        "renew": newest is not None and publishing.shows(article, newest),
        "unschedule": upcoming,
        "withdraw": showing,
        "reinstate": has_any and not showing and not upcoming,
        "correct_notice": has_any and article.publications.noted().exists(),
        "publish": publishable,
        "schedule": publishable,
    }
    for verb, moves in MOVES.items():
        if fits.get(verb, True) and article.stage in moves and may(user, verb, article):
            verbs.append(verb)
    return verbs
