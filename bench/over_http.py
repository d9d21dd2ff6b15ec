"""The site over HTTP: an article with and without the page cache, compared with nginx and a bare view.

All servers run at the same time, and each gets short slots of load in turn, round after round. Ratios are computed
within a round, so that both sides were measured under the same conditions.
"""

import gzip
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from threading import Event

from bench import load, servers
from bench.load import NEW_CAMPAIGN, NEW_COOKIE, LoadCase
from bench.servers import Server

CACHE_BYTES = 48 * 1024 * 1024
WATCHED_FOR, WATCHERS = 3.0, 4
NGINX, BARE = "nginx, gzipped file", "bare view, as many bytes"


def measure(environment: Mapping[str, str], rounds: int, seconds: int, publish: Callable[[], Mapping]) -> dict:
    """Run all measurements over HTTP on the archive that `environment` names; return the results by name.

    `publish` publishes an article and returns its `slug` and `committed_at`. Measurements that are not possible on this
    machine are listed in `left_out`. Raise RuntimeError if a server does not start or answers unexpectedly.
    """
    found: dict = {"left_out": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as place, ExitStack() as running:
        folder = Path(place)
        folder.chmod(0o755)
        if load.wrk() is None:
            found["left_out"].append("requests a second: wrk is not installed")
        else:
            found |= _load(environment, folder, running, rounds, seconds, found["left_out"])
    found["freshness"] = _freshness(environment, publish)
    found["memory"] = _memory(environment)
    return found


def _load(
    environment: Mapping[str, str], folder: Path, running: ExitStack, rounds: int, seconds: int, left_out: list[str]
) -> dict:
    """Run the rounds of load; return the page, its sizes in bytes, and the rates and CPU times by case."""

    def start(server: Server | None) -> Server | None:
        if server:
            running.callback(server.stop)
        return server

    memory = start(servers.site(environment))
    anew = start(servers.site(environment, PAGE_CACHE_MEGABYTES="0"))
    path = _addresses(memory)[0]
    _, headers, body = memory.get(path)
    gzipped = memory.get(path, Accept_Encoding="gzip")[2]
    (folder / "body").write_bytes(body)
    (folder / "body.gz").write_bytes(gzipped)
    bare = start(servers.bare(folder / "body"))
    bare_small = start(servers.bare(folder / "body.gz"))
    nginx = start(servers.nginx(gzipped, folder / "nginx"))
    if nginx is None:
        left_out.append("nginx: it is not installed")
    cases = [*_nginx_cases(nginx), LoadCase(BARE, bare, "/"), LoadCase("bare view, gzipped bytes", bare_small, "/")]
    cases += _site_cases(path, headers["etag"], memory, anew)
    for case in cases:
        case.check()
    rates: dict[str, list[float]] = {case.name: [] for case in cases}
    cpu: dict[str, list[float | None]] = {case.name: [] for case in cases}
    for turn in range(rounds):
        for case in cases:
            slot = load.slot(case, seconds, folder)
            rates[case.name].append(slot.rate)
            cpu[case.name].append(slot.cpu_us)
        sys.stderr.write(f"HTTP, round {turn + 1} of {rounds}\n")
    for case in cases:
        case.check()
    return {"path": path, "bytes": len(body), "gzipped": len(gzipped), "rates": rates, "cpu_us": cpu}


def _nginx_cases(nginx: Server | None) -> list[LoadCase]:
    """Return the load cases for nginx, or an empty list if it is not installed."""
    if nginx is None:
        return []
    etag = nginx.get("/page")[1]["etag"]
    return [
        LoadCase(NGINX, nginx, "/page", encoding="gzip"),
        LoadCase("nginx, 304", nginx, "/page", {"If-None-Match": etag}, status=304),
    ]


def _site_cases(path: str, etag: str, memory: Server, anew: Server) -> list[LoadCase]:
    """Return the load cases for the site, both served from the page cache and rendered on each request."""
    packed, hit = {"Accept-Encoding": "gzip"}, "PageCache; hit"
    return [
        LoadCase("memory, gzip", memory, path, packed, encoding="gzip", kept=hit),
        LoadCase("memory, br", memory, path, {"Accept-Encoding": "br"}, encoding="br", kept=hit),
        LoadCase("memory, plain", memory, path, kept=hit),
        LoadCase("memory, 304", memory, path, {**packed, "If-None-Match": etag}, status=304, kept=hit),
        LoadCase("memory, gzip, a new cookie each", memory, path, packed, NEW_COOKIE, encoding="gzip", kept=hit),
        LoadCase("memory, gzip, a new utm_* each", memory, path, packed, NEW_CAMPAIGN, encoding="gzip", kept=hit),
        LoadCase("rendered each time, gzip", anew, path, packed, encoding="gzip"),
    ]


def _addresses(server: Server) -> list[str]:
    """Return the paths of all articles on the first page of the sitemap. Raise RuntimeError if there are none."""
    said = server.get("/sitemaps/articles-1.xml")[2].decode()
    found = re.findall(rf"<loc>https://{re.escape(servers.HOST)}(/articles/[^<]+)</loc>", said)
    if not found:
        raise RuntimeError("The sitemap names no article.")
    return found


def _freshness(environment: Mapping[str, str], publish: Callable[[], Mapping]) -> dict:
    """Publish an article while the homepage is requested on new connections, and return the result of `seen`."""
    workers = 4
    server = servers.site(environment, workers)
    stop = Event()
    try:
        for _ in range(workers * 10):
            server.get("/")
        with ThreadPoolExecutor(WATCHERS) as pool:
            watchers = [pool.submit(_watch, server, stop) for _ in range(WATCHERS)]
            try:
                published = publish()
                stop.wait(WATCHED_FOR)
            finally:
                stop.set()
            looks = [look for watcher in watchers for look in watcher.result()]
    finally:
        server.stop()
    return {"workers": workers, **seen(looks, published["committed_at"], f"/articles/{published['slug']}/".encode())}


def _watch(server: Server, stop: Event) -> list[tuple[float, bytes]]:
    """Request the homepage until `stop` is set; return (time of the request, body) of each response."""
    looks = []
    while not stop.wait(0.01):
        asked = time.time()
        looks.append((asked, server.get("/")[2]))
    return looks


def seen(looks: Sequence[tuple[float, bytes]], committed_at: float, name: bytes) -> dict:
    """Return when the homepage was last served without the link `name`, and first with it, in seconds after the commit.

    `looks` holds, for each response, the time of the request (seconds since the epoch) and the body. Only requests made
    after the commit count; `connections` is their number. Pure.
    """
    after = [(asked - committed_at, name in page) for asked, page in looks if asked >= committed_at]
    return {
        "connections": len(after),
        "last_old_s": max((at for at, is_new in after if not is_new), default=0.0),
        "first_new_s": min((at for at, is_new in after if is_new), default=None),
    }


def _memory(environment: Mapping[str, str]) -> dict:
    """Return the memory of one worker in MB before and after it has served more pages than its cache can hold."""
    server = servers.site(environment, 1)
    try:
        server.get("/")
        before, sent, pages = server.megabytes(), 0, 0
        for article in _addresses(server):
            for path in (article, f"{article}record/"):
                packed = server.get(path, Accept_Encoding="gzip")[2]
                sent += len(packed) + len(gzip.decompress(packed))
                pages += 1
            if sent > CACHE_BYTES * 3 // 2:
                break
        after = server.megabytes()
    finally:
        server.stop()
    return {"empty_mb": before, "full_mb": after, "pages": pages, "is_full": sent > CACHE_BYTES}


def ratios(figures: Mapping[str, list[float]], to: str) -> dict[str, float]:
    """Return for each case the median, over the rounds, of its ratio to the case `to` in the same round."""
    base = figures[to]
    return {name: median(one / other for one, other in zip(own, base, strict=True)) for name, own in figures.items()}


def table(name: str, found: Mapping) -> str:
    """Return the measurements of the archive `name` as text. Pure."""
    lines = [f"{name}, over HTTP"]
    if found.get("rates"):
        lines[0] += f": {found['path']}, {found['bytes']:,} bytes, gzipped {found['gzipped']:,}"
        lines += _of_load(found["rates"], found["cpu_us"])
    if fresh := found.get("freshness"):
        lines.append(
            f"a change is seen by all of {fresh['workers']} workers after {fresh['last_old_s']:.2f} s "
            f"({fresh['connections']} connections)"
        )
    if memory := found.get("memory"):
        full = "full" if memory["is_full"] else "not full: the archive is too small"
        lines.append(f"a worker: {_mb(memory['empty_mb'])} at first, {_mb(memory['full_mb'])} with its cache {full}")
    lines += [f"left out: {what}" for what in found["left_out"]]
    return "\n".join(lines) + "\n"


def _of_load(rates: Mapping[str, list[float]], cpu: Mapping[str, list[float | None]]) -> list[str]:
    """Return lines with requests per second and CPU time per request, and with both relative to nginx and the bare
    view.
    """
    columns = [(to, head) for to, head in ((NGINX, "× nginx"), (BARE, "× bare")) if to in rates]
    # CPU times are inverted into rates, so that a larger ratio is better in both columns.
    served = {case: [1e6 / one for one in own] for case, own in cpu.items()} if all(map(all, cpu.values())) else {}
    heads = "".join(f"{head:>9}" for _, head in columns)
    lines = [f"{'':<38}{'requests/s':>12}{heads}   {'CPU µs each':>12}{heads}"]
    by = [ratios(figures, to) for figures in (rates, served) if figures for to, _ in columns]
    for case, own in rates.items():
        times = [f"{each[case]:9.3f}" for each in by]
        cost = f"   {1e6 / median(served[case]):12,.0f}" if served else ""
        lines.append(
            f"{case:<38}{median(own):12,.0f}{''.join(times[: len(columns)])}{cost}{''.join(times[len(columns) :])}"
        )
    return lines


def _mb(figure: float | None) -> str:
    """Return a size in MB as text, or "unknown" for None."""
    return "unknown" if figure is None else f"{figure:.0f} MB"
