"""The article's page: readers see the whole approved text and nothing else."""

import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from advisors import panel
from articles import drafting, workflow
from articles.models import Recommendation, Rendering
from articles.pages import page_of
from products.models import Kind, Product, ProductPicture
from sources import retractions
from sources.models import Source
from tests import newsroom
from tests.audit.tampering import unguarded

SCRIPT = "<script>alert(1)</script>"


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, attribute: str) -> list[str]:
        return [attributes[attribute] for _, attributes in self.found if attributes.get(attribute)]


def get(client, article, status: int = 200) -> str:
    answer = client.get(article.get_absolute_url())
    assert answer.status_code == status
    return answer.content.decode()


def cited(cast, sources: int, prefix: str = "work", **fields: str):
    """Return a published article that cites this many sources."""
    works = [newsroom.source(f"{prefix}{serial}") for serial in range(sources)]
    marks = "".join(f'<p>Said.<sup data-cite="{work.key} {works[0].key}"></sup></p>' for work in works)
    body = f"<h2>One</h2>{marks}<h2>Two</h2><h2>Three</h2><table><tr><td>1</td></tr></table>"
    article = newsroom.draft(cast, body=body, panel=3, **fields)
    drafting.rewrite(
        article=article,
        actor=cast.writer,
        seen_version=article.version,
        content={},
        sources=dict.fromkeys(works, "what it says"),
    )
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article)
    return article


def recommend(article, products: int, **fields: object) -> None:
    """Recommend products beside the article, each with two pictures."""
    for serial in range(products):
        product = Product.objects.create(
            name=f"Product {serial}", slug=f"product-{serial}", tagline="Helps you rest.", **fields
        )
        Recommendation.objects.create(article=article, product=product, position=products - serial)
        for place in range(2):
            ProductPicture.objects.create(
                product=product, image=f"{serial}-{place}.webp", width=4, height=3, alternative_text="A jar"
            )


@pytest.fixture(autouse=True)
def no_picture_files(monkeypatch):
    """Only name pictures and do not store them: their dimensions are given and not read from a file."""
    monkeypatch.setattr("django.db.models.fields.files.ImageField.update_dimension_fields", lambda *a, **k: None)


def test_the_page_says_who_wrote_and_who_reviewed_it(client, cast):
    html = get(client, newsroom.published(cast))

    assert "Wanda Writer, MSc" in html
    for reviewer in ("Dr Ada, PhD", "Dr Ben, PhD"):
        assert reviewer in html
    assert "Dr Cleo" not in html


def test_the_experts_stand_behind_the_digest_of_the_text(client, cast):
    article = newsroom.published(cast)

    assert f"<code>{article.revisions.get().digest[:12]}</code>" in get(client, article)


def test_citations_lead_to_the_sources_and_back(client, cast):
    html = get(client, cited(cast, 2))

    assert 'href="#source-2"' in html and 'id="source-2"' in html
    assert re.findall(r'href="#(mark-1-\d)"', html) == ["mark-1-1", "mark-1-2"]
    assert "<em>Journal of Trials</em>" in html


def test_every_fragment_link_leads_somewhere_and_ids_are_unique(client, cast):
    article = cited(cast, 3, safety_note="<h2>Contents</h2><p>Ask first.</p>", key_messages="One.\nTwo.")
    recommend(article, 2)
    tags = Tags(get(client, article))
    ids = tags.all("id")

    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tags.all("href") if link.startswith("#")} <= set(ids)
    assert set(tags.all("aria-labelledby")) <= set(ids)
    assert [tag for tag, _ in tags.found].count("h1") == 1


def test_contents_are_left_out_of_a_short_text(client, cast):
    assert 'id="contents"' in get(client, cited(cast, 1))
    assert 'id="contents"' not in get(client, newsroom.published(cast))


def test_no_query_grows_with_what_the_page_shows(client, cast, settings):
    small, few, many = cited(cast, 2), CaptureQueriesContext(connection), CaptureQueriesContext(connection)
    settings.REVIEW_QUORUM = 3
    large = cited(cast, 12, "more")
    recommend(large, 6)
    Recommendation.objects.create(article=small, product=Product.objects.first())
    with few:
        get(client, small)
    with many:
        html = get(client, large)

    assert html.count('<p class="reference">') == 12 and html.count('class="signed"') == 3
    assert len(few) == len(many) == 17  # rendered for the first time; see test_kept_pages for later


def test_an_update_has_its_date_beside_that_of_the_first_publication(client, cast):
    with time_machine.travel("2026-03-01T12:00Z"):
        article = newsroom.published(cast)
    with time_machine.travel("2026-05-04T12:00Z"):
        newsroom.rewrite(cast, article, title="Magnesium, again")
        newsroom.approve(newsroom.submit(cast, article))
        newsroom.publish(cast, article)
    page = page_of(article.revisions.first(), publication=article.publications.first())

    assert (page.published.month, page.updated.month, page.last_full_review.month) == (3, 5, 5)


def test_a_kept_rendering_of_older_code_is_not_shown_nor_replaced_by_a_reader(client, cast):
    article = newsroom.published(cast)
    with unguarded():
        Rendering.objects.update(renderer=0, body="<p>Old.</p>")

    assert "17 minutes" in get(client, article)
    assert Rendering.objects.get().body == "<p>Old.</p>"


def test_a_preview_is_the_same_page_and_says_that_it_is_none(rf, cast):
    revision = newsroom.in_review(cast).revisions.get()
    html = render_to_string(
        "articles/article_page.html",
        {"page": page_of(revision), "banner": "Revision 1, in review"},
        request=rf.get("/"),
    )

    assert "Revision 1, in review" in html and "17 minutes" in html
    assert 'content="noindex"' in html and "canonical" not in html
    assert "<dt>Published</dt>" not in html and 'id="experts"' not in html


def test_a_renewal_by_others_names_them_beside_its_date(client, cast):
    article = newsroom.published(cast)
    panel.take_off(article=article, advisor=cast.advisors[1], actor=cast.editor)
    panel.assign(article=article, advisor=cast.advisors[2], actor=cast.editor)
    newsroom.approve(workflow.submit(article=article, actor=cast.writer, reason="renewal"))
    html = get(client, article)

    assert '<dd>by <a href="/experts/cleo/">Dr Cleo, PhD</a></dd>' in html
    assert html.count("Dr Ben, PhD") == 2  # in the facts and among the experts, as before


def test_a_retraction_shows_at_once(client, cast):
    article = newsroom.published(cast)
    Source.objects.update(retraction_state="retracted", retraction_note="By the journal, 2026.")

    assert "Retracted.</strong>" in get(client, article)


def test_products_stand_apart_in_their_order_and_only_those_on_sale(client, cast):
    article = newsroom.published(cast)
    recommend(article, 3)
    Product.objects.filter(name="Product 1").update(is_available=False)
    html = get(client, article)

    assert re.findall(r"<h3><a[^>]*>(Product \d)</a></h3>", html) == ["Product 2", "Product 0"]
    assert html.index("</article>") < html.index('id="products"')
    assert "not part of the board’s review" in html and "These products are not intended" in html
    assert "0-0.webp" in html and "0-1.webp" not in html


def test_the_statement_of_the_fda_is_about_supplements_only(client, cast):
    article = newsroom.published(cast)
    recommend(article, 1, kind=Kind.TOPICAL)

    assert "Food and Drug Administration" not in get(client, article)
    Product.objects.update(kind=Kind.SUPPLEMENT)
    assert get(client, article).count("This product is not intended") == 1


def test_a_script_in_any_field_is_shown_as_text(client, cast):
    cast.topic.name = cast.author.name = cast.advisors[0].disclosure = cast.advisors[0].job_title = SCRIPT
    for thing in (cast.topic, cast.author, cast.advisors[0]):
        thing.save()
    for field in ("title", "authors", "container"):
        setattr(cast.source, field, SCRIPT)
    cast.source.save()
    retractions.note(source=cast.source, actor=cast.editor, nature="concern", reason=SCRIPT)
    texts = "title standfirst key_messages disclosure hero_alt hero_caption hero_credit search_description"
    article = newsroom.published(cast, hero_image="a.webp", **dict.fromkeys(texts.split(), SCRIPT))
    recommend(article, 1)
    Product.objects.update(name=SCRIPT, tagline=SCRIPT, shop_url="javascript:alert(1)")
    ProductPicture.objects.update(alternative_text=SCRIPT)

    for html in (get(client, article), client.get("/").content.decode()):
        for own in ('<script type="application/ld+json">', '<script type="module" src="/static/js/reading.js">'):
            html = html.replace(own, "", 1)
        assert "<script" not in html and "javascript:" not in html
        assert "&lt;script&gt;" in html
