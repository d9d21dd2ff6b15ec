"""Readers' pages from a worker's memory are never late, never early and never a draft, and every table they show is
watched.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from advisors.models import Advisor, Disclosure, RemarksWithheld
from articles import workflow
from articles.models import Article, Author, Publication, Recommendation, Topic
from audit import records
from core.db import site_version, triggers
from core.db.watched_tables import WatchedTable
from policies.models import Policy
from products.models import Product
from sources import retractions
from sources.models import Nature, Source
from tests import newsroom, public_pages
from tests.cached_worker import HOST, Worker, transaction_ends
from tests.demonstration import CORRECTED

# Tables that public pages read and no trigger watches, each with its reason.
NEED_NO_WATCH = {
    "core_sitechange": "the version of the site itself",
    "articles_revision": "never changes; a publication shows it",
    "articles_citation": "written with its revision",
    "articles_byline": "written with its revision",
    "articles_rendering": "made of its revision; other code makes another one, and other code is another process",
    "articles_submission": "decided in the transaction that writes the approval",
    "articles_signatory": "written with its approval",
    "articles_termschange": "frozen before the approval of its round",
    "articles_termschange_specialists": "written with its change of terms",
    "articles_submission_specialists": "written with its submission",
    "articles_searchindex": "follows articles_searchentry",
    "articles_searchword": "written with articles_searchentry",
    "articles_searchgram": "written with articles_searchword",
    "advisors_review": "frozen before the approval that shows it",
    "advisors_disclosedanswer": "written with its disclosure",
    "advisors_disclosedanswer_topics": "written with its disclosure",
    "advisors_disclosedanswer_products": "written with its disclosure",
}


@pytest.fixture
def worker(settings, db):
    settings.ALLOWED_HOSTS = [HOST]
    return Worker()


def shown() -> list[WatchedTable]:
    return [table for config in apps.get_app_configs() for table in getattr(config, "watched_tables", ())]


def path_of(article: Article) -> str:
    return article.get_absolute_url()


# --- Drafts, starts, ends


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_no_draft_shows_whether_the_cache_is_warm_or_cold(worker, cast, warm):
    article = newsroom.published(cast)
    addresses = [path_of(article), "/", "/search/?q=hush", f"{path_of(article)}record/", "/topics/sleep/"]
    before = {address: worker.get(address).body for address in addresses} if warm else {}
    newsroom.rewrite(cast, article, title="Hush", standfirst="Hush", body="<p>Hush</p>")
    newsroom.draft(cast, slug="hush-hush", title="Hush")
    worker.later()
    for address in addresses:
        for _ in range(2):
            body = worker.get(address).body
            assert b"Hush" not in body
            assert body == before.get(address, body)
    assert worker.get("/articles/hush-hush/").status == 404


def test_a_working_copy_that_is_saved_costs_the_cache_nothing(worker, cast):
    article = newsroom.published(cast)
    worker.get(path_of(article))
    newsroom.rewrite(cast, article, title="Other words")
    worker.later()
    assert worker.get(path_of(article)).was_kept


def test_what_is_published_shows_within_a_second_in_every_worker(cast, settings, transactions_apart):
    settings.ALLOWED_HOSTS = [HOST]
    article, workers = newsroom.approved(cast), [Worker(), Worker()]
    for worker in workers:
        assert worker.get(path_of(article)).status == 404
        assert "Magnesium" not in worker.get("/").text
    transactions_apart()
    newsroom.publish(cast, article)
    for worker in workers:
        worker.later()
        assert worker.get(path_of(article)).status == 200
        assert "Magnesium" in worker.get("/").text


def test_what_is_withdrawn_is_gone_within_a_second_in_every_worker(cast, settings, transactions_apart):
    settings.ALLOWED_HOSTS = [HOST]
    article, workers = newsroom.published(cast, body="<p>Seventeen minutes.</p>"), [Worker(), Worker()]
    for worker in workers:
        worker.get(path_of(article))
        assert worker.get(path_of(article)).was_kept
    transactions_apart()
    workflow.withdraw(article=article, actor=cast.editor, notice="The trial was retracted.")
    for worker in workers:
        worker.later()
        for address in (path_of(article), "/", "/search/?q=seventeen"):
            assert "Seventeen minutes" not in worker.get(address).text
        assert worker.get(path_of(article)).status == 410


def test_a_scheduled_article_shows_on_the_second_and_leaves_on_the_second(worker, cast):
    article = newsroom.approved(cast)
    start = timezone.now() + timedelta(hours=1)
    end = start + timedelta(hours=1)
    workflow.schedule(article=article, actor=cast.editor, at=start, until=end)

    def home_names_it(at) -> bool:
        with time_machine.travel(at, tick=False):
            for _ in range(2):
                answer = worker.get("/")
            assert answer.was_kept
            return "Magnesium" in answer.text

    assert not home_names_it(start - timedelta(seconds=1))
    assert home_names_it(start)
    assert home_names_it(end - timedelta(milliseconds=1))
    assert not home_names_it(end)


def test_no_cache_is_told_to_keep_a_page_beyond_its_end(worker, cast):
    article = newsroom.approved(cast)
    end = timezone.now() + timedelta(hours=1)
    workflow.publish(article=article, actor=cast.editor, until=end)
    with time_machine.travel(end - timedelta(seconds=25), tick=False):
        worker.later()
        assert worker.get(path_of(article)).headers["Cache-Control"] == "public, max-age=25"
    with time_machine.travel(end - timedelta(seconds=5), tick=False):
        kept = worker.get(path_of(article))
        assert kept.was_kept and kept.headers["Cache-Control"] == "public, max-age=5"


def test_a_review_becomes_overdue_on_the_second(worker, cast):
    article = newsroom.published(cast)
    due = Publication.objects.get().approval.approved_at + timedelta(days=365)
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        worker.get(path_of(article))
        assert "overdue" not in worker.get(path_of(article)).text
    with time_machine.travel(due + timedelta(seconds=1), tick=False):
        assert "overdue" in worker.get(path_of(article)).text


def test_a_disclosure_lapses_at_midnight(worker, cast):
    member = cast.advisors[0]
    last = Disclosure.objects.get(advisor=member).valid_until
    midnight = timezone.make_aware(timezone.datetime(last.year, last.month, last.day)) + timedelta(days=1)
    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        worker.get(f"/experts/{member.slug}/")
        assert "lapsed" not in worker.get(f"/experts/{member.slug}/").text
    with time_machine.travel(midnight, tick=False):
        assert "lapsed" in worker.get(f"/experts/{member.slug}/").text


def test_figures_that_are_cached_for_ten_minutes_show_anew_although_nothing_happens_then(worker, cast):
    newsroom.published(cast)
    worker.get("/topics/sleep/")
    newsroom.published(cast)
    worker.later()
    assert "<strong>1</strong> trial<" in worker.get("/topics/sleep/").text
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1), tick=False):
        worker.later()
        assert "<strong>2</strong> trials<" in worker.get("/topics/sleep/").text
        assert worker.get("/topics/sleep/").was_kept


def test_who_is_signed_in_gets_the_readers_page_and_no_cookie(worker, cast, client):
    article = newsroom.published(cast)
    client.force_login(cast.editor)
    cookie = "; ".join(f"{name}={value.value}" for name, value in client.cookies.items())
    first = worker.get(path_of(article), cookie=cookie)
    assert worker.get(path_of(article)).was_kept
    for answer in (first, worker.get(path_of(article)), worker.get(path_of(article), cookie=cookie)):
        assert answer.body == first.body and "Set-Cookie" not in answer.headers


def test_the_admin_is_never_kept(worker, cast, client):
    client.force_login(cast.editor)
    cookie = "; ".join(f"{name}={value.value}" for name, value in client.cookies.items())
    for address in ("/admin/", "/admin/articles/article/", "/board/"):
        for _ in range(2):
            assert not worker.get(address, cookie=cookie).was_kept
    assert len(worker.cache._pages) == 0


# --- What makes a new version of the site


def changes(cast, article) -> dict:
    product = Product.objects.create(name="Calm", slug="calm")
    review = article.submissions.get().reviews.filter(verdict="approve").first()
    return {
        "a product's name": lambda: Product.objects.filter(pk=product.pk).update(name="Quiet"),
        "a recommendation": lambda: Recommendation.objects.create(article=article, product=product),
        "a topic's name": lambda: Topic.objects.update(name="Rest"),
        "a topic of an article": lambda: article.topics.clear(),
        "an author": lambda: Author.objects.update(biography="New words."),
        "an expert": lambda: Advisor.objects.update(affiliation="Elsewhere"),
        "an address": lambda: Article.objects.filter(pk=article.pk).update(slug="elsewhere"),
        "a retraction": lambda: retractions.note(
            source=cast.source, actor=cast.editor, nature=Nature.RETRACTION, reason="Fabricated data."
        ),
        "an archived copy": lambda: Source.objects.update(archived_url="https://archive.example/x"),
        "a withdrawal": lambda: workflow.withdraw(article=article, actor=cast.editor, notice="It was wrong."),
        "remarks withheld": lambda: RemarksWithheld.objects.create(
            review=review, withheld_by=cast.editor, withheld_by_name="Editor", reason="Names a patient."
        ),
    }


@pytest.mark.parametrize(
    "what",
    [
        *("a product's name", "a recommendation", "a topic's name", "a topic of an article", "an author", "an expert"),
        *("an address", "a retraction", "an archived copy", "a withdrawal", "remarks withheld"),
    ],
)
def test_whatever_readers_see_of_it_makes_another_version(worker, cast, what, transactions_apart):
    article = newsroom.published(cast)
    change = changes(cast, article)[what]
    transactions_apart()
    worker.get("/")
    before = site_version.read(timezone.now()).changes
    change()
    assert site_version.read(timezone.now()).changes != before
    worker.later()
    assert not worker.get("/").was_kept


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: newsroom.source("new2026"),
        lambda cast: Article.objects.update(slug=F("slug"), title="A draft's title"),
        lambda cast: newsroom.user("somebody"),
    ],
    ids=["a new source", "a working copy", "an account"],
)
def test_what_no_reader_sees_makes_no_other_version(cast, change, transactions_apart):
    newsroom.published(cast)
    transactions_apart()
    before = site_version.read(timezone.now()).changes
    change(cast)
    assert site_version.read(timezone.now()).changes == before


@pytest.fixture
def transactions_apart(db):
    """Make the triggers treat later changes as those of another transaction."""
    return transaction_ends


def test_every_trigger_stands(db):
    assert triggers.missing(shown(), connection) == []
    assert len(shown()) > 12


def test_every_table_that_a_public_page_reads_is_watched(client: Client, cast, signing):
    """Crawl all pages that readers reach by links, and the list of public pages, some of which have no link to them.

    A new page with a new table fails here until the table is watched; so does a page that is not read at all. If no row
    of the test's data has its address, create one.
    """
    article = newsroom.published(cast, slug=CORRECTED)
    Policy.objects.create(slug="editorial-policy", title="Policy", summary="One.", body="<p>One.</p>", is_shown=True)
    member = cast.advisors[0]
    Recommendation.objects.create(article=article, product=Product.objects.create(name="Calm", slug="calm"))
    withdrawn = newsroom.published(cast, slug="withdrawn")
    workflow.withdraw(article=withdrawn, actor=cast.editor, notice="It was wrong.")
    records.sign_missing()
    todo = [
        *public_pages.addresses(),
        "/search/?q=magnesium",
        "/log/checkpoint.txt",
        f"/experts/{member.slug}/",
        path_of(withdrawn),
    ]
    seen, shown_pages, tables = set(), set(), {}
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if not getattr(answer, "is_public", False):
            continue
        if answer.status_code == 200:
            shown_pages.add(answer.resolver_match.view_name)
        for query in queries:
            for table in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', query["sql"]):
                tables.setdefault(table, address)
        found = re.findall(r'(?:href="|<loc>https?://[^/<]+)(/[^"<#]*)', body.decode())
        todo += [link for link in found if not link.startswith(("/static/", "/media/", "/admin/"))]
    assert public_pages.PAGES.keys() - shown_pages == set()
    listed = {table.table for table in shown()} | NEED_NO_WATCH.keys()
    real = set(connection.introspection.table_names()) | {"articles_searchindex"}
    assert {table: address for table, address in tables.items() if table in real and table not in listed} == {}


def test_every_public_view_says_which_fields_of_the_query_it_reads():
    def views(patterns, prefix=""):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from views(pattern.url_patterns, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern), pattern.callback

    public = {name: view for name, view in views(get_resolver().url_patterns) if hasattr(view, "public_parameters")}
    assert len(public) > 10
    assert [name for name, view in public.items() if view.public_parameters is None] == []


def test_every_page_for_readers_is_declared_public():
    rows = {**public_pages.PAGES, **public_pages.FILES}
    views = {name: resolve(addresses[0].partition("?")[0]).func for name, addresses in rows.items()}
    assert [name for name, view in views.items() if not hasattr(view, "public_parameters")] == []
