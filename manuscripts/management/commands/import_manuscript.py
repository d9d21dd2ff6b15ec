"""`manage.py import_manuscript FILE --as EMAIL`: begin an article from a manuscript."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from articles.cited_sources.source_imports import ImportState, plan
from core.exceptions import NotPermitted
from manuscripts import beginning, uploading
from manuscripts.reading import MOST_BYTES, CannotReadManuscript
from manuscripts.words import in_words
from sources.models import Evidence


class Command(BaseCommand):
    help = (
        "Begin an article from a manuscript: a file of Word, Google Docs, Markdown or plain text. References that the "
        "library has, or that the file describes completely, become citations. The others keep their words. Pictures "
        "are left out, because they need a description."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--as", dest="email", required=True, help="Email address of the person who begins it.")
        parser.add_argument("--title", default="", help="The title, where the file has none.")
        parser.add_argument("--look-up", action="store_true", help="Look identifiers up in Crossref and PubMed.")
        parser.add_argument(
            "--evidence", choices=Evidence.values, help="For references that do not state their kind of evidence."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only print what was read.")

    def handle(
        self,
        *args: Any,
        file: str,
        email: str,
        title: str,
        look_up: bool,
        evidence: str | None,
        dry_run: bool,
        **kwargs: Any,
    ) -> None:
        actor = User.objects.filter(email__iexact=email, is_active=True).first()
        if actor is None:
            raise CommandError(f"No active account has the email address {email}.")
        try:
            path = Path(file)
            if path.stat().st_size > MOST_BYTES:
                raise CommandError(f"{file} is larger than {MOST_BYTES // 1_000_000} MB.")
            with transaction.atomic():
                self._begin(path, actor, title, look_up, evidence or "", dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (CannotReadManuscript, uploading.TooManyManuscripts, NotPermitted) as error:
            raise CommandError(f"{file}: {error}") from error
        except ValidationError as error:
            raise CommandError(f"{file}: {' '.join(error.messages)}") from error

    def _begin(self, path: Path, actor: User, title: str, look_up: bool, evidence: str, dry_run: bool) -> None:
        manuscript = uploading.upload(data=path.read_bytes(), name=path.name, actor=actor)
        while look_up and (left := len(uploading.to_look_up(manuscript.proposal))):
            self.stdout.write(f"Looking up {left} references …")
            uploading.look_up(manuscript, most=10)
        proposal = manuscript.proposal
        facts = in_words(proposal)
        self.stdout.write(f"{path.name}, {proposal.format}: {facts.summary}.")
        for group in facts.groups:
            self.stdout.write(group.sentence)
        found, numbers = beginning.entries_of(proposal)
        told = dict.fromkeys(range(len(found.entries)), evidence) if evidence else {}
        made = plan(found, actor=actor, evidence=told)
        fit = made.of(ImportState.NEW, ImportState.THERE, ImportState.COMPLETES)
        chosen = {row.number for row in fit if proposal.references[numbers[row.number] - 1].marks}
        self.stdout.write(f"{len(chosen)} of {proposal.cited} cited references matched.")
        unmatched = {numbers[row.number] for row in made.rows if row.number not in chosen}
        for number, one in enumerate(proposal.references, start=1):
            if one.marks and (number in unmatched or one.record is None):
                self.stdout.write(f"  not matched: {one.text[:100]}")
        if dry_run:
            transaction.set_rollback(True)
            return
        named = title or proposal.title or path.stem
        article = beginning.begin(manuscript=manuscript, actor=actor, title=named, plan=made, chosen=chosen)
        self.stdout.write(f"“{article}” has begun: {article.get_absolute_url()}")
