"""The archive for measurements: complete histories that pass the integrity check, the same in every run."""

import random
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from advisors.models import ChecklistItem, Review
from articles.models import (
    Article,
    Publication,
    Revision,
    SearchDraft,
    SearchEntry,
    SearchGram,
    SearchWord,
    Signatory,
    Stage,
    Submission,
)
from articles.rendering import numbers_and_tips, render
from articles.search import find, parse
from articles.search.index import rebuild
from core.html import sanitise
from demo.archive import making
from demo.archive.histories import STORIES, story
from demo.archive.texts import BylineAuthor, library_size, text
from demo.archive.words import EVERY, RARE, SOME, SOME_EVERY, sentence
from demo.archive.writing import BulkTable
from sources.models import Source

pytestmark = pytest.mark.django_db
MANY = 250
PEOPLE = [BylineAuthor(f"Author {place}", "MSc") for place in range(60)]


@pytest.fixture(scope="module")
def archive_once(django_db_setup, django_db_blocker):
    """Create the archive once, in two runs of the command; changes that a test makes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        ChecklistItem.objects.create(question="Does every claim say what its source says?")
        making.make(articles=60)
        making.make(articles=MANY)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def archive(archive_once, db):
    """Return the archive as it was created."""


def test_the_promise_holds(archive, capsys):
    call_command("check_integrity")

    assert "every one shows what its reviewers approved" in capsys.readouterr().out
    assert Publication.objects.count() > MANY / 2


def test_every_stage_is_the_one_that_the_diary_ends_at(archive):
    for article in Article.objects.prefetch_related("transitions"):
        ends_at = max(article.transitions.all(), key=lambda row: row.pk, default=None)
        assert article.stage == (ends_at.to_stage if ends_at else "draft")


def test_a_run_goes_on_where_another_stopped(archive):
    slugs = list(Article.objects.order_by("pk").values_list("slug", flat=True))

    assert making.made() == len(slugs) == len(set(slugs)) == MANY
    assert making.make(articles=MANY) == 0
    assert slugs == [text(1, serial, story(1, serial)[1], PEOPLE).slug for serial in range(MANY)]
    assert Source.objects.count() == library_size(MANY - 1)


def test_a_text_follows_from_its_seed_and_number():
    first, again, other = (text(seed, 7, 2, PEOPLE) for seed in (1, 1, 2))

    assert [version.digest for version in first.versions] == [version.digest for version in again.versions]
    assert first.versions[0].digest != other.versions[0].digest


def test_every_stage_and_more_than_one_version_are_there(archive):
    told = Counter(story(1, serial) for serial in range(5000))

    assert set(told) == {(what, versions) for what, versions, _ in STORIES}
    assert set(Article.objects.values_list("stage", flat=True)) == set(Stage)
    assert Publication.objects.filter(approval__revision__number=2).exists()
    assert Publication.objects.exclude(notice="").exists() and Publication.objects.upcoming().exists()
    assert Submission.objects.filter(reason="renewal", outcome="approved").exists()


def test_what_stands_behind_a_page_is_whole(archive):
    for revision in Revision.objects.prefetch_related("citations", "bylines")[:40]:
        assert revision.citations.count() and revision.bylines.count() and revision.rendering.words > 100
        assert sanitise(revision.body) == revision.body and sanitise(revision.safety_note) == revision.safety_note
        revision.full_clean()
    assert Signatory.objects.count() == 2 * Submission.objects.filter(outcome="approved").count()
    assert not Review.objects.filter(verdict="approve", ticks=None).exists()


def test_the_known_words_are_as_frequent_as_they_are_said_to_be(archive):
    entries = SearchEntry.objects.all()
    some = set(entries.filter(body__icontains=SOME).values_list("revision__article__slug", flat=True))
    numbers = {int(slug.rsplit("-", 1)[1]) for slug in some}

    assert numbers and all(number % SOME_EVERY == 5 for number in numbers)
    assert entries.filter(body__icontains=EVERY).count() == entries.count() > MANY / 2
    assert set(entries.filter(body__icontains=RARE).values_list("revision__article__slug", flat=True)) <= {
        text(1, 7, 1, PEOPLE).slug
    }
    assert find(parse(SOME), at=timezone.now()).paginator.count


def test_the_search_index_is_the_one_that_the_site_would_make(archive):
    def index() -> tuple[set, ...]:
        return (
            set(SearchWord.objects.values_list("word")),
            set(SearchGram.objects.values_list("gram", "word")),
            set(SearchEntry.objects.values_list("revision", "title", "standfirst", "messages", "body", "article_key")),
            set(SearchDraft.objects.values_list("article", "words")),
        )

    written = index()
    rebuild()

    assert written[0] and index() == written


def test_a_citation_has_the_tip_that_the_site_would_give_it():
    version = text(1, 3, 1, PEOPLE).versions[0]
    numbers, tips = numbers_and_tips([citation for _, citation in version.cited])

    assert tips and render(version.content["body"], version.content["safety_note"], numbers, tips) == version.rendered


def test_a_sentence_has_all_the_words_that_are_wanted():
    for seed in range(200):
        assert {"one", "two", "three"} <= set(sentence(random.Random(seed), "one", "two", "three")[:-1].lower().split())


def test_rows_go_on_after_the_keys_that_there_are(archive):
    writer = Article.objects.first().created_by
    assert Article.objects.create(title="New", slug="new", created_by=writer).pk > MANY


def test_a_column_that_there_is_not_is_refused():
    with pytest.raises(TypeError, match="no column colour"):
        BulkTable(Article).add(colour="green")


def test_the_guards_stand_while_it_is_written(archive):
    late = BulkTable(Revision.citations.rel.related_model)
    late.add(
        revision_id=Submission.objects.first().revision_id, source_id=Source.objects.first().pk, number=99, key="z"
    )
    with pytest.raises(Exception, match="citations cannot be added to a revision"), transaction.atomic():
        late.write()


def test_it_refuses_where_debug_is_off_and_for_nothing(settings):
    before = making.made()
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("make_archive", "5")
    settings.DEBUG = True
    with pytest.raises(CommandError, match="one or more"):
        call_command("make_archive", "0")
    assert making.made() == before


def test_it_says_what_it_did(archive, settings, capsys):
    settings.DEBUG = True
    call_command("make_archive", str(MANY + 3))

    assert capsys.readouterr().out.startswith("3 articles added in ")
    assert connection.vendor in ("sqlite", "postgresql") and making.made() == MANY + 3
