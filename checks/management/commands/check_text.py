"""`manage.py check_text`: run the editorial checks on a text file or on standard input."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from checks.pasted_text import has_blocker, text_findings
from checks.word_lists import lists


class Command(BaseCommand):
    help = "Check the wording of a plain text as if it stood in our shop. Exit 1 if there is a blocker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a text file in UTF-8, one paragraph a line; “-” reads standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{name} cannot be read as text in UTF-8: {error}", returncode=2) from error
        found = text_findings(text, lists())
        for finding in found:
            passage = f" “{finding.passage}”" if finding.passage else ""
            self.stdout.write(f"{finding.id} {finding.level.value}: {finding.message}{passage} {finding.hint}")
        if not found:
            self.stdout.write("The checks found nothing.")
        if has_blocker(found):
            blockers = sum(finding.level.value == "blocker" for finding in found)
            raise CommandError(f"{blockers} of {len(found)} findings are blockers.", returncode=1)
