"""Whether the pages that sources and live texts lead to are still there.

An answer counts for the page (2xx after redirects), against it (404, 410, any other error, no answer), or for neither:
401, 403, 407, 429 and 451 say that we are not let in, not that the page is gone; many publishers answer robots so.
An address is dead after three answers against it on three days, with none for it in between.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from articles.models import Link, LinkAnswer, LinkState, Publication, Source
from betterment import outgoing
from betterment.html import clean_link
from betterment.outgoing import Answer, NoSuchHost, OutgoingError, Refused
from betterment.pacing import Pace

DAYS_UNTIL_DEAD = 3
NOT_LET_IN = frozenset({401, 403, 407, 429, 451})
BUSY = frozenset({429, 503})
LONGEST_ADDRESS = 500
PAUSE = 3.0
LONGEST_WAIT = 60.0  # a host that asks for more is left for the next run
FAILED_IN_A_ROW = 3  # of one host, and the rest of it is left for the next run
SAID_SO = "We are not let in, which says nothing of the page."


class _Addresses(HTMLParser):
    """Collects where links lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (address := dict(attrs).get("href")):
            self.found.append(address)


def addresses_in(html: str) -> list[str]:
    """The web addresses that links in this HTML lead to, without the part after “#”, each once. Pure."""
    reader = _Addresses()
    reader.feed(html)
    bare = (address.partition("#")[0] for address in reader.found if address.startswith(("http://", "https://")))
    return list(dict.fromkeys(bare))


def gather() -> set[str]:
    """The addresses to watch: of sources that are not merged, and of the texts that readers see now. Makes the rows
    that are missing; what nobody leads to any more keeps its row and its history."""
    wanted: set[str] = set()
    for pair in Source.objects.filter(merged_into=None).values_list("url", "archived_url"):
        wanted.update(pair)
    texts = Publication.objects.visible().values_list("approval__revision__body", "approval__revision__safety_note")
    for pair in texts.iterator(100):
        for html in pair:
            wanted.update(addresses_in(html))
    wanted = {url for url in wanted if url and len(url) <= LONGEST_ADDRESS and clean_link(url)}
    known = set(Link.objects.values_list("url", flat=True))
    Link.objects.bulk_create([Link(url=url) for url in sorted(wanted - known)], 500, ignore_conflicts=True)
    return wanted


def settle(answers: Iterable[tuple[datetime, bool, int | None]]) -> LinkState:
    """What these answers, (time, whether a page was there, status), come to; in any order. Pure.

    Days are those of the newsroom's time zone.
    """
    state, against = LinkState.UNKNOWN, set()
    for at, answers_, status in sorted(answers, key=lambda answer: answer[0]):
        if answers_:
            state, against = LinkState.ALIVE, set()
        elif status not in NOT_LET_IN:
            against.add(timezone.localdate(at))
            if len(against) >= DAYS_UNTIL_DEAD:
                state = LinkState.DEAD
    return state


@dataclass
class Tally:
    """What came of a run. `left` were not asked, or not counted, this time."""

    asked: int = 0
    there: int = 0
    closed: int = 0
    missing: int = 0
    died: int = 0
    revived: int = 0
    left: int = 0
    online: bool = True


@dataclass
class Checks:
    """A run over the addresses. Hosts wait `PAUSE` seconds between two requests; the others go on meanwhile."""

    fetch: Callable[..., Answer] = outgoing.fetch
    pace: Pace = field(default_factory=lambda: Pace(PAUSE))
    now: Callable[[], datetime] = timezone.now

    def run(self, *, limit: int | None = None, progress: Callable[[int], object] = int) -> Tally:
        """Ask every address that was not asked today, the longest unasked first; at most `limit`.

        Where no host at all can be reached, it is we who are off the net: nothing is recorded and `online` is False.
        """
        tally, waiting = Tally(), _by_host(due(self.now())[:limit])
        in_a_row = dict.fromkeys(waiting, 0)
        held: list[tuple[Link, LinkAnswer]] = []  # failures to connect, until some host has answered
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
                self.pace.put_off(host, wait)
            if not waiting[host]:
                del waiting[host]
            progress(1)
        tally.online = reached or not held
        tally.left += len(held)
        return tally

    def _ask(self, link: Link, host: str) -> tuple[LinkAnswer, float]:
        """What the address answers, to HEAD, or to GET where HEAD brings no page; and how long its host wants peace."""
        row = LinkAnswer(link=link, at=self.now(), answers=False)
        try:
            answer = self._fetch(link.url, "HEAD")
            if answer is None or (answer.status >= 400 and answer.status not in BUSY):
                self.pace.wait_for(host)
                answer = self.fetch(link.url, method="GET", most_bytes=64 * 1024, cut=True)
        except OutgoingError as error:
            row.detail = str(error)[:300]
            return row, 0.0
        row.status, row.answers = answer.status, 200 <= answer.status < 300
        if answer.status in NOT_LET_IN:
            row.detail = SAID_SO
        if row.answers and answer.redirects and all(status in (301, 308) for status, _ in answer.redirects):
            row.moved_to = answer.url[:LONGEST_ADDRESS]
        wait = answer.headers.get("Retry-After", "") if answer.status in BUSY else ""
        return row, float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 7 else 0.0

    def _fetch(self, url: str, method: str) -> Answer | None:
        """None where the host cannot cope with the method. Raises where it cannot be had at all."""
        try:
            return self.fetch(url, method=method)
        except (NoSuchHost, Refused):
            raise
        except OutgoingError:
            return None


def due(now: datetime) -> list[Link]:
    """The addresses to ask now: those not asked today (newsroom's time zone), the longest unasked first."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = gather()
    links = Link.objects.filter(Q(checked_at=None) | Q(checked_at__lt=today))
    return [link for link in links.order_by(F("checked_at").asc(nulls_first=True), "pk") if link.url in wanted]


def _by_host(links: Sequence[Link]) -> dict[str, list[Link]]:
    waiting: dict[str, list[Link]] = {}
    for link in links:
        waiting.setdefault(urlsplit(link.url).netloc.lower(), []).append(link)
    return waiting


def _record(link: Link, answer: LinkAnswer, tally: Tally) -> None:
    """Store the answer and what the address's answers now come to; count it."""
    with transaction.atomic():
        answer.save()
        recent = LinkAnswer.objects.filter(link=link).order_by("-at", "-pk")
        state = settle(_since_there(recent.values_list("at", "answers", "status").iterator(50)))
        before, link.state, link.checked_at = link.state, state or link.state, answer.at
        link.save(update_fields=["state", "checked_at"])
    tally.there += answer.answers
    tally.closed += answer.status in NOT_LET_IN
    tally.missing += not answer.answers and answer.status not in NOT_LET_IN
    tally.died += link.state == LinkState.DEAD != before
    tally.revived += before == LinkState.DEAD != link.state


def _since_there(newest_first: Iterable[tuple[datetime, bool, int | None]]) -> Iterator:
    """The answers back to the last one for the page: older ones change nothing."""
    for answer in newest_first:
        yield answer
        if answer[1]:
            return
