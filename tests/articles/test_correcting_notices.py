"""Correcting a notice of withdrawal or a note on a change: readers see the new words and when, and both are kept."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, ChangeKind, NoticeCorrection, Publication, Stage, Told, Transition
from articles.notices.correcting import correct_notice
from audit import integrity
from audit.models import Event, Leaf
from audit.verify import sha256
from core import times
from tests import newsroom
from tests.articles.rows import refused
from tests.audit.tampering import unguarded

FIRST, NEW = "A dose was wrong.", "A dose was too high by a factor of ten."
CORRECTED_SAYING = "The wording of this note was corrected on"


@pytest.fixture
def withdrawn(cast) -> Article:
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice=FIRST)
    return article


@pytest.fixture
def changed(cast) -> Article:
    """Return an article that was corrected with a note."""
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Magnesium and sleep in adults")
    newsroom.approve(newsroom.submit(cast, article))
    workflow.publish(article=article, actor=cast.editor, kind=ChangeKind.CORRECTION, change_note=FIRST)
    article.refresh_from_db()
    return article


def correct(cast, article: Article, about: Told, words: str = NEW, **arguments: object) -> NoticeCorrection:
    noted = article.publications.noted().order_by("pk").last()
    arguments = {"actor": cast.editor, "publication": noted.pk, **arguments}
    return correct_notice(article=article, about=about, words=words, **arguments)


def read(name: str, *args: object) -> str:
    return Client().get(reverse(f"website:{name}", args=args)).content.decode()


def faults() -> list[str]:
    return [str(fault) for fault in integrity.faults()]


def test_readers_see_the_new_notice_of_a_withdrawal_with_its_date_wherever_it_stands(cast, withdrawn):
    row = correct(cast, withdrawn, Told.WITHDRAWAL)
    for page in (
        read("article", withdrawn.slug),
        read("record", withdrawn.slug),
        read("version", withdrawn.slug, "1"),
        read("corrections"),
    ):
        assert NEW in page and FIRST not in page and CORRECTED_SAYING in page
        assert times.day(row.corrected_at) in page
    assert faults() == []


def test_readers_see_the_new_note_on_a_change_with_its_date_wherever_it_stands(cast, changed):
    correct(cast, changed, Told.CHANGE)
    for page in (read("record", changed.slug), read("corrections")):
        assert NEW in page and FIRST not in page and CORRECTED_SAYING in page
    article = read("article", changed.slug)
    assert NEW in article and FIRST not in article and "dateModified" in article.partition("CorrectionComment")[2]
    assert faults() == []


def test_a_notice_that_was_never_corrected_says_nothing_of_it(withdrawn):
    assert FIRST in read("article", withdrawn.slug) and CORRECTED_SAYING not in read("record", withdrawn.slug)


def test_both_wordings_are_kept_and_the_stage_stays(cast, withdrawn):
    row = correct(cast, withdrawn, Told.WITHDRAWAL)
    assert (row.before, row.words, row.corrected_by) == (FIRST, NEW, cast.editor)
    assert withdrawn.publications.get().notice == FIRST
    again = correct(cast, withdrawn, Told.WITHDRAWAL, "A dose was ten times too high.")
    assert again.before == NEW and again.corrected_at > row.corrected_at
    withdrawn.refresh_from_db()
    assert withdrawn.stage == Stage.WITHDRAWN and faults() == []


def test_it_is_an_entry_in_the_history_and_in_the_sealed_log_without_the_words(cast, withdrawn):
    row = correct(cast, withdrawn, Told.WITHDRAWAL)
    entry = Transition.objects.get(verb="correct_notice")
    assert (entry.reason, entry.actor, entry.at) == (NEW, cast.editor, row.corrected_at)
    leaf = Leaf.objects.get(transition=entry)
    said = json.loads(leaf.data)
    assert leaf.event == Event.NOTICE_CORRECTION and said["publication"] == row.publication_id
    assert (said["about"], said["before"], said["words"]) == ("notice", sha256(FIRST.encode()), sha256(NEW.encode()))


def test_only_editors_correct_a_notice(cast, withdrawn):
    for actor in (cast.writer, cast.outsider, cast.advisors[0].user):
        with pytest.raises(NotPermitted):
            correct(cast, withdrawn, Told.WITHDRAWAL, actor=actor)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"words": " "}, "Write the notice"),
        ({"words": FIRST}, "the words of the notice already"),
        ({"words": "x" * 2001}, "2000"),
        ({"seen_correction": 7}, "Somebody else has corrected this notice"),
        ({"publication": 0}, "Readers have not seen this notice"),
    ],
)
def test_a_correction_that_says_nothing_new_is_refused(cast, withdrawn, arguments, said):
    with pytest.raises(InvalidTransition, match=said):
        correct(cast, withdrawn, Told.WITHDRAWAL, **arguments)


def test_a_note_that_readers_have_not_seen_is_not_corrected(cast):
    article = newsroom.approved(cast)
    at = timezone.now() + timedelta(days=1)
    upcoming = workflow.schedule(article=article, actor=cast.editor, at=at, change_note=FIRST)
    with pytest.raises(InvalidTransition, match="have not seen"):
        correct_notice(article=article, actor=cast.editor, publication=upcoming.pk, about=Told.CHANGE, words=NEW)
    with refused("only a notice that readers have seen"):
        _row(upcoming, cast, Told.CHANGE, FIRST).save()


def test_an_editor_corrects_it_on_the_page_of_the_article(client, cast, withdrawn):
    client.force_login(cast.editor)
    page = client.get(reverse("admin:articles_article_change", args=[withdrawn.pk])).content.decode()
    publication = withdrawn.publications.get()
    assert "Correct a notice" in page and FIRST in page
    address = reverse("admin:articles_article_do", args=[withdrawn.pk, "correct_notice"])
    sent = {"correct_notice-notice": f"{publication.pk} notice 0", "correct_notice-words": NEW}
    assert client.post(address, sent).status_code == 302
    assert NoticeCorrection.objects.get().words == NEW
    assert NoticeCorrection.objects.count() == 1


def test_an_editor_whose_form_is_older_than_a_correction_sees_it_and_keeps_what_was_typed(client, cast, withdrawn):
    row = correct(cast, withdrawn, Told.WITHDRAWAL)
    client.force_login(cast.editor)
    address = reverse("admin:articles_article_do", args=[withdrawn.pk, "correct_notice"])
    sent = {"correct_notice-notice": f"{row.publication_id} notice 0", "correct_notice-words": "Other words."}
    answer = client.post(address, sent)
    said = "Somebody has corrected this notice in the meantime."
    page, form = answer.content.decode(), answer.context["form"]
    assert answer.status_code == 400 and said in page and f"readers see now: “{NEW}”" in page
    assert "not one of the available choices" not in page
    assert NoticeCorrection.objects.count() == 1 and form["words"].value() == "Other words."
    again = {f"correct_notice-{name}": form[name].value() for name in ("notice", "words")}
    assert client.post(address, again).status_code == 302
    assert NoticeCorrection.objects.get(before=NEW).words == "Other words."


def test_readers_get_the_new_words_from_a_worker_that_had_kept_the_page(cast, withdrawn):
    browser = Client()
    assert FIRST in browser.get(reverse("website:article", args=[withdrawn.slug])).content.decode()
    correct(cast, withdrawn, Told.WITHDRAWAL)
    assert NEW in browser.get(reverse("website:article", args=[withdrawn.slug])).content.decode()


def test_the_notices_of_a_page_need_no_query_each(cast, django_assert_num_queries, client):
    for _ in range(2):
        article = newsroom.published(cast)
        workflow.withdraw(article=article, actor=cast.editor, notice=FIRST)
        correct(cast, article, Told.WITHDRAWAL)
    with django_assert_num_queries(3):
        client.get(reverse("website:corrections"))


# The database


def _row(publication: Publication, cast, about: Told, before: str, words: str = NEW) -> NoticeCorrection:
    return NoticeCorrection(
        publication=publication,
        about=about,
        before=before,
        words=words,
        corrected_by=cast.editor,
        corrected_by_name="Editor",
        corrected_at=timezone.now(),
    )


def test_a_correction_starts_from_what_readers_see(cast, withdrawn):
    with refused("has to start from the notice that readers see"):
        _row(withdrawn.publications.get(), cast, Told.WITHDRAWAL, "Other words.").save()
    correct(cast, withdrawn, Told.WITHDRAWAL)
    with refused("has to start from the notice that readers see"):
        _row(withdrawn.publications.get(), cast, Told.WITHDRAWAL, FIRST, "Other words.").save()


def test_a_correction_is_not_dated_back(cast, withdrawn):
    row = _row(withdrawn.publications.get(), cast, Told.WITHDRAWAL, FIRST)
    row.corrected_at -= timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


# What check_integrity finds


def alter(row: NoticeCorrection, **changes: object) -> None:
    """Replace the row by one with these changes, past the guards."""
    with unguarded():
        NoticeCorrection._base_manager.all()._raw_delete("default")
        for name, value in changes.items():
            setattr(row, name, value)
        row.save_base(raw=True, force_insert=True)


def test_a_correction_without_an_entry_in_the_log_is_found(cast, withdrawn):
    publication = withdrawn.publications.get()
    _row(publication, cast, Told.WITHDRAWAL, FIRST).save()
    place = f"{withdrawn.slug}, publication {publication.pk}"
    assert faults() == [f"{place}: a notice was corrected and the log does not say so"]


def test_a_correction_of_a_note_that_readers_had_not_seen_is_found(cast):
    article = newsroom.approved(cast)
    at = timezone.now() + timedelta(days=1)
    upcoming = workflow.schedule(article=article, actor=cast.editor, at=at, change_note=FIRST)
    with unguarded():
        _row(upcoming, cast, Told.CHANGE, FIRST).save()
    assert any("a notice was corrected that readers had not seen" in fault for fault in faults())


@pytest.mark.parametrize("changes", [{"before": "It was fine."}, {"about": "change_note"}])
def test_a_correction_that_begins_at_other_words_is_found(cast, withdrawn, changes):
    alter(correct(cast, withdrawn, Told.WITHDRAWAL), **changes)
    assert any("the correction of a notice does not begin at the words before it" in fault for fault in faults())


@pytest.mark.parametrize("changes", [{"words": "Nothing happened."}, {"corrected_by_id": 0}])
def test_a_correction_that_was_altered_is_found(cast, withdrawn, changes):
    if "corrected_by_id" in changes:
        changes = {"corrected_by_id": cast.admin.pk}
    alter(correct(cast, withdrawn, Told.WITHDRAWAL), **changes)
    assert any("a notice was corrected and the log does not say so" in fault for fault in faults())


def test_a_correction_that_was_deleted_is_found(cast, withdrawn):
    correct(cast, withdrawn, Told.WITHDRAWAL)
    with unguarded():
        NoticeCorrection._base_manager.all()._raw_delete("default")
    said = faults()
    assert any("the log says that Editor corrected a notice, and that is gone" in fault for fault in said)
    assert any("sealed log" in fault for fault in said)
