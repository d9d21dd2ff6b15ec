"""Which tests run on both databases: those that have to do with the database, or use something that has."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.both_databases import holds_for, reasons

TESTS = Path(__file__).resolve().parent
# A few of each kind, named by hand: guards, constraints, migrations, search, races, restored backups, the chain.
BOTH = (
    *("articles/test_immutability.py", "articles/test_workflow_guards.py", "articles/test_constraints.py"),
    *("articles/test_search.py", "articles/test_races.py", "articles/test_state_machine.py"),
    *("audit/test_integrity.py", "backups/test_backup.py", "core/test_triggers.py", "core/test_migrate.py"),
    *(
        "articles/test_merging.py",
        "core/test_shared_cache.py",
        "advisors/test_scheduled_emails.py",
        "endurance/test_killed.py",
    ),
    *("core/test_site_version.py", "sources/test_retractions.py", "website/test_newest_lists.py"),
)
ONCE = (
    *("comparison/test_comparison.py", "checks/test_claims.py", "core/test_html.py", "growth/test_growth.py"),
    *("sources/importers/test_there_and_back.py", "articles/test_admin_verbs.py", "website/test_feeds.py"),
)


def written(folder: Path, text: str) -> frozenset[str]:
    """Return the reasons for which a file with this text runs on both."""
    file = folder / "test_some.py"
    file.write_text(text)
    return reasons(file)


@pytest.mark.parametrize(
    "text",
    [
        "def test(committed): ...",
        "def test(transactional_db): ...",
        "assert connection.vendor == 'sqlite'",
        "connection.cursor().execute('SELECT 1')",
        "pytest.raises(IntegrityError)",
        "pytest.raises(django.db.DatabaseError)",
        "triggers.missing(RULES, connection)",
        "races = pytest.mark.skipif(vendor() != 'postgresql', reason='a race')",
        "Author.objects.filter(name__icontains='a')",
        "Author.objects.filter(**{'name__iexact': 'a'})",
        "rows.order_by(F('ended_at').desc(nulls_first=True))",
        "from core.db import triggers",
        "from articles.guards import GUARDS",
        "from articles.search import find",
        "from django.db.models.functions import Lower",
        "from mail.outbox import send_queue",  # which skips what another process has locked
        "from tests.endurance.databases import own_database",
    ],
)
def test_a_file_that_has_to_do_with_the_database_runs_on_both(tmp_path, text):
    assert written(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "def test(db): ...",
        "CaptureQueriesContext(connection)",
        "connection.execute_wrapper(note)",
        "from articles.models import Article",
        "from tests import newsroom",
        "'A race can only be seen on PostgreSQL.'",
    ],
)
def test_any_other_runs_once(tmp_path, text):
    assert not written(tmp_path, text)


FILE = """
import pytest
from django.db import DatabaseError
from articles.guards import GUARDS
from tests import newsroom

RULES = [*GUARDS]

@pytest.fixture
def broken(db):
    return refused(1)

def refused(row):
    with pytest.raises(DatabaseError):
        row.save()

class TestRules:
    def test_one(self): refused(2)

def test_by_a_fixture(broken): ...
def test_by_a_function(db): refused(3)
def test_by_a_constant(db): assert RULES
@pytest.mark.usefixtures("broken")
def test_by_a_mark(): ...
def test_none_of_it(db): assert newsroom.cast()
"""


def test_what_a_test_uses_in_its_file_counts_and_what_its_neighbours_use_does_not(tmp_path):
    file = tmp_path / "test_rules.py"
    file.write_text(FILE)
    names = ("TestRules", "test_by_a_fixture", "test_by_a_function", "test_by_a_constant", "test_by_a_mark")
    assert [name for name in names if not reasons(file, name)] == []
    assert reasons(file, "test_none_of_it") == frozenset()
    always = tmp_path / "test_always.py"
    always.write_text(f"{FILE}\n@pytest.fixture(autouse=True)\ndef always(broken): ...\n")
    assert reasons(always, "test_none_of_it")


def test_the_rule_finds_what_it_is_for():
    assert [file for file in BOTH if not reasons(TESTS / file)] == []
    assert [file for file in ONCE if reasons(TESTS / file)] == []


def test_what_is_skipped_on_sqlite_runs_on_postgresql():
    skipped = [file for file in TESTS.rglob("test_*.py") if "mark.postgresql" in file.read_text(encoding="utf-8")]
    assert skipped
    assert [file.name for file in skipped if not reasons(file)] == []


def test_a_test_that_says_so_stays_on_sqlite():
    for marker, is_on_both in (("", True), ("sqlite_is_enough", False)):
        item = SimpleNamespace(
            fixturenames=["committed"], get_closest_marker=lambda name, marker=marker: name == marker
        )
        assert holds_for(item) is is_on_both
