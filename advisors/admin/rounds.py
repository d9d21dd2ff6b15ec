"""The board's panel beside an article's form: the reviewers, the latest round, its reviews, and threads."""

from django.db.models import F
from django.http import HttpRequest

from accounts.models import User
from accounts.sessions import signed_in
from advisors import panel, panel_choices, remarks, threads
from advisors.models import (
    Advisor,
    Conflict,
    PanelEnd,
    PanelMember,
    PersonFlag,
    Response,
    Review,
    ReviewStep,
    Step,
    Ticked,
)
from advisors.profiles.signed import signed_otherwise
from advisors.quorum import declared_conflicts, vouching
from advisors.quorum.standing import NotCounted, WhyNot, why_not_counted
from advisors.same_person import finding
from articles.admin.side_panels import SidePanel
from articles.models import Article, Publication, Submission
from articles.permissions import people_of_the_text
from articles.signals import side_panels_wanted

MOST_ROWS = 300  # rows of a panel that are read, including ended ones
MOST_BEHIND = 50  # verdicts behind the version that readers see
MOST_ENDED = 12  # ended proposals and places on a panel that are shown, the newest first


def board_panel(sender: type, article: Article, request: HttpRequest, **kwargs: object) -> list[SidePanel]:
    """Receive `side_panels_wanted`: return the panel with the reviewers, reviews and threads of the article."""
    context = rounds_of(article, signed_in(request))
    return [SidePanel("advisors/_rounds.html", context, rank=50, stylesheet="advisors/article_panel.css")]


def rounds_of(article: Article, user: User) -> dict[str, object]:
    """Return the template context of the panel: reviewers, ended proposals, the latest round and its threads, and more.

    It also has the remarks offered to readers. The latest round may be open or over. The number of queries does not
    depend on the number of rows.
    """
    rounds = article.submissions.select_related("revision")
    submission = rounds.prefetch_related("specialists", "terms_changes__specialists").first()
    rows_of_round = _reviews_of(submission) if submission else []
    reviews = [review for review in rows_of_round if not review.taken_back_at]
    uncounted = why_not_counted(submission) if submission and any(review.verdict for review in reviews) else {}
    found = threads.threads_of(article)
    panel_members = PanelMember.objects.filter(article=article)
    panel_members = panel_members.select_related("advisor", "proposed_by", "decided_by", "ended_by")
    rows = list(panel_members.order_by(F("ended_at").desc(nulls_first=True), "pk")[:MOST_ROWS])  # ended ones last
    members = [member for member in rows if not member.ended]
    ended = [member for member in rows if member.ended]
    behind = _reviews_behind_readers_version(article, submission)
    differing = signed_otherwise([*reviews, *behind])
    return {
        "article": article,
        "members": members,
        "facts": {pk: said for pk, (_member, said) in panel_choices.panel_with_facts(article).items()},
        "ended_members": ended[:MOST_ENDED],
        "more_ended": len(ended) > MOST_ENDED,
        # A proposer has to see why a proposal was turned down, and that another reviewer is needed.
        "show_ended": not members or any(member.ended == PanelEnd.TURNED_DOWN for member in ended[:MOST_ENDED]),
        "waiting_members": [member for member in members if member.is_waiting],
        "many_wait": sum(member.is_waiting for member in members) > 1,
        "user": user,
        "submission": submission,
        "terms": submission.terms_now() if submission else None,
        "terms_changes": submission.terms_changes.all() if submission else [],
        "reviews": reviews,
        "logs": _steps(reviews, rows_of_round),
        "otherwise": differing,
        "readers_otherwise": [(review, differing[review.pk]) for review in behind if review.pk in differing],
        "taken_back": [review for review in rows_of_round if review.taken_back_at],
        "said_no": {review.pk for review in reviews if any(tick.answer == Ticked.NO for tick in review.ticks.all())},
        "gone": {review.pk for review in reviews if review.released_at or review.response == Response.DECLINED},
        "asked_for_time": {review.pk for review in reviews if _asks_for_time(review)},
        "conflicted": _conflicted(submission, reviews) if panel.may_decide(user) else None,
        "uncounted": uncounted,
        "vouches": _missing_vouches(submission, reviews, uncounted, user),
        "instead": _suggested_advisors(reviews) if submission and submission.is_open else {},
        "open_threads": [thread for thread in found if thread.is_open],
        "closed_threads": [thread for thread in found if not thread.is_open],
        "offered": remarks.offered().filter(submission__article=article).select_related("withheld"),
        "decides": panel.may_decide(user),
        "person_flags": _person_flags(article, members, reviews) if panel.may_decide(user) else [],
        "is_locked": article.is_locked,
    }


def _person_flags(article: Article, members: list[PanelMember], reviews: list[Review]) -> list[PersonFlag]:
    """Return the flags without a decision among the people of the text, the panel, and the invited reviewers."""
    if not PersonFlag.objects.undecided().exists():
        return []
    asked = {member.advisor_id for member in members} | {review.advisor_id for review in reviews}
    accounts = set(Advisor.objects.filter(pk__in=asked).values_list("user", flat=True))
    authors = set(article.authors.filter(user=None).values_list("pk", flat=True))
    return finding.open_flags(accounts | people_of_the_text(article), authors)


def _reviews_of(submission: Submission) -> list[Review]:
    """Return all reviews of a round, also those taken back, with the round itself as their submission.

    They have `is_vouched`: whether somebody vouches for the advisor now.
    """
    found = Review.with_taken_back.filter(submission=submission).annotate(is_vouched=vouching.is_vouched())
    found = found.select_related("advisor", "signature__signed_name__shown_as")
    rows = list(found.prefetch_related("ticks", "steps"))
    for review in rows:
        review.submission = submission
    return rows


def _reviews_behind_readers_version(article: Article, latest: Submission | None) -> list[Review]:
    """Return the verdicts, except those of the latest round, that approved the version that readers see now.

    Makes one query, or none for an article that was never submitted.
    """
    if latest is None:
        return []
    seen = Publication.objects.visible().filter(article=article).values("approval__revision")
    given = Review.objects.filter(submission__approval__revision__in=seen, signature__isnull=False)
    given = given.exclude(submission=latest).select_related("advisor", "signature__signed_name__shown_as")
    return list(given.order_by("verdict_at", "pk")[:MOST_BEHIND])


def _steps(reviews: list[Review], rows: list[Review]) -> dict[int, list[ReviewStep]]:
    """Return the log of each review, by primary key, with the entries from before a verdict was taken back.

    `rows` are all reviews of the round, with those that were taken back.
    """
    return {
        review.pk: sorted(
            (step for row in rows if row.advisor_id == review.advisor_id for step in row.steps.all()),
            key=lambda step: (step.at, step.pk),
        )
        for review in reviews
    }


def _conflicted(submission: Submission | None, reviews: list[Review]) -> declared_conflicts.ConflictedRound | None:
    """Return the state of an open round in which somebody declared a conflict of interest, or else None."""
    if submission is None or not submission.is_open:
        return None
    if not any(review.verdict and review.conflict == Conflict.DECLARED for review in reviews):
        return None
    return declared_conflicts.rounds_of([submission])[submission.pk]


def _missing_vouches(
    submission: Submission | None, reviews: list[Review], uncounted: dict[int, NotCounted], user: User
) -> dict[int, str]:
    """Return the reviews of an open round whose approval counts only with a vouch, by primary key.

    The values say why this user cannot vouch for the advisor; an empty string means that they can. It is empty for
    writers, who see why an approval does not count. `uncounted` is the result of `why_not_counted`.
    """
    if submission is None or not submission.is_open or not panel.may_decide(user):
        return {}
    short = {pk for pk, found in uncounted.items() if found.why in (WhyNot.NOT_VOUCHED, WhyNot.SIGNED_BEFORE)}
    unvouched = [review for review in reviews if not getattr(review, "is_vouched", False)]
    asked = [review for review in unvouched if review.is_waiting or review.pk in short]
    return {review.pk: vouching.refusal(review.advisor, user) for review in asked}


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
