"""A redirect costs one query, is the same for all readers, and costs other pages nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Redirect
from products.models import Product
from tests import newsroom
from tests.cached_worker import HOST, Worker, transaction_ends


@pytest.fixture
def calm(db) -> Product:
    """Return a product that was at /products/calm/ and is at /products/quiet/."""
    product = Product.objects.create(name="Calm", slug="calm")
    product.slug = "quiet"
    product.save()
    return product


@pytest.fixture
def worker(settings, db):
    settings.ALLOWED_HOSTS = [HOST]
    return Worker()


def queries_on_redirects(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sum(Redirect._meta.db_table in query["sql"] for query in queries)


def test_an_address_that_no_view_has_takes_one_query(client, db):
    Redirect.objects.create(from_path="/blog/calm/", to_path="/products/")
    assert client.get("/blog/calm/").status_code == 301
    assert queries_on_redirects(client, "/blog/calm/") == 1


def test_the_address_of_a_renamed_page_takes_one_query_more_than_its_page(client, calm, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert client.get("/products/calm/").status_code == 301


def test_a_page_that_is_found_reads_no_redirect(client, calm, cast):
    article = newsroom.published(cast)
    for path in ("/", "/products/quiet/", "/topics/sleep/", article.get_absolute_url()):
        assert queries_on_redirects(client, path) == 0, path


@pytest.mark.parametrize("path", ["/nothing/", "/products/nothing/", "/articles/nothing/versions/1/"])
def test_an_address_that_leads_nowhere_is_looked_up_once(client, db, path):
    assert queries_on_redirects(client, path) == 1


@pytest.mark.parametrize("path", ["/admin/nothing/", "/board/nothing/", f"/{'a' * 300}/", "/%00/", "/a%5Cb/", "/é/"])
def test_a_path_that_cannot_redirect_is_not_looked_up(client, db, path):
    assert queries_on_redirects(client, path) == 0


def test_a_head_request_is_answered_like_a_get_request(client, calm):
    answer = client.head("/products/calm/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/products/quiet/")


def test_a_form_that_is_sent_to_an_old_address_is_not_redirected(client, db):
    Redirect.objects.create(from_path="/blog/calm/", to_path="/products/")
    assert client.post("/blog/calm/").status_code == 404


def test_an_old_address_without_its_slash_takes_one_hop_and_one_query(client, calm):
    answer = client.get("/products/calm", follow=True)
    assert answer.redirect_chain == [("/products/quiet/", 301)] and answer.status_code == 200
    assert queries_on_redirects(client, "/products/calm") == 1


def test_a_page_below_an_article_without_its_slash_takes_one_hop(client, cast):
    article = newsroom.published(cast, title="Moved")
    Redirect.objects.create(from_path="/articles/moved/", to_path=article.get_absolute_url())
    for path in ("/articles/moved/versions/1", "/articles/moved/versions/1/"):
        target = f"{article.get_absolute_url()}versions/1/"
        assert client.get(path, follow=True).redirect_chain == [(target, 301)], path
    assert client.get("/articles/moved/sources.ris").headers["Location"] == f"{article.get_absolute_url()}sources.ris"


def test_a_page_that_exists_gets_its_slash(client, calm):
    answer = client.get("/products/quiet", follow=True)
    assert answer.redirect_chain == [("/products/quiet/", 301)] and answer.status_code == 200


def test_an_old_address_that_ends_without_a_slash_comes_first(client, db):
    Redirect.objects.create(from_path="/blog/calm", to_path="/products/")
    Redirect.objects.create(from_path="/blog/calm/", to_path="/topics/")
    assert client.get("/blog/calm").headers["Location"] == "/products/"
    assert client.get("/blog/calm/").headers["Location"] == "/topics/"


def test_a_redirect_may_be_kept_by_every_cache_and_sets_no_cookie(client, calm, cast):
    client.force_login(cast.editor)
    answer = client.get("/products/calm/")
    assert answer.headers["Cache-Control"].startswith("public, max-age=60")
    assert not answer.cookies and answer.is_public


def test_no_query_string_reaches_the_target_or_fills_the_cache(worker, calm):
    worker.get("/products/calm/?utm_source=spring")
    kept = worker.get("/products/calm/?next=//evil.example/")
    assert kept.was_kept and kept.headers["Location"] == "/products/quiet/"


def test_a_worker_redirects_within_a_second_and_forgets_with_the_next_renaming(worker, calm):
    worker.get("/products/calm/")
    assert worker.get("/products/calm/").was_kept
    transaction_ends()
    Product.objects.update(slug="silence")
    worker.later()
    assert worker.get("/products/calm/").headers["Location"] == "/products/silence/"


def test_a_redirect_that_was_added_is_served_although_the_page_was_asked_for_before(worker, db):
    assert worker.get("/blog/calm/").status == 404
    transaction_ends()
    Redirect.objects.create(from_path="/blog/calm/", to_path="/products/")
    worker.later()
    assert worker.get("/blog/calm/").status == 301
