"""Derive findings (the meaning of one response) and states of a URL. Pure.

Each response gives one finding:

* page: 2xx (RFC 9110, section 15.3), unless it is a landing as below.
* landed elsewhere: 2xx, but only after a redirect to the root of a site or to a sign-in page. Many sites send visitors
  there instead of answering 404 (a “soft 404”: https://developers.google.com/search/docs/crawling-indexing/http-network-errors).
* gone: 410, which the host believes to be permanent (section 15.5.11).
* not found: 404, which may be temporary or permanent (section 15.5.5).
* failed: no response, any 5xx or any other 4xx; often only temporary.
* not let in: 401, 403, 407 (sections 15.5.2, 15.5.4, 15.5.8), 429 (RFC 6585, section 4), 451 (RFC 7725), 999
  (LinkedIn's answer to robots), and a 503 with which a bot wall refuses robots. Such a response says nothing about the
  page.

States: after a page, a URL works; after landing elsewhere, it has moved. A URL is dead after one 410, after 404 on two
days, or after negative findings (410, 404 or failed) on three days of which the first and the last are at least a week
apart. A page or a landing in between starts the count again. Until then the earlier state remains, which at first is
unknown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from sources.models import LinkFinding, LinkState

NOT_LET_IN = frozenset({401, 403, 407, 429, 451, 999})
DAYS_NOT_FOUND = 2
DAYS_FAILED = 3
SPAN_FAILED = timedelta(days=7)
WALLS = ("cloudflare", "akamai", "sucuri", "imperva", "incapsula", "datadome", "ddos-guard")
WALL_HEADERS = ("CF-RAY", "CF-Mitigated", "X-Sucuri-ID", "X-Iinfo", "X-DataDome")
SIGN_IN = frozenset({"login", "log-in", "signin", "sign-in", "sso", "auth", "authenticate"})


def is_walled(status: int, headers: Mapping[str, str]) -> bool:
    """Return whether a response with this status and these headers is a refusal by a bot wall or a sign-in."""
    if status in NOT_LET_IN:
        return True
    if status != 503:
        return False
    server = headers.get("Server", "").lower()
    return any(name in server for name in WALLS) or any(headers.get(name) for name in WALL_HEADERS)


def is_landing(url: str, final: str) -> bool:
    """Return whether the redirects from `url` to `final` ended at the root of a site or at a sign-in page."""
    asked, landed = urlsplit(url), urlsplit(final)
    if asked.path.strip("/") or asked.query:  # `url` is not the root of a site itself
        if not landed.path.strip("/") and not landed.query:
            return True
    elif not landed.path.strip("/"):
        return (asked.hostname or "").removeprefix("www.") != (landed.hostname or "").removeprefix("www.")
    steps = {_word(step) for step in landed.path.split("/")}
    return bool(steps & SIGN_IN) and not {_word(step) for step in asked.path.split("/")} & SIGN_IN


def _word(step: str) -> str:
    return step.lower().partition(".")[0]


def finding_of(status: int | None, headers: Mapping[str, str], url: str, final: str) -> LinkFinding:
    """Return the finding for a request for `url`.

    `status` is the HTTP status, or None if there was no response. `final` is the URL after redirects.
    """
    if status is None:
        return LinkFinding.FAILED
    if is_walled(status, headers):
        return LinkFinding.NOT_LET_IN
    if 200 <= status < 300:
        return LinkFinding.ELSEWHERE if final != url and is_landing(url, final) else LinkFinding.PAGE
    return {404: LinkFinding.NOT_FOUND, 410: LinkFinding.GONE}.get(status, LinkFinding.FAILED)


def state_of(findings: Iterable[tuple[datetime, str]]) -> LinkState:
    """Return the state of a URL after these findings: pairs of an aware time and a value of LinkFinding, in any order.

    Days are counted in the newsroom's time zone.
    """
    state: LinkState = LinkState.UNKNOWN
    against: list[tuple[datetime, str]] = []
    for at, finding in sorted(findings, key=lambda found: found[0]):
        if finding in (LinkFinding.PAGE, LinkFinding.ELSEWHERE):
            state, against = LinkState.ALIVE if finding == LinkFinding.PAGE else LinkState.MOVED, []
        elif finding != LinkFinding.NOT_LET_IN:
            against.append((at, finding))
            if _is_dead(against):
                state = LinkState.DEAD
    return state


def _is_dead(against: Sequence[tuple[datetime, str]]) -> bool:
    """Return whether these negative findings about a URL, oldest first, make it dead."""
    if any(finding == LinkFinding.GONE for _, finding in against):
        return True
    if len({timezone.localdate(at) for at, finding in against if finding == LinkFinding.NOT_FOUND}) >= DAYS_NOT_FOUND:
        return True
    days = {timezone.localdate(at) for at, _ in against}
    return len(days) >= DAYS_FAILED and against[-1][0] - against[0][0] >= SPAN_FAILED
