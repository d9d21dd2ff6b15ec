"""Which tests run on SQLite and on PostgreSQL. The others run on SQLite; `make test-all` runs them all on both.

Nobody has to remember it: a test runs on both if its file names something that differs between databases, or if one of
the modules that it imports does: the site's (models apart, which every test has to do with), or those of the tests and
what they import of the tests in turn. Where none of this shows, although the behaviour depends on the database, a file
carries the marker `both_databases`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent

# What a file names if it raises or catches what a database refuses, locks rows, or writes SQL.
NAMES = {
    *("IntegrityError", "DatabaseError", "OperationalError", "ProgrammingError", "InternalError", "DataError"),
    *("MigrationExecutor", "RunSQL", "RawSQL"),
}
ATTRIBUTES = {*NAMES, "cursor", "vendor"}
# Arguments of Django's that lead to SQL or to an order that only one of the databases has.
ARGUMENTS = {"nulls_first", "nulls_last", "skip_locked", "no_key", "ignore_conflicts", "update_conflicts"}
# Lookups whose idea of upper and lower case is the database's own: SQLite's ends with ASCII.
LOOKUPS = ("__iexact", "__icontains", "__istartswith", "__iendswith", "__regex", "__iregex")
CONNECTIONS = {"connection", "connections", "own_database"}
# Fixtures by which a test asks a database.
ASKING = {"db", "transactional_db", "committed", "django_db_blocker"}
# Fixtures by which transactions really commit, and the function by which a test has a database of its own.
COMMITTING = {"committed", "transactional_db", "own_database"}
# Modules of ours that are about the database even where the text of their Python does not say so.
FUNCTIONS = "django.db.models.functions"
MODULES = ("articles.search", "audit", "backups", "core.db", "django.db.migrations", FUNCTIONS)
MODULE_NAMES = {"guards", "derived_columns", "migrations", "site_version"}
# These note the statements that Django writes; their number is the same on both databases.
NOTING = {"CaptureQueriesContext"}
NOTED = {"queries", "execute_wrapper"}


@cache
def reasons(test_file: Path) -> frozenset[str]:
    """Return what a file of tests names or imports that is about the database; nothing if SQLite is enough."""
    modules = {module for module in _imported(_nodes(test_file)) if not module.startswith("tests.")}
    return _in_tests(test_file) | {module for module in modules if _in_site(module)}


def holds_for(item: pytest.Item) -> bool:
    """Return whether a test is to run on both databases.

    One that asks no database by its fixtures is, if its file or the modules of the tests that it imports name a
    connection: what it starts may ask one.
    """
    fixtures = set(getattr(item, "fixturenames", ()))
    case = getattr(item, "cls", None)
    if fixtures & COMMITTING:
        return True
    if fixtures & ASKING or item.get_closest_marker("django_db") or (case and issubclass(case, TransactionTestCase)):
        return bool(reasons(item.path))
    return not _in_tests(item.path).isdisjoint(CONNECTIONS)


@cache
def _in_tests(file: Path) -> frozenset[str]:
    """Return what a file of tests names itself, and what those modules of the tests name that it imports."""
    nodes = _nodes(file)
    found = set(_named(nodes))
    for module in _imported(nodes):
        if _is_about_the_database(module):
            found.add(module)
        elif module.startswith("tests.") and module != "tests.conftest" and (path := _file(module)):
            found |= _in_tests(path)
    return frozenset(found)


@cache
def _in_site(module: str) -> frozenset[str]:
    """Return what a module of the site names that is about the database."""
    path = _file(module)
    if path is None or "models" in module.split("."):
        return frozenset()
    nodes = _nodes(path)
    return frozenset({*_named(nodes), *({FUNCTIONS} & _imported(nodes))})


def _file(module: str) -> Path | None:
    path = ROOT / f"{module.replace('.', '/')}.py"
    return path if path.exists() else None


@cache
def _nodes(file: Path) -> list[ast.AST]:
    """Return every node of a file's syntax tree."""
    return list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def _is_about_the_database(module: str) -> bool:
    within = any(module == one or module.startswith(f"{one}.") for one in MODULES)
    return within or not MODULE_NAMES.isdisjoint(module.split("."))


def _imported(nodes: list[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _named(nodes: list[ast.AST]) -> Iterator[str]:
    noted = set(_noted(nodes))
    for node in nodes:
        match node:
            case ast.Name(id=name) if name in CONNECTIONS and node not in noted:
                yield name
            case ast.Name(id=name) if name in NAMES:
                yield name
            case ast.Attribute(attr=name) if name in ATTRIBUTES:
                yield name
            case ast.arg(arg=name) | ast.Name(id=name) if name in COMMITTING:
                yield name
            case ast.keyword(arg=str(name)) if name in ARGUMENTS or name.endswith(LOOKUPS):
                yield name
            case ast.Constant(value=str(text)) if text == "postgresql" or text.endswith(LOOKUPS):
                yield text


def _noted(nodes: list[ast.AST]) -> Iterator[ast.AST]:
    """Yield the places where a connection is named only to note its statements."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in NOTING:
                yield from node.args
            case ast.Attribute(attr=name) if name in NOTED:
                yield node.value
