"""Receivers of the signals of articles (articles.signals) and of accounts. Importing this module connects them.

Emails are queued in the transaction of the change that they report.
"""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from accounts.models import User
from accounts.signals import address_bound_wanted
from advisors import emails, invitations, panel, public_record, scheduled_emails
from advisors.corrections import asking
from advisors.corrections import names as correcting_names
from advisors.models import (
    Advisor,
    Comment,
    Conflict,
    PanelMember,
    Response,
    Review,
    ScheduledEmail,
    Verdict,
)
from advisors.personal_data import name_emails
from advisors.quorum import decisions, vouching
from advisors.quorum import emails as quorum_emails
from advisors.quorum.reach import why_out_of_reach
from advisors.quorum.standing import standing
from articles import signals
from articles.models import (
    Article,
    NameChange,
    NameChangeDecision,
    Outcome,
    Revision,
    SignedName,
    Submission,
    TermsChange,
    Topic,
)
from articles.models.moments import recorded_by
from articles.names.changes import rename
from articles.names.shown import shown_name
from articles.pages import ArticlePage
from checks.preflight import Finding
from core import times

# The verdict that each action of the workflow needs.
VERDICTS = {"approve": Verdict.APPROVE, "request_changes": Verdict.CHANGES}


@recorded_by
def times_of_reviews(article: OuterRef) -> Sequence[QuerySet]:
    """Return queries for the times of the newest answer, verdict, verdict taken back and comment on the article."""
    return [
        rows.filter(**{f"{path}submission__article": article, f"{name}__isnull": False})
        .order_by(f"-{name}")
        .values(name)[:1]
        for rows, path, name in (
            (Review.with_taken_back, "", "responded_at"),
            (Review.with_taken_back, "", "verdict_at"),
            (Review.with_taken_back, "", "taken_back_at"),
            (Comment.objects, "review__", "written_at"),
        )
    ]


def findings_on_the_panel(sender: type, article: Article, revision: Revision | None, **kwargs: object) -> list[Finding]:
    """Receive `findings_wanted`: return the findings on the panel."""
    return panel.findings(article, revision)


def rename_advisor(
    sender: type, before: SignedName, after: SignedName, actor: User, how: str, **kwargs: object
) -> None:
    """Receive `name_changed`: rename the advisor who had the former name, and record the vouch for the new one.

    The vouch is recorded, too, if the advisor has the new name already and somebody had vouched for the former one.
    Raise NotPermitted if `actor` cannot vouch for the advisor.
    """
    for advisor in Advisor.objects.filter(user=after.account_id, name__in=[before.name, after.name]):
        vouched = advisor.vouches.filter(signed_name=before).exists()
        again = not advisor.vouches.filter(signed_name=after, vouched_by=actor).exists()
        if advisor.name != after.name:
            rename(advisor, after.name)
        elif not (vouched and again):
            continue
        vouching.vouch(advisor=advisor, actor=actor, how=how)


def hinders_a_change_of_a_name(sender: type, name: SignedName, account: int | None, **kwargs: object) -> str:
    """Receive `name_hindrance_wanted`: return why corrections of accounts forbid the change of a name, or ""."""
    return correcting_names.hindrance(name, account)


def names_of_former_accounts(sender: type, account: User, **kwargs: object) -> set[int]:
    """Receive `moved_names_wanted`: return the names that belong to this person by a correction of their account."""
    return correcting_names.moved_names(account)


def tell_of_a_request_for_a_name(sender: type, changes: Sequence[NameChange], **kwargs: object) -> None:
    """Receive `name_change_asked`: email the person, and those who can confirm the change."""
    name_emails.asked(changes)


def tell_of_a_decision_on_a_name(sender: type, decision: NameChangeDecision, **kwargs: object) -> None:
    """Receive `name_change_decided`: email the decision to the person."""
    name_emails.decided(decision)


def record_of_page(sender: type, page: ArticlePage, **kwargs: object) -> public_record.ReviewRecord:
    """Receive `review_record_wanted`: return the signatories and remarks of a page.

    Makes one query if somebody signed, else none.
    """
    return public_record.of_page(page)


def notes_on_proposals(sender: type, articles: list[Article], **kwargs: object) -> dict[int, str]:
    """Receive `notes_wanted`: return the number of proposals that an editor has to decide on, in words, by article.

    Articles without such a proposal are left out. Makes one query.
    """
    waiting = PanelMember.objects.waiting().filter(article__in=articles).order_by()
    counted = waiting.values_list("article").annotate(many=Count("pk"))
    return {
        pk: ngettext(
            "%(count)s reviewer proposed, to be confirmed", "%(count)s reviewers proposed, to be confirmed", many
        )
        % {"count": many}
        for pk, many in counted
    }


def notes_on_closing_rounds(sender: type, articles: list[Article], **kwargs: object) -> dict[int, str]:
    """Receive `notes_wanted`: return a sentence, by article, on reviewers who may still answer and until when.

    Changes have been requested for these articles already; other articles are left out. Makes one query.
    """
    closing = Submission.objects.closing().filter(article__in=articles)
    awaited = Review.objects.unanswered().filter(submission__in=closing, response=Response.ACCEPTED)
    names: dict[tuple[int, date], list[str]] = {}
    for article, due_on, name, account in awaited.order_by("pk").values_list(
        "submission__article", "submission__due_on", "advisor_name", "advisor__user"
    ):
        names.setdefault((article, due_on), []).append(shown_name(name, account))
    return {
        article: gettext("%(names)s may still answer until %(day)s")
        % {"names": get_text_list(found, gettext("and")), "day": times.day(due_on)}
        for (article, due_on), found in names.items()
    }


def has_given_that_verdict(sender: type, submission: Submission, user: User, verb: str, **kwargs: object) -> bool:
    """Receive `verdict_wanted`: return whether this active advisor gave that verdict without a conflict of interest.

    For “take_back_verdict”, return whether they gave any verdict that they have not taken back.
    """
    given = Review.objects.of(user).filter(submission=submission, advisor__is_active=True)
    if verb == "take_back_verdict":
        return given.exclude(verdict=Verdict.NONE).exists()
    return given.filter(conflict=Conflict.NONE, verdict=VERDICTS[verb]).exists()


def invite_the_panel(sender: type, submission: Submission, actor: User, **kwargs: object) -> None:
    """Receive `submission_opened`: invite the panel, in the same transaction."""
    panel.invite(submission=submission, actor=actor)


def who_is_still_answering(sender: type, submission: Submission, **kwargs: object) -> list[str]:
    """Receive `answers_awaited`: return the names of the active advisors who have accepted but not answered."""
    accepted = submission.reviews.unanswered().filter(response=Response.ACCEPTED)
    accepted = accepted.filter(advisor__is_active=True, advisor__user__is_active=True)
    names = accepted.order_by("pk").values_list("advisor_name", "advisor__user")
    return [shown_name(name, account) for name, account in names]


def close_the_round(sender: type, submission: Submission, actor: User, reason: str, **kwargs: object) -> None:
    """Receive `submission_closed`: cancel reminders and email the people concerned.

    If changes are requested, advisors who have not accepted are released. Advisors who have accepted may finish until
    the answer deadline (`answers_until`), and still get their own reminders.
    """
    if submission.outcome == Outcome.CHANGES_REQUESTED:
        panel.release_unaccepted(submission=submission, actor=actor)
    if submission.is_closing:
        scheduled_emails.cancel(ScheduledEmail.objects.filter(submission=submission, review=None))
        for review in _unanswered(submission):
            emails.round_closing(review)
    else:
        _end(submission)
    if submission.outcome == Outcome.APPROVED:
        quorum_emails.editors_quorum(submission, actor)
    elif submission.outcome == Outcome.CHANGES_REQUESTED:
        emails.changes_requested(submission, actor, reason)


def end_the_round(sender: type, submission: Submission, actor: User, reason: str, **kwargs: object) -> None:
    """Receive `round_ended`: cancel reminders, and email the advisors who have not answered, editors and writers."""
    _end(submission, reason)
    emails.round_ended(submission, actor, reason)


def _end(submission: Submission, reason: str = "") -> None:
    """Cancel the scheduled emails of a round that is over, and email the advisors who have not answered."""
    scheduled_emails.cancel(ScheduledEmail.objects.filter(Q(submission=submission) | Q(review__submission=submission)))
    for review in _unanswered(submission):
        emails.round_over(review, reason)


def _unanswered(submission: Submission) -> "QuerySet[Review]":
    """Return the unanswered reviews of a round, with the related rows that their emails need."""
    found = submission.reviews.unanswered()
    return found.select_related("advisor__user", "submission__revision").order_by("pk")


def follow_the_due_date(
    sender: type, submission: Submission, actor: User, before: date, reason: str, **kwargs: object
) -> None:
    """Receive `due_date_changed`: extend links, reschedule reminders, and email the advisors who have not answered."""
    invitations.extend(submission)
    of_the_round = ScheduledEmail.objects.filter(Q(submission=submission) | Q(review__submission=submission))
    of_the_date = Q(key__endswith=f" {submission.due_on}") | Q(key__contains=f" {submission.due_on} ")
    scheduled_emails.cancel(of_the_round.exclude(of_the_date))
    scheduled_emails.resume(of_the_round.filter(of_the_date))
    for review in _unanswered(submission):
        emails.due_date_changed(review, before, reason)


def address_is_bound(sender: type, user: User, **kwargs: object) -> bool:
    """Receive `address_bound_wanted`: return whether something was signed with this account."""
    return asking.is_bound(user)


address_bound_wanted.connect(address_is_bound, dispatch_uid="board-address-bound")


def hinders_a_quorum(sender: type, submission: Submission, quorum: int, **kwargs: object) -> str:
    """Receive `quorum_hindrance_wanted`: return why the board can never give so many approvals, or an empty string."""
    return why_out_of_reach(submission, quorum)


def follow_the_terms(
    sender: type,
    submission: Submission,
    actor: User,
    change: TermsChange,
    dropped: Sequence[Topic],
    added: Sequence[Topic],
    **kwargs: object,
) -> None:
    """Receive `terms_changed`: email everybody in the round, and let the board decide on the new terms.

    Advisors who declined or were released are not told.
    """
    asked = submission.reviews.exclude(response=Response.DECLINED).filter(released_at=None)
    for review in asked.select_related("advisor__user", "submission__revision").order_by("pk"):
        quorum_emails.round_terms_changed(review, change, dropped, added)
    quorum_emails.editors_terms_changed(submission, actor, change, dropped, added, standing(submission).in_words)
    decisions.reconsider(submission, actor)


signals.findings_wanted.connect(findings_on_the_panel, dispatch_uid="board-findings")
signals.notes_wanted.connect(notes_on_proposals, dispatch_uid="board-notes")
signals.notes_wanted.connect(notes_on_closing_rounds, dispatch_uid="board-closing-notes")
signals.name_changed.connect(rename_advisor, dispatch_uid="board-name")
signals.name_hindrance_wanted.connect(hinders_a_change_of_a_name, dispatch_uid="board-name-hindrance")
signals.moved_names_wanted.connect(names_of_former_accounts, dispatch_uid="board-moved-names")
signals.name_change_asked.connect(tell_of_a_request_for_a_name, dispatch_uid="board-name-asked")
signals.name_change_decided.connect(tell_of_a_decision_on_a_name, dispatch_uid="board-name-decided")
signals.quorum_hindrance_wanted.connect(hinders_a_quorum, dispatch_uid="board-quorum-hindrance")
signals.review_record_wanted.connect(record_of_page, dispatch_uid="board-record")
signals.verdict_wanted.connect(has_given_that_verdict, dispatch_uid="board-verdict")
signals.submission_opened.connect(invite_the_panel, dispatch_uid="board-invitations")
signals.submission_closed.connect(close_the_round, dispatch_uid="board-closing")
signals.answers_awaited.connect(who_is_still_answering, dispatch_uid="board-awaited")
signals.round_ended.connect(end_the_round, dispatch_uid="board-ended")
signals.terms_changed.connect(follow_the_terms, dispatch_uid="board-terms")
signals.due_date_changed.connect(follow_the_due_date, dispatch_uid="board-due-date")
