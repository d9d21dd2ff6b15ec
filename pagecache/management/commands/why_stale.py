"""Show which version of a page the site has cached for a URL, and what has changed since it was rendered."""

import re
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.db import site_version
from core.models import SiteChange
from core.times import zoned

TIMEOUT = 10  # seconds
SHOWN = 5  # changes
MEMORY = re.compile(r'PageCache; hit; detail="version (\d+), rendered (\d+) s ago')
LIMITS = """\
A change is named by the first watched table that its transaction changed. A page is rendered anew after a change, a
start or end, a time of its own (a review that falls due), or ten minutes. This is the memory of one worker: others
notice a change within a second, and theirs cannot be seen from here, nor can that of browsers and proxies."""


class Command(BaseCommand):
    """Asks the running site with a HEAD request, which leaves its page cache unchanged, and reads the changes."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="URL", help="a path, or an address under SITE_URL")
        parser.add_argument("--server", default="", help="ask this server, past any proxy: http://127.0.0.1:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report. Raise CommandError for a URL of another site, and if the site does not respond."""
        site, asked = urlsplit(settings.SITE_URL), urlsplit(options["url"])
        if (asked.netloc and asked.netloc != site.netloc) or not asked.path.startswith("/"):
            raise CommandError(f"Give a path that starts with “/”, or an address under {settings.SITE_URL}.")
        server = urlsplit(options["server"] or settings.SITE_URL)
        connect = HTTPSConnection if server.scheme == "https" else HTTPConnection
        connection = connect(server.netloc, timeout=TIMEOUT)
        path = urlunsplit(("", "", asked.path, asked.query, ""))
        try:
            connection.request("HEAD", path, headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme})
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            raise CommandError(f"{server.netloc} does not answer: {error}") from error
        finally:
            connection.close()
        self.stdout.write(f"{server.netloc} answers {response.status} to {path}.")
        self._report(", ".join(response.headers.get_all("Cache-Status", [])))

    def _report(self, cache_status: str) -> None:
        now = timezone.now()
        version = site_version.read(now)
        if memory := MEMORY.search(cache_status):
            number, seconds = int(memory[1]), int(memory[2])
            self.stdout.write(f"Rendered {seconds} s ago; version {number}. The site has version {version.number}.")
            if number != version.number:
                self.stdout.write("It is stale: the worker has not noticed the last change, or the database is silent.")
        else:
            self.stdout.write(f"Not in the memory of the worker that answered. {cache_status}".rstrip())
        for change in SiteChange.objects.order_by("-pk")[:SHOWN]:
            ago = (now - change.at).total_seconds()
            self.stdout.write(f"{change.pk}: {change.table_name}, {ago:.0f} s ago, {zoned(change.at)}")
        self.stdout.write(f"The next scheduled start or end: {zoned(version.until) or 'none'}.")
        self.stdout.write(LIMITS)
