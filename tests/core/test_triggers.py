"""Missing rules of a database are found by name and by definition: a trigger that was altered counts as missing."""

from dataclasses import replace

import pytest
from django.db import connection

from articles.guards import SUBMISSION_CLOSED_FOR_GOOD as GUARD
from core.db import triggers
from tests.conftest import ALL_GUARDS

LONGEST_NAME = 63  # PostgreSQL cuts longer names, and two names would become one
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no functions")


def missing() -> list[str]:
    return triggers.missing(triggers.every_rule(), connection)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_rule_of_every_app_is_kept(db):
    assert missing() == []
    assert {guard.name for guard in ALL_GUARDS} < {rule.name for rule in triggers.every_rule()}


def test_a_guard_whose_condition_is_another_is_missing_until_it_is_made_anew(db):
    triggers.install([replace(GUARD, condition="1 = 0")], connection)
    assert missing() == [GUARD.name]
    assert triggers.install_all(connection) == [] and missing() == []


def test_no_two_rules_share_a_name_and_every_trigger_has_one_that_fits():
    rules = triggers.every_rule()
    names = [trigger.name for vendor in ("sqlite", "postgresql") for rule in rules for trigger in rule.triggers(vendor)]
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(name.startswith(triggers.PREFIX) and len(name) <= LONGEST_NAME for name in names)


@pytest.mark.parametrize("rule", triggers.every_rule(), ids=lambda rule: rule.name)
def test_a_rule_that_is_taken_away_is_missing_and_comes_back(db, rule):
    triggers.remove([rule], connection)
    assert missing() == ([rule.name] if rule.triggers(connection.vendor) else [])
    assert triggers.install_all(connection) == [] and missing() == []


@on_postgresql
@pytest.mark.postgresql
def test_a_trigger_that_was_switched_off_counts_as_none(db):
    execute(f"ALTER TABLE {GUARD.table} DISABLE TRIGGER {triggers.PREFIX}{GUARD.name}")
    assert missing() == [GUARD.name]
    assert triggers.install_all(connection) == [] and missing() == []


@on_postgresql
@pytest.mark.postgresql
def test_a_trigger_whose_function_does_something_else_counts_as_none(db):
    function = f"{triggers.PREFIX}{GUARD.name}"
    execute(f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$")
    assert missing() == [GUARD.name]
    assert triggers.install_all(connection) == [] and missing() == []


@on_postgresql
@pytest.mark.postgresql
def test_a_guard_of_deletions_is_missing_where_truncate_is_let_through(db):
    execute(f"DROP TRIGGER {triggers.PREFIX}articles_revision_no_delete_all ON articles_revision")
    assert missing() == ["articles_revision_no_delete"]
