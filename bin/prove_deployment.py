"""What bin/follow_guide asks of the machine that the guide has made, on that machine: each proof by its name.

A proof raises AssertionError at the first thing that is not as docs/how-to/deploy.md says.
"""

import gzip
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import brotli

NAME = "betterment.example"
CERTIFICATE = "/etc/ssl/betterment/fullchain.pem"
STATIC, MEDIA, LOG = Path("/var/lib/betterment/static"), Path("/var/lib/betterment/media"), Path("/var/log/nginx")
# Of one answer or of one server: everything else has to be the same whoever sends a file.
OWN = {"date", "server", "connection", "keep-alive", "content-length", "etag", "last-modified", "accept-ranges"}
OWN |= {"content-disposition"}  # the name under which a picture would be saved: that of its address in any case


class Answer:
    """Status, headers by their small names (several of one name are joined), body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()
        self.headers: dict[str, str] = {}
        for name, value in response.getheaders():
            name = name.lower()
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    def __repr__(self) -> str:
        return f"{self.status} {self.headers} {self.body[:200]!r}"


def ask(path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """What nginx answers by https, under the site's name, its certificate checked."""
    context = ssl.create_default_context(cafile=CERTIFICATE)
    return _ask(http.client.HTTPSConnection(NAME, 443, timeout=60, context=context), method, path, body, headers)


def ask_site(path: str, port: int = 8000, **headers: str) -> Answer:
    """What the site itself answers, as nginx asks it."""
    sent = {"Host": NAME, "X-Forwarded-Proto": "https", **headers}
    return _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=60), "GET", path, None, sent)


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> Answer:
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Accept-Encoding": "identity", **sent})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def run(*command: str) -> str:
    """What a command says; raises CalledProcessError where it fails."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def until(true: Callable[[], object], seconds: float, complaint: str) -> float:
    """Wait until something is so; returns how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if true():
                return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(complaint)


def shown(unit: str, name: str) -> str:
    return run("systemctl", "show", "--value", "--property", name, unit)


# --- The units


def units() -> None:
    """systemd finds nothing to say of any unit; the service runs as told, and its fence stands."""
    files = sorted(map(str, Path("/etc/systemd/system").glob("betterment*")))
    verified = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True)
    assert verified.returncode == 0 and "betterment" not in verified.stderr, verified.stderr
    assert len(files) == len(list(Path("/srv/betterment/deploy/systemd").iterdir())), files

    process = shown("betterment", "MainPID")
    status = Path(f"/proc/{process}/status").read_text()
    assert re.search(r"^NoNewPrivs:\s*1$", status, re.M) and re.search(r"^CapEff:\s*0+$", status, re.M), status
    assert Path(f"/proc/{process}").owner() == "betterment"
    for path in ("/srv/betterment/written", "/etc/written", "/var/backups/betterment/written"):
        tried = subprocess.run(["nsenter", "-t", process, "-m", "touch", path], capture_output=True, text=True)
        assert "Read-only file system" in tried.stderr, (path, tried.stderr)
    run("nsenter", "-t", process, "-m", "touch", "/var/lib/betterment/media/.written")
    Path("/var/lib/betterment/media/.written").unlink()
    assert Path("/etc/betterment.env").stat().st_mode & 0o777 == 0o600
    exposure = run("systemd-analyze", "security", "--no-pager", "betterment").splitlines()[-1]
    print(f"      {len(files)} units; {exposure.strip('→ ')}")


def runner() -> None:
    """The job runner is at work within its fence and has done its first jobs; the backup's timer waits for its time and
    what it starts ends well; the site is ready.
    """
    assert shown("betterment-work", "ActiveState") == "active"
    assert run("systemctl", "is-enabled", "betterment-work.service") == "enabled"
    process = shown("betterment-work", "MainPID")
    assert Path(f"/proc/{process}").owner() == "betterment"
    assert re.search(r"^CapEff:\s*0+$", Path(f"/proc/{process}/status").read_text(), re.M)
    first = "advisors.due_emails: done"
    until(lambda: first in run("journalctl", "-u", "betterment-work", "-o", "cat"), 60, "The runner has done nothing.")

    timer = "betterment-backup.timer"
    assert shown(timer, "ActiveState") == "active" and shown(timer, "NextElapseUSecRealtime"), timer
    assert run("systemctl", "is-enabled", timer) == "enabled"
    run("systemctl", "start", "betterment-backup.service")
    assert shown("betterment-backup", "Result") == "success" and shown("betterment-backup", "ExecMainStatus") == "0"
    backups = sorted(Path("/var/backups/betterment").glob("*.backup"))
    assert len(backups) == 2 and all(path.stat().st_mode & 0o077 == 0 for path in backups), backups
    assert re.fullmatch(r"Digest: [0-9a-f]{64}", Path(f"{backups[-1]}.digest").read_text().splitlines()[-1])
    ready = ask_site("/readyz")
    assert ready.status == 200, ready
    print(f"      the runner and {timer}; /readyz says {json.loads(ready.body)['status']}")


# --- The site behind nginx


def site() -> None:
    """The site answers by https alone; pages are kept and packed; files and errors have the site's own headers."""
    home = ask("/")
    assert home.status == 200 and b"<h1" in home.body, home
    assert home.headers["strict-transport-security"] and "frame-ancestors" in home.headers["content-security-policy"]
    assert "set-cookie" not in home.headers
    names_and_schemes()
    article = re.search(rb'href="(/articles/[^"/]+/)"', home.body)[1].decode()
    kept_and_packed(article)
    files(home.body + ask(article).body)
    refusals()
    private()
    ready = ask("/readyz")
    assert ready.status == 200 and "nginx;" not in ready.headers.get("cache-status", ""), ready
    log(article)


def names_and_schemes() -> None:
    """http leads to https; who asks under another name is not answered."""
    plain = _ask(http.client.HTTPConnection(NAME, 80, timeout=20), "GET", "/x?y=1", None, {})
    assert (plain.status, plain.headers["location"]) == (301, f"https://{NAME}/x?y=1"), plain
    try:
        other = _ask(
            http.client.HTTPConnection("127.0.0.1", 80, timeout=20), "GET", "/", None, {"Host": "else.example"}
        )
        raise AssertionError(other)
    except http.client.RemoteDisconnected:
        pass
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", 443)) as there:
            context.wrap_socket(there, server_hostname="else.example")
        raise AssertionError("TLS is spoken under another name.")
    except ssl.SSLError:
        pass


def kept_and_packed(path: str) -> None:
    """The second of two is from nginx's cache; each encoding is the same words; 304 to whoever has them."""
    first, second = ask(path), ask(path)
    assert "nginx; fwd=miss" in first.headers["cache-status"], first
    assert "nginx; hit" in second.headers["cache-status"], second
    assert first.body == second.body == ask_site(path).body and second.status == 200
    etag = second.headers["etag"]
    for wanted, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        ask(path, Accept_Encoding=f"deflate, {wanted}")
        packed = ask(path, Accept_Encoding=f"{wanted}, deflate;q=0.5")  # worded otherwise, kept once
        assert packed.headers["content-encoding"] == wanted and "nginx; hit" in packed.headers["cache-status"], packed
        assert unpack(packed.body) == second.body and packed.headers["vary"] == "Accept-Encoding", packed
    assert "content-encoding" not in ask(path, Accept_Encoding="br;q=0, gzip;q=0.0").headers
    again = ask(path, If_None_Match=etag)
    assert again.status == 304 and not again.body, again
    assert "nginx; hit" in ask(path, Cookie="_ga=1; __Host-session=nobody").headers["cache-status"]


def files(html: bytes) -> None:
    """A file that nginx sends is what the site would send: words, type, encoding and every header."""
    by_kind: dict[str, str] = {}
    for path in sorted(STATIC.rglob("*")):
        hashed = bool(re.search(r"\.[0-9a-f]{12}\.", path.name))
        if path.is_file() and path.suffix not in (".gz", ".br"):
            by_kind.setdefault(f"{path.suffix} {hashed}", f"/static/{path.relative_to(STATIC)}")
    pictures = dict.fromkeys(re.findall(r"/media/pictures/[0-9a-f]{64}[0-9a-z.-]*", html.decode()))
    assert {".css True", ".js True", ".css False"} <= set(by_kind) and len(pictures) >= 2, (by_kind, pictures)
    for path in [*by_kind.values(), *list(pictures)[:6]]:
        for encoding in ("identity", "gzip", "br"):
            here, there = ask(path, Accept_Encoding=encoding), ask_site(path, Accept_Encoding=encoding)
            assert here.status == there.status == 200, (path, here, there)
            assert here.headers["server"] == "nginx" and "x-request-id" not in here.headers
            assert here.body == there.body, path
            same(path, here, there)
    copy = next(name for name in pictures if re.search(r"-[0-9]+\.", name))
    stored = MEDIA / copy.removeprefix("/media/")
    stored.rename(stored.with_name(".away"))
    try:
        instead = ask(copy)
    finally:
        stored.with_name(".away").rename(stored)
    assert instead.status == 200 and instead.headers["cache-control"] == "public, max-age=60", instead
    assert "immutable" in ask(copy).headers["cache-control"]
    print(f"      {len(by_kind)} kinds of static files, {len(pictures)} pictures")


def same(path: str, here: Answer, there: Answer) -> None:
    """Raises AssertionError where the headers of two answers differ in more than what is each server's own."""
    ours = {name: plain(value) for name, value in here.headers.items() if name not in OWN}
    theirs = {name: plain(value) for name, value in there.headers.items() if name not in OWN}
    differ = {
        name: (ours.get(name), theirs.get(name)) for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)
    }
    assert not differ, (path, differ)


def plain(value: str) -> str:
    """A header's value without what has no meaning: case, white space, quotes, the order of what is listed."""
    return ",".join(sorted(part.strip() for part in value.lower().replace('"', "").split(",")))


def refusals() -> None:
    """What is not there is the site's own page, with its headers."""
    for path in ("/no-such-page/", "/media/pictures/" + "0" * 64 + ".jpg", "/media/../etc/passwd", "/static/none.css"):
        here, there = ask(path), ask_site(path)
        assert here.status == there.status == 404, (path, here, there)
        for name in ("content-security-policy", "x-content-type-options", "strict-transport-security"):
            assert here.headers[name] == there.headers[name], (path, name)


def private() -> None:
    """Nothing of the newsroom is kept, twice asked or not."""
    for path in ("/admin/", "/admin/login/", "/board/", "/account/sign-in/", "/preview/no-such-token-1234567890/"):
        for _ in range(2):
            answer = ask(path)
            assert "nginx;" not in answer.headers.get("cache-status", ""), (path, answer)
            assert answer.status in (200, 302, 403, 404), (path, answer)
            if answer.status in (200, 302):
                assert "no-store" in answer.headers["cache-control"], (path, answer)
    kept = subprocess.run(
        ["grep", "-rlaE", "^KEY: .*/(admin|board|account|preview)", "/var/cache/nginx"], capture_output=True
    )
    assert kept.returncode == 1, kept.stdout


def log(article: str) -> None:
    """nginx's log names no reader, no query and no token."""
    token = "Zm9vYmFyQmF6UXV4MTIzNDU2Nzg5MA"
    for path in (f"{article}?utm_source=a-secret", f"/preview/{token}/", f"/board/r/{token}/", "/search/?q=a-secret"):
        ask(path)
    text = "".join(path.read_text() for path in LOG.glob("betterment*"))
    lines = [json.loads(line) for line in (LOG / "betterment.log").read_text().splitlines()]
    assert any(line["path"] == article and line["cache"] == "HIT" for line in lines)
    assert any(line["path"] == "/preview/…" for line in lines), lines[-5:]
    for secret in ("127.0.0.1", token, "a-secret"):
        assert secret not in text, secret


def limits() -> None:
    """Who forges where they come from is counted all the same; who sends too much is refused; a body has its bound."""
    too_large = ask("/account/sign-in/", method="POST", body="x" * (26 * 1024 * 1024))
    assert too_large.status == 413, too_large
    tried = next((number for number in range(25) if _sign_in(number)), None)
    assert tried is not None and tried >= 10, tried
    refused = [ask("/newsletter/", method="POST", body="").status for _ in range(60)]
    assert 429 in refused, refused
    print(f"      sign-in, each time as if from another address: refused after {tried} attempts")
    print(f"      60 forms at once: {refused.count(429)} refused")


def _sign_in(number: int) -> bool:
    """One attempt with a wrong password, as if from an address of its own; whether it was one too many."""
    form = ask("/account/sign-in/")
    cookie = re.search(r"__Host-csrf=[^;]+", form.headers["set-cookie"])[0]
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', form.body)[1].decode()
    fields = {"csrfmiddlewaretoken": token, "login": f"nobody{number}@example.org", "password": "wrong wrong wrong"}
    answer = ask(
        "/account/sign-in/",
        method="POST",
        body=urlencode(fields),
        Content_Type="application/x-www-form-urlencoded",
        Cookie=cookie,
        Referer=f"https://{NAME}/account/sign-in/",
        X_Forwarded_For=f"198.51.100.{number}",
    )
    assert answer.status == 200, answer
    return b"too many attempts" in answer.body


# --- What goes wrong, and what comes back


def killed() -> None:
    """After kill -9 of a worker, and of the server, the site is there again by itself."""
    process = shown("betterment", "MainPID")
    workers = serving(process)
    os.kill(int(min(workers)), signal.SIGKILL)
    took = until(lambda: len(serving(process) - workers) == 1, 30, "No worker came in its place.")
    until(lambda: all(ask_site("/healthz").status == 200 for _ in range(10)), 30, "The workers do not answer.")
    assert shown("betterment", "MainPID") == process and len(serving(process)) == len(workers)
    os.kill(int(process), signal.SIGKILL)
    down = until(lambda: shown("betterment", "MainPID") not in ("0", process), 30, "The service was not started again.")
    up = until(lambda: ask_site("/healthz").status == 200, 30, "The service does not answer again.")
    assert shown("betterment", "NRestarts") == "1"
    print(f"      a worker: {took:.1f} s; the server: {down + up:.1f} s")


def serving(process: str) -> set[str]:
    """The workers of the server: its children but the one that only watches over shared memory."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return {child for child, command in commands.items() if command and b"resource_tracker" not in command}


def up() -> None:
    """Everything runs that was enabled, and the home page is there."""
    until(lambda: ask("/").status == 200 and ask_site("/").status == 200, 60, "The home page is not there.")
    until(lambda: ask("/readyz").status == 200, 30, "The site is not ready.")
    for unit in ("betterment", "betterment-work", "nginx", "postgresql", "betterment-backup.timer"):
        assert shown(unit, "ActiveState") == "active", unit
    failed = {line.split()[0] for line in run("systemctl", "--failed", "--plain", "--no-legend").splitlines()}
    assert not {unit for unit in failed if "betterment" in unit or "nginx" in unit}


def restored() -> None:
    """Every page of the site map, and every picture on it, is the same on the restored site."""
    pages = list(mapped())
    pictures: dict[str, None] = {}
    for path in pages:
        here, there = ask_site(path), ask_site(path, port=8001)
        assert here.status == there.status == 200 and here.body == there.body, path
        pictures |= dict.fromkeys(re.findall(r"/media/pictures/[0-9a-f]{64}[0-9a-z.-]*", here.body.decode()))
    for path in pictures:
        assert ask_site(path).body == ask_site(path, port=8001).body, path
    assert len(pages) >= 10 and pictures, (pages, pictures)
    print(f"      {len(pages)} pages and {len(pictures)} pictures, byte for byte")


def mapped(path: str = "/sitemap.xml") -> Iterator[str]:
    """The path of each page that the site map names."""
    for address in re.findall(r"<loc>([^<]+)</loc>", ask_site(path).body.decode()):
        part = urlsplit(address)
        address = part.path + (f"?{part.query}" if part.query else "")
        if ".xml" in address:
            yield from mapped(address)
        else:
            yield address


def upgraded() -> None:
    """The newer version is what runs."""
    expected = Path("/root/expected").read_text().strip()
    assert run("git", "-C", "/srv/betterment", "rev-parse", "HEAD") == expected
    fetched = Path("/srv/betterment/.git/FETCH_HEAD").stat().st_mtime - time.time() + time.monotonic()
    started = float(shown("betterment", "ExecMainStartTimestampMonotonic")) / 1_000_000
    assert started > fetched, (started, fetched)


PROOFS = (units, runner, site, limits, killed, up, restored, upgraded)

if __name__ == "__main__":
    {proof.__name__: proof for proof in PROOFS}[sys.argv[1]]()
