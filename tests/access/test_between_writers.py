"""No page of the newsroom tells a writer anything about another writer's unpublished text: not its words, how many
there are, or that one exists.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from articles.models import Article, ArticleSource, Author, Recommendation, Topic
from pictures.models import Picture
from products.models import Product
from sources.models import Source
from tests import newsroom
from tests.access import canary
from tests.access.walking import filled, places, room_of, routes
from tests.pictures import photos

ROWS_OF_A_MODEL = 2
MOST_QUERIES = 6  # per URL, because a list multiplies its filters and columns
# Pages that differ only in their numbers. Only the lists of the checks and the ingredients, which migrations fill with
# 459 rows that belong to no text, have more rows than this.
MOST_ROWS = 20
NOT_FOLLOWED = ("/admin/logout/", "/admin/jsi18n/")
SECRETS = re.compile(r'(name="csrfmiddlewaretoken" value|nonce|data-csrf)="[^"]*"')


@pytest.fixture
def aviary(db) -> canary.Aviary:
    """Return the hidden articles, with a product and a picture of the library that all writers share."""
    aviary = canary.build()
    product = Product.objects.create(name="Magnesium", slug="magnesium", description="<p>Tablets.</p>")
    picture = photos.add(aviary.cast.colleague)
    for article in aviary.hidden.values():
        Recommendation.objects.create(article=article, product=product)
        if article.stage != "in_review":
            Article.objects.filter(pk=article.pk).update(body=article.body + photos.figure(picture))
    return aviary


def secrets_of(aviary: canary.Aviary) -> list[str]:
    """Return what may appear on no page of anybody else: the words, and the URLs that contain them."""
    return [*canary.WORDS.values(), *(article.slug for article in aviary.hidden.values() if "hidden" in article.slug)]


def rows_of(model: type[Model]) -> list[object]:
    return list(model._default_manager.order_by("pk").values_list("pk", flat=True)[:ROWS_OF_A_MODEL])


def first_addresses(aviary: canary.Aviary) -> Iterator[str]:
    """Return each URL of the admin, for several rows of its model and for every hidden article."""
    for route in routes():
        if not room_of(route).startswith("admin"):
            continue
        names = places(route)
        if not names:
            yield f"/{route}"
        elif route.startswith("admin/articles/article/"):
            for article in aviary.hidden.values():
                yield filled(route, _values(names, article.pk))
        elif route.count("/") > 3 and (model := _model(route)):
            for row in rows_of(model):
                yield filled(route, _values(names, row))
        else:
            yield filled(route, _values(names, 1))


def _model(route: str) -> type[Model] | None:
    _, app, model, *_ = route.split("/")
    return apps.get_model(app, model) if app in apps.app_configs and model in apps.all_models[app] else None


def _values(names: list[str], row: object) -> dict[str, object]:
    fixed = {"verb": "submit", "step": "accept", "ending": "bib", "name": "review_invitation", "app_label": "articles"}
    return {name: fixed.get(name, row) for name in names}


def completions(term: str) -> Iterator[str]:
    """Return every question that can be asked of the admin's own completion."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model in admin.site._registry:
                label = model._meta
                yield (
                    f"{reverse('admin:autocomplete')}?app_label={label.app_label}&model_name={label.model_name}"
                    f"&field_name={field.name}&term={term}"
                )


def crawl(client: Client, begin: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Return each URL and its response, and follow URLs of the admin that a response contains."""
    waiting, seen, queries = sorted(set(begin), reverse=True), set(), Counter()
    alike: dict[str, set[str]] = defaultdict(set)
    while waiting:
        address = waiting.pop()
        path = address.partition("?")[0]
        if address in seen or address.startswith(NOT_FOLLOWED) or queries[path] > MOST_QUERIES:
            continue
        pages = alike[re.sub(r"\d+", "1", path)]
        if path not in pages and len(pages) == MOST_ROWS:
            continue
        pages.add(path)
        seen.add(address)
        queries[path] += 1
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = unescape(f"{dict(answer.headers)} {body.decode(errors='replace')}")
        yield address, text
        for link in re.findall(r'(?:href|src|action|data-address)="([^"#]+)', text):
            parts = urlsplit(urljoin(f"http://testserver{address}", link))
            if parts.hostname == "testserver" and parts.path.startswith("/admin/"):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))


@pytest.mark.access
def test_a_writer_who_opens_every_page_finds_no_word_of_what_others_have_not_published(client, aviary):
    client.force_login(aviary.cast.colleague)
    hidden, found, pages = secrets_of(aviary), [], 0
    for address, text in crawl(client, first_addresses(aviary)):
        said = text.lower().replace(address.lower(), "")
        found += [(address, word) for word in hidden if word in said]
        pages += 1
    assert found == [] and pages > 100


def test_no_search_and_no_completion_finds_it(client, aviary):
    client.force_login(aviary.cast.colleague)
    word, nonsense = canary.WORDS["draft"], "wobblecrust"
    lists = [f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?q=" for model in rooms()]
    lists += [f"/admin/articles/article/pick/{what}/?q=" for what in ("sources", "articles", "duplicates")]
    lists += completions("")
    for address in (*lists, reverse("admin:pictures_picture_pick") + "?q="):
        answers = [without_secrets(client.get(address + typed).content.decode(), typed) for typed in (word, nonsense)]
        assert answers[0] == answers[1], address


def rooms() -> list[type[Model]]:
    """Return the models that have pages in the admin."""
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


def without_secrets(page: str, typed: str = "") -> str:
    """Return a page without the parts that differ each time it is asked for."""
    page = SECRETS.sub("", page)
    return page.replace(typed, "") if typed else page


@pytest.fixture
def shelf(cast) -> dict[str, object]:
    """Return objects that several writers use in their texts, each of them also in a published article."""
    picture = photos.add(cast.colleague)
    body = newsroom.content()["body"] + photos.figure(picture)
    article = newsroom.published(cast, title="For everybody", body=body)
    product = Product.objects.create(name="Magnesium", slug="magnesium", description="<p>Tablets.</p>")
    Recommendation.objects.create(article=article, product=product)
    return {
        **{"source": cast.source, "spare": newsroom.source("spare2021"), "topic": cast.topic, "author": cast.author},
        **{"product": product, "picture": picture, "article": article, "body": body},
    }


def pages_of(shelf: dict[str, object]) -> list[str]:
    """Return the pages of these objects and lists that contain them, sorted and filtered in every way they offer."""
    rows = [shelf[name] for name in ("source", "topic", "author", "product", "picture")]
    pages = [reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]) for row in rows]
    pages += [f"{page.removesuffix('change/')}history/" for page in pages]
    sources, pictures = reverse("admin:sources_source_changelist"), reverse("admin:pictures_picture_changelist")
    pages += [f"{sources}?{cut}" for cut in ("o=6", "o=-6", "_facets=True", "cited=yes", "cited=no", "cited=live")]
    pages += [f"{pictures}?{cut}" for cut in ("use=used", "use=unused", "shelf=all")]
    pages += [f"{sources}export/bib/?cited={cited}" for cited in ("yes", "no")]
    return [*pages, *completions("e"), "/admin/", reverse("admin:articles_article_changelist")]


def test_every_page_is_the_same_whether_there_is_somebody_elses_draft_or_not(client, cast, shelf):
    client.force_login(cast.colleague)
    before = {page: without_secrets(client.get(page).content.decode()) for page in pages_of(shelf)}
    newsroom.rewrite(cast, shelf["article"], title="A new title", body=shelf["body"])
    draft = newsroom.draft(cast, title="Nobody knows", body=shelf["body"])
    ArticleSource.objects.create(article=draft, source=shelf["spare"])
    Recommendation.objects.create(article=draft, product=shelf["product"])
    for page, was in before.items():
        assert without_secrets(client.get(page).content.decode()) == was, page


def test_a_source_that_only_somebody_elses_draft_has_at_hand_is_locked_and_nothing_more_is_said(client, cast, shelf):
    client.force_login(cast.colleague)
    draft = newsroom.draft(cast, title="Nobody knows")
    ArticleSource.objects.create(article=draft, source=shelf["spare"])
    answer = client.get(reverse("admin:sources_source_delete", args=[shelf["spare"].pk]))
    assert answer.status_code == 403 and b"Nobody knows" not in answer.content


def test_an_editor_is_shown_all_of_it(client, cast, shelf):
    client.force_login(cast.editor)
    newsroom.draft(cast, title="For editors", body=shelf["body"])
    for name in ("source", "picture"):
        row = shelf[name]
        page = client.get(
            reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        ).content.decode()
        assert "For editors" in page and "For everybody" in page


def test_the_writer_of_a_draft_finds_it_beside_what_they_cite(client, cast, shelf):
    client.force_login(cast.writer)
    newsroom.draft(cast, title="My own", body=shelf["body"])
    for name in ("source", "picture"):
        row = shelf[name]
        page = client.get(
            reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        ).content.decode()
        assert "My own" in page


# What somebody types into a URL by hand.


def relations(model: type[Model], depth: int = 2, before: str = "") -> Iterator[str]:
    """Return the look-ups from a model to a key, over up to this many relations in either direction."""
    for field in model._meta.get_fields():
        if not field.is_relation or field.related_model is None or field.name.endswith("+"):
            continue
        yield f"{before}{field.name}__id__exact"
        if depth > 1:
            yield from relations(field.related_model, depth - 1, f"{before}{field.name}__")


@pytest.mark.parametrize("model", [Source, Topic, Author, Product, Picture], ids=lambda model: model.__name__)
def test_no_list_is_cut_by_somebody_elses_article(client, cast, shelf, model):
    client.force_login(cast.colleague)
    draft = newsroom.draft(cast, title="Nobody knows", body=shelf["body"])
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for lookup in relations(model):
        if "article" in lookup or "revision" in lookup or "citation" in lookup:
            assert client.get(page, {lookup: draft.pk}).status_code == 400, lookup


def declared(page: admin.ModelAdmin, request: HttpRequest) -> set[str]:
    """Return the fields that the filters of a list name."""
    filters = [item for item in page.get_list_filter(request) if not isinstance(item, type)]
    return {item if isinstance(item, str) else item[0] for item in filters}


@pytest.mark.parametrize("model", rooms(), ids=lambda model: model.__name__)
def test_every_list_is_cut_by_what_its_filters_declare_alone(rf, cast, model):
    page, request = admin.site._registry[model], rf.get("/")
    request.user = cast.admin
    filters = declared(page, request)
    for lookup in (*relations(model, depth=1), *(field.name for field in model._meta.concrete_fields)):
        path = lookup.removesuffix("__id__exact")
        assert page.lookup_allowed(lookup, "1", request) is (path in filters), lookup
    for path in filters:
        assert page.lookup_allowed(f"{path}__exact", "1", request), path
        assert not page.lookup_allowed(f"{path}__startswith", "1", request), path
