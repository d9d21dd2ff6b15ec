"""The servers that are measured beside each other: the site as `make serve` runs it, a bare view, and nginx."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "bench.example"
# As production, but for the scheme: the load comes without TLS.
PRODUCTION = {
    "BETTERMENT_ENV": "production",
    "DEBUG": "0",
    "SITE_URL": f"https://{HOST}",
    "EMAIL_HOST": "localhost",
    "SSL_REDIRECT": "0",
    "REDIS_URL": "",
    "PAGE_STORE_MEGABYTES": "48",
    "PAGE_STORE_FOLDER": "",
}
# bin/serve_production says why.
GRANIAN = ["--interface", "wsgi", "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"]
GRANIAN += ["--backlog", "1024", "--backpressure", "128", "--http", "auto", "--no-ws"]
GRANIAN += ["--log-level", "warning", "--log-config", "bin/granian_log.json"]
NGINX = """
daemon off; worker_processes 2; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port}; root {folder}/files;
    location / {{
      default_type text/html; add_header Content-Encoding gzip; add_header Cache-Control "public, max-age=60";
    }}
  }}
}}
"""


class Server:
    """A process that answers on `port`, until it is stopped. Raises RuntimeError where it does not come up."""

    def __init__(self, command: list[str], port: int, environment: Mapping[str, str] = os.environ) -> None:
        self.port = port
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed with the process)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=self.errors, stderr=self.errors, start_new_session=True
        )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self._end()
                self.errors.seek(0)
                raise RuntimeError(f"{' '.join(command)} does not serve:\n{self.errors.read()[-2000:]}")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by their small names and body, on a connection of its own. Raises OSError."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": HOST, "Connection": "close", **sent})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def megabytes(self) -> float | None:
        """What the largest of its processes has in memory; None where the system does not tell."""
        mine = self._processes()
        return max(_resident(pid) for pid in mine) if mine else None

    def processor_seconds(self) -> float | None:
        """What its processes have had of a processor so far; None where the system does not tell."""
        mine = self._processes()
        return sum(_on_a_processor(pid) for pid in mine) if mine else None

    def _processes(self) -> set[int]:
        parents = _parents()
        mine = {self.process.pid} & parents.keys()
        while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
            mine |= more
        return mine

    def stop(self) -> None:
        """End it with all its processes."""
        self._end()
        self.errors.close()

    def _end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def site(environment: Mapping[str, str], workers: int = 2, **settings: str) -> Server:
    """The site on production's settings; `settings` are environment variables that differ."""
    return _granian("betterment.wsgi:application", {**environment, **PRODUCTION, **settings}, workers)


def changing(environment: Mapping[str, str], workers: int = 2, **settings: str) -> Server:
    """The same, where something else has changed before each request."""
    return _granian("bench.changing:application", {**environment, **PRODUCTION, **settings}, workers)


def bare(body: Path, workers: int = 2) -> Server:
    """The bare view with the bytes of this file."""
    return _granian("bench.bare:application", {**os.environ, "BENCH_BODY": str(body)}, workers)


def nginx(gzipped: bytes, folder: Path) -> Server | None:
    """nginx with a file of these bytes at `/page`, in a folder of its own; None where there is no nginx."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        return None
    port = _free_port()
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "page").write_bytes(gzipped)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    for path in (folder, folder / "files", folder / "files" / "page"):
        path.chmod(0o755)
    return Server([found, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")], port)


def _granian(application: str, environment: Mapping[str, str], workers: int) -> Server:
    port = _free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), "--workers", str(workers), application]
    return Server(command, port, environment)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _parents() -> dict[int, int]:
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:  # it has ended meanwhile
            continue
        found[int(facts["Pid"])] = int(facts["PPid"])
    return found


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _on_a_processor(pid: int) -> float:
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system = after_the_name[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
