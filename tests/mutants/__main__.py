"""`make mutants`: check that a test finds each fault in faults.py. Seeds them one at a time, in a copy of the tree.

Exits with 1 if fewer than 95 in a hundred are found, and with 2 if a fault cannot be seeded, because then nothing was
measured.
"""

import argparse
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.faults import FAULTS, Fault

TREE = Path(__file__).resolve().parents[2]
ENOUGH = 0.95
# Seconds of processor time for one fault; all tests take about 300. A run that uses them up is in an endless loop, and
# has thus noticed the fault.
LONGEST = 1800
# These are run after a fault's own tests, the quickest first.
ALL = (
    "tests/articles/test_workflow_guards.py",
    "tests/advisors/test_reviews.py",
    "tests/articles/test_publications.py",
    "tests/advisors/test_panel.py",
    "tests/articles/test_drafting.py",
    "tests/articles/test_constraints.py",
    "tests/articles/test_publication_constraints.py",
    "tests/articles/test_immutability.py",
    "tests/website/test_reader_door.py",
    "tests/articles/test_review_terms.py",
    "tests/articles/test_waivers.py",
    "tests/articles/test_restore.py",
    "tests/advisors/test_panel_choices.py",
    "tests/advisors/test_emails.py",
    "tests/audit/test_integrity.py",
    "tests/audit/test_every_fault.py",
    "tests/articles/test_workflow_table.py",
    "tests/endurance/test_each_statement_fails.py",
    "tests/articles/test_state_machine.py",
)


class NotSeeded(Exception):
    """Raised if a fault's old text does not occur in its file exactly once."""


def seeded(fault: Fault, text: str) -> str:
    """Return the file's text with the fault in it. Raise NotSeeded if the old text does not occur exactly once."""
    found = text.count(fault.old)
    if found != 1:
        raise NotSeeded(f"{fault.file}: {found} places hold {fault.old!r}; one must.")
    if not fault.file.endswith(".py") or fault.old == fault.new:
        raise NotSeeded(f"{fault.file}: this is no fault: {fault.old!r}")
    changed = text.replace(fault.old, fault.new)
    compile(changed, fault.file, "exec")
    return changed


def copy_of_the_tree(folder: Path) -> Path:
    """Copy the files that git knows and the new ones to a folder that may be broken."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=TREE, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (TREE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TREE / name, folder / name)
    (folder / "var").mkdir()
    return folder


def run(copy: Path, tests: list[str], database: str) -> tuple[str, str]:
    """Run these tests in the copy; return the result ("passed", "failed", "never ended") and the test that failed
    first.

    Raise NotSeeded if pytest could not run them.
    """
    place = {"DATABASE_URL": postgresql()} if database == "postgresql" else {}
    told = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment = {**told, **place, "MUTANTS_MIGRATED": str(copy / "migrated.sqlite3"), "COLUMNS": "240"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider"]
    command += ["-p", "tests.mutants.migrated", f"--basetemp={copy / 'var' / 'pytest'}", *tests]
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, preexec_fn=_no_longer_than_that
    )
    if done.returncode == -signal.SIGXCPU:
        return "never ended", ""
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED tests/", "ERROR tests/"))]
    if done.returncode not in (0, 1) and not lines:
        raise NotSeeded(f"pytest ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    first = lines[0].split(" ", 1)[1] if lines else ""
    return ("failed" if done.returncode else "passed"), first


def _no_longer_than_that() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 60))


def postgresql() -> str:
    """Return the DATABASE_URL for faults that SQLite cannot show. Raise NotSeeded if there is no PostgreSQL."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return url
    asked = subprocess.run([sys.executable, "bin/postgresql_url.py"], cwd=TREE, capture_output=True, text=True)
    if asked.returncode:
        raise NotSeeded("No PostgreSQL answers, and some faults can be seen on it alone.")
    return asked.stdout.strip() + "_mutants"


def hunt(copy: Path, faults: list[Fault], others: tuple[str, ...] = ()) -> list[Fault]:
    """Seed one fault after the other, each with its own tests or with these others instead; return the survivors."""
    survivors = []
    for place, fault in enumerate(faults, 1):
        begun, path = time.monotonic(), copy / fault.file
        whole = path.read_text(encoding="utf-8")
        stamp = path.stat()
        path.write_text(seeded(fault, whole), encoding="utf-8")
        try:
            asked = [test for test in others if test not in fault.tests] or list(fault.tests)
            how, test = run(copy, asked, fault.database)
        finally:
            path.write_text(whole, encoding="utf-8")
            os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        if how == "passed":
            survivors.append(fault)
        said = "survived" if how == "passed" else f"found by {test.split(' - ')[0] or 'a test that never ended'}"
        print(f"{place:3}/{len(faults)} {time.monotonic() - begun:5.0f} s  {fault.breaks}: {said}", flush=True)
    return survivors


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="faults whose file or description holds these words")
    parser.add_argument("--database", default="", help="faults that this database shows: sqlite or postgresql")
    given = parser.parse_args()
    chosen = [
        fault
        for fault in FAULTS
        if given.only in f"{fault.file} {fault.breaks}" and given.database in ("", fault.database)
    ]
    if not chosen:
        raise NotSeeded("No fault is called so.")
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = copy_of_the_tree(Path(folder))
        for fault in chosen:
            seeded(fault, (copy / fault.file).read_text(encoding="utf-8"))
        os.environ.setdefault("MACHINE_EXAMPLES", "100")
        # Unchanged, all tests have to pass: otherwise every fault would count as found. This also fills the caches.
        for database in sorted({fault.database for fault in chosen}):
            tests = [test for fault in chosen if fault.database == database for test in fault.tests]
            how, test = run(copy, list(dict.fromkeys(tests)), database)
            if how != "passed":
                raise NotSeeded(f"Without a fault the tests do not pass on {database}: {test or how}")
        missed = hunt(copy, chosen)
        # One database at a time: faults that only PostgreSQL shows are tried there alone.
        again = [fault for fault in missed if fault.database == "sqlite"]
        print(f"\n{len(missed)} survived their own tests; {len(again)} are tried with all others.", flush=True)
        found_late = set(again) - set(hunt(copy, again, ALL))
        survivors = [fault for fault in missed if fault not in found_late]
    found = len(chosen) - len(survivors)
    print(f"\n{found} of {len(chosen)} faults found ({found / len(chosen):.0%}).")
    for fault in survivors:
        print(f"SURVIVED {fault.file}: {fault.breaks}")
    return 0 if found >= ENOUGH * len(chosen) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotSeeded as error:
        print(error, file=sys.stderr)
        sys.exit(2)
