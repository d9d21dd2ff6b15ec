"""The choice of tests that run on both SQLite and PostgreSQL. All others run on SQLite only (except `make test-all`).

The choice is automatic. A test runs on both databases if it names something that differs between them, such as a
database error or SQL, or if a module from which it uses something does. What it calls in its own file counts as part of
the test, and so do its fixtures. Modules of the site count (except models, which nearly all tests use), and so do the
helper modules in tests, including helpers that helpers import. If the behaviour of a test depends on the database but
none of these shows it, the test has the marker `both_databases`. If one of these shows it although the behaviour is the
same on both, the test has the marker `sqlite_is_enough`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.test import TransactionTestCase

ROOT = Path(__file__).resolve().parent.parent

# Names in a file that handles errors of the database or runs SQL or migrations.
NAMES = {
    *("IntegrityError", "DatabaseError", "OperationalError", "ProgrammingError", "InternalError", "DataError"),
    *("MigrationExecutor", "RunSQL", "RawSQL"),
}
ATTRIBUTES = {*NAMES, "cursor", "vendor"}
# Arguments of Django's functions that give different SQL or a different order on the two databases.
ARGUMENTS = {"nulls_first", "nulls_last", "skip_locked", "no_key", "ignore_conflicts", "update_conflicts"}
# Lookups for which the database compares case or patterns: SQLite folds the case of ASCII letters only.
LOOKUPS = ("__iexact", "__icontains", "__istartswith", "__iendswith", "__regex", "__iregex")
CONNECTIONS = {"connection", "connections", "own_database"}
# Fixtures that give a test access to a database.
ASKING = {"db", "transactional_db", "committed", "django_db_blocker"}
# Fixtures with which transactions really commit, and the function that gives a test a database of its own.
COMMITTING = {"committed", "transactional_db", "own_database"}
# Modules that depend on the database even if their code has none of the names above.
FUNCTIONS = "django.db.models.functions"
MODULES = ("articles.search", "audit", "backups", "core.db", "django.db.migrations", FUNCTIONS)
# Helpers that prepare nearly all tests on either database.
SHARED = {"tests.conftest", "tests.scenes"}
MODULE_NAMES = {"guards", "derived_columns", "migrations", "site_version"}
# Names for recording or counting the statements that Django sends. Their number is the same on both databases.
NOTING = {"CaptureQueriesContext"}
NOTED = {"queries", "execute_wrapper"}


@cache
def reasons(test_file: Path, test: str = "") -> frozenset[str]:
    """Return the names and modules that depend on the database, in a test or, without `test`, in the whole file.

    `test` is the name of the function or class of the test. If there are no reasons, SQLite is enough.
    """
    nodes = _nodes_of(test_file, test) if test else _nodes(test_file)
    modules = _used(test_file, nodes) if test else _imported(nodes)
    found = set(_named(nodes))
    for module in modules:
        if _is_about_the_database(module) or _in_site(module):
            found.add(module)
        elif module.startswith("tests.") and module not in SHARED and (path := _file(module)):
            found |= _in_tests(path)
    return frozenset(found)


def holds_for(item: pytest.Item) -> bool:
    """Return whether a test has to run on both databases.

    This is so if the test has a fixture that commits, or if it has another database fixture or marker, and `reasons`.
    It is also so if the test has neither, but its file or a helper module in tests names a connection: a process or
    thread that the test starts may use a database. It is never so for a test with the marker `sqlite_is_enough`.
    """
    if item.get_closest_marker("sqlite_is_enough"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    case = getattr(item, "cls", None)
    if fixtures & COMMITTING:
        return True
    if fixtures & ASKING or item.get_closest_marker("django_db") or (case and issubclass(case, TransactionTestCase)):
        return bool(reasons(item.path, case.__name__ if case else item.originalname))
    return not _in_tests(item.path).isdisjoint(CONNECTIONS)


@cache
def _in_tests(file: Path) -> frozenset[str]:
    """Return the names and modules that depend on the database, in a test file and the test helpers that it imports."""
    nodes = _nodes(file)
    found = set(_named(nodes))
    for module in _imported(nodes):
        if _is_about_the_database(module):
            found.add(module)
        elif module.startswith("tests.") and module not in SHARED and (path := _file(module)):
            found |= _in_tests(path)
    return frozenset(found)


@cache
def _in_site(module: str) -> frozenset[str]:
    """Return the names in a module of the site that depend on the database; none for a module of models."""
    path = _file(module)
    if path is None or "models" in module.split("."):
        return frozenset()
    nodes = _nodes(path)
    return frozenset({*_named(nodes), *({FUNCTIONS} & _imported(nodes))})


@cache
def _definitions(file: Path) -> dict[str, ast.stmt]:
    """Return the functions, classes and assignments of a file by the names that they define."""
    found: dict[str, ast.stmt] = {}
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = statement
            case ast.Assign(targets=targets):
                found |= {node.id: statement for target in targets for node in ast.walk(target) if _is_name(node)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = statement
    return found


def _nodes_of(file: Path, test: str) -> list[ast.AST]:
    """Return the nodes of a test and of what it uses in its file, including fixtures, also those for every test."""
    there = _definitions(file)
    everywhere = [name for name, statement in there.items() if name == "pytestmark" or "autouse" in ast.dump(statement)]
    waiting, seen, nodes = [test, *everywhere], set(), []
    while waiting:
        name = waiting.pop()
        if name in seen or name not in there:
            continue
        seen.add(name)
        within = list(ast.walk(there[name]))
        nodes += within
        waiting += _mentioned(within)
    return nodes


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def _mentioned(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield the names, arguments (fixtures) and strings (of `usefixtures`) in these nodes."""
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Constant(value=str(name)):
                yield name


def _used(file: Path, nodes: list[ast.AST]) -> set[str]:
    """Return the modules from which these nodes of a file use something, and the names that they use of them."""
    mentioned, found = set(_mentioned(nodes)), set()
    for node in _nodes(file):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names if (one.asname or one.name.partition(".")[0]) in mentioned}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [one.name for one in node.names if (one.asname or one.name) in mentioned]
            found |= {node.module, *(f"{node.module}.{name}" for name in names)} if names else set()
    return found


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
    """Yield the nodes that name a connection only to record its statements."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in NOTING:
                yield from node.args
            case ast.Attribute(attr=name) if name in NOTED:
                yield node.value
