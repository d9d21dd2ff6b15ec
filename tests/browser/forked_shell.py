"""The command `shell` of a site, without the two seconds of processor time that starting Django takes at each call.

A process starts Django once, and forks for each call. The child has neither a connection nor anything in memory that
an earlier call left there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import demonstration

PROGRAM = """
import contextlib, io, json, os, sys, traceback
import django
django.setup()
from django.core.management import call_command, get_commands, load_command_class
load_command_class(get_commands()["shell"], "shell")
for lines in sys.stdin:
    child = os.fork()
    if not child:
        out, error = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(out):
                call_command("shell", verbosity=0, command=json.loads(lines))
        except BaseException:
            error = traceback.format_exc()
        print(json.dumps([out.getvalue().strip(), error]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


class ForkedShell:
    """A running process of the site in `folder` with these settings, which are environment variables."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        environment = demonstration.environment(folder) | {"DJANGO_SETTINGS_MODULE": "betterment.settings"} | settings
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=demonstration.ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, lines: str) -> str:
        """Return what these lines of Python print. Raise RuntimeError with the traceback if they fail."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(lines) + os.linesep)
        self.process.stdin.flush()
        printed, error = json.loads(self.process.stdout.readline())
        if error:
            raise RuntimeError(error)
        return printed


@contextmanager
def forked_shell(folder: Path, settings: dict[str, str]) -> Iterator[ForkedShell]:
    """Return a context manager that starts the process and ends it."""
    shell = ForkedShell(folder, settings)
    with shell.process:
        yield shell
        shell.process.stdin.close()
