"""A script in every text field of every model is shown as text everywhere and is markup on no page."""

import re
from datetime import timedelta
from html import escape

import pytest
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from advisors import drafts, reviews
from advisors.models import Advisor, Conflict, Review
from articles import workflow
from articles.models import Article, Author, Content, Recommendation, Topic
from checks.models import Condition, PreferredTerm
from core.fields import HtmlField, LineField, ProseField
from products.models import Product, ProductPicture
from sources import retractions
from sources.models import Source
from tests import newsroom
from tests.admin_forms import address, article_form, form_of, picture, verb_form

# pytest-django looks for this mark on every test; a test that is run alone would get the real database without it.
pytestmark = pytest.mark.django_db

ATTACK = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
SHORT = "<script>x()</script>"
RAW = re.compile(r"<script>(alert|x\(\))|<img src=x|onerror=alert\(1\)>", re.IGNORECASE)
SHOWN = ("&lt;script&gt;alert(1)", "&lt;img src=x")


def hostile(model: type[models.Model]) -> dict[str, str]:
    """Return the attack for every text field of a model that accepts any text."""
    typed = {}
    for field in model._meta.get_fields():
        if isinstance(field, HtmlField):
            typed[field.name] = f"<p>{escape(ATTACK)}</p>{ATTACK}<p onclick=alert(1)>Words</p>"
        elif isinstance(field, LineField | ProseField) and {*map(type, field.validators)} <= {MaxLengthValidator}:
            typed[field.name] = ATTACK if (field.max_length or 999) >= len(ATTACK) else SHORT
    return typed


class Site:
    """Everything that people can type, typed by an attacker, with articles at every stage."""

    def __init__(self) -> None:
        self.cast = cast = newsroom.cast()
        for thing in (*cast.everybody.values(), cast.author, cast.topic, cast.source, *cast.advisors):
            self._attack(thing)
        for advisor in cast.advisors:
            newsroom.vouch(advisor)
        retractions.note(source=cast.source, actor=cast.editor, nature="concern", reason=ATTACK)
        self._attack(PreferredTerm(avoid="x", prefer="x"))
        self._attack(Condition(name="x"))
        self.product = Product.objects.create(slug="product", name="x")
        self._attack(self.product)
        self.view = ProductPicture(product=self.product, image=picture(), alternative_text=ATTACK)
        self.view.save()
        self.published = self._article(newsroom.published)
        self.withdrawn = self._article(newsroom.published)
        workflow.withdraw(article=self.withdrawn, actor=cast.editor, notice=ATTACK)
        self.scheduled = self._article(newsroom.approved)
        later = timezone.now() + timedelta(days=1)
        workflow.schedule(article=self.scheduled, actor=cast.editor, at=later, change_note=ATTACK)
        self.sent_back = self._article(newsroom.in_review)
        workflow.request_changes(article=self.sent_back, actor=cast.editor, reason=ATTACK)
        self.draft = self._article(newsroom.draft)
        self.reviewed = self._article(newsroom.draft)
        newsroom.answer_warnings(self.reviewed, cast.writer)
        workflow.submit(article=self.reviewed, actor=cast.writer, note=ATTACK)
        self.review, self.declined = Review.objects.filter(submission__article=self.reviewed).order_by("pk")
        reviews.decline(review=self.declined, actor=cast.advisors[1].user, reason=ATTACK)
        reviews.accept(review=self.review, actor=cast.advisors[0].user)
        ada, said = cast.advisors[0].user, {"text": ATTACK, "remarks": ATTACK}
        reviews.comment(review=self.review, actor=ada, passage=ATTACK, text=ATTACK)
        stated = {"conflict": Conflict.DECLARED, "conflict_statement": ATTACK}
        Review.objects.filter(pk=self.review.pk).update(**stated)
        drafts.save(review=self.review, actor=ada, typed=said, seen="")

    def _attack(self, thing: models.Model) -> None:
        for name, words in hostile(type(thing)).items():
            setattr(thing, name, words)
        thing.save()

    def _article(self, make) -> Article:
        words = hostile(Content)
        words["body"] += '<h2>&lt;script&gt;alert(1)</h2><p>Cited.<sup data-cite="doe2020"></sup></p>'
        article = make(self.cast, **words)
        Recommendation.objects.create(article=article, product=self.product)
        return article

    def browser(self, who: str) -> Client:
        client = Client()
        if who != "reader":
            client.force_login(self.cast.everybody[who])
        return client


@pytest.fixture(scope="module")
def site_once(django_db_setup, django_db_blocker):
    """The site, built once; the changes of each test are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Site()
        transaction.set_rollback(True)


@pytest.fixture
def site(site_once, db):
    return site_once


def of(name: str, thing: models.Model | None = None) -> str:
    return reverse(f"admin:{name}", args=[thing.pk] if thing else [])


def assert_shown_as_text(answer, status: int = 200) -> None:
    page = answer.content.decode()
    assert answer.status_code == status
    assert not RAW.search(page), page[max(0, RAW.search(page).start() - 200) : RAW.search(page).end() + 100]
    assert any(shown in page for shown in SHOWN)


PAGES = {
    "home": ("reader", lambda site: "/"),
    "article": ("reader", lambda site: site.published.get_absolute_url()),
    "start of the newsroom": ("editor", lambda site: of("index")),
    "articles": ("editor", lambda site: of("articles_article_changelist")),
    "reviews": ("editor", lambda site: of("advisors_review_changelist")),
    "an advisor's reviews": ("advisor1", lambda site: of("advisors_review_changelist")),
    "sources": ("editor", lambda site: of("sources_source_changelist")),
    "preferred terms": ("writer", lambda site: of("checks_preferredterm_changelist")),
    "disease terms": ("editor", lambda site: of("checks_condition_changelist")),
    "topics": ("editor", lambda site: of("articles_topic_changelist")),
    "authors": ("editor", lambda site: of("articles_author_changelist")),
    "advisors": ("editor", lambda site: of("advisors_advisor_changelist")),
    "products": ("editor", lambda site: of("products_product_changelist")),
    "people": ("admin", lambda site: of("accounts_user_changelist")),
    "a draft": ("writer", lambda site: of("articles_article_change", site.draft)),
    "before the board": ("editor", lambda site: of("articles_article_change", site.reviewed)),
    "sent back": ("writer", lambda site: of("articles_article_change", site.sent_back)),
    "published": ("editor", lambda site: of("articles_article_change", site.published)),
    "withdrawn": ("editor", lambda site: of("articles_article_change", site.withdrawn)),
    "scheduled": ("editor", lambda site: of("articles_article_change", site.scheduled)),
    "history of an article": ("editor", lambda site: of("articles_article_history", site.draft)),
    "a revision": ("editor", lambda site: reverse("admin:articles_article_revision", args=[site.draft.pk, 1])),
    "own review": ("advisor1", lambda site: of("advisors_review_change", site.review)),
    "declined review": ("editor", lambda site: of("advisors_review_change", site.declined)),
    "text under review": ("advisor1", lambda site: of("advisors_review_text", site.review)),
    "a source": ("editor", lambda site: of("sources_source_change", site.cast.source)),
    "history of a source": ("editor", lambda site: of("sources_source_history", site.cast.source)),
    "removing a source": ("admin", lambda site: of("sources_source_delete", site.cast.source)),
    "a topic": ("editor", lambda site: of("articles_topic_change", site.cast.topic)),
    "removing a topic": ("editor", lambda site: of("articles_topic_delete", site.cast.topic)),
    "an author": ("editor", lambda site: of("articles_author_change", site.cast.author)),
    "an advisor": ("editor", lambda site: of("advisors_advisor_change", site.cast.advisors[0])),
    "history of an advisor": ("editor", lambda site: of("advisors_advisor_history", site.cast.advisors[0])),
    "a product": ("editor", lambda site: of("products_product_change", site.product)),
    "removing a product": ("editor", lambda site: of("products_product_delete", site.product)),
    "a person": ("admin", lambda site: of("accounts_user_change", site.cast.writer)),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_script_is_shown_as_text(site, page):
    who, place = PAGES[page]
    assert_shown_as_text(site.browser(who).get(place(site)))


def test_a_script_in_a_notice_is_shown_as_text(site):
    assert_shown_as_text(site.browser("reader").get(site.withdrawn.get_absolute_url()), 410)


@pytest.mark.parametrize("page", ["article", "a draft", "own review", "a source", "an author", "a product", "a person"])
def test_the_title_of_the_browsers_window_is_text(site, page):
    who, place = PAGES[page]
    title = re.search("<title>(.*?)</title>", site.browser(who).get(place(site)).content.decode(), re.DOTALL)[1]

    assert "<" not in title.replace("&lt;", "")


def test_every_text_field_was_attacked(site):
    """The form proves that no field was left out: it contains each field's text, escaped."""
    page = site.browser("writer").get(address(site.draft)).content.decode()

    assert page.count("&lt;script&gt;alert(1)") >= len(hostile(Content))
    assert {"title", "standfirst", "hero_credit", "search_description"} < set(hostile(Content))
    assert {"name", "biography", "affiliation"} < set(hostile(Author)) & set(hostile(Advisor))
    assert {"title", "authors", "container", "volume"} < set(hostile(Source))
    assert {"tagline", "description", "directions"} < set(hostile(Product))
    assert set(hostile(Topic)) == {"name", "description"} and set(hostile(User)) == {"name"}


@pytest.mark.parametrize("field", ["body", "safety_note"])
def test_markup_that_does_something_is_not_kept(site, field):
    kept = getattr(site.draft.head(), field)

    assert "&lt;script&gt;" in kept and "onclick" not in kept
    assert not RAW.search(kept)


def test_what_the_admin_says_after_a_save_is_text(site):
    writer = site.browser("writer")
    answer = article_form(writer, site.draft).send(writer, standfirst=f"{ATTACK} again", _continue="")

    assert_shown_as_text(writer.get(answer.url))
    assert_shown_as_text(writer.get(of("index")))


def test_what_was_typed_into_a_refused_form_is_text(site):
    writer = site.browser("writer")
    answer = article_form(writer, site.draft).send(writer, slug=ATTACK, hero_credit=ATTACK * 9)

    assert_shown_as_text(answer)


@pytest.mark.parametrize(
    ("verb", "name", "article"),
    [("withdraw", "notice", "published"), ("unschedule", "reason", "scheduled"), ("submit", "note", "draft")],
)
def test_what_was_typed_into_a_refused_verb_is_text(site, verb, name, article):
    editor = site.browser("editor")
    answer = verb_form(editor, getattr(site, article), verb).send(editor, **{f"{verb}-{name}": ATTACK * 40})

    assert_shown_as_text(answer, 400)


def test_the_reason_why_a_verb_is_refused_is_text(site):
    editor = site.browser("editor")
    answer = editor.post(reverse("admin:articles_article_do", args=[site.sent_back.pk, "publish"]))

    assert_shown_as_text(answer, 409)


def test_what_was_typed_into_a_refused_review_is_text(site):
    advisor = site.browser("advisor1")
    form = form_of(advisor.get(reverse("board:review", args=[site.review.pk])), "/verdict/")

    assert_shown_as_text(form.send(advisor, statement=ATTACK, remarks=ATTACK, verdict=""), 400)


@pytest.mark.parametrize("query", ["q", "p", "o", "e", "stage__exact", "_changelist_filters", ATTACK])
def test_what_stands_in_the_address_of_a_list_is_text(site, query):
    answer = site.browser("editor").get(of("articles_article_changelist"), {query: ATTACK})

    assert answer.status_code in (200, 302)
    assert not RAW.search(answer.content.decode())
