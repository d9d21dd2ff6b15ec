"""What readers say is wrong: taken down, told to the editors, and closed by one of them with a reason."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles import notifications
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import ErrorReport, Publication, ReportState


@transaction.atomic
def take_down(*, publication: Publication, message: str, passage: str = "", address: str = "") -> ErrorReport:
    """Keep what a reader says of the text that this publication shows, and write to every editor of it.

    `address` is a plain one (betterment.mail.plain_address) or nothing. Raises what the database raises.
    """
    report = ErrorReport.objects.create(
        article_id=publication.article_id,
        revision=publication.approval.revision,
        passage=passage,
        message=message,
        address=address,
    )
    notifications.error_reported(report)
    return report


@transaction.atomic
def close(*, report: ErrorReport, actor: User, state: ReportState, outcome: str) -> None:
    """An editor says what came of it. The reader's address goes: nobody needs it any more.

    Raises NotPermitted for who may not; InvalidTransition where the report is closed already, where `state` is open,
    or where no outcome is given.
    """
    if not actor.has_perm("articles.change_errorreport"):
        raise NotPermitted("Reports are closed by editors.")
    if state == ReportState.OPEN or not outcome.strip():
        raise InvalidTransition("Say what came of the report.")
    changed = ErrorReport.objects.filter(pk=report.pk, state=ReportState.OPEN).update(
        state=state, outcome=outcome, address="", closed_by=actor, closed_at=timezone.now()
    )
    if not changed:
        raise InvalidTransition("Somebody has closed this report already.")
