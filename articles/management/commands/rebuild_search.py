"""`manage.py rebuild_search`: rebuild the indexes of the readers' and of the newsroom's search."""

from django.core.management.base import BaseCommand

from articles.search.index import rebuild


class Command(BaseCommand):
    help = "Build the search indexes again from the revisions, completely or not at all. Searches work meanwhile."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{rebuild()} revisions can be searched.")
