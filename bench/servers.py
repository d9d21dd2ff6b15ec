"""The servers that are compared: the site as `make serve` runs it, a bare view, and nginx."""

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
# Production settings, except that requests come without TLS.
PRODUCTION = {
    "BETTERMENT_ENV": "production",
    "DEBUG": "0",
    "SITE_URL": f"https://{HOST}",
    "EMAIL_HOST": "localhost",
    "SSL_REDIRECT": "0",
    "CACHE_URL": "",
    "PAGE_CACHE_MEGABYTES": "48",
}
# The same options as in bin/serve_production.
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
    """A process that listens on `port` of 127.0.0.1 until `stop` is called.

    Creating a server raises RuntimeError if the process ends, or accepts no connections within 60 seconds.
    """

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
        """Return whether the port accepts connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Send a GET request on a new connection; return the status, the headers by lower-case name, and the body.

        Keyword arguments are headers, such as `Accept_Encoding`. Raise OSError if there is no answer.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"Host": HOST, "Connection": "close", **sent})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def megabytes(self) -> float | None:
        """Return the resident memory, in MB, of the server's largest process.

        Return None if the system does not report it.
        """
        mine = self._processes()
        return max(_resident(pid) for pid in mine) if mine else None

    def processor_seconds(self) -> float | None:
        """Return the CPU time, in seconds, that all processes of the server have used so far.

        Return None if the system does not report it.
        """
        mine = self._processes()
        return sum(_on_a_processor(pid) for pid in mine) if mine else None

    def _processes(self) -> set[int]:
        """Return the ids of the server's process and of all its descendants."""
        parents = _parents()
        mine = {self.process.pid} & parents.keys()
        while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
            mine |= more
        return mine

    def stop(self) -> None:
        """End the process and its descendants."""
        self._end()
        self.errors.close()

    def _end(self) -> None:
        """Terminate the process group, and kill it if it has not ended after 20 seconds."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


def site(environment: Mapping[str, str], workers: int = 2, **settings: str) -> Server:
    """Start the site with production settings, overridden by the environment variables in `settings`."""
    return _granian("betterment.wsgi:application", {**environment, **PRODUCTION, **settings}, workers)


def bare(body: Path, workers: int = 2) -> Server:
    """Start the bare view, with the content of this file as the body of its response."""
    return _granian("bench.bare:application", {**os.environ, "BENCH_BODY": str(body)}, workers)


def nginx(gzipped: bytes, folder: Path) -> Server | None:
    """Start nginx, which serves these gzipped bytes at `/page`, with its files in this new folder.

    Return None if nginx is not installed.
    """
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
    """Start an application on a free port."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN, "--port", str(port), "--workers", str(workers), application]
    return Server(command, port, environment)


def _free_port() -> int:
    """Return a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _parents() -> dict[int, int]:
    """Return the parent of each process, by process id."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:  # the process has ended meanwhile
            continue
        found[int(facts["Pid"])] = int(facts["PPid"])
    return found


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MB, or 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _on_a_processor(pid: int) -> float:
    """Return the CPU time of a process in seconds, or 0 if it has ended."""
    try:
        after_the_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system = after_the_name[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
