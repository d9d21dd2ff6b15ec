"""Read a public Zotero group library by the web API, version 3 (https://www.zotero.org/support/dev/web_api/v3/basics).

Nothing is ever written there, and no key is sent. This follows the documentation, and the tests of the service's own
source (github.com/zotero/dataserver); no answer of the service has been seen.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sources.importers.records import MOST_ENTRIES
from sources.lookups.requests import Fetch, LookupFailed, LookupUnavailable, NotFound, ask, read_json, unreadable

NAME = "Zotero"
BASE = "https://api.zotero.org"
ADDRESS = re.compile(r"https?://(?:www\.|api\.)?zotero\.org/groups/(\d{1,12})(?:[/?#].*)?", re.IGNORECASE)
# The most items that the API gives in one answer.
AT_ONCE = 100
# A group that somebody edits meanwhile is read from the beginning, this many times.
MOST_TRIES = 3


@dataclass(frozen=True)
class GroupItems:
    """The items of a group library in CSL-JSON, its version, and the pause (in seconds) that Zotero asks for."""

    items: list
    version: str
    pause: int = 0


def group_in(address: str) -> str:
    """Return the number of the Zotero group whose page on zotero.org has this URL, or "" for any other URL."""
    match = ADDRESS.fullmatch(address.strip())
    return match[1] if match else ""


def read_group(fetch: Fetch, group: str, *, since: str = "0", base: str = BASE) -> GroupItems:
    """Return the works that were added to the group library or changed after its version `since`.

    `group` is the number of the group. Attachments are left out. Raise NotFound for a group that does not exist or is
    not public, LookupFailed for more than MOST_ENTRIES works, RegisterBusy if Zotero asks for a pause, and
    LookupUnavailable if it cannot be reached or read.
    """
    for _try in range(MOST_TRIES):
        if found := _read_once(fetch, f"{base}/groups/{group}/items/top", since):
            return found
    raise LookupUnavailable(_("Somebody is changing the group of Zotero. Try again in a minute."))


def _read_once(fetch: Fetch, address: str, since: str) -> GroupItems | None:
    """Return the works, or None if the group changed between two answers."""
    items: list = []
    version, total, pause = "", 1, 0
    while len(items) < total:
        query = f"v=3&format=csljson&itemType=-attachment&sort=dateAdded&direction=asc&limit={AT_ONCE}"
        url = f"{address}?{query}&since={since}&start={len(items)}"
        answer = ask(fetch, NAME, url, accept="application/json", expected=(200, 403, 404))
        if answer.status != 200:  # 403 for a group that is not public
            raise NotFound(_("Zotero has no public group with this number."))
        some = read_json(NAME, answer.body).get("items")
        numbers = [answer.headers.get(name, "") for name in ("Total-Results", "Last-Modified-Version")]
        if not isinstance(some, list) or not all(re.fullmatch(r"\d{1,12}", number) for number in numbers):
            raise unreadable(NAME)
        if version and version != numbers[1]:
            return None
        total, version = int(numbers[0]), numbers[1]
        if total > MOST_ENTRIES:
            params = {"count": f"{MOST_ENTRIES:,}"}
            raise LookupFailed(_("This group has more than %(count)s works: export a collection of it.") % params)
        if not some and len(items) < total:
            raise unreadable(NAME)
        items += some
        wait = answer.headers.get("Backoff", "")
        pause = max(pause, int(wait)) if re.fullmatch(r"\d{1,5}", wait) else pause
    return GroupItems(items, version, pause)
