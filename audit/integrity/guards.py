"""Checks that the triggers and rules of the database are defined as in this code, and enabled.

If the database accepts what it should refuse, the rows that are written afterwards prove nothing.
"""

from collections.abc import Iterator

from django.db import connection

from audit.integrity.faults import Fault
from core.db import triggers

PLACE = "database"

# Settings of PostgreSQL that make triggers ineffective although all are in place, or that hide or add rows: disabled
# triggers of foreign keys, rewrite rules, the role of a replica, row security, and child tables without triggers.
OTHER_RULES = (
    (
        "SELECT DISTINCT c.relname, '' FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') AND pg_table_is_visible(c.oid)",
        "the foreign keys of {0} are switched off",
    ),
    (
        "SELECT tablename, rulename FROM pg_rules WHERE schemaname = ANY (current_schemas(false))",
        "the rule {1} on {0} is not one of this code",
    ),
    (
        "SELECT c.relname, '' FROM pg_class c WHERE c.relrowsecurity AND pg_table_is_visible(c.oid)",
        "row security hides rows of {0}",
    ),
    (
        "SELECT p.relname, c.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent "
        "JOIN pg_class c ON c.oid = i.inhrelid WHERE p.relkind = 'r' AND pg_table_is_visible(p.oid)",
        "the rows of {1} count as rows of {0}, and no trigger guards them",
    ),
    (
        "SELECT COALESCE(r.rolname, 'every account'), '' FROM pg_db_role_setting s "
        "LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS setting "
        "WHERE setting LIKE 'session_replication_role=%' AND setting <> 'session_replication_role=origin'",
        "no trigger fires for {0} (session_replication_role)",
    ),
)


def faults() -> Iterator[Fault]:
    """Yield a fault for each trigger that is missing, disabled, different or not defined by this code.

    On PostgreSQL also yield one for each setting of the database that would bypass triggers or foreign keys or hide
    rows (OTHER_RULES).
    """
    for name in _missing():
        yield Fault(PLACE, f"the guard {name} is missing or changed; run manage.py migrate")
    known = {one.name for rule in triggers.every_rule() for one in rule.triggers(connection.vendor)}
    for table, name in _installed():
        if name not in known:
            yield Fault(PLACE, f"the trigger {name} on {table} is not one of this code")
    if connection.vendor == "postgresql":
        for query, message in OTHER_RULES:
            for row in _rows(query):
                yield Fault(PLACE, message.format(*row))


def _missing() -> list[str]:
    """Return the sorted names of the rules with a trigger that is missing, disabled or different."""
    rules = list(triggers.every_rule())
    missing = set(triggers.missing(rules, connection))
    if connection.vendor == "postgresql":
        functions = dict(_rows(_FUNCTIONS))
        for rule in rules:
            for one in rule.triggers(connection.vendor):
                if one.functions and functions.get(one.name) != one.functions[0].body:
                    missing.add(rule.name)
    return sorted(missing)


# The source of the function that each trigger calls, even if other functions have the same name. A function in another
# language, or one that runs with the rights of its owner, is not ours.
_FUNCTIONS = (
    "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang "
    "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid) AND l.lanname = 'plpgsql' AND NOT p.prosecdef "
    "AND p.proconfig IS NULL"
)


def _installed() -> list[tuple[str, str]]:
    """Return the table and the name of every trigger of the database, sorted."""
    query = (
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"
        if connection.vendor == "postgresql"
        else "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    )
    return sorted(_rows(query))


def _rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
