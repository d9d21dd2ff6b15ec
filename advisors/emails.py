"""Emails of the board, one function for each; subject, text and HTML are in templates/emails/<name>.*.

The emails about the quorum are in advisors.quorum.emails.

Each function queues its emails in the caller's transaction and returns the number queued. Inactive users get no email.
An invalid address is logged, so that it does not block a round or a verdict.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from advisors import invitation_reasons, outcomes
from advisors.models import Advisor, ChecklistAnswer, Comment, PanelEnd, PanelMember, Review, Verdict
from advisors.weekly_digest import WeeklyDigest
from articles import rounds
from articles.models import Article, Reason, Submission
from articles.notifications import CAME_BACK, article_address, editors
from core.house.memory import house
from inbox import events
from inbox.notifying import notify
from mail import sending
from mail.calendar import whole_day

log = logging.getLogger(__name__)

REVIEWERS = events.register("reviewers", _lazy("Reviewers were proposed or decided on, declined, or asked for time"))

FILLED_LATE = "review_token"  # filled by advisors.invitations when the email is sent


def invitation(review: Review) -> int:
    """Invite an advisor to a review, with the due date as a calendar file. Return the number queued."""
    reason, submission = (
        invitation_reasons.reason_for(review, invitation_reasons.earlier_review(review)),
        review.submission,
    )
    context = {
        **review_context(review),
        "specialties": list(reason.specialties),
        "before": reason.earlier_in_words,
        "is_changed": reason.before is not None and reason.before.revision.digest != submission.revision.digest,
        "by": get_text_list([str(byline) for byline in submission.revision.bylines.all()], _("and")),
        "note": submission.note,
    }
    return queue("review_invitation", context, [review.advisor.user], asks=review, files=[due_date_file(review)])


def due_soon(review: Review) -> int:
    """Remind an advisor some days before the due date. Return the number queued."""
    return queue("review_due_soon", review_context(review), [review.advisor.user], asks=review)


def overdue(review: Review) -> int:
    """Remind an advisor after the due date. Return the number queued."""
    return queue("review_overdue", review_context(review), [review.advisor.user], asks=review)


def new_link(review: Review) -> int:
    """Send an advisor a new link to an open review. Return the number queued."""
    return queue("review_link", review_context(review), [review.advisor.user], asks=review)


def verdict_confirmed(review: Review, answers: Sequence[ChecklistAnswer], comments: Sequence[Comment]) -> int:
    """Confirm to an advisor the verdict that they have just given.

    `answers` are the answers to the check-list, `comments` the advisor's own comments without replies. Return the
    number queued.
    """
    context = {
        **review_context(review),
        "verdict": review.get_verdict_display(),
        "digest": review.digest,
        "verdict_at": review.verdict_at,
        "conflict": review.conflict_statement,
        "remarks": review.remarks,
        "ticks": _ticks(answers),
        "shown": review.get_remarks_shown_display(),
        "comments": [(comment.passage, comment.text, comment.suggestion) for comment in comments],
        "is_final": bool(outcomes.why_final(review)),
    }
    return queue("verdict_confirmed", context, [review.advisor.user])


def round_closing(review: Review) -> int:
    """Tell an advisor who has accepted that changes are requested, and until when they may still answer.

    Return the number queued.
    """
    return queue("round_closing", review_context(review), [review.advisor.user], asks=review)


def round_over(review: Review, reason: str = "") -> int:
    """Tell an advisor who gave no verdict how the round ended, and where to find the text that they typed.

    `reason` is the reason given by the editor who ended the round, if an editor did. Return the number queued.
    """
    context = {**review_context(review), "how": outcomes.how_it_ended(review.submission), "reason": reason}
    return queue("round_over", context, [review.advisor.user])


def released(review: Review) -> int:
    """Tell an advisor that they no longer have to review: an editor released them, or changes are requested.

    Return the number queued.
    """
    context = {
        **review_context(review),
        "reason": review.release_reason,
        "how": "" if review.submission.is_open else outcomes.how_it_ended(review.submission),
    }
    return queue("review_released", context, [review.advisor.user])


def due_date_changed(review: Review, before: date, reason: str) -> int:
    """Tell an advisor the new due date, with a calendar file.

    `before` is the former date, `reason` the editor's reason for the change. Return the number queued.
    """
    context = {**review_context(review), "before": before, "reason": reason}
    files = [due_date_file(review)]
    return queue("due_date_changed", context, [review.advisor.user], asks=review, files=files)


def disclosure_due(advisor: Advisor, until: object = None) -> int:
    """Ask an advisor for this year's disclosure; return the number queued.

    `until` is the last day of their latest disclosure, or None.
    """
    context = {"name": advisor.name, "until": until, "page": f"{sending.site_url()}/board/disclosure/"}
    return queue("disclosure_due", context, [advisor.user])


def editors_declined(review: Review) -> int:
    """Tell the editors that an advisor has declined, why, and whom they suggest instead; return the number queued."""
    context = {
        **submission_context(review.submission),
        "advisor": review.advisor_shown,
        "reason": review.decline_reason,
        "ask_instead": review.ask_instead,
    }
    key = f"{review.pk}:{review.responded_at}"
    return tell(REVIEWERS, "editors_declined", context, editors(), key=key, actor=review.advisor.user)


def editors_reopened(review: Review) -> int:
    """Tell the editors that an advisor who had declined will review the article after all. Return the number queued."""
    context = {**submission_context(review.submission), "advisor": review.advisor_shown}
    key = f"{review.pk}:{review.responded_at}"
    return tell(REVIEWERS, "editors_reopened", context, editors(), key=key, actor=review.advisor.user)


def editors_more_time(review: Review) -> int:
    """Tell the editors that an advisor asks for a later due date. Return the number queued."""
    context = {
        **submission_context(review.submission),
        "advisor": review.advisor_shown,
        "page": panel_address(review.submission.article),
    }
    key = f"{review.pk}:{timezone.now()}"
    return tell(REVIEWERS, "editors_more_time", context, editors(), key=key, actor=review.advisor.user)


def editors_proposed(article: Article, members: Sequence[PanelMember], actor: User) -> int:
    """Tell the editors, except `actor`, that `actor` has proposed these reviewers; return the number queued."""
    context = {
        "title": str(article),
        "by": str(actor),
        "names": [member.advisor.name_with_credentials for member in members],
        "page": panel_address(article),
    }
    key = f"{members[0].pk}:{timezone.now()}"
    return tell(REVIEWERS, "editors_proposed", context, other_editors(actor), key=key, actor=actor)


def proposals_decided(
    article: Article,
    proposer: User,
    members: Sequence[PanelMember],
    actor: User,
    missing: Sequence[str],
    is_open: bool,
) -> int:
    """Tell a proposer about the decision on the reviewers that they proposed.

    `members` are all in the same state. `missing` has a sentence for each thing that the article still needs before it
    can be submitted. `is_open` says whether the article is before the board now. Return the number queued.
    """
    context = {
        "title": str(article),
        "by": str(actor),
        "names": get_text_list([str(member) for member in members], _("and")),
        "many": len(members),
        "is_confirmed": members[0].confirmed,
        "is_withdrawn": members[0].ended == PanelEnd.WITHDRAWN,
        "outcome": members[0].state,
        "reason": members[0].end_reason,
        "missing": missing,
        "is_open": is_open,
        "page": panel_address(article),
    }
    key = f"{members[0].pk}:{timezone.now()}"
    return tell(REVIEWERS, "proposals_decided", context, [proposer], key=key, actor=actor)


def changes_requested(submission: Submission, actor: User, reason: str) -> int:
    """Tell the editors and the writers, except `actor`, that changes are requested.

    The email has the name of the reviewer, the reason, each reviewer's answers, and who may still answer while the text
    stays locked. Return the number queued.
    """
    asked = submission.reviews.filter(verdict=Verdict.CHANGES, advisor__user=actor).first()
    context = {
        **submission_context(submission),
        "by": asked.advisor_shown if asked else str(actor),
        "reason": reason,
        "still_answering": rounds.still_answering(submission) if submission.is_closing else "",
        "given": verdicts_of(submission),
    }
    # An advisor who asks for changes is named, but the replies do not go to their own address.
    by = None if asked else actor
    people = editors_and_writers(submission, actor)
    return tell(CAME_BACK, "changes_requested", context, people, key=str(submission.pk), actor=by)


def round_ended(submission: Submission, actor: User, reason: str) -> int:
    """Tell the editors and the writers, except `actor`, that the round has ended; return the number queued."""
    context = {**submission_context(submission), "by": str(actor), "reason": reason, "given": verdicts_of(submission)}
    by = None if submission.reviews.filter(advisor__user=actor).exists() else actor
    people = editors_and_writers(submission, actor)
    return tell(CAME_BACK, "round_ended", context, people, key=str(submission.pk), actor=by)


def verdicts_of(submission: Submission) -> list[dict]:
    """Return the answers of each reviewer who gave a verdict in this round, for a template, in order of time.

    Each has the reviewer's name, verdict, conflict of interest, check-list and remarks.
    """
    reviews = submission.reviews.exclude(verdict=Verdict.NONE).prefetch_related("ticks").order_by("verdict_at", "pk")
    return [
        {
            "name": review.advisor_shown,
            "verdict": review.get_verdict_display(),
            "conflict": review.conflict_statement,
            "ticks": _ticks(review.ticks.all()),
            "remarks": review.remarks,
        }
        for review in reviews
    ]


def _ticks(answers: Iterable[ChecklistAnswer]) -> list[tuple[str, str, str]]:
    """Return these answers to a check-list as tuples of the question, the answer and the reason for a “no”."""
    return [(answer.question, answer.get_answer_display(), answer.words) for answer in answers]


def editors_overdue(submission: Submission, editor: User, names: Sequence[str]) -> int:
    """Tell an editor the names of the advisors whose reviews are overdue in a round. Return the number queued."""
    return queue("editors_overdue", {**submission_context(submission), "names": names}, [editor])


def editors_weekly(editor: User, week: WeeklyDigest) -> int:
    """Send the weekly digest to one editor. Return the number queued."""
    context = {
        "overdue": [(*row, article_address(article)) for article, *row in week.overdue],
        "unassigned": [(*row, article_address(article)) for article, *row in week.unassigned],
        "proposed": [(*row, article_address(article)) for article, *row in week.proposed],
        "ready": [(*row, article_address(article)) for article, *row in week.ready],
        "renewals": [(*row, article_address(article)) for article, *row in week.renewals],
        "links": [(*row, article_address(article)) for article, *row in week.links],
        "notes": week.notes,
    }
    return queue("editors_weekly", context, [editor])


def review_context(review: Review) -> dict:
    """Return the template context that all emails to an advisor about a review share."""
    submission = review.submission
    return {
        "name": review.advisor.name,
        "title": submission.revision.title,
        "standfirst": submission.revision.standfirst,
        "number": submission.revision.number,
        "due_on": submission.due_on,
        "is_renewal": submission.reason == Reason.RENEWAL,
        "desk": f"{sending.site_url()}/board/",
    }


def submission_context(submission: Submission) -> dict:
    """Return the template context that all emails to the editors about a round share."""
    return {
        "title": submission.revision.title,
        "number": submission.revision.number,
        "due_on": submission.due_on,
        "page": article_address(submission.article_id),
    }


def due_date_file(review: Review) -> tuple[str, str, str]:
    """Return the due date as a calendar attachment: file name, content and MIME type.

    It contains no token, because people share their calendars.
    """
    submission = review.submission
    calendar = whole_day(
        uid=f"review-{review.pk}@{urlsplit(sending.site_url()).hostname}",
        day=submission.due_on,
        title=_("Review due: %(title)s") % {"title": submission.revision.title},
        notes=_("For %(site)s. The link is in the email; signing in leads to the same page.") % {"site": house().name},
        made_at=review.invited_at,
        made_by=house().name,
        url=f"{sending.site_url()}/board/",
    )
    return "review-due.ics", calendar, "text/calendar"


def panel_address(article: Article) -> str:
    """Return the absolute URL of the board's panel on an article's page in the admin."""
    return f"{article_address(article)}#board"


def other_editors(actor: User) -> list[User]:
    """Return the editors except `actor`."""
    return [editor for editor in editors() if editor.pk != actor.pk]


def editors_and_writers(submission: Submission, actor: User) -> list[User]:
    """Return the editors and the users who created and submitted the article, except `actor`."""
    writers = [submission.article.created_by, submission.submitted_by]
    people = {person.pk: person for person in (*editors(), *writers) if person.pk != actor.pk}
    return list(people.values())


def tell(event: str, name: str, context: dict, people: Iterable[User], *, key: str, actor: User | None = None) -> int:
    """Tell people of the newsroom of an event (inbox.notifying) by the email `name`; return the number queued.

    `key` tells this occasion from others on which the same email is sent. The notification leads to the `page` of the
    context.
    """
    page = context["page"]
    return notify(event, people, key=f"{name}:{key}", page=page, email=(name, context), actor=actor)


def queue(
    name: str,
    context: dict,
    people: Iterable[User],
    *,
    asks: Review | None = None,
    files: Sequence[sending.Attachment] = (),
) -> int:
    """Queue the email `name` to each of these people who is active; return the number queued.

    `context` is for its templates. With `asks`, each email has a link that opens that review. A bad address is logged
    and skipped. Emails that people of the newsroom may switch off go through `inbox.notifying.notify` instead.
    """
    placeholders = {"token": (FILLED_LATE, asks.pk)} if asks else None
    queued = 0
    for person in people:
        if not person.is_active:
            continue
        try:
            queued += sending.send(name, context, person.email, attachments=files, placeholders=placeholders)
        except sending.BadAddress as error:
            log.error("No email to user %s: %s", person.pk, error)
    return queued
