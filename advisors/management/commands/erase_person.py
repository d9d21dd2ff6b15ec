"""`manage.py erase_person ask|do`: erase a person's names. One superuser asks for it, and another carries it out."""

from argparse import ArgumentParser
from typing import cast

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from advisors.personal_data import erasing
from advisors.personal_data.person import person_of, present_accounts
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Author, Erasure


class Command(BaseCommand):
    help = (
        "Erase the names, salts and profiles, with their history, of somebody who has left. What was approved can "
        "still be proved. One superuser asks, another one carries it out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        ask = steps.add_parser("ask", help="record the request, and print its number")
        whose = ask.add_mutually_exclusive_group(required=True)
        whose.add_argument("--account", help="the address of the person's account")
        whose.add_argument("--author", help="the slug of an author without account")
        ask.add_argument("--by", required=True, help="the address of the superuser who asks")
        ask.add_argument("--reason", required=True, help="why, and how the person asked for it")
        do = steps.add_parser("do", help="carry out the request")
        do.add_argument("number", type=int)
        do.add_argument("--by", required=True, help="the address of the superuser who carries it out")
        do.add_argument(
            "--not-theirs",
            action="append",
            default=[],
            metavar="EMAIL",
            help="a former account that is somebody else's, who had the profile by mistake; may be repeated",
        )
        do.add_argument("--dry-run", action="store_true", help="say what would be erased, and erase nothing")

    def handle(self, *args: object, step: str, by: str, **options: object) -> None:
        actor = _account(by)
        try:
            if step == "ask":
                account, author = options["account"], options["author"]
                person = _account(str(account)) if account else _author(str(author))
                erasure = erasing.ask(person=person, actor=actor, reason=str(options["reason"]))
                self.stdout.write(f"Recorded. Another superuser carries it out: erase_person do {erasure.pk} --by …")
                self._say_whose(person, [])
                return
            erasure = _request(str(options["number"]))
            not_theirs = [_account(address) for address in cast(list[str], options["not_theirs"])]
            with transaction.atomic():
                self._say_whose(cast(User | Author, erasure.account or erasure.author), not_theirs)
                record = erasing.carry_out(erasure=erasure, actor=actor, not_theirs=not_theirs)
                transaction.set_rollback(bool(options["dry_run"]))
        except (InvalidTransition, NotPermitted) as error:
            raise CommandError(str(error)) from error
        counted = ", ".join(f"{many} of {table}" for table, many in record.erased.items())
        self.stdout.write(f"{'Would erase' if options['dry_run'] else 'Erased'}: {counted}.\nKept:\n{record.kept}")

    def _say_whose(self, whom: User | Author, not_theirs: list[User]) -> None:
        """Print which other accounts and authors the erasure reaches, and which it leaves."""
        person = person_of(whom, not_theirs)
        for account in person.accounts:
            if account != whom:
                self.stdout.write(f"{account.email} is theirs, too, and erased with it.")
        for author in person.authors:
            if author != whom and not author.user_id:
                self.stdout.write(f"The author {author.slug} is theirs, too, and erased with it.")
        for account in person.left:
            self.stdout.write(f"{account.email} is left, except for the names that the person signed with it.")
        if not isinstance(whom, User):
            return
        for account in present_accounts(whom):
            if account not in person.accounts:
                self.stdout.write(
                    f"What was signed with {whom.email} belongs to {account.email} since a correction. If that is the "
                    "same person, ask for that account instead: it reaches both."
                )


def _account(address: str) -> User:
    found = User.objects.filter(email=address.strip().lower()).first()
    if found is None:
        raise CommandError(f"No account has the address {address}.")
    return found


def _request(number: str) -> Erasure:
    found = Erasure.objects.filter(pk=number).first()
    if found is None:
        raise CommandError(f"There is no request number {number}.")
    return found


def _author(slug: str) -> Author:
    found = Author.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"No author has the address {slug}.")
    return found
