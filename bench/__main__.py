"""`make bench`: prepare the archives, measure them in interleaved rounds, print tables of medians and ratios."""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench import over_http
from bench.table import table

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
STATIC = VAR / "static"
SIZES = (100, 10_000, 100_000)
ROUNDS = 5
PARTS = ("inside", "http")


@dataclass
class MeasuredArchive:
    """A database with an archive of one size, and the process that measures it.

    `found` holds the results by the name of the page or action.
    """

    database: str
    articles: int
    process: subprocess.Popen | None = None
    found: dict[str, dict] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the DATABASE_URL of the archive."""
        if self.database == "sqlite":
            return f"sqlite:///{VAR / f'{self.articles}.sqlite3'}"
        return f"postgresql:///{self.name}"

    @property
    def name(self) -> str:
        """Return the name of the PostgreSQL database."""
        return f"betterment_bench_{self.articles}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment variables for the archive's processes."""
        # Development settings, regardless of the shell's: the archive can only be created with DEBUG.
        plain = {name: value for name, value in os.environ.items() if name not in ("BETTERMENT_ENV", "DEBUG")}
        folders = {"MEDIA_ROOT": str(VAR / "media"), "STATIC_ROOT": str(STATIC)}
        return {**plain, **folders, "DATABASE_URL": self.url, "SECRET_KEY": "bench-" * 10}

    def prepare(self) -> None:
        """Create the database and its archive, or complete them. Raise CalledProcessError if a command fails."""
        if self.database == "postgresql":
            subprocess.run(["createdb", self.name], stderr=subprocess.DEVNULL, check=False)
        for command in (["migrate", "-v0"], ["make_archive", str(self.articles)]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        """Start the process that measures the archive."""
        environment = {**self.environment, "DEBUG": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.inside"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str):
        """Send a command to the process; return its answer, parsed from JSON.

        Raise RuntimeError if the process has ended.
        """
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The process of {self.url} ended at “{line}”.")
        return json.loads(answer)

    def keep(self, name: str, measured: dict) -> None:
        """Append the times of a measurement to the earlier ones, and replace its other values."""
        kept = self.found.setdefault(name, {"ms": [], "cpu_ms": []})
        for clock in ("ms", "cpu_ms"):
            kept[clock] += measured.pop(clock)
        kept |= measured

    def stop(self) -> None:
        """End the process, if it was started."""
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def main() -> int:
    """Measure as the command line says, write var/bench/latest.json, print the tables, and return exit status 0.

    Raise CalledProcessError or RuntimeError if an archive cannot be created or measured.
    """
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=SIZES, help="Sizes of the archive, smallest first.")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--integrity", action="store_true", help="Prove every archive as well: minutes for a large one."
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="Inside the process, and over HTTP.")
    parser.add_argument("--seconds", type=int, default=2, help="Of each slot of load over HTTP.")
    parser.add_argument("--cpu", action="store_true", help="Show time on a processor, for a busy machine and SQLite.")
    asked = parser.parse_args()
    VAR.mkdir(parents=True, exist_ok=True)
    archives = [MeasuredArchive(database, size) for database in asked.databases for size in asked.articles]
    for archive in archives:
        archive.prepare()
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=ROOT, env={**archives[0].environment, "DEBUG": "0"}, check=True)
    clock = "cpu_ms" if asked.cpu else "ms"
    try:
        for archive in archives:
            archive.start()
        if "inside" in asked.parts:
            measure(archives, asked.rounds)
        if asked.integrity:
            for archive in archives:
                archive.keep("check_integrity", archive.ask("integrity"))
        over = over_http_of(archives, asked.rounds, asked.seconds) if "http" in asked.parts else {}
        memory = {f"{archive.database} {archive.articles}": archive.ask("memory") for archive in archives}
    finally:
        for archive in archives:
            archive.stop()
    results = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "rounds": asked.rounds,
        "memory_mb": memory,
        "http": over,
        "found": {f"{archive.database} {archive.articles}": archive.found for archive in archives},
    }
    (VAR / "latest.json").write_text(json.dumps(results, indent=1), encoding="utf-8")
    if "inside" in asked.parts:
        sys.stdout.write(table(archives, memory, clock))
    for name, found in over.items():
        sys.stdout.write(f"\n{over_http.table(name, found)}")
    return 0


def measure(archives: list[MeasuredArchive], rounds: int) -> None:
    """Measure every page and action of every archive in each round.

    A page is measured in all archives in direct succession, so that conditions are the same for all of them.
    """
    names = archives[0].ask("names")
    for turn in range(rounds):
        for name in names:
            for archive in archives:
                archive.keep(name, archive.ask(f"page {name}"))
        for archive in archives:
            for name, measured in archive.ask(f"verbs {time.time_ns()}").items():
                archive.keep(name, measured)
        sys.stderr.write(f"Round {turn + 1} of {rounds}\n")


def over_http_of(archives: list[MeasuredArchive], rounds: int, seconds: int) -> dict[str, dict]:
    """Measure the largest archive of each database over HTTP; return the results by “database size”.

    Raise RuntimeError if a server does not start or answers unexpectedly.
    """
    largest = {archive.database: archive for archive in archives}
    return {
        f"{database} {archive.articles}": over_http.measure(
            archive.environment, rounds, seconds, lambda archive=archive: archive.ask(f"publish {time.time_ns()}")
        )
        for database, archive in largest.items()
    }


if __name__ == "__main__":
    sys.exit(main())
