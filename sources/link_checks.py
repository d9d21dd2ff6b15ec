"""Request the pages at known URLs, and store the responses and the state of each URL.

Callers pass the URLs (`create_missing_links`, `LinkChecker.run`). `sources.link_states` defines the meaning of a
response, and which responses make a URL dead.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from core.html import clean_link
from core.outgoing import client
from core.outgoing.client import AddressRefused, Answer, NoSuchHost, OutgoingError
from core.outgoing.pacing import Pace
from sources.link_states import finding_of, state_of
from sources.models import Link, LinkAnswer, LinkFinding, LinkState, Source

BUSY = frozenset({429, 503})
LONGEST_ADDRESS = 500
PAUSE = 3.0
LONGEST_WAIT = 60.0  # in seconds; a host that asks for a longer pause is left for the next run
FAILED_IN_A_ROW = 3  # after this many failures, the other URLs of a host are left for the next run
# Not translated, because it is stored with the response.
SAID_SO = "Access was refused, which says nothing about the page."


class _Addresses(HTMLParser):
    """A parser that collects the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (address := dict(attrs).get("href")):
            self.found.append(address)


def links_in(html: str) -> list[str]:
    """Return the targets of the links in this HTML, in order, without fragments and without duplicates. Pure."""
    reader = _Addresses()
    reader.feed(html)
    return list(dict.fromkeys(filter(None, (address.partition("#")[0] for address in reader.found))))


def addresses_in(html: str) -> list[str]:
    """Return the absolute http and https URLs among the link targets in this HTML, in order. Pure."""
    return [address for address in links_in(html) if address.startswith(("http://", "https://"))]


def source_addresses() -> set[str]:
    """Return the URLs of all sources that are not merged, and of their archived copies."""
    found: set[str] = set()
    for pair in Source.objects.filter(merged_into=None).values_list("url", "archived_url"):
        found.update(pair)
    return found - {""}


def is_watchable(address: str) -> bool:
    """Return whether this URL can be checked: it must be allowed as a link and short enough to be stored."""
    return bool(address) and len(address) <= LONGEST_ADDRESS and bool(clean_link(address))


def create_missing_links(addresses: Collection[str]) -> None:
    """Create a Link for each of these URLs that has none. A Link is never deleted, so its history remains."""
    known = set(Link.objects.values_list("url", flat=True))
    new = sorted(set(addresses) - known)
    Link.objects.bulk_create([Link(url=url) for url in new], 500, ignore_conflicts=True)


@dataclass
class LinkCheckTally:
    """The outcome of a run: the number of URLs that were requested, and the results by finding (sources.link_states).

    `there` counts pages, `moved` landings elsewhere, `closed` refusals (not let in), and `missing` all negative
    findings. `died` counts URLs that became dead, and `revived` those that were dead before and no longer are. `left`
    counts URLs that were not requested this time, or whose failure was not stored. `online` is False if no host could
    be reached.
    """

    asked: int = 0
    there: int = 0
    moved: int = 0
    closed: int = 0
    missing: int = 0
    died: int = 0
    revived: int = 0
    left: int = 0
    online: bool = True


@dataclass
class LinkChecker:
    """Requests URLs to find dead links, with `PAUSE` seconds between two requests to the same host.

    `fetch` makes a request, `pace` makes the pauses, and `now` returns the current aware time.
    """

    fetch: Callable[..., Answer] = client.fetch
    pace: Pace = field(default_factory=lambda: Pace(PAUSE))
    now: Callable[[], datetime] = timezone.now

    def run(
        self, wanted: Collection[str], *, limit: int | None = None, progress: Callable[[int], object] = int
    ) -> LinkCheckTally:
        """Request those of the `wanted` URLs that were not checked today, and return a tally of the results.

        The URLs that were checked longest ago come first; at most `limit` are requested. `progress` is called with the
        number of URLs that were requested or left for the next run since its last call. If no host can be reached at
        all, this machine is taken to be offline: nothing is stored, and `online` in the tally is False.
        """
        tally, waiting = LinkCheckTally(), _by_host(due(self.now(), wanted)[:limit])
        in_a_row = dict.fromkeys(waiting, 0)
        held: list[tuple[Link, LinkAnswer]] = []  # failures to connect that are stored once a host has answered
        reached = False
        while waiting:
            host = self.pace.first(waiting)
            link = waiting[host].pop(0)
            self.pace.wait_for(host)
            answer, wait = self._ask(link, host)
            tally.asked += 1
            reached = reached or answer.status is not None
            in_a_row[host] = in_a_row[host] + 1 if answer.status is None else 0
            held.append((link, answer))
            if reached:
                for pair in held:
                    _record(*pair, tally)
                held.clear()
            if in_a_row[host] == FAILED_IN_A_ROW or wait > LONGEST_WAIT:
                tally.left += len(waiting[host])
                progress(len(waiting[host]))
                waiting[host].clear()
            elif wait:
                self.pace.defer(host, wait)
            if not waiting[host]:
                del waiting[host]
            progress(1)
        tally.online = reached or not held
        tally.left += len(held)
        return tally

    def _ask(self, link: Link, host: str) -> tuple[LinkAnswer, float]:
        """Return the response to HEAD, or to GET if HEAD fails or gives an error, and the pause in seconds that the
        host wants.

        The response is returned as an unsaved LinkAnswer.
        """
        row = LinkAnswer(link=link, at=self.now(), answers=False, finding=LinkFinding.FAILED)
        try:
            answer = self._fetch(link.url, "HEAD")
            if answer is None or (answer.status >= 400 and answer.status not in BUSY):
                self.pace.wait_for(host)
                answer = self.fetch(link.url, method="GET", most_bytes=64 * 1024, cut=True)
        except OutgoingError as error:
            row.detail = str(error)[:300]
            return row, 0.0
        row.status, row.finding = answer.status, finding_of(answer.status, answer.headers, link.url, answer.url)
        row.answers = row.finding == LinkFinding.PAGE
        if row.finding == LinkFinding.NOT_LET_IN:
            row.detail = SAID_SO
        if row.finding == LinkFinding.ELSEWHERE:
            row.detail = f"Redirected to {answer.url}"[:300]
        if row.answers and answer.redirects and all(status in (301, 308) for status, _ in answer.redirects):
            row.moved_to = answer.url[:LONGEST_ADDRESS]
        wait = answer.headers.get("Retry-After", "") if answer.status in BUSY else ""
        return row, float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0.0

    def _fetch(self, url: str, method: str) -> Answer | None:
        """Return the answer, or None if the request failed, so that another method can be tried.

        Raise NoSuchHost if the host's name cannot be resolved, and AddressRefused if the URL is forbidden.
        """
        try:
            return self.fetch(url, method=method)
        except (NoSuchHost, AddressRefused):
            raise
        except OutgoingError:
            return None


def due(now: datetime, wanted: Collection[str]) -> list[Link]:
    """Return the links of the `wanted` URLs that were not checked today, those never or longest unchecked first.

    `now` is an aware time; days are those of the newsroom's time zone. A URL without a Link (`create_missing_links`) is
    left out.
    """
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    links = Link.objects.filter(Q(checked_at=None) | Q(checked_at__lt=today))
    return [link for link in links.order_by(F("checked_at").asc(nulls_first=True), "pk") if link.url in wanted]


def _by_host(links: Sequence[Link]) -> dict[str, list[Link]]:
    """Return the links by host, in the same order."""
    waiting: dict[str, list[Link]] = {}
    for link in links:
        waiting.setdefault(urlsplit(link.url).netloc.lower(), []).append(link)
    return waiting


def _record(link: Link, answer: LinkAnswer, tally: LinkCheckTally) -> None:
    """Store the response and the new state of its URL, and count both in the tally."""
    with transaction.atomic():
        answer.save()
        recent = LinkAnswer.objects.filter(link=link).order_by("-at", "-pk")
        state = state_of(_since_there(recent.values_list("at", "finding").iterator(50)))
        before, link.state, link.checked_at = link.state, state or link.state, answer.at
        Link.objects.filter(pk=link.pk).update(state=link.state, checked_at=link.checked_at)
        if link.state != before or _is_another_landing(answer):
            Link.objects.filter(pk=link.pk).update(looked_at=None, looked_by=None)
    tally.there += answer.answers
    tally.moved += answer.finding == LinkFinding.ELSEWHERE
    tally.closed += answer.finding == LinkFinding.NOT_LET_IN
    tally.missing += answer.finding in (LinkFinding.NOT_FOUND, LinkFinding.GONE, LinkFinding.FAILED)
    tally.died += link.state == LinkState.DEAD != before
    tally.revived += before == LinkState.DEAD != link.state


def _is_another_landing(answer: LinkAnswer) -> bool:
    """Return whether the URL redirects for the first time, or to a different target than last time."""
    if answer.finding != LinkFinding.ELSEWHERE:
        return False
    earlier = LinkAnswer.objects.filter(link=answer.link_id, finding=LinkFinding.ELSEWHERE).exclude(pk=answer.pk)
    last = earlier.order_by("-at", "-pk").values_list("detail", flat=True).first()
    return last != answer.detail


def _since_there(newest_first: Iterable[tuple[datetime, str]]) -> Iterator[tuple[datetime, str]]:
    """Yield the findings back to the most recent page or landing, because older ones do not affect the state."""
    for answer in newest_first:
        yield answer
        if answer[1] in (LinkFinding.PAGE, LinkFinding.ELSEWHERE):
            return


def mark_looked_at(*, links: Iterable[Link], by: User) -> int:
    """Record that this person looked at these links and found them fine; return how many were marked.

    Links that are neither dead nor moved are skipped.
    """
    marked = Link.objects.filter(pk__in=[link.pk for link in links], state__in=[LinkState.DEAD, LinkState.MOVED])
    return marked.update(looked_at=timezone.now(), looked_by=by)
