"""An address that readers could open leads to its page for ever, however the page was renamed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from advisors.models import Advisor
from articles import workflow
from articles.models import Article, Author, Topic
from core.models import Redirect
from policies.models import Policy
from products.models import Product
from tests import newsroom


def rename(row, slug: str) -> None:
    row.slug = slug
    row.save()


def target(client: Client, path: str) -> str:
    """Return where a path leads in one hop, or an empty string if it answers 404."""
    answer = client.get(path)
    assert answer.status_code in (301, 404)
    return answer.headers.get("Location", "")


def policy(slug: str, **fields: object) -> Policy:
    return Policy.objects.create(slug=slug, title=slug, summary="One.", body="<p>One.</p>", **fields)


def test_a_reader_follows_an_old_link_to_a_topic(client, cast):
    newsroom.published(cast)
    rename(cast.topic, "better-sleep")
    assert client.get("/topics/sleep/", follow=True).redirect_chain == [("/topics/better-sleep/", 301)]


def test_a_feed_reader_finds_the_feed_of_a_renamed_topic(client, cast):
    newsroom.published(cast)
    rename(cast.topic, "better-sleep")
    assert target(client, "/feeds/topics/sleep.atom") == "/feeds/topics/better-sleep.atom"
    assert target(client, "/feeds/topics/sleep.json") == "/feeds/topics/better-sleep.json"


def test_a_reader_finds_an_author_who_has_married(client, cast):
    newsroom.published(cast)
    rename(cast.author, "wanda-wed")
    assert client.get("/authors/wanda-writer/", follow=True).redirect_chain == [("/authors/wanda-wed/", 301)]


def test_a_customer_finds_a_product_under_its_new_name(client, db):
    rename(Product.objects.create(name="Calm", slug="calm"), "quiet")
    assert client.get("/products/calm/", follow=True).redirect_chain == [("/products/quiet/", 301)]


def test_a_university_links_to_an_advisor_whose_address_was_corrected(client, cast):
    rename(cast.advisors[0], "ada-lovelace")
    assert client.get("/experts/ada/", follow=True).redirect_chain == [("/experts/ada-lovelace/", 301)]


def test_a_reader_finds_a_policy_under_its_new_name(client, db):
    rename(policy("money", is_shown=True), "who-pays")
    assert client.get("/policies/money/", follow=True).redirect_chain == [("/policies/who-pays/", 301)]


def test_all_addresses_of_an_article_lead_on_if_its_address_changes_in_the_database(client, cast):
    article = newsroom.published(cast, slug="magnesium")
    Article.objects.filter(pk=article.pk).update(slug="magnesium-and-sleep")
    for rest in ("", "record/", "versions/1/", "sources.ris", "sources/doe2020/", "cite/", "report/"):
        assert target(client, f"/articles/magnesium/{rest}") == f"/articles/magnesium-and-sleep/{rest}"


def test_after_several_renamings_every_address_leads_to_the_page_in_one_hop(client, db):
    product = Product.objects.create(name="Calm", slug="one")
    for slug in ("two", "three", "four"):
        rename(product, slug)
    for slug in ("one", "two", "three"):
        assert target(client, f"/products/{slug}/") == "/products/four/"


def test_a_page_returns_to_an_earlier_address(client, db):
    product = Product.objects.create(name="Calm", slug="one")
    for slug in ("two", "three", "one"):
        rename(product, slug)
    assert client.get("/products/one/").status_code == 200
    assert target(client, "/products/two/") == target(client, "/products/three/") == "/products/one/"
    rename(product, "two")
    assert target(client, "/products/one/") == target(client, "/products/three/") == "/products/two/"


@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "sql"])
def test_the_address_is_recorded_whichever_way_it_changes(client, db, way):
    product = Product.objects.create(name="Calm", slug="calm")
    product.slug = "quiet"
    if way == "save":
        product.save()
    elif way == "update":
        Product.objects.update(slug="quiet")
    elif way == "bulk_update":
        Product.objects.bulk_update([product], ["slug"])
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE products_product SET slug = 'quiet'")
    assert target(client, "/products/calm/") == "/products/quiet/"


# --- What was never public may change without a trace


def test_a_topic_without_a_published_article_leaves_no_redirect(client, cast):
    newsroom.draft(cast)
    rename(cast.topic, "better-sleep")
    rename(cast.author, "wanda-wed")
    assert not Redirect.objects.exists()


def test_a_product_that_was_never_on_sale_leaves_no_redirect(client, db):
    rename(Product.objects.create(name="Calm", slug="calm", is_available=False), "quiet")
    assert not Redirect.objects.exists()


def test_a_policy_that_was_never_shown_leaves_no_redirect(client, db):
    rename(policy("money"), "who-pays")
    assert not Redirect.objects.exists()


def test_what_was_only_scheduled_leaves_no_redirect(cast):
    article = newsroom.approved(cast)
    workflow.schedule(article=article, actor=cast.editor, at=timezone.now() + timedelta(days=1))
    rename(cast.topic, "better-sleep")
    rename(cast.author, "wanda-wed")
    assert not Redirect.objects.exists()
    workflow.unschedule(article=article, actor=cast.editor, reason="Not yet.")
    rename(cast.topic, "sleep")
    assert not Redirect.objects.exists()


# --- What was public stays so although it is not public any more


def test_a_product_that_is_not_sold_any_more_is_renamed(client, db):
    product = Product.objects.create(name="Calm", slug="calm")
    Product.objects.update(is_available=False)
    product.refresh_from_db()
    rename(product, "quiet")
    assert target(client, "/products/calm/") == "/products/quiet/"


def test_a_policy_that_was_hidden_is_renamed(client, db):
    page = policy("money", is_shown=True)
    for change in ({"is_shown": False}, {"slug": "who-pays"}, {"is_shown": True}):
        Policy.objects.filter(pk=page.pk).update(**change)
    assert target(client, "/policies/money/") == "/policies/who-pays/"


def test_a_topic_whose_last_article_was_moved_to_another_is_renamed(client, cast):
    newsroom.published(cast).topics.clear()
    rename(cast.topic, "better-sleep")
    assert target(client, "/topics/sleep/") == "/topics/better-sleep/"


def test_a_withdrawn_article_keeps_its_notice_and_its_topic_is_renamed(client, cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="It was wrong.")
    rename(cast.topic, "better-sleep")
    assert client.get(article.get_absolute_url()).status_code == 410
    assert target(client, "/topics/sleep/") == "/topics/better-sleep/"


# --- No other page gets the address


def reuses(cast) -> dict:
    """Return ways to give the address /products/calm/ to another product than Quiet, which had it before."""
    other = Product.objects.create(name="Other", slug="other")
    return {
        "a new product": lambda: Product.objects.create(name="Calm", slug="calm"),
        "another product": lambda: rename(other, "calm"),
        "an update": lambda: Product.objects.filter(pk=other.pk).update(slug="calm"),
    }


@pytest.mark.parametrize("way", ["a new product", "another product", "an update"])
def test_an_address_that_was_public_is_not_given_to_another_page(cast, way):
    rename(Product.objects.create(name="Quiet", slug="calm"), "quiet")
    with pytest.raises(IntegrityError, match="leads there"), transaction.atomic():
        reuses(cast)[way]()


def test_the_address_of_a_deleted_page_is_not_given_to_another_one(cast):
    newsroom.published(cast)
    cast.topic.delete()
    with pytest.raises(IntegrityError, match="leads there"), transaction.atomic():
        Topic.objects.create(name="Sleep", slug="sleep")


def test_an_address_that_was_never_public_may_be_used_again(cast):
    rename(cast.topic, "better-sleep")
    Topic.objects.create(name="Sleep again", slug="sleep")


def test_no_redirect_is_left_by_a_page_that_is_saved_unchanged(cast):
    newsroom.published(cast)
    for row in (cast.topic, cast.author, cast.advisors[0]):
        row.save()
    assert not Redirect.objects.exists()
    assert Author.objects.get() and Advisor.objects.exists()
