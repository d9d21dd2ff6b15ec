"""`manage.py send_due`: queue the emails that are due and send the outbox now, as the job runner does by itself."""

import sys
from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from advisors import scheduled_emails
from mail import outbox


class Command(BaseCommand):
    help = (
        "Write the emails that are due and send the queue. May run at any time, on several machines at once: "
        "each email is sent only once. Exit 1 if the mail server accepts no emails."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be written, and send nothing.")

    def handle(self, *args: object, dry_run: bool, **options: object) -> None:
        now = timezone.now()
        if dry_run:
            with transaction.atomic():
                written = self._write(now)
                queue = outbox.unsent().count()
                transaction.set_rollback(True)
            self.stdout.write(f"{_said(written)}; {queue} in the queue. Nothing was sent: this was a trial.")
            return
        written = self._write(now)
        with tqdm(total=outbox.due().count(), unit=" emails", file=sys.stderr, disable=None, leave=False) as bar:
            posted = outbox.send_queue(progress=bar.update)
        self.stdout.write(
            f"{_said(written)}; {posted.sent} sent, {posted.deferred} put off, {posted.failed} given up, "
            f"{posted.cancelled} cancelled, {outbox.unsent().count()} left in the queue."
        )
        if posted.nothing_sent:
            raise CommandError(posted.error or "The mail server refused every email. They are kept and tried again.")
        if written.failed:
            raise CommandError(f"{written.failed} emails could not be written; they are still due. See the log.")

    def _write(self, now: datetime) -> scheduled_emails.SendResult:
        planned = scheduled_emails.plan(now)
        with tqdm(
            total=len(scheduled_emails.due_emails(now)), unit=" due", file=sys.stderr, disable=None, leave=False
        ) as bar:
            result = scheduled_emails.send(now, progress=bar.update)
        result.planned = planned
        return result


def _said(written: scheduled_emails.SendResult) -> str:
    return f"Emails: {written.planned} planned, {written.queued} written, {written.called_off} called off"
