"""Checks of the tables themselves: every column, constraint and unique index of this code is in the database.

The expected tables are created from the models, and from the migration with the rules that models cannot declare: in
memory on SQLite, as temporary tables on PostgreSQL. The definitions of the expected and of the real tables are then
read in the same way and compared. Nothing of this stays in the database.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model

from audit.integrity.faults import Fault

RULES = "articles.migrations.0002_database_rules"
Definitions = dict[str, set[str]]
# A string, which is kept, or a cast between the two types of text.
_CAST = re.compile(r"('(?:[^']|'')*')|::(?:character varying|text)(?:\[\])?(?![\w(\[])")


def faults() -> Iterator[Fault]:
    """Yield a fault for each part of a table of this project that is missing, changed or not enforced."""
    is_postgresql = connection.vendor == "postgresql"
    expected = _on_postgresql() if is_postgresql else _on_sqlite()
    present = _defined(connection, "ANY (current_schemas(false))" if is_postgresql else "")
    for table, definitions in sorted(expected.items()):
        if table not in present:
            yield Fault("database", f"the table {table} is missing")
            continue
        for definition in sorted(definitions - present[table]):
            yield Fault("database", f"the table {table} is not that of this code; it lacks: {definition}")


@cache
def _on_sqlite() -> Definitions:
    """Return the definitions of the project's tables, made in memory."""
    with _another_connection({"NAME": ":memory:"}) as database:
        with database.schema_editor(atomic=False) as editor:
            _make(editor)
        return _of_models(_defined(database, ""))


@cache
def _on_postgresql() -> Definitions:
    """Return the definitions of the project's tables, made as temporary tables that are never committed."""
    with _another_connection({}) as database:
        database.set_autocommit(False)
        with database.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)")
        with database.schema_editor(atomic=False) as editor:
            _make(editor)
        return _of_models(_defined(database, "(SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema())"))


@contextmanager
def _another_connection(settings_dict: dict[str, object]) -> Iterator[BaseDatabaseWrapper]:
    """Yield a new connection like the present one but for these settings, so that the caller's may be read-only."""
    present = connections[connection.alias]
    database = type(present)({**present.settings_dict, **settings_dict}, alias="audit")
    try:
        yield database
    finally:
        database.close()


def _make(editor: BaseDatabaseSchemaEditor) -> None:
    for model in apps.get_models():  # of all apps, because the tables of this project refer to others
        if model._meta.managed and not model._meta.proxy:
            editor.create_model(model)
    import_module(RULES).create(apps, editor)


def _models() -> list[type[Model]]:
    """Return the models of the project's apps with tables that migrations make, except automatic many-to-many ones."""
    base = Path(settings.BASE_DIR)
    return [
        model
        for config in apps.get_app_configs()
        if Path(config.path).parent == base or Path(config.path).parent.parent == base
        for model in config.get_models()
        if model._meta.managed and not model._meta.proxy
    ]


def _of_models(found: Definitions) -> Definitions:
    """Return the definitions of the tables of the models and of their relations."""
    tables = {model._meta.db_table for model in _models()}
    tables |= {field.m2m_db_table() for model in _models() for field in model._meta.local_many_to_many}
    return {table: definitions for table, definitions in found.items() if table in tables}


def _defined(database: BaseDatabaseWrapper, schema: str) -> Definitions:
    """Return the definitions of columns, constraints and unique indexes by table.

    `schema` is an SQL expression with which the name of a PostgreSQL schema is compared.
    """
    found: Definitions = defaultdict(set)
    with database.cursor() as cursor:
        if database.vendor != "postgresql":
            cursor.execute("SELECT type, tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index')")
            for kind, table, sql in cursor.fetchall():
                if kind == "table":
                    found[table].update(_parts(sql or ""))
                elif sql and sql.startswith("CREATE UNIQUE"):
                    found[table].add(sql)
            return found
        for query in POSTGRESQL:
            cursor.execute(query.format(schema))
            for table, definition in cursor.fetchall():
                found[table].add(_without_casts(definition))
    return found


def _without_casts(definition: str) -> str:
    """Return a PostgreSQL definition without casts between `varchar` and `text`, which make no difference.

    A database that pg_dump has copied has them in other places: `ARRAY['a'::varchar]::text[]` becomes
    `ARRAY['a'::varchar::text]`.
    """
    return _CAST.sub(r"\1", definition)


# Each gives a table and a definition. Names do not matter, except that of a column; what does is what is enforced.
POSTGRESQL = (
    "SELECT c.relname, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) "
    "|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END "
    "|| CASE WHEN a.attgenerated <> '' THEN ' GENERATED AS ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND n.nspname = {0}",
    "SELECT c.relname, pg_get_constraintdef(k.oid, true) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = {0}",
    "SELECT c.relname, regexp_replace(pg_get_indexdef(i.indexrelid, 0, true), 'INDEX \\S+ ON \\S+', 'INDEX ON') "
    "|| CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END "
    "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE i.indisunique AND n.nspname = {0}",
)


def _parts(sql: str) -> Iterator[str]:
    """Yield the definitions in a CREATE TABLE statement of SQLite, in parentheses and separated by commas."""
    depth, part, quoted = 0, "", ""
    for character in sql:
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        elif character == "(":
            depth += 1
            if depth == 1:
                continue
        elif character == ")":
            depth -= 1
            if not depth:
                break
        elif character == "," and depth == 1:
            yield part.strip()
            part = ""
            continue
        if depth:
            part += character
    if part.strip():
        yield part.strip()
