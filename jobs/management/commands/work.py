"""`manage.py work`: run the jobs of the queue."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from jobs.runner import GRACE, WorkLoop


class Command(BaseCommand):
    help = (
        "Run the jobs of the queue as they become due: emails, reminders, pictures, checks, purges. Any number may "
        "run, on any number of machines. SIGTERM and SIGINT end it after the running job."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due, and end; exit 1 where a job failed.")
        parser.add_argument(
            "--grace",
            type=float,
            default=GRACE,
            metavar="SECONDS",
            help=f"How long a running job may go on after the signal to stop ({GRACE:.0f}); then it is put back.",
        )

    def handle(self, *args: object, once: bool, grace: float, **options: object) -> None:
        loop = WorkLoop(grace=grace)
        if not once:
            loop.run()
            return
        loop.run_due()
        self.stdout.write(f"{loop.done} jobs done, {loop.failed} failed.")
        if loop.failed:
            raise CommandError(f"{loop.failed} jobs failed; they are tried again. The admin's list of jobs says why.")
