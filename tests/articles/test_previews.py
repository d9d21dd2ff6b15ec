"""The preview of the reader's page from a form that has not been saved."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, ArticleSource, Author, Authorship, Recommendation, Revision, Topic
from products.models import Product
from tests import newsroom
from tests.admin_forms import article_form

NEW = reverse("admin:articles_article_preview_new")
MARK = '<p>Longer sleep.<sup data-cite="{}"></sup></p>'


def place(article: Article) -> str:
    return reverse("admin:articles_article_preview", args=[article.pk])


def show(client, article: Article | None = None, **typed):
    """Return a function that types into this person's form and returns the answer of the preview."""
    form = article_form(client, article).put(**typed)
    return client.post(place(article) if article else NEW, form.data)


def without_banner(answer) -> str:
    return re.sub(r'<p class="banner">.*?</p>', "", answer.content.decode())


@pytest.fixture
def writing(client, cast):
    """Return the client of the writer, signed in."""
    client.force_login(cast.writer)
    return client


@pytest.fixture
def editing(client, cast):
    """Return the client of the editor, signed in."""
    client.force_login(cast.editor)
    return client


def test_a_preview_is_the_page_of_the_revision_that_saving_then_makes(writing, cast):
    article = newsroom.draft(cast)
    ArticleSource.objects.create(article=article, source=newsroom.source("roe2021"))
    typed = {
        "title": "  Of  quokkas ",
        "standfirst": "Two lines,\nas typed.",
        "key_messages": "One.\n\nTwo.",
        "body": "<h1>Naps</h1><p style='x'>They nap [@roe2021; doe2020].</p><h2>Naps</h2>" + MARK.format("roe2021"),
        "safety_note": "<p>Not for cats.</p><script>alert(1)</script>",
        "disclosure": "We sell nothing.",
        "hero_alt": "A quokka",
    }
    preview = show(writing, article, **typed)
    article_form(writing, article).send(writing, **typed)
    saved = writing.get(reverse("admin:articles_article_revision", args=[article.pk, 2]))

    assert preview.status_code == saved.status_code == 200
    assert "They nap" in without_banner(preview)
    assert without_banner(preview) == without_banner(saved)


def test_a_preview_stores_nothing(writing, cast):
    article = newsroom.draft(cast)
    before = Article.objects.values().get()
    show(writing, article, title="Typed", body=MARK.format("doe2020"))
    show(writing, None, title="Typed", slug="typed")

    assert Article.objects.values().get() == before
    assert Revision.objects.count() == 1


def test_citations_are_numbered_in_the_order_of_the_typed_text(writing, cast):
    article = newsroom.draft(cast)
    ArticleSource.objects.create(article=article, source=newsroom.source("roe2021"))
    page = show(writing, article, body=MARK.format("roe2021") + MARK.format("doe2020")).content.decode()

    assert page.index("A trial called roe2021") < page.index("A trial called doe2020")
    assert page.index('href="#source-1"') < page.index('href="#source-2"')


def test_a_source_that_is_chosen_and_not_saved_is_cited(writing, cast):
    article, roe = newsroom.draft(cast), newsroom.source("roe2021")
    form = article_form(writing, article).add_row("article_sources", source=roe.pk)
    page = writing.post(place(article), form.put(body=MARK.format("roe2021")).data).content.decode()

    assert "A trial called roe2021" in page
    assert not ArticleSource.objects.filter(source=roe).exists()


def test_a_source_that_is_to_go_is_cited_no_more(writing, cast):
    article = newsroom.draft(cast)
    page = show(writing, article, **{"article_sources-0-DELETE": "on"}).content.decode()

    assert "A trial called doe2020" not in page
    assert "mark-unknown" in page


def test_the_byline_stands_in_the_order_that_was_typed(editing, cast):
    article = newsroom.draft(cast)
    second = Author.objects.create(name="Zoe Second", slug="zoe")
    Authorship.objects.create(article=article, author=second, position=1)
    typed = {"authorships-0-position": "5", "authorships-1-position": "2"}
    page = show(editing, article, **typed).content.decode()

    assert page.index("<span>Zoe Second</span>") < page.index("<span>Wanda Writer, MSc</span>")


def test_topics_and_products_are_those_of_the_form(editing, cast):
    article = newsroom.draft(cast)
    topic = Topic.objects.create(name="Stress", slug="stress")
    gummies = Product.objects.create(name="Sleep Gummies", slug="gummies")
    sold_out = Product.objects.create(name="Nap Drops", slug="drops", is_available=False)
    form = article_form(editing, article).add_row("recommendations", product=gummies.pk)
    form = form.add_row("recommendations", product=sold_out.pk)
    page = editing.post(place(article), form.put(topics=[topic.pk]).data).content.decode()

    assert "Stress" in page and "Sleep Gummies" in page
    assert "<li>Sleep</li>" not in page and "Nap Drops" not in page


def test_without_rows_in_the_form_products_are_those_that_are_kept(writing, cast):
    article = newsroom.draft(cast)
    gummies = Product.objects.create(name="Sleep Gummies", slug="gummies")
    Recommendation.objects.create(article=article, product=gummies)

    assert "Sleep Gummies" in show(writing, article).content.decode()


def test_a_new_article_can_be_seen_before_it_is_saved(writing, cast):
    page = show(writing, None, title="Of quokkas", body="<p>They nap.</p>").content.decode()

    assert "Of quokkas</h1>" in page and "They nap." in page
    assert "Wanda Writer, MSc" in page
    assert not Article.objects.exists()


def test_while_the_board_reads_the_saved_words_are_shown(editing, cast):
    article = newsroom.in_review(cast)
    page = show(editing, article).content.decode()

    assert "Sleep was longer by 17 minutes." in page and "A trial called doe2020" in page


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe srcdoc=x>"]
)
def test_nothing_that_runs_gets_into_a_preview(writing, cast, typed):
    page = show(writing, newsroom.draft(cast), title=typed, body=f"<p>a</p>{typed}", safety_note=typed).content.decode()

    assert "alert(1)" not in page.replace("alert(1)&gt;", "").replace("alert(1)&lt;", "")
    text = page[page.index("<main") : page.index("</main>")]  # the site's own drawings are above and below
    assert "<h1>" in text and "<svg" not in text and "<iframe" not in page


@pytest.mark.parametrize(
    ("field", "label", "typed"),
    [
        ("body", "Body", "<blockquote>" * 70 + "deep" + "</blockquote>" * 70),
        ("body", "Body", "<p>" + "long " * 50_000 + "</p>"),
        ("safety_note", "Safety note", "<blockquote>" * 70 + "deep" + "</blockquote>" * 70),
    ],
)
def test_what_cannot_be_read_is_said_on_a_page(writing, cast, field, label, typed):
    answer = show(writing, newsroom.draft(cast), **{field: typed})

    assert answer.status_code == 400
    assert f"<dt><strong>{label}</strong></dt>" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_a_preview_is_kept_by_nobody_and_framed_by_us_alone(writing, cast):
    answer = show(writing, newsroom.draft(cast))

    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("writer", 200), ("editor", 200), ("admin", 200), ("colleague", 404), ("advisor1", 404), ("outsider", 302)],
)
def test_a_preview_is_for_those_who_may_edit(client, cast, who, status):
    article = newsroom.draft(cast)
    client.force_login(cast.everybody[who])

    assert client.post(place(article), {"title": "Typed"}).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("writer", 200), ("colleague", 200), ("editor", 200), ("advisor1", 404), ("outsider", 302)]
)
def test_a_new_text_is_previewed_by_those_who_may_begin_one(client, cast, who, status):
    client.force_login(cast.everybody[who])

    assert client.post(NEW, {"title": "Typed"}).status_code == status


def test_a_preview_takes_a_post_with_a_token_and_nothing_else(cast):
    article, browser = newsroom.draft(cast), Client(enforce_csrf_checks=True)
    browser.force_login(cast.writer)

    assert browser.post(place(article), {"title": "Typed"}).status_code == 403
    assert browser.get(place(article)).status_code == 405


@pytest.mark.parametrize("odd", ["9" * 30, "-1", "0", "x", "٣", ""])
def test_an_odd_number_in_a_row_is_no_row(writing, cast, odd):
    article = newsroom.draft(cast)
    rows = {"article_sources-0-source": odd, "authorships-0-author": odd, "authorships-0-position": odd, "topics": odd}

    assert show(writing, article, **rows).status_code == 200
    assert writing.post(f"/admin/articles/article/{odd or 'x'}/preview/", {}).status_code == 404


def test_a_picture_that_is_not_saved_yet_is_announced(writing, cast):
    page = show(writing, newsroom.draft(cast), **{"hero_image-waits": "1"}).content.decode()

    assert "is shown once it is saved" in page


def test_a_long_list_of_sources_asks_the_database_no_more(writing, cast):
    article = newsroom.draft(cast)
    form = article_form(writing, article)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert writing.post(place(article), form.data).status_code == 200
        return len(queries)

    few = asked()
    for serial in range(12):
        source = newsroom.source(f"more{serial}")
        author = Author.objects.create(name=f"Author {serial}", slug=f"author-{serial}")
        form.add_row("article_sources", source=source.pk).add_row("authorships", author=author.pk)
        form.put(body=str(form.data["body"]) + MARK.format(source.key))

    assert asked() == few
