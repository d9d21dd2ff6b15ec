"""`manage.py rebuild_search`: build the readers' search index again."""

from django.core.management.base import BaseCommand

from articles.search.index import rebuild


class Command(BaseCommand):
    help = "Makes the search index anew from what was published. Whole or not at all; readers wait for nothing."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{rebuild()} revisions can be searched.")
