"""The workflow of an error report: it is received, emailed to the editors, answered, and closed with an outcome.

Every action of an editor locks the report and its duplicates and adds an entry to the log. Its argument `seen` is the
primary key of the newest log entry that the editor's page showed (`last_event_key`). If the log has a newer entry, the
page is out of date, and the action raises InvalidTransition.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Publication
from website.error_reports import emails
from website.models import ErrorReport, ReportAct, ReportAnswer, ReportEvent, ReportState

CHANGED = gettext_lazy("Somebody has changed this report since you opened the page. Read the log, then decide again.")
# The names of outcomes in the log. They are not translated, because entries of the log are stored.
OUTCOMES_IN_LOG = {ReportState.NOTHING: "Nothing to correct", ReportState.SPAM: "Spam"}


@dataclass(frozen=True)
class PublishedVersion:
    """A publication of an article that has started, with its version number in the public record."""

    number: int
    publication: Publication


# Reports from readers


@transaction.atomic
def receive(*, publication: Publication, message: str, passage: str = "", address: str = "") -> ErrorReport:
    """Store and return a reader's report on the revision that this publication shows, and email every editor.

    If an open report on the article has the same text, count the new one in that row and send no email. If that row has
    the address of another reader, and this one also wants an answer, store a row for this address that is marked as the
    same as the first. `address` is a plain email address (`mail.sending.plain_address`) or "".
    """
    Article.objects.select_for_update().only("pk").get(pk=publication.article_id)
    fingerprint = fingerprint_of(passage, message)
    alike = ErrorReport.objects.select_for_update().filter(
        article=publication.article_id, fingerprint=fingerprint, state=ReportState.OPEN
    )
    known = list(alike.order_by("pk"))
    mine = next((row for row in known if row.address == address or not address), None)
    mine = mine or next((row for row in known if not row.address), None)
    if mine is not None:
        mine.times += 1
        mine.last_received_at = timezone.now()
        mine.address = mine.address or address
        mine.save(update_fields=["times", "last_received_at", "address"])
        return mine
    report = ErrorReport.objects.create(
        article_id=publication.article_id,
        revision=publication.approval.revision,
        passage=passage,
        message=message,
        address=address,
        fingerprint=fingerprint,
        same_as_id=(known[0].same_as_id or known[0].pk) if known else None,
    )
    if not known:
        emails.error_reported(report)
    return report


def fingerprint_of(passage: str, message: str) -> str:
    """Return a hexadecimal SHA-256 digest of passage and message that ignores case and spacing."""
    words = "\0".join(" ".join(text.split()).casefold() for text in (passage, message))
    return hashlib.sha256(words.encode()).hexdigest()


# Queries for editors


def last_event_key(report: ErrorReport) -> int:
    """Return the primary key of the newest entry in the report's log, or 0 if the log is empty."""
    return ReportEvent.objects.filter(report=report).order_by("-pk").values_list("pk", flat=True).first() or 0


def versions(report: ErrorReport) -> list[PublishedVersion]:
    """Return the versions of the report's article that have been published so far, oldest first. Makes one query."""
    rows = Publication.objects.begun().filter(article=report.article_id)
    rows = rows.select_related("approval").order_by("starts_at", "pk")
    return [PublishedVersion(number, row) for number, row in enumerate(rows, 1)]


def reported_version(report: ErrorReport, known: Sequence[PublishedVersion]) -> PublishedVersion | None:
    """Return the version in `known` that the reader saw when they sent the report, or None if there is none.

    `known` is the result of `versions`.
    """
    mine = (row for row in reversed(known) if row.publication.approval.revision_id == report.revision_id)
    return next((row for row in mine if row.publication.starts_at <= report.received_at), None)


def later_versions(report: ErrorReport, known: Sequence[PublishedVersion]) -> list[PublishedVersion]:
    """Return those versions in `known` that began after the report and show another revision, newest first.

    `known` is the result of `versions`.
    """
    return [
        row
        for row in reversed(known)
        if row.publication.starts_at > report.received_at and row.publication.approval.revision_id != report.revision_id
    ]


def addresses(report: ErrorReport) -> list[tuple[ErrorReport, str]]:
    """Return (report or duplicate, email address) for each reader to whom an answer would be sent, oldest report first.

    Each email address is returned once.
    """
    found: dict[str, ErrorReport] = {}
    for row in ErrorReport.objects.filter(_group(report)).exclude(address="").order_by("pk"):
        found.setdefault(row.address, row)
    return [(row, address) for address, row in found.items()]


# Actions of editors


@transaction.atomic
def answer(*, report: ErrorReport, actor: User, text: str, seen: int | None = None) -> ReportAnswer:
    """Queue emails with this answer to the readers who sent the report or a duplicate; return the stored answer.

    The report stays open. Raise NotPermitted if the actor may not change reports, and InvalidTransition if the report
    is closed or a duplicate, if the page is out of date (`seen`), if the text is empty, or if no reader gave an email
    address.
    """
    report = _locked(report, actor, seen)
    _require_open(report)
    text = text.strip()
    if not text:
        raise InvalidTransition(_("Write the answer first."))
    recipients = addresses(report)
    if not recipients:
        raise InvalidTransition(_("No answer can be sent: there is no address on this report."))
    for row, address in recipients:
        emails.report_answered(row, text, address)
    given = ReportAnswer.objects.create(
        report=report,
        text=text,
        recipients=len(recipients),
        written_by=actor,
        written_by_name=str(actor),
        written_at=timezone.now(),
    )
    _log(report, ReportAct.ANSWERED, actor)
    return given


@transaction.atomic
def close(
    *,
    report: ErrorReport,
    actor: User,
    state: ReportState,
    outcome: str = "",
    version: Publication | None = None,
    seen: int | None = None,
) -> None:
    """Close a report and its duplicates with an outcome, and delete the readers' email addresses.

    The state "corrected" needs `version`, a later publication with another text; other states must not have it. If
    `outcome` is empty, a default is stored for "corrected" and "spam". Raise NotPermitted if the actor may not change
    reports, and InvalidTransition if the report is closed or a duplicate, if the page is out of date (`seen`), if
    `state` is "open", if the outcome is missing, or if `version` is missing, not allowed or not such a publication.
    """
    report = _locked(report, actor, seen)
    if not report.is_open:
        raise InvalidTransition(_("Somebody has closed this report already."))
    _require_open(report)
    number, outcome = None, outcome.strip()
    if state == ReportState.CORRECTED:
        later = later_versions(report, versions(report))
        number = next((row.number for row in later if row.publication == version), None)
        if number is None:
            raise InvalidTransition(
                _("Choose the published version that corrects it. If there is none yet, leave the report open.")
            )
        outcome = outcome or f"Corrected in version {number}."
    elif version is not None:
        raise InvalidTransition(_("Choose a version only if you close the report as corrected."))
    elif state == ReportState.SPAM:
        outcome = outcome or "Spam."
    if state == ReportState.OPEN or not outcome:
        raise InvalidTransition(_("Give the outcome of the report."))
    rows = _keys(report)
    ErrorReport.objects.filter(pk__in=rows).update(
        state=state, outcome=outcome, corrected_in=version, address="", closed_by=actor, closed_at=timezone.now()
    )
    how = f"Corrected in version {number}" if number else OUTCOMES_IN_LOG[state]
    _log_each(rows, ReportAct.CLOSED, actor, f"{how}. {outcome}")


@transaction.atomic
def answer_and_close(
    *,
    report: ErrorReport,
    actor: User,
    text: str,
    state: ReportState,
    outcome: str = "",
    version: Publication | None = None,
    seen: int | None = None,
) -> None:
    """Answer a report and close it (see `answer` and `close`), in one transaction.

    Raise NotPermitted if the actor may not change reports, and InvalidTransition if either action is refused.
    """
    answer(report=report, actor=actor, text=text, seen=seen)
    close(report=report, actor=actor, state=state, outcome=outcome, version=version)


@transaction.atomic
def reopen(*, report: ErrorReport, actor: User, reason: str, seen: int | None = None) -> None:
    """Reopen a closed report and its duplicates.

    The readers cannot be answered, because closing deleted their email addresses. Raise NotPermitted if the actor may
    not change reports, and InvalidTransition if the report is open or a duplicate, if the page is out of date (`seen`),
    if the reason is empty, or if another open report has the same text.
    """
    report = _locked(report, actor, seen)
    _require_single(report)
    if report.is_open:
        raise InvalidTransition(_("This report is open already."))
    reason = reason.strip()
    if not reason:
        raise InvalidTransition(_("Say why the report is opened again."))
    _refuse_same_words(report)
    rows = _keys(report)
    ErrorReport.objects.filter(pk__in=rows).update(
        state=ReportState.OPEN, outcome="", corrected_in=None, closed_by=None, closed_at=None
    )
    _log_each(rows, ReportAct.REOPENED, actor, reason)


@transaction.atomic
def mark_duplicate(*, report: ErrorReport, actor: User, same_as: int, seen: int | None = None) -> ErrorReport:
    """Mark an open report as a duplicate of report number `same_as`; both are then answered and closed together.

    If report `same_as` is itself a duplicate, use the report that it duplicates. Return the report that was used. Raise
    NotPermitted if the actor may not change reports, and InvalidTransition if either report is closed, if `report` is a
    duplicate already, if the article has no report `same_as`, if both are the same report, or if the page is out of
    date.
    """
    found = ErrorReport.objects.filter(pk=same_as, article=report.article_id).first()
    if found is None:
        raise InvalidTransition(_("There is no report with this number on this article."))
    root_pk = found.same_as_id or found.pk
    report = _locked(report, actor, seen, also=root_pk)
    _require_open(report)
    root = ErrorReport.objects.get(pk=root_pk)
    if root.pk == report.pk:
        raise InvalidTransition(
            _("This is the number of this report, or of one that is already marked as the same as this one.")
        )
    if not root.is_open or root.same_as_id:
        raise InvalidTransition(
            _("Report %(pk)s is not open any more. Reopen it first, or close this one by itself.") % {"pk": root.pk}
        )
    ErrorReport.objects.filter(_group(report)).update(same_as=root)
    _log(report, ReportAct.JOINED, actor, f"The same as report {root.pk}.")
    _log(root, ReportAct.JOINED, actor, f"Report {report.pk} is the same as this one.")
    return root


@transaction.atomic
def unmark_duplicate(*, report: ErrorReport, actor: User, seen: int | None = None) -> None:
    """Make an open duplicate an independent report again.

    Raise NotPermitted if the actor may not change reports, and InvalidTransition if the report is closed or not a
    duplicate, if another open report has the same text, or if the page is out of date (`seen`).
    """
    report = _locked(report, actor, seen)
    if not report.is_open or not report.same_as_id:
        raise InvalidTransition(_("This report is closed, or it is not marked as the same as another."))
    _refuse_same_words(report)
    root = report.same_as
    ErrorReport.objects.filter(pk=report.pk).update(same_as=None)
    _log(report, ReportAct.PARTED, actor, f"Not the same as report {root.pk}.")
    _log(root, ReportAct.PARTED, actor, f"Report {report.pk} is about a different error.")


@transaction.atomic
def erase(*, report: ErrorReport, actor: User, seen: int | None = None) -> None:
    """Erase the reader's email address and words, the answers, and the emails about the report (GDPR, Article 17).

    The report itself, its revision, its times, the log and the outcome for colleagues stay, and so do duplicates, which
    have to be erased separately. Backups and delivered emails cannot be reached. Raise NotPermitted if the actor may
    not change reports, and InvalidTransition if the report was erased before or the page is out of date (`seen`).
    """
    report = _locked(report, actor, seen)
    if report.erased_at:
        raise InvalidTransition(_("The address and the words of this report were erased already."))
    ErrorReport.objects.filter(pk=report.pk).update(
        address="", passage="", message="", fingerprint="", erased_at=timezone.now()
    )
    ReportAnswer.objects.filter(report=report).update(text="")
    gone = emails.forget_report(report)
    note = f"Deleted: {gone} email{'' if gone == 1 else 's'} about it. One that was still waiting is not sent."
    _log(report, ReportAct.ERASED, actor, note if gone else "")


def _group(report: ErrorReport) -> Q:
    """Return the condition that selects a report and its duplicates."""
    return Q(pk=report.pk) | Q(same_as=report.pk)


def _locked(report: ErrorReport, actor: User, seen: int | None, also: int | None = None) -> ErrorReport:
    """Lock the report and the one with primary key `also`, each with its duplicates; return the report, reread.

    The rows are locked in the order of their primary keys, so that two actions cannot deadlock. Raise NotPermitted if
    the actor may not change reports, and InvalidTransition if the page is out of date (`seen`).
    """
    if not actor.has_perm("website.change_errorreport"):
        raise NotPermitted(_("Only editors can change error reports."))
    keys = [report.pk, *([also] if also else [])]
    rows = ErrorReport.objects.select_for_update().filter(Q(pk__in=keys) | Q(same_as__in=keys)).order_by("pk")
    found = {row.pk: row for row in rows}
    if seen is not None and seen != last_event_key(report):
        raise InvalidTransition(CHANGED)
    return found[report.pk]


def _require_single(report: ErrorReport) -> None:
    """Raise InvalidTransition if the report is marked as the same as another report."""
    if report.same_as_id:
        raise InvalidTransition(
            _("This is the same as report %(same_as_id)s. Answer and close both there.")
            % {"same_as_id": report.same_as_id}
        )


def _require_open(report: ErrorReport) -> None:
    """Raise InvalidTransition if the report is closed or marked as the same as another report."""
    _require_single(report)
    if not report.is_open:
        raise InvalidTransition(_("This report is closed. Reopen it first."))


def _refuse_same_words(report: ErrorReport) -> None:
    """Raise InvalidTransition if another open report has the same text. The database allows only one such report."""
    same_words = ErrorReport.objects.filter(
        article=report.article_id, fingerprint=report.fingerprint, state=ReportState.OPEN, same_as=None
    ).exclude(pk=report.pk)
    other = same_words.first() if report.fingerprint else None
    if other is not None:
        raise InvalidTransition(
            _("Report %(pk)s has the same words and is open. Deal with it there.") % {"pk": other.pk}
        )


def _keys(report: ErrorReport) -> list[int]:
    return list(ErrorReport.objects.filter(_group(report)).values_list("pk", flat=True))


def _log(report: ErrorReport, act: ReportAct, actor: User, note: str = "") -> None:
    _log_each([report.pk], act, actor, note)


def _log_each(keys: Sequence[int], act: ReportAct, actor: User, note: str) -> None:
    now = timezone.now()
    ReportEvent.objects.bulk_create(
        ReportEvent(report_id=key, act=act, actor=actor, actor_name=str(actor), at=now, note=note) for key in keys
    )
