"""Fixtures that every room's tests share."""

import os

import pytest
from django.core.cache import cache
from django.core.management.color import no_style
from django.db import connection
from django.test.utils import teardown_databases
from hypothesis import HealthCheck, settings

from advisors.guards import GUARDS as BOARD_GUARDS
from advisors.models import ChecklistItem
from articles.guards import GUARDS as CHAIN_GUARDS
from core.db import triggers
from core.guards import GUARDS as HOUSE_GUARDS
from core.house import memory
from core.house.values import House
from jobs import registry
from tests import both_databases, migrated, newsroom
from tests.kept_rows import Kept
from website.guards import GUARDS as REPORT_GUARDS

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

KEPT_CAST = Kept(newsroom.cast)
ALL_GUARDS = (*HOUSE_GUARDS, *CHAIN_GUARDS, *REPORT_GUARDS, *BOARD_GUARDS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what has to run on both databases (tests/both_databases.py has the rule), if the choice depends on it.

    Reading all files takes three seconds.
    """
    if "both_databases" in config.option.markexpr:
        for item in items:
            if both_databases.holds_for(item):
                item.add_marker(pytest.mark.both_databases)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """A test database in every session: pytest-django's own makes none where no test has its marker, and a test that
    unblocks the database by itself (`committed`) would then write to the real one.

    The check-list is emptied: tests that need questions ask their own (tests/advisors/test_checklist.py has ours).
    """
    with django_db_blocker.unblock():
        made = migrated.set_up()
        ChecklistItem.objects.all().delete()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def own_media_folder(settings, tmp_path):
    """Each test stores its pictures in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Each test begins without the figures that another one cached, and without its attempts to sign in."""
    cache.clear()


@pytest.fixture(autouse=True)
def default_house():
    """Each test begins with the defaults of the house settings, known for as long as it runs: whether a second has
    passed shall not decide how many queries a page makes.
    """
    memory.remember(House())


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def only_ours(monkeypatch):
    """No job is registered but those that the test registers."""
    monkeypatch.setattr(registry, "_JOBS", {})


@pytest.fixture
def cast(db) -> newsroom.Cast:
    """The named cast: a writer, a colleague, an editor, an administrator, three advisors, an outsider."""
    return KEPT_CAST()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A database in which transactions really commit, for what only a commit shows; emptied afterwards.

    The guards refuse even that emptying, so they step aside for it. What the migrations put there stays:
    roles, permissions, the checks' lists, a first version of the site.
    """
    with django_db_blocker.unblock():
        yield
        triggers.remove(ALL_GUARDS, connection)
        keep = {
            *("django_migrations", "django_content_type", "auth_permission", "auth_group", "auth_group_permissions"),
            *("checks_preferredterm", "checks_condition", "products_ingredient", "pagecache_change"),
        }
        present = connection.introspection.django_table_names(only_existing=True)
        tables = [table for table in present if table not in keep]
        with connection.cursor() as cursor, connection.constraint_checks_disabled():
            for statement in connection.ops.sql_flush(no_style(), tables):
                cursor.execute(statement)
        triggers.install(ALL_GUARDS, connection)
        connection.close()
