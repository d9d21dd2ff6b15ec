"""The version of the site in the database: no change is missed, whoever commits first, and nobody waits for anybody."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles import workflow
from articles.models import Topic
from core.db import site_version, triggers
from core.db.watched_tables import KEPT
from core.models import SiteChange
from pagecache.poll import VersionPoll
from products.models import Product
from tests import newsroom


def read() -> site_version.SiteVersion:
    return site_version.read(timezone.now())


def held_open(change: Callable[[], object]) -> Callable[[], None]:
    """Make the change in a transaction of its own, which stays open until the returned function is called.

    Nobody waits for it: anything that has to wait fails after two seconds.
    """
    opened, finish, errors = threading.Event(), threading.Event(), []

    def first() -> None:
        try:
            with transaction.atomic():
                change()
                opened.set()
                assert finish.wait(120)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    def commit() -> None:
        finish.set()
        thread.join(120)
        assert not errors

    thread = threading.Thread(target=first)
    thread.start()
    assert opened.wait(120)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    return commit


def test_a_change_that_is_rolled_back_was_none(committed):
    before = read().changes
    with pytest.raises(RuntimeError), transaction.atomic():
        Product.objects.create(name="Calm", slug="calm")
        raise RuntimeError
    assert read().changes == before


def test_a_change_after_a_savepoint_that_was_rolled_back_counts(committed):
    before = read().changes
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            Product.objects.create(name="Calm", slug="calm")
            raise RuntimeError
        Product.objects.create(name="Quiet", slug="quiet")
    assert read().changes != before


def test_no_number_comes_twice_and_few_are_kept(committed):
    seen = [read().changes]
    for number in range(150):
        Product.objects.create(name=f"Product {number}", slug=f"product-{number}")
        seen.append(read().changes)
    assert len(set(seen)) == len(seen)
    assert SiteChange.objects.count() <= KEPT


def test_where_its_table_is_taken_away_again_everything_can_still_be_written(committed):
    """This is like `migrate core 0004_redirects`, for people who go back to earlier code."""
    shown = [table for config in apps.get_app_configs() for table in getattr(config, "watched_tables", ())]
    try:
        call_command("migrate", "core", "0004_redirects", verbosity=0)
        Product.objects.create(name="Calm", slug="calm")
    finally:
        call_command("migrate", verbosity=0)
    assert not triggers.missing(shown, connection)


def test_a_site_that_goes_back_a_version_and_forward_again_misses_no_change(committed):
    """An upgrade finds this: the table is created anew while triggers on other tables already name it."""
    shown = [table for config in apps.get_app_configs() for table in getattr(config, "watched_tables", ())]
    try:
        call_command("migrate", "core", "0004_redirects", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert not triggers.missing(shown, connection)
    before = read()
    Product.objects.create(name="Calm", slug="calm")
    assert read() != before


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_two_who_publish_at_once_do_not_wait_and_the_late_one_is_not_missed(committed):
    """The id of the first is the lower one, and is committed last: the highest id alone would miss it."""
    commit = held_open(lambda: Product.objects.create(name="First", slug="first"))
    for number in range(KEPT + 10):
        Product.objects.create(name=f"Second {number}", slug=f"second-{number}")
    between = read().changes
    commit()
    assert read().changes != between
    assert Product.objects.filter(slug="first").exists()


def test_a_restored_database_whose_ids_begin_anew_is_not_taken_for_the_one_before(committed):
    before = read()
    SiteChange.objects.all().delete()
    for number, _ in before.changes:
        SiteChange.objects.create(pk=number, table_name="all tables")
    assert [number for number, _ in read().changes] == [number for number, _ in before.changes]
    assert read().changes != before.changes


def test_what_changed_first_in_a_transaction_is_recorded_with_its_time(committed):
    began = timezone.now()
    with transaction.atomic():
        product = Product.objects.create(name="Calm", slug="calm")
        Topic.objects.create(name="Sleep", slug="sleep")
        Product.objects.filter(pk=product.pk).update(name="Quiet")
    last = SiteChange.objects.latest("pk")
    if connection.vendor == "postgresql":  # SQLite cannot remember what its transaction has recorded already
        assert last.table_name == "products_product"
        assert SiteChange.objects.filter(at__gte=began - timedelta(milliseconds=1)).count() == 1
    assert abs(last.at - began) < timedelta(minutes=1)


def test_one_query_tells_the_version_and_the_next_start_and_end(committed, django_assert_num_queries):
    cast, now = newsroom.cast(), timezone.now()
    article, other = newsroom.approved(cast), newsroom.approved(cast)
    newsroom.publish(cast, other, at=now + timedelta(minutes=5))
    workflow.schedule(article=article, actor=cast.editor, at=now + timedelta(hours=1), until=now + timedelta(hours=2))
    with django_assert_num_queries(1):
        found = site_version.read(now)
    assert found.until == now + timedelta(minutes=5)
    assert found.number == SiteChange.objects.latest("pk").pk
    for after, then in ((5, 60), (60, 120)):
        assert site_version.read(now + timedelta(minutes=after)).until == now + timedelta(minutes=then)
    assert site_version.read(now + timedelta(hours=2)).until is None


def test_without_a_recorded_change_there_is_no_version(committed):
    SiteChange.objects.all().delete()
    assert read() == site_version.SiteVersion((), None)
    assert VersionPoll(site_version.read).current() is None
