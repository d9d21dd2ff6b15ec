"""Record which scripts the pages of a window request, and whether one file came under two addresses."""

import re
from collections import defaultdict
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

# The part that production's storage adds to a file name.
HASH = re.compile(r"\.[0-9a-f]{12}(?=\.js$)")


class ScriptLoads:
    """Records every script that this window requests, page by page."""

    def __init__(self, page: Page) -> None:
        self._pages: list[tuple[str, dict[str, set[str]]]] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._pages.append((request.url, defaultdict(set)))
        elif request.resource_type == "script" and self._pages:
            self._pages[-1][1][HASH.sub("", urlsplit(request.url).path)].add(request.url)

    def addresses(self) -> set[str]:
        """Return the address of every script that was requested."""
        return {url for _, scripts in self._pages for urls in scripts.values() for url in urls}

    def doubled(self) -> list[str]:
        """Return a line for each page and file that the page loaded under several addresses."""
        return [
            f"{page} loads {' and '.join(sorted(urls))}"
            for page, scripts in self._pages
            for urls in scripts.values()
            if len(urls) > 1
        ]
