"""Check the machine that the guide has set up: bin/follow_guide runs each check there by its name.

A check raises AssertionError as soon as something differs from docs/how-to/deploy.md.
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
# Headers that may differ between two answers or servers. All others have to be the same, whichever server sends a file.
OWN = {"date", "server", "connection", "keep-alive", "content-length", "etag", "last-modified", "accept-ranges"}
OWN |= {"content-disposition"}  # only suggests a file name for a picture, the same as the one in its URL


class Answer:
    """An HTTP response: its status, its body (bytes), and its headers by lower-case name.

    Values of repeated headers are joined with commas.
    """

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.body = response.status, response.read()
        self.headers: dict[str, str] = {}
        for name, value in response.getheaders():
            name = name.lower()
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value

    def __repr__(self) -> str:
        return f"{self.status} {self.headers} {self.body[:200]!r}"


def ask(path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """Return nginx's answer to a request over HTTPS under the site's name. The server's certificate is verified."""
    context = ssl.create_default_context(cafile=CERTIFICATE)
    return _ask(http.client.HTTPSConnection(NAME, 443, timeout=60, context=context), method, path, body, headers)


def ask_site(path: str, port: int = 8000, **headers: str) -> Answer:
    """Return the site's own answer to GET `path`, requested on 127.0.0.1 as nginx would request it."""
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
    """Run a command and return its standard output, stripped. Raise CalledProcessError if it fails."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def until(true: Callable[[], object], seconds: float, complaint: str) -> float:
    """Call `true` every 0.1 seconds until it returns something truthy, and return the seconds that this took.

    OSError counts as “not yet”. Raise AssertionError with `complaint` after `seconds` seconds.
    """
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
    """Return the value of a property of a systemd unit."""
    return run("systemctl", "show", "--value", "--property", name, unit)


# --- The units


def units() -> None:
    """Check that systemd reports no fault in any unit, and that the service is confined and its settings are secret.

    The service has to run as its own user without privileges. It has to be able to write to its data, but not to its
    code, /etc or the backups.
    """
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
    """Check that the runner has completed its first job without privileges, a backup succeeds, and /readyz answers 200.

    The timer of the backup has to be scheduled.
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
    """Check the site behind nginx: HTTPS only, pages cached and compressed, files and errors with the site's own
    headers.
    """
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
    """Raise AssertionError unless HTTP redirects to HTTPS, and requests under any other host name get no answer."""
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
    """Check that nginx caches a page, that all encodings have the same content, and that a matching ETag gets 304."""
    first, second = ask(path), ask(path)
    assert "nginx; fwd=miss" in first.headers["cache-status"], first
    assert "nginx; hit" in second.headers["cache-status"], second
    assert first.body == second.body == ask_site(path).body and second.status == 200
    etag = second.headers["etag"]
    for wanted, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        ask(path, Accept_Encoding=f"deflate, {wanted}")
        packed = ask(path, Accept_Encoding=f"{wanted}, deflate;q=0.5")  # another header value, the same cached copy
        assert packed.headers["content-encoding"] == wanted and "nginx; hit" in packed.headers["cache-status"], packed
        assert unpack(packed.body) == second.body and packed.headers["vary"] == "Accept-Encoding", packed
    assert "content-encoding" not in ask(path, Accept_Encoding="br;q=0, gzip;q=0.0").headers
    again = ask(path, If_None_Match=etag)
    assert again.status == 304 and not again.body, again
    assert "nginx; hit" in ask(path, Cookie="_ga=1; __Host-session=nobody").headers["cache-status"]


def files(html: bytes) -> None:
    """Check that nginx sends static files and pictures exactly as the site would, content and headers alike.

    If a rendition of a picture is missing on the disk, the site has to answer instead.
    """
    by_kind: dict[str, str] = {}
    for path in sorted(STATIC.rglob("*")):
        hashed = bool(re.search(r"\.[0-9a-f]{12}\.", path.name))
        if path.is_file() and path.suffix not in (".gz", ".br"):
            by_kind.setdefault(f"{path.suffix} {hashed}", f"/static/{path.relative_to(STATIC)}")
    pictures = dict.fromkeys(re.findall(r"/media/pictures/[0-9a-f]{64}[0-9a-z.-]*", html.decode()))
    assert {".css True", ".js True", ".css False"} <= set(by_kind) and len(pictures) >= 2, (by_kind, pictures)
    stored = [MEDIA / path.removeprefix("/media/") for path in pictures]  # the runner makes the narrower ones
    until(lambda: all(map(Path.exists, stored)), 180, "The runner has not made all renditions.")
    for path in [*by_kind.values(), *list(pictures)[:6]]:
        for encoding in ("identity", "gzip", "br"):
            here, there = ask(path, Accept_Encoding=encoding), ask_site(path, Accept_Encoding=encoding)
            assert here.status == there.status == 200, (path, here, there)
            assert here.headers["server"] == "nginx" and "x-request-id" not in here.headers
            assert here.body == there.body, path
            same(path, here, there)
    copy = next(name for name in pictures if re.search(r"-[0-9]+\.", name))
    file = MEDIA / copy.removeprefix("/media/")
    file.rename(file.with_name(".away"))
    try:
        instead = ask(copy)
    finally:
        file.with_name(".away").rename(file)
    assert instead.status == 200 and instead.headers["cache-control"] == "public, max-age=60", instead
    assert "immutable" in ask(copy).headers["cache-control"]
    print(f"      {len(by_kind)} kinds of static files, {len(pictures)} pictures")


def same(path: str, here: Answer, there: Answer) -> None:
    """Raise AssertionError if two answers differ in a header that is not in OWN."""
    ours = {name: plain(value) for name, value in here.headers.items() if name not in OWN}
    theirs = {name: plain(value) for name, value in there.headers.items() if name not in OWN}
    differ = {
        name: (ours.get(name), theirs.get(name)) for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)
    }
    assert not differ, (path, differ)


def plain(value: str) -> str:
    """Return a header's value for comparison, without case, white space, quotes and the order of a list."""
    return ",".join(sorted(part.strip() for part in value.lower().replace('"', "").split(",")))


def refusals() -> None:
    """Check that a missing page or file gets the site's own 404, with the site's security headers."""
    for path in ("/no-such-page/", "/media/pictures/" + "0" * 64 + ".jpg", "/media/../etc/passwd", "/static/none.css"):
        here, there = ask(path), ask_site(path)
        assert here.status == there.status == 404, (path, here, there)
        for name in ("content-security-policy", "x-content-type-options", "strict-transport-security"):
            assert here.headers[name] == there.headers[name], (path, name)


def private() -> None:
    """Check that nginx never caches a page of the newsroom, the review desk, the accounts or a preview."""
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
    """Check that nginx's logs contain no IP address of a reader, no query string and no token."""
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
    """Check the limits on the size of requests, on forms, and on sign-ins even if their IP addresses are forged."""
    too_large = ask("/account/sign-in/", method="POST", body="x" * (26 * 1024 * 1024))
    assert too_large.status == 413, too_large
    tried = next((number for number in range(25) if _sign_in(number)), None)
    assert tried is not None and tried >= 10, tried
    refused = [ask("/newsletter/", method="POST", body="").status for _ in range(60)]
    assert 429 in refused, refused
    print(f"      sign-in, each time as if from another address: refused after {tried} attempts")
    print(f"      60 forms at once: {refused.count(429)} refused")


def _sign_in(number: int) -> bool:
    """Try to sign in with a wrong password and a forged IP address; return whether this was one attempt too many."""
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


# --- Failures and recovery


def killed() -> None:
    """Kill a worker and then the server with SIGKILL, and check that both are replaced within 30 seconds."""
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
    """Return the process ids of the server's workers: all its children except the one that tracks shared memory."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    commands = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return {child for child, command in commands.items() if command and b"resource_tracker" not in command}


def up() -> None:
    """Check that every enabled unit is active and that the homepage and /readyz answer 200."""
    until(lambda: ask("/").status == 200 and ask_site("/").status == 200, 60, "The home page is not there.")
    until(lambda: ask("/readyz").status == 200, 30, "The site is not ready.")
    for unit in ("betterment", "betterment-work", "nginx", "postgresql", "betterment-backup.timer"):
        assert shown(unit, "ActiveState") == "active", unit
    failed = {line.split()[0] for line in run("systemctl", "--failed", "--plain", "--no-legend").splitlines()}
    assert not {unit for unit in failed if "betterment" in unit or "nginx" in unit}


def restored() -> None:
    """Check that the restored site (port 8001) serves every page in the sitemap, with its pictures, unchanged."""
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
    """Yield the path of each page that this sitemap names, and those in the sitemaps that it refers to."""
    for address in re.findall(r"<loc>([^<]+)</loc>", ask_site(path).body.decode()):
        part = urlsplit(address)
        address = part.path + (f"?{part.query}" if part.query else "")
        if ".xml" in address:
            yield from mapped(address)
        else:
            yield address


def upgraded() -> None:
    """Check that the newer version is checked out and that the service was started after it was fetched."""
    expected = Path("/root/expected").read_text().strip()
    assert run("git", "-C", "/srv/betterment", "rev-parse", "HEAD") == expected
    fetched = Path("/srv/betterment/.git/FETCH_HEAD").stat().st_mtime - time.time() + time.monotonic()
    started = float(shown("betterment", "ExecMainStartTimestampMonotonic")) / 1_000_000
    assert started > fetched, (started, fetched)


PROOFS = (units, runner, site, limits, killed, up, restored, upgraded)

if __name__ == "__main__":
    {proof.__name__: proof for proof in PROOFS}[sys.argv[1]]()
