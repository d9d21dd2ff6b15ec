"""Editors add redirects by hand, and change those that lead to no page any more."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Redirect
from products.models import Product
from tests import newsroom
from tests.admin_forms import form_of

LIST = reverse("admin:core_redirect_changelist")
ADD = reverse("admin:core_redirect_add")


@pytest.fixture
def editor(client, cast):
    """Return the browser of the editor, with a product at /products/calm/."""
    Product.objects.create(name="Calm", slug="calm")
    client.force_login(cast.editor)
    return client


def codes(from_path: str, to_path: str) -> dict[str, list[str]]:
    """Return the codes of the errors of a new redirect by field."""
    try:
        Redirect(from_path=from_path, to_path=to_path).full_clean()
    except ValidationError as error:
        return {field: [each.code for each in errors] for field, errors in error.error_dict.items()}
    return {}


def renamed(product: Product, slug: str) -> None:
    product.slug = slug
    product.save()


def change(redirect: Redirect) -> str:
    return reverse("admin:core_redirect_change", args=[redirect.pk])


def test_an_editor_lets_an_address_of_the_old_site_lead_to_a_page(editor, cast):
    editor.post(ADD, {"from_path": "/blog/calm.html", "to_path": "/products/calm/"})
    assert editor.get("/blog/calm.html").headers["Location"] == "/products/calm/"
    redirect = Redirect.objects.get()
    assert redirect.is_manual and redirect.made_by == cast.editor
    assert redirect.history.get().history_user == cast.editor


def test_a_redirect_that_was_added_follows_the_page_when_its_address_changes(editor):
    Redirect.objects.create(from_path="/calm/", to_path="/products/calm/")
    renamed(Product.objects.get(), "quiet")
    assert editor.get("/calm/").headers["Location"] == "/products/quiet/"


def test_a_redirect_to_an_old_address_is_stored_with_the_present_one(editor):
    renamed(Product.objects.get(), "quiet")
    editor.post(ADD, {"from_path": "/calm/", "to_path": "/products/calm/"})
    assert Redirect.objects.get(from_path="/calm/").to_path == "/products/quiet/"


def test_a_loop_is_refused(editor):
    renamed(Product.objects.get(), "quiet")
    Redirect.objects.create(from_path="/calm/", to_path="/products/quiet/")
    assert codes("/topics/", "/topics/")["from_path"] == ["used"]
    assert codes("/loop/", "/loop/") == {"to_path": ["loop"]}
    assert codes("/products/quiet/", "/calm/")["to_path"] == ["loop"]


def test_the_database_refuses_a_chain_and_a_loop(db):
    Redirect.objects.create(from_path="/a/", to_path="/b/")
    for paths in ({"from_path": "/b/", "to_path": "/a/"}, {"from_path": "/c/", "to_path": "/a/"}):
        with pytest.raises(IntegrityError, match="leads to a page"), transaction.atomic():
            Redirect.objects.create(**paths)


def test_the_database_shortens_a_chain_that_would_arise(db):
    Redirect.objects.create(from_path="/a/", to_path="/b/")
    Redirect.objects.create(from_path="/b/", to_path="/c/")
    assert Redirect.objects.get(from_path="/a/").to_path == "/c/"


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "https://evil.example/", "/a\\b/"])
def test_the_database_refuses_a_redirect_out_of_the_site(db, path):
    with pytest.raises(IntegrityError), transaction.atomic():
        Redirect.objects.create(from_path="/a/", to_path=path)


def test_an_address_in_use_is_no_old_address(editor, cast):
    newsroom.draft(cast, slug="secret")
    for path in (
        "/topics/",
        "/topics",
        "/search/",
        "/robots.txt",
        "/products/calm/",
        "/products/calm",
        "/topics/sleep/",
    ):
        assert codes(path, "/products/") == {"from_path": ["used"]}, path
    assert codes("/articles/secret/", "/products/") == {"from_path": ["used"]}
    assert codes("/", "/products/") == {"from_path": ["malformed"]}


def test_a_redirect_leads_to_a_page_that_exists(editor):
    for path in ("/nothing/", "/products/nothing/", "/articles/nothing/"):
        assert codes("/old/", path) == {"to_path": ["no_page"]}, path
    for path in ("/", "/products/", "/products/calm/", "/search/", "/newsletter/"):
        assert codes("/old/", path) == {}, path


def test_a_redirect_leads_to_the_newsletter_but_not_to_what_is_sent_to_one_person(editor):
    editor.post(ADD, {"from_path": "/news/", "to_path": "/newsletter/"})
    assert editor.get("/news", follow=True).redirect_chain == [("/newsletter/", 301)]
    for path in ("/newsletter/confirm/token/", "/newsletter/unsubscribe/token/", "/newsletter/nothing/"):
        assert codes("/old/", path) == {"to_path": ["internal"]}, path
    assert codes("/newsletter/old/", "/products/") == {"from_path": ["internal"]}


def test_an_editor_reads_that_an_address_redirects_already(editor):
    Redirect.objects.create(from_path="/calm/", to_path="/products/calm/")
    page = editor.post(ADD, {"from_path": "/calm/", "to_path": "/products/"}).content.decode()
    assert "There is a redirect from this address already." in page


def test_nobody_changes_or_deletes_what_the_site_has_written(editor, cast):
    renamed(Product.objects.get(), "quiet")
    redirect = Redirect.objects.get()
    editor.force_login(cast.admin)
    assert editor.post(change(redirect), {"to_path": "/products/"}).status_code == 403
    assert editor.post(reverse("admin:core_redirect_delete", args=[redirect.pk]), {"post": "yes"}).status_code == 403
    with pytest.raises(IntegrityError, match="for ever"), transaction.atomic():
        Redirect.objects.all().delete()


def test_an_editor_gives_the_address_of_a_deleted_page_to_another(editor):
    product = Product.objects.get()
    renamed(product, "quiet")
    product.delete()
    assert editor.get("/products/quiet/").status_code == 404
    redirect = Redirect.objects.get(from_path="/products/quiet/")
    assert "/products/quiet/" in editor.get(f"{LIST}?reserved=yes").content.decode()
    form = form_of(editor.get(change(redirect)), "redirect_form")
    assert form.send(editor, to_path="/products/").status_code == 302
    assert editor.get("/products/quiet/").headers["Location"] == "/products/"
    assert editor.get("/products/calm/").headers["Location"] == "/products/"


def targets(editor, **query: str) -> dict[str, str]:
    """Return what the list says about the target of each redirect, by its old address."""
    listed = editor.get(LIST, query).context["cl"]
    return {row.from_path: listed.model_admin.target(row) for row in listed.result_list}


def test_the_list_marks_redirects_to_pages_that_were_deleted(editor, cast):
    Redirect.objects.create(from_path="/feed/", to_path="/feeds/topics/sleep.atom")
    Redirect.objects.create(from_path="/find/", to_path="/search/")
    Redirect.objects.create(from_path="/kept/", to_path="/topics/sleep/")
    Redirect.objects.create(from_path="/first/", to_path="/articles/no-longer-there/versions/1/")
    product = Product.objects.get()
    renamed(product, "quiet")
    assert set(targets(editor).values()) == {""}
    product.delete()
    cast.topic.delete()
    gone = "Page deleted: readers get “Page not found”"
    assert targets(editor) == {
        **{"/products/calm/": gone, "/feed/": gone, "/kept/": gone},
        **{"/find/": "", "/first/": ""},
    }
    assert set(targets(editor, target="deleted")) == {"/products/calm/", "/feed/", "/kept/"}
    assert targets(editor, reserved="yes") == {"/products/quiet/": gone}
    assert gone in editor.get(LIST).content.decode()


def test_the_list_marks_no_page_that_is_only_hidden(editor):
    product = Product.objects.get()
    renamed(product, "quiet")
    Product.objects.update(is_available=False)
    assert targets(editor) == {"/products/calm/": ""}
    assert targets(editor, reserved="yes") == {"/products/quiet/": ""}


def test_an_editor_deletes_a_redirect_that_was_added_by_mistake(editor):
    redirect = Redirect.objects.create(from_path="/calm/", to_path="/products/calm/")
    form_of(editor.get(reverse("admin:core_redirect_delete", args=[redirect.pk])), "/delete/").send(editor)
    assert not Redirect.objects.exists() and editor.get("/calm/").status_code == 404


def test_the_list_finds_a_redirect_by_either_address(editor):
    Redirect.objects.create(from_path="/calm/", to_path="/products/calm/")
    Redirect.objects.create(from_path="/other/", to_path="/topics/")
    for words in ("/calm/", "products"):
        page = editor.get(LIST, {"q": words}).content.decode()
        assert "/calm/" in page and "/other/" not in page


def test_a_longer_list_makes_no_more_queries(editor, cast, django_assert_num_queries):
    def add(count: int) -> None:
        for number in range(count):
            path = f"/old/{count}-{number}/"
            Redirect.objects.create(from_path=path, to_path="/products/calm/", made_by=cast.editor)

    add(2)
    editor.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        editor.get(LIST)
    add(60)
    with django_assert_num_queries(len(queries)):
        page = editor.get(LIST)
    assert len(page.context["cl"].result_list) == 50
