"""The state of the site in the database: no change is missed, whoever commits first, and nobody waits for anybody."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from articles import workflow
from articles.models import Recommendation
from core.db import triggers
from pagecache import site_version
from pagecache.models import Change
from products.models import Product
from tests import newsroom


def held_open(change: Callable[[], object]) -> Callable[[], None]:
    """Make the change in a transaction of its own, which is open until the function that this gives is called.

    Nobody waits for it: whoever has to is refused after two seconds.
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
    before = site_version.state()
    with pytest.raises(RuntimeError), transaction.atomic():
        Product.objects.create(name="Calm", slug="calm")
        raise RuntimeError
    assert site_version.state() == before


def test_a_change_after_a_savepoint_that_was_rolled_back_counts(committed):
    before = site_version.state()
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            Product.objects.create(name="Calm", slug="calm")
            raise RuntimeError
        Product.objects.create(name="Quiet", slug="quiet")
    assert site_version.state() != before


def test_no_number_comes_twice_and_few_are_kept(committed):
    seen = [site_version.state()]
    for number in range(150):
        Product.objects.create(name=f"Product {number}", slug=f"product-{number}")
        seen.append(site_version.state())
    assert len(set(seen)) == len(seen)
    assert Change.objects.filter(about=site_version.SITE).count() <= site_version.KEPT + 1


def test_where_its_table_is_taken_away_again_everything_can_still_be_written(committed):
    """As by `migrate pagecache zero`, for whoever goes back to earlier code."""
    shown = [table for config in apps.get_app_configs() for table in getattr(config, "watched_tables", ())]
    try:
        call_command("migrate", "pagecache", "zero", verbosity=0)
        Product.objects.create(name="Calm", slug="calm")
    finally:
        call_command("migrate", verbosity=0)
    assert not triggers.missing(shown, connection)


def test_a_site_that_goes_back_a_version_and_forward_again_misses_no_change(committed):
    """As an upgrade finds it: the table comes anew while triggers stand on others and name it."""
    shown = [table for config in apps.get_app_configs() for table in getattr(config, "watched_tables", ())]
    try:
        call_command("migrate", "pagecache", "zero", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert not triggers.missing(shown, connection)
    before = site_version.state(), site_version.parts_mark([])
    assert before[1]
    Product.objects.create(name="Calm", slug="calm")
    assert site_version.state() != before[0] and site_version.parts_mark([]) != before[1]


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_two_who_publish_at_once_do_not_wait_and_the_late_one_is_not_missed(committed):
    """The number of the first is the lower one, and is committed last: a highest number alone would miss it."""
    commit = held_open(lambda: Product.objects.create(name="First", slug="first"))
    for number in range(site_version.KEPT + 10):
        Product.objects.create(name=f"Second {number}", slug=f"second-{number}")
    between = site_version.state()
    commit()
    assert site_version.state() != between
    assert Product.objects.filter(slug="first").exists()


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_two_who_change_one_part_at_once_do_not_wait_and_the_late_one_is_not_missed(committed):
    """What the second leaves takes the place of what stood there, and the first's lower number comes after it."""
    cast = newsroom.cast()
    article, calm = newsroom.draft(cast), Product.objects.create(name="Calm", slug="calm")
    quiet = Product.objects.create(name="Quiet", slug="quiet")
    own = [f"article {article.pk}"]
    before = site_version.parts_mark(own)
    commit = held_open(lambda: Recommendation.objects.create(article=article, product=calm))
    Recommendation.objects.create(article=article, product=quiet)
    Recommendation.objects.filter(product=quiet).update(position=2)
    between = site_version.parts_mark(own)
    commit()
    after = site_version.parts_mark(own)
    assert len({before, between, after}) == 3
    Recommendation.objects.filter(product=quiet).update(position=3)
    assert site_version.parts_mark(own) not in (before, between, after)
    assert Change.objects.filter(about=own[0]).count() == site_version.KEPT_OF_A_PART


def test_a_change_of_one_part_leaves_the_others_as_they_were(committed):
    cast = newsroom.cast()
    article, other = newsroom.draft(cast), newsroom.draft(cast)
    product = Product.objects.create(name="Calm", slug="calm")
    own, others = [f"article {article.pk}"], [f"article {other.pk}", f"topic {cast.topic.pk}"]
    before, site = (site_version.parts_mark(own), site_version.parts_mark(others)), site_version.state()
    Recommendation.objects.create(article=article, product=product)
    assert site_version.parts_mark(own) != before[0] and site_version.parts_mark(others) == before[1]
    assert site_version.state() != site
    Product.objects.filter(pk=product.pk).update(name="Quiet")
    assert site_version.parts_mark(others) != before[1], "a product may show on any page"


def test_a_row_that_moves_from_one_part_to_another_changes_both(committed):
    cast = newsroom.cast()
    article, other = newsroom.draft(cast), newsroom.draft(cast)
    row = Recommendation.objects.create(article=article, product=Product.objects.create(name="Calm", slug="calm"))
    parts = [[f"article {article.pk}"], [f"article {other.pk}"]]
    before = [site_version.parts_mark(part) for part in parts]
    Recommendation.objects.filter(pk=row.pk).update(article=other)
    assert [was == site_version.parts_mark(part) for was, part in zip(before, parts, strict=True)] == [False, False]


def test_parts_change_by_the_clock_when_their_own_articles_start_and_end(committed):
    cast, now = newsroom.cast(), timezone.now()
    article, other = newsroom.approved(cast), newsroom.approved(cast)
    newsroom.publish(cast, other, at=now + timedelta(minutes=5))
    workflow.schedule(article=article, actor=cast.editor, at=now + timedelta(hours=1), until=now + timedelta(hours=2))
    own = [f"article {article.pk}", f"topic {cast.topic.pk}"]
    assert site_version.look(now).until == now + timedelta(minutes=5)
    assert site_version.parts_until(own, now) == now + timedelta(hours=1)
    assert site_version.parts_until(own, now + timedelta(hours=1)) == now + timedelta(hours=2)
    assert site_version.parts_until(own, now + timedelta(hours=2)) is None
    assert site_version.parts_until([f"topic {cast.topic.pk}"], now) is None


def test_where_nothing_was_noted_of_every_page_no_part_has_a_name(committed):
    site_version.touch()
    assert site_version.parts_mark(["article 1"])
    Change.objects.filter(about=site_version.EVERY_PAGE).delete()
    assert site_version.parts_mark(["article 1"]) == ""


def test_a_restored_database_is_in_no_state_in_which_the_one_before_was(committed):
    site_version.touch()
    before = site_version.parts_mark([])
    site_version.touch()
    assert site_version.parts_mark([]) != before
    assert Change.objects.filter(about=site_version.EVERY_PAGE).count() == 2


def test_a_new_database_whose_numbers_begin_anew_is_never_taken_for_the_one_before(committed):
    """As where a backup is restored: what is kept on disk knows the state by its mark."""
    product = Product.objects.create(name="Calm", slug="calm")
    now, number = timezone.now(), Change.objects.latest("pk").pk
    before = site_version.look(now)
    assert site_version.look(now) == before
    Change.objects.all().delete()
    Change.objects.create(pk=number)
    assert site_version.state() == {number}
    assert site_version.look(now).mark != before.mark
    Product.objects.filter(pk=product.pk).update(name="Quiet")
    assert "" not in Change.objects.values_list("mark", flat=True), "the triggers write one as well"


def test_one_query_tells_the_state_and_the_next_start_and_end(committed, django_assert_num_queries):
    Product.objects.create(name="Calm", slug="calm")
    with django_assert_num_queries(1):
        assert site_version.look(timezone.now()).until is None
    Change.objects.all().delete()
    assert site_version.look(timezone.now()) == site_version.VersionReading("", None)
