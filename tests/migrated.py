"""The migrated test database, kept from one run to the next: migrating takes ten seconds, copying the result none.

It is kept under a digest of everything that it was made of, so that a change to any of that makes it anew:

* the migrations, and the modules of the site that they import, directly or through others;
* the triggers of every rule, as the database is given them, and the code that installs them;
* the models' names and permissions, for which Django makes rows after a migration;
* the pinned packages, Python, and the version of the database.

`make test` sets TEST_RUN, which is part of the digest too: it migrates once for each database and keeps nothing older.
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
KEPT = 3  # of each kind of database: those of a few branches
OldNames = list[tuple[object, str, bool]]


def set_up() -> OldNames:
    """Create the test database and return what Django's teardown_databases needs to remove it."""
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
    """Return 16 hexadecimal digits that change with anything that a migrated database depends on."""
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
    """Return these files and the site's modules that they import, directly or through others."""
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
    """Let the first of several processes migrate, and the others wait for what it keeps."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# SQLite: a file, which is copied into the memory that the tests' database is in.


def _take_file(key: str) -> bool:
    file = FOLDER / f"{key}.sqlite3"
    if not file.exists():
        return False
    _use(connection.creation._get_test_db_name())
    with closing(sqlite3.connect(file)) as kept:
        kept.backup(connection.connection)
    return True


def _keep_file(key: str) -> None:
    half = FOLDER / f"{key}.part"
    half.unlink(missing_ok=True)
    with closing(sqlite3.connect(half)) as kept:
        connection.connection.backup(kept)
    half.replace(FOLDER / f"{key}.sqlite3")
    _remove_older_files()


def _remove_older_files() -> None:
    newest_first = sorted(FOLDER.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in newest_first[KEPT:]:
        file.unlink()


# PostgreSQL: a database that CREATE DATABASE takes as its template, and that nobody is connected to.


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
    """Return what the names of the templates of this work tree's database begin with."""
    return f"migrated_{sha256(str(ROOT).encode()).hexdigest()[:8]}_"


def _use(name: str) -> None:
    """Connect to the test database of this name from now on, as Django's create_test_db does."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
