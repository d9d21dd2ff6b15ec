"""Every warning of every check can be answered on the article's form, by the requests that the page sends."""

from html import unescape

import pytest
from django.urls import reverse

from advisors.models import Review
from articles.models import Article, Recommendation, Stage, Topic
from products.models import Product
from sources.models import Link, LinkState, Source
from tests import newsroom
from tests.admin_forms import WebForm, address, article_form, forms_of, verb_form
from tests.checks.finding_ids import ids_of

# Warnings about the text and its sources, which are all consumer pages, each with a different fault.
TELLING = """
<h2>Zinc</h2>
<h4>How it was taken</h4>
<p>Zinc heals acne quickly.<sup data-cite="old2001"></sup></p>
<p>People recieved 5 mg of zinc a day.<sup data-cite="concern2024 preprint2024 dead2024"></sup></p>
<h2>Zinc</h2>
<p>It is currently sold everywhere. <a href="https://example.org/a">Click here</a>, or see
<a href="http://example.org/b">the maker's page</a> and <a href="https://example.org/c"></a>.</p>
<p>More is known of copper (Miller et al., 2019). The hours are TBC. Read
<a href="https://www.google.com/url?q=https://example.org/d">the leaflet</a>.</p>
"""
# Warnings about cause and effect, the recommended products, a claim that is not made outright, and praise.
SELLING = """
<h2>Sleep</h2><p>Magnesium prolongs the night by an hour.<sup data-cite="cohort2024"></sup></p>
<p>Chamomile may ease migraine. Its remarkable benefits surprise many.</p>
"""


@pytest.fixture
def telling(cast) -> Article:
    """Return a text without products, on consumer pages that are old, doubted, unreviewed, gone or not cited."""
    page = {"evidence": "consumer", "year": 2024}
    sources = [
        newsroom.source("old2001", **page | {"year": 2001}),
        newsroom.source("concern2024", **page),
        newsroom.source("preprint2024", work="preprint", **page),
        newsroom.source("dead2024", url="https://example.org/gone", **page),
        newsroom.source("uncited2024", **page),
    ]
    Source.objects.filter(key="concern2024").update(retraction_state="concern")  # the state that a notice would set
    Link.objects.create(url="https://example.org/gone", state=LinkState.DEAD)
    return newsroom.draft(cast, title="Zinc", body=TELLING, sources=sources)


@pytest.fixture
def selling(cast) -> Article:
    """Return a text with nine products on other topics, which infers cause and effect from a cohort study."""
    article = newsroom.draft(cast, body=SELLING, sources=[newsroom.source("cohort2024", evidence="cohort", year=2024)])
    skin = Topic.objects.create(name="Skin", slug="skin")
    for serial in range(9):
        product = Product.objects.create(name=f"Cream number {serial}", slug=f"cream-{serial}")
        product.topics.add(skin)
        Recommendation.objects.create(article=article, product=product, position=serial)
    return article


def answer_forms(response) -> dict[str, WebForm]:
    """Return the forms for answers on the panel, by the check that they belong to."""
    return {form.value("mark"): form for form in forms_of(response) if form.address.endswith("/answer/")}


def answer_with_script(client, article: Article) -> list[str]:
    """Request the checks of the typed form, answer each warning as the script does, and return the answers' marks."""
    form = article_form(client, article)
    panel = client.post(reverse("admin:articles_article_checks", args=[article.pk]), form.data)
    sheets = answer_forms(panel)
    for mark, sheet in sheets.items():
        typed = {**form.data, **sheet.data, "reason": f"It stands: {mark[:12]}."}
        kept = client.post(sheet.address, typed, headers={"X-Panel": "1"})
        assert (kept.status_code, kept.content) == (204, b"")
    return list(sheets)


def answer_without_script(client, article: Article) -> list[str]:
    """Answer each warning by its own form on the page, and return the answers' marks."""
    sheets = answer_forms(client.get(address(article)))
    for mark, sheet in sheets.items():
        assert sheet.send(client, reason=f"It stands: {mark[:12]}.").url == address(article)
    return list(sheets)


both_ways = pytest.mark.parametrize("answer", [answer_with_script, answer_without_script])


@both_ways
def test_every_check_that_can_warn_is_answered_and_then_the_text_is_submitted(cast, client, telling, selling, answer):
    client.force_login(cast.writer)
    for article in (telling, selling):
        answer(client, article)
        sheet = verb_form(client, article, "submit")
        assert sheet.send(client).status_code == 302
        article.refresh_from_db()
        assert article.stage == Stage.IN_REVIEW
    answered = {waiver.check_id for article in (telling, selling) for waiver in article.waivers.all()}
    assert answered == ids_of("WARNING")


def test_each_thing_that_can_be_said_of_a_source_has_an_answer_of_its_own(cast, client, telling):
    client.force_login(cast.writer)
    answer_with_script(client, telling)
    of_sources = telling.waivers.filter(check_id__in=["CIT03", "CIT04", "CIT05"])
    assert len({waiver.mark for waiver in of_sources}) == 7


@both_ways
def test_an_answer_stands_beside_its_warning_and_is_taken_back_there(cast, client, telling, answer):
    client.force_login(cast.writer)
    for mark in answer(client, telling):
        page = client.get(address(telling))
        assert f"<blockquote>It stands: {mark[:12]}.</blockquote>" in page.content.decode()
        answer_forms(page)[mark].send(client, take_back="1")
    assert not telling.waivers.standing().exists()


def test_the_board_reads_every_answer_beside_what_it_answers(cast, client, telling, selling):
    client.force_login(cast.writer)
    marks = {article: answer_without_script(client, article) for article in (telling, selling)}
    client.force_login(cast.advisors[0].user)
    for article in (telling, selling):
        review = Review.objects.get(submission=newsroom.submit(cast, article), advisor=cast.advisors[0])
        page = unescape(client.get(reverse("board:review", args=[review.pk])).content.decode())
        # A source that the revision does not cite is not part of what the board reads.
        uncited = article.waivers.filter(check_id="CIT04").values_list("mark", flat=True)
        assert [mark for mark in marks[article] if f"It stands: {mark[:12]}." not in page] == list(uncited)


def test_a_warning_on_words_that_are_not_saved_yet_is_answered(cast, client):
    article = newsroom.draft(cast)
    client.force_login(cast.writer)
    form = article_form(client, article).put(standfirst="What is currently known.")
    panel = client.post(reverse("admin:articles_article_checks", args=[article.pk]), form.data)
    (sheet,) = answer_forms(panel).values()
    typed = {**form.data, **sheet.data, "reason": "It is this week's news."}
    assert client.post(sheet.address, typed, headers={"X-Panel": "1"}).status_code == 204
    form.send(client)
    assert verb_form(client, article, "submit").send(client).status_code == 302
    article.refresh_from_db()
    assert article.stage == Stage.IN_REVIEW


def test_a_warning_that_is_not_in_the_text_cannot_be_answered(cast, client, telling):
    client.force_login(cast.writer)
    sheet = next(iter(answer_forms(client.get(address(telling))).values()))
    form = article_form(client, telling).put(body="<p>Nothing is left of it.</p>")
    typed = {**form.data, **sheet.data, "reason": "It stands."}
    refused = client.post(sheet.address, typed, headers={"X-Panel": "1"})
    assert refused.status_code == 409 and "no longer give this warning" in refused.content.decode()
    assert not telling.waivers.exists()
