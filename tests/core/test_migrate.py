"""`manage.py migrate` on databases full of rows removes the triggers for its work and restores them in any case."""

import threading
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.utils import timezone

from articles.models import Article, Publication, Revision
from audit import integrity
from core.db import site_version, triggers
from core.db.derived_columns import DerivedColumn
from core.health import known_migrations, unapplied_migrations
from core.management.commands.migrate import exclusive
from tests import newsroom
from tests.access import scene
from tests.endurance.databases import own_database
from tests.test_architecture import MAY_IMPORT


@pytest.fixture
def own(django_db_setup, django_db_blocker, tmp_path: Path) -> Iterator[None]:
    """Yield a database of the test's own, in which transactions commit and which may be left between two versions."""
    with django_db_blocker.unblock(), own_database(tmp_path):
        yield


def migrate(*target: str) -> str:
    """Run the command, and return its output on stderr."""
    said = StringIO()
    call_command("migrate", *target, verbosity=0, stderr=said)
    return said.getvalue()


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def standing() -> set[str]:
    """Return the names of the triggers that the database has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        return {name for (name,) in cursor.fetchall()}


def missing() -> list[str]:
    return triggers.missing(triggers.every_rule(), connection)


def of_somebody_else(name: str) -> list[str]:
    """Create a trigger that is not ours, such as a database administrator's own."""
    if connection.vendor == "sqlite":
        return [f"CREATE TRIGGER {name} AFTER INSERT ON products_product BEGIN SELECT 1; END"]
    function = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$"
    on = f"CREATE TRIGGER {name} AFTER INSERT ON products_product FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    return [function, on]


def test_every_migration_goes_back_and_forward_over_a_newsroom_full_of_rows(own):
    """Migrate back to the first migration of each app and forward to the last: the data of the first one is still
    there.
    """
    scene.build()
    kept = [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Article, Revision)]
    ours = {name.partition(".")[0] for name in known_migrations()} & MAY_IMPORT.keys()
    for app in sorted(ours):
        migrate(app, "0001")
    assert len(unapplied_migrations()) >= 10
    assert migrate() == "" and unapplied_migrations() == []
    assert missing() == [] and list(integrity.faults()) == []
    assert kept == [list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in (Article, Revision)]
    assert Publication.objects.visible().get().reviewed_at


def test_a_database_whose_triggers_had_other_names_keeps_each_once(own):
    """Names once had no prefix. The guard with the old name is removed, and only the one that replaces it remains."""
    execute(*of_somebody_else("sources_source_key_cited"))
    migrate("policies", "0001")
    migrate()
    assert "sources_source_key_cited" not in standing() and missing() == []


def test_triggers_of_others_stay_and_ours_that_no_rule_asks_for_go(own):
    execute(*of_somebody_else("audit_of_products"), *of_somebody_else("betterment_forgotten"))
    migrate("policies", "0001")
    migrate()
    assert "audit_of_products" in standing() and "betterment_forgotten" not in standing()


def test_a_run_with_nothing_to_do_touches_no_trigger(own):
    before = site_version.read(timezone.now()).changes
    migrate()
    assert site_version.read(timezone.now()).changes == before and missing() == []


def test_a_migration_that_fails_leaves_every_rule_that_can_stand(own, monkeypatch):
    migrate("policies", "0001")
    triggers_then = standing()

    def fail(self, *args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Migration, "apply", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        migrate()
    assert missing() == [] and standing() == triggers_then


def test_a_failure_between_two_versions_leaves_the_guards_and_says_what_is_not_kept(own, monkeypatch):
    """A column that a rule fills does not exist yet, and the migration that would add it fails."""
    migrate("policies", "0001")
    fill = "UPDATE products_product SET yet_to_come = 1"
    later = DerivedColumn("later", "products_product", "INSERT", f"{fill} WHERE id = NEW.id", "NEW.id > 0", refill=fill)
    monkeypatch.setattr(apps.get_app_config("products"), "derived_columns", (later,), raising=False)

    def fail(self, *args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Migration, "apply", fail)
    said = StringIO()
    with pytest.raises(RuntimeError):
        call_command("migrate", verbosity=0, stderr=said)
    assert "between two versions" in said.getvalue()
    assert missing() == ["later"]
    monkeypatch.undo()
    migrate()
    assert missing() == []


def test_a_run_that_was_killed_is_made_good_by_the_next_one_which_has_nothing_to_migrate(own):
    """What the triggers missed while they were removed is done later: review dates, pages and the search index."""
    cast = newsroom.cast()
    before = site_version.read(timezone.now()).changes
    triggers.remove_all(connection)
    article = newsroom.published(cast, title="Quandermoss and sleep")
    assert site_version.read(timezone.now()).changes == before and article.publications.get().reviewed_at is None
    migrate()
    assert missing() == [] and list(integrity.faults()) == []
    assert site_version.read(timezone.now()).changes != before
    assert article.publications.get().reviewed_at is not None
    if connection.vendor == "sqlite":
        execute("INSERT INTO articles_searchindex (articles_searchindex, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("option", ["--plan", "--check"])
def test_what_only_asks_leaves_every_trigger_where_it_is(own, option):
    migrate("policies", "0001")
    before = standing()
    try:
        call_command("migrate", option, verbosity=0, stdout=StringIO())
    except SystemExit as ended:
        assert option == "--check" and ended.code == 1
    assert standing() == before


def test_a_faked_migration_leaves_every_trigger_where_it_is(own, monkeypatch):
    migrate("policies", "0001")
    monkeypatch.setattr(triggers, "remove_all", lambda connection: pytest.fail("Nothing is to be taken away."))
    call_command("migrate", "policies", "0002", fake=True, verbosity=0)
    assert missing() == []


def test_a_second_process_waits_until_the_first_has_ended(own):
    told, entered = threading.Event(), threading.Event()

    class Told(StringIO):
        def write(self, text: str) -> int:
            told.set()
            return super().write(text)

    other = connection.copy()
    other.inc_thread_sharing()

    def second() -> None:
        with closing(other), exclusive(other, Told()):
            entered.set()

    thread = threading.Thread(target=second)
    with exclusive(connection, StringIO()):
        thread.start()
        assert told.wait(60), "the second says that it waits"
        assert not entered.is_set()
    thread.join(60)
    assert entered.is_set()
