"""A PostgreSQL server of a test's own, which may be stopped and started at will."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


def binaries() -> Path | None:
    """Return the folder of the newest initdb and pg_ctl on this machine, or None if they cannot be run here."""
    if os.geteuid() == 0 and _unprivileged() is None:
        return None
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    found = [*folders, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((path for path in reversed(found) if (path / "pg_ctl").exists()), None)


class Cluster:
    """One server on a socket in a folder of its own; no network."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.data = folder / "data"

    def url(self, database: str) -> str:
        return f"postgresql://postgres@{quote(str(self.folder), safe='')}/{database}"

    def make(self) -> None:
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "-D", self.data)
        self.start()

    def start(self) -> None:
        listens = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c max_connections=60"
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-w", "-o", listens, "start")

    def stop(self) -> None:
        """Stop at once, like a machine that loses power: every connection breaks, and the next start recovers."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def restart(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-l", self.folder / "log", "-m", "immediate", "-w", "restart")

    def copy(self, url: str, database: str) -> str:
        """Copy that database with everything in it to this name; return its DATABASE_URL."""
        dump = self.folder / "dump"
        subprocess.run([self.programs / "pg_dump", "-Fc", "-f", dump, url], check=True)
        here = self.url(database)
        subprocess.run([self.programs / "createdb", "--maintenance-db", self.url("postgres"), database], check=True)
        subprocess.run([self.programs / "pg_restore", "--no-owner", "-d", here, dump], check=True)
        return here

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.programs / program), *map(str, words)]
        who = _unprivileged()
        as_whom = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if who else {}
        # The server keeps inherited files open, so it is given a file and not a pipe.
        with open(self.folder / f"{program}.out", "ab") as out:
            done = subprocess.run(command, cwd=self.folder, stdout=out, stderr=out, **as_whom)
        if done.returncode:
            raise RuntimeError(f"{program}: {(self.folder / f'{program}.out').read_text()[-2000:]}")


def _unprivileged() -> pwd.struct_passwd | None:
    """Return the user who runs the server if this process is root, because PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    return next((entry for entry in pwd.getpwall() if entry.pw_name == "postgres"), None)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Yield a running server; afterwards, remove it with all its data."""
    programs = binaries()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short, because the path of a socket has at most 107 bytes
    if who := _unprivileged():
        os.chown(folder, who.pw_uid, who.pw_gid)
    own = Cluster(folder, programs)
    try:
        own.make()
        yield own
    finally:
        if (own.data / "postmaster.pid").exists():
            own.stop()
        shutil.rmtree(folder)
