"""`manage.py rebuild_search`: rebuild the readers' search index."""

from django.core.management.base import BaseCommand

from articles.search.index import rebuild


class Command(BaseCommand):
    help = "Build the search index again from the publications, completely or not at all. Searches work meanwhile."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{rebuild()} revisions can be searched.")
