"""The board's panel beside an article's form: the reviewers, the latest round, its reviews, and threads."""

from django.db.models import F
from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import signed_in
from advisors import panel, panel_choices, remarks, threads
from advisors.models import Advisor, Conflict, PanelEnd, PanelMember, Response, Review, Step, Ticked
from advisors.quorum import declared_conflicts
from advisors.quorum.standing import why_not_counted
from articles.admin.side_panels import SidePanel
from articles.models import Article, Submission
from articles.signals import side_panels_wanted

MOST_ROWS = 300  # rows of a panel that are read, including ended ones
MOST_ENDED = 12  # ended proposals and places on a panel that are shown, the newest first


def board_panel(sender: type, article: Article, request: HttpRequest, **kwargs: object) -> list[SidePanel]:
    """Receive `side_panels_wanted`: return the panel with the reviewers, reviews and threads of the article."""
    context = rounds_of(article, signed_in(request))
    return [SidePanel("advisors/_rounds.html", context, rank=50, stylesheet="advisors/article_panel.css")]


def rounds_of(article: Article, user: User) -> dict[str, object]:
    """Return the template context of the panel.

    It has the reviewers, ended proposals, the open or else the latest round, threads, and remarks offered to readers.
    The number of queries does not depend on the number of rows.
    """
    rounds = article.submissions.select_related("revision")
    submission = rounds.prefetch_related("reviews__ticks", "reviews__steps").first()
    reviews = list(submission.reviews.all()) if submission else []
    found = threads.threads_of(article)
    panel_members = PanelMember.objects.filter(article=article)
    panel_members = panel_members.select_related("advisor", "proposed_by", "decided_by", "ended_by")
    rows = list(panel_members.order_by(F("ended_at").desc(nulls_first=True), "pk")[:MOST_ROWS])  # ended ones last
    members = [member for member in rows if not member.ended]
    ended = [member for member in rows if member.ended]
    return {
        "article": article,
        "members": members,
        "ended_members": ended[:MOST_ENDED],
        "more_ended": len(ended) > MOST_ENDED,
        # A proposer has to see why a proposal was turned down, and that another reviewer is needed.
        "show_ended": not members or any(member.ended == PanelEnd.TURNED_DOWN for member in ended[:MOST_ENDED]),
        "waiting_members": [member for member in members if member.is_waiting],
        "many_wait": sum(member.is_waiting for member in members) > 1,
        "user": user,
        "submission": submission,
        "reviews": reviews,
        "said_no": {review.pk for review in reviews if any(tick.answer == Ticked.NO for tick in review.ticks.all())},
        "gone": {review.pk for review in reviews if review.released_at or review.response == Response.DECLINED},
        "asked_for_time": {review.pk for review in reviews if _asks_for_time(review)},
        "conflicted": _conflicted(submission, reviews) if panel.may_decide(user) else None,
        "uncounted": why_not_counted(submission) if submission and any(review.verdict for review in reviews) else {},
        "instead": _suggested_advisors(reviews) if submission and submission.is_open else {},
        "open_threads": [thread for thread in found if thread.is_open],
        "closed_threads": [thread for thread in found if not thread.is_open],
        "offered": remarks.offered().filter(submission__article=article).select_related("withheld"),
        "decides": panel.may_decide(user),
        "is_locked": article.is_locked,
    }


def _conflicted(submission: Submission | None, reviews: list[Review]) -> declared_conflicts.ConflictedRound | None:
    """Return the state of an open round in which somebody declared a conflict of interest, or else None."""
    if submission is None or not submission.is_open:
        return None
    if not any(review.verdict and review.conflict == Conflict.DECLARED for review in reviews):
        return None
    return declared_conflicts.rounds_of([submission])[submission.pk]


def _asks_for_time(review: Review) -> bool:
    """Return whether the advisor still waits for a later due date that they have asked for."""
    due_on = review.submission.due_on
    asked = any(step.step == Step.MORE_TIME and step.due_on == due_on for step in review.steps.all())
    return asked and review.is_waiting


def _suggested_advisors(reviews: list) -> dict[int, Advisor]:
    """Return the members of the board suggested by advisors who declined, as {key of the review: advisor}.

    A suggestion is left out if it does not name exactly one member, or names somebody who has already been asked.
    """
    named = [review for review in reviews if review.response == Response.DECLINED and review.ask_instead]
    if not named:
        return {}
    board = list(Advisor.objects.filter(is_active=True))
    asked = {review.advisor_id for review in reviews}
    found = {review.pk: panel_choices.named_in(review.ask_instead, board) for review in named}
    return {pk: advisor for pk, advisor in found.items() if advisor and advisor.pk not in asked}


side_panels_wanted.connect(board_panel, dispatch_uid="board-beside-the-form")
