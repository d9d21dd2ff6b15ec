"""check_integrity compares the database's rules with those of the code by their definitions, on both databases."""

import pytest
from django.core.management import call_command
from django.db import connection

from audit.integrity import guards, schema
from core.db.triggers import PREFIX

CLOSED = "articles_publication_closed"


def execute(*statements: str) -> None:
    connection.check_constraints()  # PostgreSQL alters no table that still has pending deferred checks
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def found() -> list[str]:
    return [str(fault) for fault in (*guards.faults(), *schema.faults())]


def missing(name: str) -> str:
    return f"database: the guard {name} is missing or changed; run manage.py migrate"


only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has nothing of the kind")


def test_a_database_that_was_migrated_has_every_rule(db, capsys):
    assert found() == []
    call_command("check_integrity")


def test_a_hollow_trigger_of_the_same_name_is_found(db):
    name, table = f"{PREFIX}{CLOSED}", "articles_publication"
    if connection.vendor == "postgresql":
        execute(
            "CREATE FUNCTION hollow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
            f"DROP TRIGGER {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION hollow()",
        )
    else:
        execute(f"DROP TRIGGER {name}", f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
    assert found() == [missing(CLOSED)]


def test_a_trigger_whose_condition_was_weakened_is_found(db):
    one = next(trigger for trigger in _triggers(CLOSED))
    if connection.vendor == "postgresql":
        weak = one.functions[0].create_sql().replace("OLD.notice <> ''", "OLD.notice = 'x'")
        execute(weak)
    else:
        execute(f"DROP TRIGGER {one.name}", one.sql.replace("OLD.notice <> ''", "OLD.notice = 'x'"))
    assert found() == [missing(CLOSED)]


def test_a_trigger_of_somebody_else_is_found(db):
    if connection.vendor == "postgresql":
        execute(
            "CREATE FUNCTION improve() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.notice := ''; RETURN NEW; END$$",
            "CREATE TRIGGER improve BEFORE INSERT ON articles_publication FOR EACH ROW EXECUTE FUNCTION improve()",
        )
    else:
        execute("CREATE TRIGGER improve AFTER INSERT ON articles_publication BEGIN SELECT 1; END")
    assert found() == ["database: the trigger improve on articles_publication is not one of this code"]


@pytest.mark.parametrize(
    "table, constraint, definition",
    [
        ("articles_publication", "publication_starts_before_ends", "ends_at"),
        ("articles_revision", "revision_digest_is_sha256", "digest"),
        ("advisors_review", "review_verdict_is_whole", "verdict"),
    ],
)
def test_a_check_that_was_dropped_is_found(db, table, constraint, definition):
    if connection.vendor == "postgresql":
        execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    else:
        _rewrite(table, lambda part: constraint not in part)
    lines = [line for line in found() if "guard" not in line and "trigger" not in line]
    assert len(lines) == 1 and f"the table {table} is not that of this code" in lines[0] and definition in lines[0]


def test_a_unique_index_that_was_dropped_is_found(db):
    execute("DROP INDEX publication_one_open_ended")
    (line,) = found()
    assert "the table articles_publication is not that of this code; it lacks: CREATE UNIQUE INDEX" in line


def test_a_table_that_is_missing_is_found(db):
    execute("DROP TABLE articles_presence")
    assert found() == ["database: the table articles_presence is missing"]


def test_a_foreign_key_that_was_dropped_is_found(db):
    if connection.vendor == "postgresql":
        name = _name_of("articles_publication", "f", "articles_approval")
        execute(f"ALTER TABLE articles_publication DROP CONSTRAINT {name}")
    else:
        _rewrite("articles_publication", None, ' REFERENCES "articles_approval" ("id") DEFERRABLE INITIALLY DEFERRED')
    lines = [line for line in found() if "is not that of this code" in line]
    assert len(lines) == 1 and "articles_publication" in lines[0] and "articles_approval" in lines[0]


# On PostgreSQL alone


@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
@only_postgresql
def test_a_trigger_that_is_switched_off_is_found(db, how):
    execute(f"ALTER TABLE articles_publication {how} TRIGGER {PREFIX}{CLOSED}")
    assert found() == [missing(CLOSED)]


@only_postgresql
def test_a_trigger_that_always_fires_is_no_fault(db):
    execute(f"ALTER TABLE articles_publication ENABLE ALWAYS TRIGGER {PREFIX}{CLOSED}")
    assert found() == []


@only_postgresql
def test_triggers_that_are_all_switched_off_are_found_with_the_foreign_keys(db):
    execute("ALTER TABLE articles_publication DISABLE TRIGGER ALL")
    lines = found()
    assert missing(CLOSED) in lines and "database: the foreign keys of articles_publication are switched off" in lines


@only_postgresql
def test_a_function_that_runs_with_the_rights_of_somebody_else_is_found(db):
    execute(f"ALTER FUNCTION {PREFIX}{CLOSED}() SECURITY DEFINER")
    assert found() == [missing(CLOSED)]


@only_postgresql
def test_an_exclusion_constraint_that_was_dropped_is_found(db):
    execute("ALTER TABLE articles_publication DROP CONSTRAINT publication_no_overlap")
    (line,) = found()
    assert "the table articles_publication is not that of this code; it lacks: EXCLUDE USING gist" in line


@only_postgresql
def test_a_constraint_that_old_rows_need_not_keep_is_found(db):
    execute(
        "ALTER TABLE articles_publication DROP CONSTRAINT publication_starts_before_ends",
        "ALTER TABLE articles_publication ADD CONSTRAINT publication_starts_before_ends "
        "CHECK (ends_at IS NULL OR ends_at > starts_at) NOT VALID",
    )
    assert any("it lacks: CHECK (ends_at IS NULL OR ends_at > starts_at)" in line for line in found())


@only_postgresql
def test_a_database_that_pg_dump_has_copied_is_not_another(db):
    # pg_dump writes each check as here, and PostgreSQL then keeps its casts in other places.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = current_schema::regnamespace AND conrelid <> 0"
        )
        checks = cursor.fetchall()
    for table, name, definition in checks:
        execute(
            f'ALTER TABLE {table} DROP CONSTRAINT "{name}"', f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
        )
    assert len(checks) > 100
    assert found() == []


@only_postgresql
def test_a_check_that_allows_another_word_is_found(db):
    execute(
        "ALTER TABLE advisors_review DROP CONSTRAINT review_verdict",
        "ALTER TABLE advisors_review ADD CONSTRAINT review_verdict "
        "CHECK (verdict IN ('', 'approve', 'changes', 'maybe'))",
    )
    assert any("advisors_review is not that of this code; it lacks: CHECK (verdict" in line for line in found())


@only_postgresql
def test_a_column_that_may_be_empty_is_found(db):
    execute("ALTER TABLE articles_approval ALTER COLUMN digest DROP NOT NULL")
    (line,) = found()
    assert line.endswith("it lacks: column digest character varying(64) NOT NULL")


@only_postgresql
def test_a_rule_that_swallows_changes_is_found(db):
    execute("CREATE RULE swallow AS ON UPDATE TO articles_publication DO INSTEAD NOTHING")
    assert found() == ["database: the rule swallow on articles_publication is not one of this code"]


@only_postgresql
def test_row_security_is_found(db):
    execute("ALTER TABLE articles_transition ENABLE ROW LEVEL SECURITY")
    assert found() == ["database: row security hides rows of articles_transition"]


@only_postgresql
def test_a_child_table_is_found(db):
    execute("CREATE TABLE forged () INHERITS (articles_transition)")
    assert found() == ["database: the rows of forged count as rows of articles_transition, and no trigger guards them"]


@only_postgresql
def test_an_account_for_which_no_trigger_fires_is_found(db):
    execute(
        "CREATE ROLE betterment_test_replica",
        "ALTER ROLE betterment_test_replica SET session_replication_role = 'replica'",
    )
    expected = "database: no trigger fires for betterment_test_replica (session_replication_role)"
    assert found() == [expected]


@only_postgresql
def test_an_index_that_a_failed_statement_left_invalid_is_found(db):
    execute("UPDATE pg_index SET indisvalid = FALSE WHERE indexrelid = 'publication_one_open_ended'::regclass")
    assert any("it lacks: CREATE UNIQUE INDEX" in line for line in found())


def _triggers(rule: str):
    every = [one for one in guards.triggers.every_rule() if one.name == rule]
    return [trigger for one in every for trigger in one.triggers(connection.vendor)]


def _name_of(table: str, kind: str, other: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s "
            "AND confrelid = %s::regclass",
            [table, kind, other],
        )
        return cursor.fetchone()[0]


def _rewrite(table: str, keep, without: str = "") -> None:
    """Write other definitions of a table into the schema of SQLite, as an attacker can who edits it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        sql = cursor.fetchone()[0]
        parts = [part for part in schema._parts(sql) if keep is None or keep(part)]
        changed = f"{sql[: sql.index('(')]}({', '.join(parts)})".replace(without, "")
        version = cursor.execute("PRAGMA schema_version").fetchone()[0]
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute("UPDATE sqlite_master SET sql = %s WHERE type = 'table' AND name = %s", [changed, table])
        cursor.execute(f"PRAGMA schema_version = {version + 1}")
        cursor.execute("PRAGMA writable_schema = OFF")
