"""What readers say is wrong: taken down, told to the editors, answered, and closed by one of them with a reason.

Each act locks the report and those that are the same as it, refuses a page that is out of date (`seen`, the newest
line of the log that the editor was shown), and writes a line of the log.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Publication
from website.error_reports import emails
from website.models import ErrorReport, ReportAct, ReportAnswer, ReportEvent, ReportState

CHANGED = "Somebody has dealt with this report since you opened the page. Look at the log, then decide anew."


@dataclass(frozen=True)
class PublishedVersion:
    """What readers got from some time on, with its number in the article's public record."""

    number: int
    publication: Publication


# What readers send


@transaction.atomic
def take_down(*, publication: Publication, message: str, passage: str = "", address: str = "") -> ErrorReport:
    """Keep what a reader says of the text that this publication shows, and write to every editor of it.

    The same words about the same article are counted on the open report that has them, and no email is sent. Where
    another reader wants an answer as well, their address gets a row of its own that is the same as the first.
    `address` is a plain one (mail.sending.plain_address) or nothing. Raises what the database raises.
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
    """Return a digest that is equal for the same words, whatever their case and spacing."""
    words = "\0".join(" ".join(text.split()).casefold() for text in (passage, message))
    return hashlib.sha256(words.encode()).hexdigest()


# What editors ask


def seen_now(report: ErrorReport) -> int:
    """Return the key of the newest line of the report's log, 0 where there is none."""
    return ReportEvent.objects.filter(report=report).order_by("-pk").values_list("pk", flat=True).first() or 0


def versions(report: ErrorReport) -> list[PublishedVersion]:
    """Return the versions of the article that readers have got until now, the first one first. One query."""
    rows = Publication.objects.filter(article=report.article_id, cancelled_at=None, starts_at__lte=timezone.now())
    rows = rows.select_related("approval").order_by("starts_at", "pk")
    return [PublishedVersion(number, row) for number, row in enumerate(rows, 1)]


def reported_version(report: ErrorReport, known: Sequence[PublishedVersion]) -> PublishedVersion | None:
    """Return the one of these versions that the reader had before them."""
    mine = (row for row in reversed(known) if row.publication.approval.revision_id == report.revision_id)
    return next((row for row in mine if row.publication.starts_at <= report.received_at), None)


def later_versions(report: ErrorReport, known: Sequence[PublishedVersion]) -> list[PublishedVersion]:
    """Return those of these versions that came after the report and say something else, the newest first."""
    return [
        row
        for row in reversed(known)
        if row.publication.starts_at > report.received_at and row.publication.approval.revision_id != report.revision_id
    ]


def addresses(report: ErrorReport) -> list[tuple[ErrorReport, str]]:
    """Return each address that an answer would go to, once, with the report that it stands on."""
    found: dict[str, ErrorReport] = {}
    for row in ErrorReport.objects.filter(_group(report)).exclude(address="").order_by("pk"):
        found.setdefault(row.address, row)
    return [(row, address) for address, row in found.items()]


# What editors do


@transaction.atomic
def answer(*, report: ErrorReport, actor: User, text: str, seen: int | None = None) -> ReportAnswer:
    """Queue an email to the reader, and to the readers of what is the same; the report stays open.

    Raises NotPermitted for who may not; InvalidTransition where the report is closed or the same as another, where
    the page is out of date, where nothing was written, or where there is no address.
    """
    report = _locked(report, actor, seen)
    _require_open(report)
    text = text.strip()
    if not text:
        raise InvalidTransition("Write the answer first.")
    recipients = addresses(report)
    if not recipients:
        raise InvalidTransition("No answer can be sent: there is no address on this report.")
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
    """An editor says what came of it, and of what is the same. The readers' addresses go: nobody needs them any more.

    "Corrected" needs the later version in which it is. Raises NotPermitted for who may not; InvalidTransition where the
    report is closed already or the same as another, where the page is out of date, where `state` is open, where no
    outcome is given, or where no such version exists.
    """
    report = _locked(report, actor, seen)
    if not report.is_open:
        raise InvalidTransition("Somebody has closed this report already.")
    _require_open(report)
    number, outcome = None, outcome.strip()
    if state == ReportState.CORRECTED:
        later = later_versions(report, versions(report))
        number = next((row.number for row in later if row.publication == version), None)
        if number is None:
            raise InvalidTransition(
                "Choose the published version that corrects it. Where there is none yet, leave the report open."
            )
        outcome = outcome or f"Corrected in version {number}."
    elif version is not None:
        raise InvalidTransition("A version is named only where it corrects the error.")
    elif state == ReportState.SPAM:
        outcome = outcome or "Spam."
    if state == ReportState.OPEN or not outcome:
        raise InvalidTransition("Say what came of the report.")
    rows = _keys(report)
    ErrorReport.objects.filter(pk__in=rows).update(
        state=state, outcome=outcome, corrected_in=version, address="", closed_by=actor, closed_at=timezone.now()
    )
    how = f"Corrected in version {number}" if number else state.label.capitalize()
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
    """Both, or neither where one is refused. Raises as `answer` and `close` do."""
    answer(report=report, actor=actor, text=text, seen=seen)
    close(report=report, actor=actor, state=state, outcome=outcome, version=version)


@transaction.atomic
def reopen(*, report: ErrorReport, actor: User, reason: str, seen: int | None = None) -> None:
    """Open a closed report again, with what is the same. The addresses are gone, so that nobody can be answered.

    Raises NotPermitted for who may not; InvalidTransition where it is open or the same as another, where the page is
    out of date, without a reason, or where a reader has sent the same words again and that report is open.
    """
    report = _locked(report, actor, seen)
    _require_single(report)
    if report.is_open:
        raise InvalidTransition("This report is open already.")
    reason = reason.strip()
    if not reason:
        raise InvalidTransition("Say why the report is opened again.")
    _refuse_twin(report)
    rows = _keys(report)
    ErrorReport.objects.filter(pk__in=rows).update(
        state=ReportState.OPEN, outcome="", corrected_in=None, closed_by=None, closed_at=None
    )
    _log_each(rows, ReportAct.REOPENED, actor, reason)


@transaction.atomic
def join(*, report: ErrorReport, actor: User, same_as: int, seen: int | None = None) -> ErrorReport:
    """Mark an open report as the same as the one with this number; both are answered and closed together there.

    Returns that one. Raises NotPermitted for who may not; InvalidTransition where either is closed, where that one is
    not there, this one or of another article, or where the page is out of date.
    """
    found = ErrorReport.objects.filter(pk=same_as, article=report.article_id).first()
    if found is None:
        raise InvalidTransition("There is no report with this number on this article.")
    root_pk = found.same_as_id or found.pk
    report = _locked(report, actor, seen, also=root_pk)
    _require_open(report)
    root = ErrorReport.objects.get(pk=root_pk)
    if root.pk == report.pk:
        raise InvalidTransition("This is that very report, or the other one is the same as it already.")
    if not root.is_open or root.same_as_id:
        raise InvalidTransition(f"Report {root.pk} is not open any more. Reopen it first, or close this one by itself.")
    ErrorReport.objects.filter(_group(report)).update(same_as=root)
    _log(report, ReportAct.JOINED, actor, f"The same as report {root.pk}.")
    _log(root, ReportAct.JOINED, actor, f"Report {report.pk} is the same as this one.")
    return root


@transaction.atomic
def part(*, report: ErrorReport, actor: User, seen: int | None = None) -> None:
    """Take an open report apart from the one that it was marked to be the same as.

    Raises NotPermitted for who may not; InvalidTransition where it is closed or stands by itself, where its words are
    those of another open report, or where the page is out of date.
    """
    report = _locked(report, actor, seen)
    if not report.is_open or not report.same_as_id:
        raise InvalidTransition("This report is closed, or it stands by itself already.")
    _refuse_twin(report)
    root = report.same_as
    ErrorReport.objects.filter(pk=report.pk).update(same_as=None)
    _log(report, ReportAct.PARTED, actor, f"Not the same as report {root.pk}.")
    _log(root, ReportAct.PARTED, actor, f"Report {report.pk} is another matter.")


@transaction.atomic
def erase(*, report: ErrorReport, actor: User, seen: int | None = None) -> None:
    """Erase the reader's address and words, the answers, and the emails that hold them (GDPR, Article 17).

    What stays: that there was a report, of which revision, when, the log, and what editors wrote for colleagues.
    Backups and emails that have left are out of reach. Raises NotPermitted for who may not; InvalidTransition where it
    was erased before, or where the page is out of date.
    """
    report = _locked(report, actor, seen)
    if report.erased_at:
        raise InvalidTransition("The address and the words of this report were erased already.")
    ErrorReport.objects.filter(pk=report.pk).update(
        address="", passage="", message="", fingerprint="", erased_at=timezone.now()
    )
    ReportAnswer.objects.filter(report=report).update(text="")
    gone = emails.forget_report(report)
    note = f"Deleted: {gone} email{'' if gone == 1 else 's'} about it. One that was still waiting is not sent."
    _log(report, ReportAct.ERASED, actor, note if gone else "")


def _group(report: ErrorReport) -> Q:
    """The report and those that are the same as it."""
    return Q(pk=report.pk) | Q(same_as=report.pk)


def _locked(report: ErrorReport, actor: User, seen: int | None, also: int | None = None) -> ErrorReport:
    """The report as it stands, locked with all that would change with it, always in the same order."""
    if not actor.has_perm("website.change_errorreport"):
        raise NotPermitted("Reports are dealt with by editors.")
    keys = [report.pk, *([also] if also else [])]
    rows = ErrorReport.objects.select_for_update().filter(Q(pk__in=keys) | Q(same_as__in=keys)).order_by("pk")
    found = {row.pk: row for row in rows}
    if seen is not None and seen != seen_now(report):
        raise InvalidTransition(CHANGED)
    return found[report.pk]


def _require_single(report: ErrorReport) -> None:
    if report.same_as_id:
        raise InvalidTransition(f"This is the same as report {report.same_as_id}: deal with both there.")


def _require_open(report: ErrorReport) -> None:
    _require_single(report)
    if not report.is_open:
        raise InvalidTransition("This report is closed. Reopen it first.")


def _refuse_twin(report: ErrorReport) -> None:
    """Refuse where another open report has the same words: the database takes one of each."""
    twins = ErrorReport.objects.filter(
        article=report.article_id, fingerprint=report.fingerprint, state=ReportState.OPEN, same_as=None
    ).exclude(pk=report.pk)
    twin = twins.first() if report.fingerprint else None
    if twin is not None:
        raise InvalidTransition(f"Report {twin.pk} has the same words and is open. Deal with it there.")


def _keys(report: ErrorReport) -> list[int]:
    return list(ErrorReport.objects.filter(_group(report)).values_list("pk", flat=True))


def _log(report: ErrorReport, act: ReportAct, actor: User, note: str = "") -> None:
    _log_each([report.pk], act, actor, note)


def _log_each(keys: Sequence[int], act: ReportAct, actor: User, note: str) -> None:
    now = timezone.now()
    ReportEvent.objects.bulk_create(
        ReportEvent(report_id=key, act=act, actor=actor, actor_name=str(actor), at=now, note=note) for key in keys
    )
