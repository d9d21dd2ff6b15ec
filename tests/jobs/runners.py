"""Runners in processes of their own, on the database that DATABASE_URL names, with jobs of the tests' own.

`Runners` is the test's end; `python -m tests.jobs.runners NUMBER GRACE LEASE` is the other end: it forks this many
runners and replaces those that are killed. It writes "there PID", "killed PID" and the messages of jobs, a line each.
"""

import hashlib
import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]


class Runners:
    """This many runners, which give a job `grace` seconds to end and hold it for `lease` seconds."""

    def __init__(self, url: str, number: int, *, grace: float = 10, lease: float = 2) -> None:
        self.command = [sys.executable, "-m", "tests.jobs.runners", str(number), str(grace), str(lease)]
        self.environment = {**os.environ, "DATABASE_URL": url, "BETTERMENT_ENV": "development", "DEBUG": "0"}
        self.there: list[int] = []
        self.killed = 0
        self.told: list[str] = []
        self._rest = b""

    def __enter__(self) -> "Runners":
        self.log = tempfile.TemporaryFile()
        self.foreman = subprocess.Popen(
            self.command,
            cwd=TREE,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=self.log,
            start_new_session=True,
        )
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.foreman.pid, signal.SIGKILL)  # and whichever of its runners are left
        self.foreman.wait()
        self.foreman.stdout.close()
        self.log.close()

    def listen(self, until: object, seconds: float = 60) -> None:
        """Read messages until `until()` is true; fail after this many seconds without a message, or if all runners have
        ended.
        """
        while not until():
            assert select.select([self.foreman.stdout], [], [], seconds)[0], f"nothing was told: {self.told[-5:]}"
            said = os.read(self.foreman.stdout.fileno(), 65536)
            assert said, f"the runners have ended: {self.logged()[-2000:]}"
            *lines, self._rest = (self._rest + said).split(b"\n")
            for line in lines:
                self._hear(line.decode())

    def _hear(self, line: str) -> None:
        what, _, pid = line.partition(" ")
        if what == "there":
            self.there.append(int(pid))
        elif what == "killed":
            self.there.remove(int(pid))
            self.killed += 1
        else:
            self.told.append(line)

    def stop(self) -> tuple[int, str]:
        """Tell all to stop; return the log and the exit code, which is that of the first runner that failed."""
        self.foreman.send_signal(signal.SIGTERM)
        self.foreman.communicate(timeout=60)
        self.there.clear()
        return self.foreman.returncode, self.logged()

    def logged(self) -> str:
        """Return what the runners have logged so far."""
        self.log.seek(0)
        return self.log.read().decode()


def tell(line: str) -> None:
    """Send the test a message, in one write."""
    os.write(1, f"{line}\n".encode())


def register() -> None:
    """Replace the site's jobs with those of the tests."""
    from django.core.mail import send_mail

    from jobs import registry

    registry._JOBS.clear()

    @registry.job("tests.email", label="Send an email", atomic=True, max_attempts=1000)
    def email(context):
        number = context.arguments["number"]
        send_mail(f"Number {number}", "Text", None, ["ada@example.org"])
        hashlib.pbkdf2_hmac("sha256", b"work", b"that takes a while", 20_000)
        tell(f"sent {number}")

    @registry.job("tests.endless", label="Never end", timeout=timedelta(minutes=1))
    def endless(context):
        tell("begun")
        while True:
            signal.pause()

    @registry.job("tests.wait", label="Wait for a file")
    def wait(context):
        tell("begun")
        with open(context.arguments["pipe"]) as pipe:  # opens once somebody writes to it
            pipe.read()

    @registry.job("tests.overlong", label="Exceed the time-out", timeout=timedelta(seconds=0.2), max_attempts=1)
    def overlong(context):
        try:
            while True:
                signal.pause()
        except Exception:  # as one that goes on with the next email does
            tell("it was taken for an error of its own")


def main(number: int, grace: float, lease: float) -> int:
    """Fork the runners and replace those that are killed, until SIGTERM; return the worst exit code."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from jobs import queue, runner

    settings.EMAIL_BACKEND = "mail.sending.OutboxBackend"
    queue.LEASE, runner.BEAT, runner.POLL = timedelta(seconds=lease), lease / 4, 0.05
    register()
    stopping: list[int] = []
    children: set[int] = set()

    def stop(signum: int, frame: object) -> None:
        stopping.append(signum)
        for pid in children:
            os.kill(pid, signal.SIGTERM)

    def fork() -> None:
        connections.close_all()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
        pid = os.fork()
        if pid == 0:
            loop = runner.WorkLoop(grace=grace)
            signal.signal(signal.SIGTERM, loop.stop)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            loop.run()
            os._exit(0)
        children.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        if stopping:  # it was told to stop before this runner existed
            os.kill(pid, signal.SIGTERM)
        tell(f"there {pid}")

    signal.signal(signal.SIGTERM, stop)
    for _ in range(number):
        fork()
    worst = 0
    while children:
        pid, status = os.wait()
        children.discard(pid)
        if not stopping:
            tell(f"killed {pid}")
            fork()
        else:
            worst = worst or os.waitstatus_to_exitcode(status)
    return worst


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "betterment.settings"
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
