"""The demonstration is loaded once, through the workflow, shows every stage, and breaks none of our rules."""

import os
import re

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from advisors.models import PanelMember, Review
from articles import readiness
from articles.models import Article, ChangeKind, Publication, Submission, Topic
from checks import preflight
from core.html import text_of, word_count
from demo import load
from products.models import Product
from sources.models import Source
from website.homepage import HomepageContent
from website.related import related

# Without this mark on every test, pytest-django would give a test that is run alone the real database.
pytestmark = pytest.mark.django_db

# editorial-checks.md: CLM03, SAF01, and CLM01's verbs beside a disease or its symptom.
BANNED = re.compile(
    r"\b(clinically )?proven\b|\bmiracle|\bmost advanced\b|\bantidote|\bno side effects\b|\bcompletely safe\b"
    r"|\boverdose is not\b|\bcannot overdose\b|\bguaranteed\b",
    re.IGNORECASE,
)
CURES = re.compile(r"\b(treat|cure|prevent|remed|heal)(s|ed|ing|y|ies)?\b", re.IGNORECASE)
DISEASES = re.compile(
    r"\b(insomnia|anxiety|depress|arthrit|cancer|diabet|infection|flu\b|colds?\b|migraine|pain\b|inflammat|hypertens"
    r"|disease|disorder|dementia|asthma|erectile|infertil|menopaus|panic|adhd|fibromyalg|osteopor|headache)",
    re.IGNORECASE,
)
NEWEST_FIRST = [
    "l-theanine-and-attention",
    "magnesium-and-sleep",
    "valerian-chamomile-and-sleep",
    "menthol-and-sore-muscles",
    "zinc-and-the-common-cold",
]
SHORT = NEWEST_FIRST[2:]
STAGES = {
    "zinc-and-the-common-cold": "published",
    "menthol-and-sore-muscles": "published",
    "valerian-chamomile-and-sleep": "published",
    "magnesium-and-sleep": "published",
    "l-theanine-and-attention": "in_review",
    "caffeine-and-bedtime": "published",
    "melatonin-for-jet-lag": "in_review",
    "ashwagandha-and-stress": "draft",
}


def every_row() -> dict[str, list[tuple]]:
    """Return every row of the database."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)} ORDER BY 1")
            rows[model._meta.db_table] = cursor.fetchall()
    return rows


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker, media):
    """Load the demonstration once; changes that a test makes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(
            DEBUG=True, MEDIA_ROOT=media, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
        ):
            call_command("load_demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(loaded_once, db, settings, media):
    settings.MEDIA_ROOT = media


def article(slug: str) -> Article:
    return Article.objects.get(slug=slug)


def test_it_refuses_where_debug_is_off(db):
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("load_demo")

    assert not load.is_loaded()


def test_a_second_run_changes_no_row_and_says_so(loaded, settings, capsys):
    settings.DEBUG = True
    before = every_row()
    call_command("load_demo")

    assert every_row() == before
    assert "loaded already; nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize("slug", STAGES)
def test_each_article_stands_at_its_stage(loaded, slug):
    assert article(slug).stage == STAGES[slug]
    assert set(STAGES) == set(Article.objects.values_list("slug", flat=True))


def test_readers_find_five_of_them_on_the_home_page_in_this_order(loaded):
    assert [row.slug for row in HomepageContent(timezone.now()).latest] == NEWEST_FIRST


def test_every_topic_says_what_it_is_about_and_six_have_something_to_read(loaded):
    shelves = {shelf.topic.name: shelf.articles for shelf in HomepageContent(timezone.now()).shelves}

    assert shelves == {"Botanicals": 2, "Focus": 1, "Immunity": 1, "Movement": 1, "Nutrition": 3, "Sleep": 2}
    for topic in Topic.objects.all():
        assert topic.description.endswith("."), topic
        assert topic.articles.exists(), topic


def test_some_sources_are_cited_by_more_than_one_article_that_can_be_read(loaded):
    cited = {
        Source.objects.get(title=row.title).key: row.articles for row in HomepageContent(timezone.now()).most_cited
    }

    assert cited == {"riemann2023": 2, "edinger2021": 2, "sateia2017": 2, "nhsminerals": 2}


def test_every_article_that_can_be_read_has_another_to_go_on_with(loaded):
    for slug in NEWEST_FIRST:
        topics = Topic.objects.filter(articles__slug=slug).values_list("pk", flat=True)
        assert related(article(slug).pk, list(topics), timezone.now()), slug


def test_one_was_corrected_and_says_what_was_wrong(loaded, client):
    text = article("zinc-and-the-common-cold")
    first, second = text.publications.order_by("starts_at")
    wrong, right = "by 14% in adults and 8% in children", "by 8% in adults and 14% in children"

    assert (first.kind, second.kind) == (ChangeKind.FIRST, ChangeKind.CORRECTION)
    assert first.ends_at == second.starts_at and second.ends_at is None
    assert first.approval.revision.body.replace(wrong, right) == second.approval.revision.body
    assert wrong in first.approval.revision.body and right in second.approval.revision.body
    assert second.approval.signatories.count() == 2

    page = client.get("/corrections/").content.decode()
    assert text_of(second.approval.revision.title) in page and "colds were 8% shorter in adults" in page
    assert right in client.get(text.get_absolute_url()).content.decode()
    assert wrong in client.get(f"{text.get_absolute_url()}versions/1/").content.decode()


@pytest.mark.parametrize("slug", SHORT)
def test_a_shorter_article_is_complete(loaded, slug):
    text = article(slug)
    note = text_of(text.safety_note)

    assert 600 <= word_count(text.body) <= 900
    assert 3 <= len(text.messages) <= 4
    assert "<h2>" in text.body and "<h3>" in text.body and "<table>" in text.body and 'class="note"' in text.body
    assert "Upper limit." in note and "Who should not" in note and "Interactions." in note
    assert text.head().citations.count() >= 5
    assert text.topics.count() == 2 and text.recommendations.exists()
    assert text.hero_image and text.hero_alt and text.hero_caption and text.hero_credit and text.disclosure


@pytest.mark.parametrize("slug", SHORT)
def test_a_shorter_article_draws_at_most_three_warnings_and_each_is_answered(loaded, slug):
    text = article(slug)
    warnings = [row for row in readiness.findings(text, text.head()) if row.level is preflight.Level.WARNING]

    assert 1 <= len(warnings) <= 3
    assert all(row.waived for row in warnings)


def test_one_has_two_authors(loaded):
    bylines = article("menthol-and-sore-muscles").head().bylines.order_by("position")

    assert [row.name for row in bylines] == ["Jonas Lindqvist", "Amira Okafor"]


def test_one_waits_for_the_board_for_the_first_time(loaded):
    waiting = article("melatonin-for-jet-lag")

    assert waiting.submissions.get().is_open
    assert not waiting.publications.exists()
    assert Review.objects.filter(submission__article=waiting, response="accepted").count() == 1


def test_one_is_read_while_its_second_revision_is_reviewed(loaded):
    text = article("l-theanine-and-attention")

    assert text.publications.visible().get().approval.revision.number == 1
    assert text.submissions.get(outcome="").revision.number == 2
    assert Review.objects.filter(submission__article=text, submission__outcome="", verdict="approve").count() == 1


def test_one_is_scheduled(loaded):
    text = article("caffeine-and-bedtime")

    assert text.publications.upcoming().get().starts_at > timezone.now()
    assert not text.publications.visible().exists()


def test_the_draft_can_be_submitted_as_it_stands(loaded):
    draft = article("ashwagandha-and-stress")

    assert PanelMember.objects.asked().filter(article=draft).count() >= 2
    assert not preflight.blockers(readiness.findings(draft, draft.head()))


@pytest.mark.parametrize("slug", STAGES)
def test_no_text_is_held_up_by_the_editorial_checks(loaded, slug):
    text = article(slug)

    assert not preflight.blockers(readiness.findings(text, text.head()))


def test_the_promise_holds(loaded, capsys):
    call_command("check_integrity")

    assert "every one shows what its reviewers approved" in capsys.readouterr().out


def test_everything_went_through_the_workflows_verbs(loaded):
    for text in Article.objects.all():
        last = text.transitions.first()
        assert text.stage == (last.to_stage if last else "draft")
    for submission in Submission.objects.exclude(outcome=""):
        assert submission.approval.signatories.count() >= submission.quorum


def test_the_article_on_magnesium_is_complete(loaded):
    text = article("magnesium-and-sleep")
    words = word_count(text.body)

    assert text.head().citations.count() >= 8
    assert 1300 <= words <= 1700
    assert 2 <= len(text.messages) <= 5
    assert "350 mg" in text_of(text.safety_note)
    assert text.hero_image and text.hero_alt and text.disclosure


def test_sources_can_be_looked_up(loaded):
    for source in Source.objects.all():
        source.full_clean()
        assert source.link.startswith("https://")
        assert source.author_list and (source.year or source.accessed_on)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("writer", "Writers"),
        ("editor", "Editors"),
        ("advisor1", "Scientific advisors"),
        ("advisor2", "Scientific advisors"),
        ("advisor3", "Scientific advisors"),
        ("admin", None),
    ],
)
def test_people_sign_in_by_e_mail_and_password(loaded, settings, name, role):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    browser = Client()
    answer = browser.post(
        reverse("account_login"), {"login": f"{name}@example.org", "password": load.PASSWORD, "next": "/admin/"}
    )
    user = browser.get("/admin/").context["user"]

    assert answer.status_code == 302
    assert user.email == f"{name}@example.org"
    assert list(user.groups.values_list("name", flat=True)) == ([role] if role else [])


def test_the_sign_ins_are_printed(loaded, settings, capsys):
    settings.DEBUG = True
    call_command("load_demo")
    printed = capsys.readouterr().out

    for name in ("writer", "editor", "advisor1", "admin"):
        assert f"{name}@example.org" in printed
    assert load.PASSWORD in printed


def test_with_serve_the_site_is_served_in_the_same_process_once_it_is_loaded(loaded, settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setenv(DJANGO_AUTORELOAD_ENV, "false")
    served = []
    monkeypatch.setattr(
        "demo.management.commands.load_demo.call_command",
        lambda *command: served.append((*command, load.is_loaded(), os.environ[DJANGO_AUTORELOAD_ENV])),
    )
    call_command("load_demo", serve=8765)

    assert served == [("runserver", "127.0.0.1:8765", True, "true")]


def test_everybody_is_plainly_an_invention(loaded):
    people = [*apps.get_model("articles.Author").objects.all(), *apps.get_model("advisors.Advisor").objects.all()]

    assert len(people) >= 5
    assert all("demonstration" in person.biography.lower() and person.photo for person in people)


def test_products_promise_nothing_that_our_own_checks_would_refuse(loaded):
    assert Product.objects.count() == 11
    for product in Product.objects.prefetch_related("pictures"):
        texts = (product.name, product.tagline, text_of(product.description), product.directions, product.cautions)
        for text in (*texts, *(picture.alternative_text for picture in product.pictures.all())):
            assert not BANNED.search(text), (product.name, text)
            for sentence in re.split(r"(?<=[.!?;])\s+", text):
                assert not (CURES.search(sentence) and DISEASES.search(sentence)), (product.name, sentence)


def test_readers_can_open_what_is_published(loaded, client):
    for row in Publication.objects.visible():
        answer = client.get(row.article.get_absolute_url())
        assert answer.status_code == 200
        assert row.approval.revision.title in answer.content.decode().replace("&#x27;", "'")
