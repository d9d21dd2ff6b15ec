"""Measure one server under load with wrk: requests per second, and CPU time per request.

Each measurement (a slot) lasts a fixed number of seconds. The response to each case can be checked beforehand.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from bench.servers import HOST, Server

CONNECTIONS = 8
# Scripts for wrk that make every request different.
NEW_COOKIE = """
local number = 0
request = function()
  number = number + 1
  return wrk.format(nil, nil, {["Host"] = wrk.headers["Host"], ["Accept-Encoding"] = "gzip",
    ["Cookie"] = "_ga=GA1.1." .. number .. "." .. math.random(1, 2000000000)})
end
"""
NEW_CAMPAIGN = """
local number, path = 0, nil
request = function()
  path = path or wrk.path
  number = number + 1
  return wrk.format(nil, path .. "?utm_source=letter&utm_id=" .. number .. "." .. math.random(1, 2000000000))
end
"""
_RATE = re.compile(r"^Requests/sec:\s+([0-9.]+)$", re.MULTILINE)
_MANY = re.compile(r"^\s*(\d+) requests in ", re.MULTILINE)
_REFUSED = re.compile(r"^\s*(Non-2xx or 3xx responses: \d+|Socket errors: .*)$", re.MULTILINE)


@dataclass(frozen=True)
class LoadResult:
    """Requests per second (`rate`), and the CPU time of the server's processes per request in µs (`cpu_us`).

    The CPU time depends neither on other programs nor on the load generator; it is None if the system does not report
    it.
    """

    rate: float
    cpu_us: float | None


@dataclass(frozen=True)
class LoadCase:
    """A way to request the page from one server, and the expected status, encoding and Cache-Status (`kept`).

    `script` is a Lua script for wrk, or "" if it is not needed.
    """

    name: str
    server: Server
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    script: str = ""
    status: int = 200
    encoding: str = ""
    kept: str = ""

    def check(self) -> None:
        """Send some requests on separate connections. Raise RuntimeError if the last response is not as expected."""
        sent = {name.replace("-", "_"): value for name, value in self.headers.items()}
        for _ in range(6):  # the first response of each worker may not come from the cache
            self.server.get(self.path, **sent)
        status, headers, _ = self.server.get(self.path, **sent)
        found = (status, headers.get("content-encoding", ""), headers.get("cache-status", "").partition("; detail")[0])
        encoding = self.encoding if status == 200 else headers.get("content-encoding", "")
        if found != (self.status, encoding, self.kept):
            raise RuntimeError(f"{self.name} answers {found}.")


def wrk() -> str | None:
    """Return the path of wrk, or None if it is not installed."""
    return shutil.which("wrk")


def slot(case: LoadCase, seconds: int, folder: Path) -> LoadResult:
    """Put the server of the case under load for `seconds` seconds and return the measurements.

    Raise RuntimeError if a request failed or none was answered.
    """
    command = [wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Host: {HOST}"]
    for name, value in case.headers.items():
        command += ["-H", f"{name}: {value}"]
    if case.script:
        script = folder / "script.lua"
        script.write_text(case.script, encoding="utf-8")
        command += ["-s", str(script)]
    command.append(f"http://127.0.0.1:{case.server.port}{case.path}")
    before = case.server.processor_seconds()
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = case.server.processor_seconds()
    return read(said, None if after is None else after - before)


def read(said: str, processor_seconds: float | None) -> LoadResult:
    """Return the result from wrk's output and the CPU time used, in seconds (None if unknown).

    Raise RuntimeError if a request failed or none was answered.
    """
    if refused := _REFUSED.search(said):
        raise RuntimeError(f"wrk says: {refused[1]}")
    many = int(_MANY.search(said)[1])
    if not many:
        raise RuntimeError("Nothing was answered in a slot: give it more seconds.")
    return LoadResult(float(_RATE.search(said)[1]), processor_seconds and processor_seconds / many * 1e6)
