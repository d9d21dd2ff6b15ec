"""The forms say which page has an address, or had it, before the database refuses it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Topic
from core.models import Redirect
from policies.models import Policy
from products.models import Product
from tests import newsroom
from tests.admin_forms import article_form


def message(row) -> str:
    """Return the error of the field for the address, or an empty string."""
    try:
        row.full_clean()
    except ValidationError as error:
        return " ".join(error.message_dict.get("slug", []))
    return ""


def product(slug: str, name: str = "Calm", **fields: object) -> Product:
    return Product.objects.create(slug=slug, name=name, **fields)


def renamed(row, slug: str):
    row.slug = slug
    row.save()
    return row


def test_an_editor_reads_which_page_has_an_address(db):
    product("calm")
    assert message(Product(name="Other", slug="calm")) == "“Calm” has this address. Choose another one."


def test_an_editor_reads_which_page_had_an_address(db):
    renamed(product("calm", name="Quiet"), "quiet")
    wanted = "This address was public and leads to “Quiet”. Choose another one."
    assert message(Product(name="Calm", slug="calm")) == wanted
    other = product("other")
    other.slug = "calm"
    assert message(other) == wanted


def test_an_editor_reads_that_an_address_was_that_of_a_deleted_page(db):
    product("calm").delete()
    assert "no longer exists" in message(Product(name="Calm", slug="calm"))


def test_a_page_may_return_to_its_own_earlier_address(db):
    page = renamed(product("calm"), "quiet")
    page.slug = "calm"
    assert message(page) == ""


def test_a_page_that_keeps_its_address_is_saved_without_complaint(db):
    page = renamed(renamed(product("calm"), "quiet"), "calm")
    assert message(page) == ""


def test_the_topic_of_another_kind_may_have_the_same_slug(cast):
    renamed(product("calm"), "quiet")
    assert message(Topic(name="Calm", slug="calm")) == ""
    assert message(Policy(title="Calm", slug="calm", summary="One.", body="<p>One.</p>")) == ""


def test_a_writer_does_not_read_the_title_of_another_article(cast):
    newsroom.draft(cast, slug="secret", title="A secret trial")
    assert message(Article(slug="secret", created_by=cast.colleague)) == "Article with this Address already exists."


def test_the_form_of_a_topic_says_which_topic_had_its_address(client, cast):
    newsroom.published(cast)
    renamed(cast.topic, "better-sleep")
    client.force_login(cast.editor)
    page = client.post(reverse("admin:articles_topic_add"), {"name": "Naps", "slug": "sleep"}).content.decode()
    assert "This address was public and leads to “Sleep”." in page


def test_the_address_of_an_article_that_was_only_scheduled_may_be_changed(client, cast):
    article = newsroom.approved(cast, slug="too-long-a-name")
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    client.force_login(cast.editor)
    refused = article_form(client, article).send(client, slug="short")
    assert "has been published and cannot be changed" in refused.content.decode()
    workflow.unschedule(article=article, actor=cast.editor)
    assert article_form(client, article).send(client, slug="short").status_code == 302
    article.refresh_from_db()
    assert article.slug == "short" and not Redirect.objects.exists()


@pytest.mark.parametrize(("slug", "queries"), [("sleep", 1), ("better-sleep", 3)])
def test_the_database_is_asked_little_about_an_address(cast, slug, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        cast.topic._meta.get_field("slug").clean(slug, cast.topic)
