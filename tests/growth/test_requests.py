"""The length of whatever is sent to a form, a search or a list is checked before it is cleaned."""

import unicodedata
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from advisors import invitations, reviews
from advisors.models import Review
from core.fields import MAX_PROSE_LENGTH, max_input_length
from tests import newsroom
from tests.admin_forms import WebForm, forms_of

# 160 KB and 120 KB in UTF-8.
TEXTS = {
    "combining marks": "e" + "\u0301\u0316" * 40_000,
    "letters with accents": "e\u0301" * 40_000,
}
LONGEST_FIELD = max_input_length(5_000)  # comments and remarks, the longest of all fields with a limit of their own
# These have no limit of their own: lines of text take MAX_PROSE_LENGTH characters, and HTML more than is sent here.
LONG = {
    "authors",
    "editors",
    "ingredients",
    "directions",
    "cautions",
    "other_names",
    "body",
    "safety_note",
    "description",
}
# What the admin and Django write into forms themselves.
OWN = ("csrfmiddlewaretoken", "_FORMS", "__prefix__", "initial-", "_selected_action")

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_is_enough]


@pytest.fixture(params=TEXTS)
def sent(request) -> str:
    return TEXTS[request.param]


@pytest.fixture
def normalised(monkeypatch) -> list[int]:
    """Record the lengths of everything that is normalised, by Django and similar packages as well."""
    lengths, normalise = [], unicodedata.normalize

    def note(form: str, text: str) -> str:
        lengths.append(len(text))
        return normalise(form, text)

    monkeypatch.setattr(unicodedata, "normalize", note)
    return lengths


@pytest.fixture
def asked(cast) -> Review:
    newsroom.in_review(cast, title="Of quokkas and magnesium")
    return Review.objects.get(advisor=cast.advisors[0])


@pytest.fixture
def superuser(cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.admin)
    return client


def fields_of(form: WebForm) -> list[str]:
    """Return the names of the fields that people type into."""
    return [name for name in form.data if name not in form.selects and not any(part in name for part in OWN)]


def try_forms(client: Client, addresses: list[str], text: str, normalised: list[int]) -> dict[str, str]:
    """Fill every form of these pages with the text, and return what went wrong, by form and field.

    A form is sent with the text in all its fields at once, except those that may be as long as that.
    """
    wrong, tried = {}, 0
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, f"{address} answered {page.status_code}"
        for form in forms_of(page):
            if form.address.endswith("/sign-out/"):
                continue
            names = [name for name in fields_of(form) if name.rpartition("-")[2] not in LONG]
            tried += len(names)
            normalised.clear()
            answer = client.post(form.address, form.data | dict.fromkeys(names, text))
            if answer.status_code >= 500 or max(normalised, default=0) > LONGEST_FIELD:
                wrong[f"{form.address} on {address}"] = f"{answer.status_code}, {max(normalised, default=0)} characters"
    assert tried >= len(addresses)
    return wrong


def test_the_forms_of_the_public(cast, client, sent, normalised):
    article = newsroom.published(cast)
    addresses = ["/newsletter/", f"/articles/{article.slug}/report/", "/account/sign-in/", "/account/forgotten/"]
    assert try_forms(client, addresses, sent, normalised) == {}


def test_the_forms_of_the_board_with_an_emailed_token(asked, cast, sent, normalised):
    browser = Client(raise_request_exception=False)
    browser.post(reverse("board:arrive", args=[invitations.issue(asked)]), {"answer": "accept"})
    reviews.comment(review=Review.objects.get(pk=asked.pk), actor=cast.advisors[0].user, text="Which dose?")
    assert try_forms(browser, [reverse("board:review", args=[asked.pk])], sent, normalised) == {}


def test_a_comment_is_told_that_it_is_too_long(asked, sent):
    browser = Client()
    browser.post(reverse("board:arrive", args=[invitations.issue(asked)]), {"answer": "accept"})
    answer = browser.post(reverse("board:comment", args=[asked.pk]), {"text": sent})
    assert answer.status_code == 400
    assert f"It has {len(sent)} characters, and may have 5000 at most." in answer.content.decode()


def test_the_forms_of_an_advisor(cast, sent, normalised):
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.advisors[0].user)
    addresses = [reverse("board:profile"), reverse("board:disclosure")]
    assert try_forms(browser, addresses, sent, normalised) == {}


def test_the_forms_of_the_admin(asked, superuser, sent, normalised):
    article = asked.submission.article
    models = [model._meta for model in admin.site._registry]
    addresses = [reverse(f"admin:{meta.app_label}_{meta.model_name}_add") for meta in models]
    addresses = [address for address in addresses if superuser.get(address).status_code == 200]
    addresses += [reverse("admin:articles_article_change", args=[article.pk]), "/admin/sources/source/paste/"]
    assert len(addresses) > 10
    assert try_forms(superuser, addresses, sent, normalised) == {}


@pytest.mark.parametrize("name", sorted(LONG))
def test_what_may_be_long_is_bounded_as_well(name, normalised, client, cast, sent):
    client.force_login(cast.writer)
    client.post("/admin/articles/article/preview/", {"title": "A", name: sent})
    client.post("/admin/articles/article/checks/", {"title": "A", name: sent})
    assert max(normalised, default=0) <= MAX_PROSE_LENGTH


def test_a_preview_says_what_is_too_long(cast, client, sent):
    client.force_login(cast.writer)
    answer = client.post("/admin/articles/article/preview/", {"title": sent})
    assert answer.status_code == 400
    assert "may have 200 at most" in answer.content.decode()


def test_every_search_and_list_refuses_an_endless_query(superuser, sent, normalised):
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]
    picks = [f"/admin/articles/article/pick/{name}/" for name in ("sources", "articles", "duplicates")]
    for address in ("/search/", "/articles/", "/admin/articles/article/session/", *picks, *lists):
        query = urlencode(dict.fromkeys(("q", "title", "slug", "topic", "into", "page"), sent))
        assert superuser.get(f"{address}?{query}").status_code == 414
    assert max(normalised, default=0) <= LONGEST_FIELD


@pytest.mark.parametrize("name", ["q", "topic", "evidence", "page"])
def test_a_search_as_long_as_a_query_may_be_is_answered(client, normalised, name):
    client.get("/search/", {name: "e\u0301" * 700})
    assert max(normalised, default=0) <= 400
