"""The migrated test database, stored from one run to the next: migrating takes ten seconds, copying almost no time.

It is stored under a digest of everything that it depends on, so that any change to these makes a new one:

* the migrations, and the modules of the site that they import, directly or indirectly;
* the SQL of all triggers, and the code that installs them;
* the names and permissions of the models, for which Django creates rows after a migration;
* the pinned packages, and the versions of Python and of the database.

The digest also covers the variable TEST_RUN, which `make test` sets, so that each of its runs migrates each database
once instead of using an older one.
"""

import ast
import fcntl
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases

from core.db.triggers import every_rule

ROOT = Path(__file__).resolve().parent.parent
# `make clean` removes it.
FOLDER = ROOT / ".pytest_cache" / "migrated"
INSTALLING = ("core/db/*.py", "core/management/commands/migrate.py", "requirements.txt")
KEPT = 3  # stored databases of each vendor, enough for a few branches
OldNames = list[tuple[object, str, bool]]


def set_up() -> OldNames:
    """Create the test database, from a stored copy if possible; return the argument for teardown_databases."""
    key = digest()
    take, keep = (_take_file, _keep_file) if connection.vendor == "sqlite" else (_take_template, _keep_template)
    with _one_at_a_time():
        before = connection.settings_dict["NAME"]
        if take(key):
            return [(connection, before, True)]
        made = setup_databases(verbosity=0, interactive=False)
        keep(key)
        return made


def digest() -> str:
    """Return a digest (16 hexadecimal digits) of everything that a migrated database depends on."""
    found = sha256(os.environ.get("TEST_RUN", "").encode())
    files = {*_with_imports(ROOT.glob("*/migrations/*.py")), *(one for name in INSTALLING for one in ROOT.glob(name))}
    for file in sorted(files):
        found.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    triggers = [(rule.triggers(connection.vendor), rule.catch_up(connection.vendor)) for rule in every_rule()]
    models = [
        (one._meta.label, str(one._meta.verbose_name), one._meta.default_permissions, one._meta.permissions)
        for one in apps.get_models(include_auto_created=True)
    ]
    version = connection.Database.sqlite_version if connection.vendor == "sqlite" else connection.Database.__version__
    found.update(repr((triggers, models, settings.INSTALLED_APPS, sys.version, version)).encode())
    return found.hexdigest()[:16]


def _with_imports(files: Iterator[Path]) -> set[Path]:
    """Return these files and the modules of the site that they import, directly or indirectly."""
    found, waiting = set(), list(files)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [path for module in _imported(file) if (path := _file(module))]
    return found


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file(module: str) -> Path | None:
    path = ROOT / module.replace(".", "/")
    return next((one for one in (path.with_suffix(".py"), path / "__init__.py") if one.exists()), None)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Return a context manager in which one process migrates and stores the result, while all others wait."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# SQLite: a file, which is copied into the tests' database in memory.


def _take_file(key: str) -> bool:
    file = FOLDER / f"{key}.sqlite3"
    if not file.exists():
        return False
    _use(connection.creation._get_test_db_name())
    with closing(sqlite3.connect(file)) as kept:
        kept.backup(connection.connection)
    return True


def copy_to(file: Path) -> None:
    """Copy the test database, which must be SQLite, into a new file."""
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)


def _keep_file(key: str) -> None:
    half = FOLDER / f"{key}.part"
    half.unlink(missing_ok=True)
    copy_to(half)
    half.replace(FOLDER / f"{key}.sqlite3")
    _remove_older_files()


def _remove_older_files() -> None:
    newest_first = sorted(FOLDER.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in newest_first[KEPT:]:
        file.unlink()


# PostgreSQL: a database that is used as the template of CREATE DATABASE, so nothing may be connected to it.


def _take_template(key: str) -> bool:
    template = f"{_begin_of_templates()}{key}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if not cursor.fetchone():
            return False
    connection.settings_dict["TEST"]["TEMPLATE"] = template
    _use(connection.creation._create_test_db(verbosity=0, autoclobber=True))
    return True


def _keep_template(key: str) -> None:
    quote = connection.ops.quote_name
    made, begin = connection.settings_dict["NAME"], _begin_of_templates()
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {quote(begin + key)} TEMPLATE {quote(made)}")
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET %s", [begin, KEPT]
        )
        for (old,) in cursor.fetchall():
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(old)}")


def _begin_of_templates() -> str:
    """Return the prefix of the names of this work tree's template databases."""
    return f"migrated_{sha256(str(ROOT).encode()).hexdigest()[:8]}_"


def _use(name: str) -> None:
    """Connect to the test database of this name from now on, like Django's create_test_db."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
