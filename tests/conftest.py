"""Fixtures that the tests of all apps share."""

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import teardown_databases
from hypothesis import HealthCheck, settings

from advisors.guards import GUARDS as BOARD_GUARDS
from advisors.models import ChecklistItem
from articles.guards import GUARDS as CHAIN_GUARDS
from articles.names.guards import GUARDS as NAME_GUARDS
from articles.names.shown import renamed_accounts
from audit.guards import GUARDS as LOG_GUARDS
from audit.models import SigningKey
from core.db import triggers
from core.db.page_addresses import every_address
from core.guards import GUARDS as HOUSE_GUARDS
from core.house import memory
from core.house.values import House
from jobs import registry
from tests import both_databases, demonstration, migrated, newsroom, scenes
from tests.kept_rows import Kept
from tests.signing import give_key
from website.guards import GUARDS as REPORT_GUARDS

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples in each run, so that what .ci/run says depends on the change alone.
settings.register_profile("same_each_time", settings.get_profile("house"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

KEPT_CAST = Kept(newsroom.cast)
ALL_GUARDS = (*HOUSE_GUARDS, *CHAIN_GUARDS, *NAME_GUARDS, *REPORT_GUARDS, *BOARD_GUARDS, *LOG_GUARDS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that have to run on both databases (tests/both_databases.py), if `-m` names that marker.

    Otherwise skip this, because reading all files takes three seconds.
    """
    if "both_databases" in config.option.markexpr:
        for item in items:
            if both_databases.holds_for(item):
                item.add_marker(pytest.mark.both_databases)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Collect no garbage while files are imported, since hardly anything of them is."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage again, less often than usual, and not among what was imported and collected."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """Create the test database in every session, and remove it at the end.

    The fixture of pytest-django creates none if no test has its marker; a test that unblocks the database itself
    (`committed`) would then write to the real database. The reviewers' checklist is emptied, because tests that need
    questions create them (tests/advisors/test_checklist.py uses those of the site).
    """
    with django_db_blocker.unblock():
        made = migrated.set_up()
        ChecklistItem.objects.all().delete()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def migrated_file(django_db_setup, django_db_blocker, tmp_path_factory) -> Path | None:
    """Return a copy of the migrated database as an SQLite file, for installations that tests start in other processes.

    Return None if the tests run on PostgreSQL. It has no checklist, as the test database has none.
    """
    if connection.vendor != "sqlite":
        return None
    file = tmp_path_factory.mktemp("migrated") / "site.sqlite3"
    with django_db_blocker.unblock():
        migrated.copy_to(file)
    return file


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Return a folder that one process fills and every other one can read and copy.

    It is in the folder that MADE_ONCE names, so that one run of pytest can use what another made; otherwise it belongs
    to this run.
    """
    base = tmp_path_factory.getbasetemp()
    place = Path(os.environ.get("MADE_ONCE") or (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base))

    def folder_of(name: str, make: Callable[[Path], None]) -> Path:
        folder, done = place / name, place / f"{name}.done"
        with (place / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def demonstration_site(made_once: Callable[..., Path]) -> Path:
    """Return a folder with the database and the pictures of a site with the demonstration, to be copied.

    It is made with the command that people use.
    """
    return made_once("demonstration", demonstration.load)


@pytest.fixture(autouse=True)
def own_media_folder(settings, tmp_path):
    """Make each test store its pictures in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Clear the cache before each test, so that figures and sign-in attempts of other tests have no effect."""
    cache.clear()


@pytest.fixture(autouse=True)
def default_house():
    """Start each test with the default house settings in memory.

    They need not be read during the test, so the number of queries of a page does not depend on the clock.
    """
    memory.remember(House())


@pytest.fixture(autouse=True)
def nobody_renamed():
    """Start each test without renamed accounts in memory, for the same reason."""
    renamed_accounts.remember({})


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def only_ours(monkeypatch):
    """Empty the registry of jobs, so that it has only jobs that the test registers."""
    monkeypatch.setattr(registry, "_JOBS", {})


@pytest.fixture(autouse=True)
def scenes_repeated(request, monkeypatch):
    """Let the actions of the newsroom be repeated from what earlier tests recorded (tests/scenes.py)."""
    with scenes.watched(set(request.fixturenames), monkeypatch):
        yield


@pytest.fixture
def cast(db) -> newsroom.Cast:
    """Return the named cast: a writer, a colleague, an editor, an administrator, three advisors and an outsider."""
    untouched = scenes.is_untouched()
    made = KEPT_CAST()
    scenes.begin(KEPT_CAST.inserted if untouched else None, made.rows)
    return made


@pytest.fixture
def signing(settings, tmp_path, db) -> SigningKey:
    """Give the site a signing key and a folder for seals; return the key's row."""
    return give_key(settings, tmp_path)


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Provide a database in which transactions really commit, and empty its tables afterwards.

    The guards, which would refuse the deletion, do not act during it, and neither do the triggers that would record the
    addresses of what is deleted. Tables with rows of migrations are not emptied:
    content types, roles, permissions, the lists of the checks, ingredients, templates of articles, and the changes that
    caches compare.
    """
    with django_db_blocker.unblock():
        yield
        keep = {
            *("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"),
            *("checks_preferredterm", "checks_condition", "products_ingredient", "core_sitechange"),
            "articles_articletemplate",
        }
        present = connection.introspection.django_table_names(only_existing=True)
        tables = [connection.ops.quote_name(table) for table in present if table not in keep]
        with _triggers_off(tables), connection.constraint_checks_disabled(), transaction.atomic():
            # DELETE, because TRUNCATE of a hundred tables takes PostgreSQL half a second, even if they are empty.
            _each("DELETE FROM {}", tables)
        connection.close()


@contextmanager
def _triggers_off(tables: list[str]) -> Iterator[None]:
    """Context manager: no trigger of ours acts within. PostgreSQL turns them off in a hundredth of the time that it
    takes to drop and create them.
    """
    if connection.vendor == "postgresql":
        _each("ALTER TABLE {} DISABLE TRIGGER USER", tables)
        yield
        _each("ALTER TABLE {} ENABLE TRIGGER USER", tables)
        return
    in_the_way = [*ALL_GUARDS, *every_address()]
    triggers.remove(in_the_way, connection)
    yield
    triggers.install(in_the_way, connection)


def _each(statement: str, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(statement.format(table))
