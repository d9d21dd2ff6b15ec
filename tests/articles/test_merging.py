"""Merging a duplicate into the source that stays: who may merge, what moves, and what stays as approved."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from advisors import reviews
from articles import drafting, workflow
from articles.citations import with_key
from articles.cited_sources import merging
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import ArticleSource, Citation
from audit import integrity
from sources import retractions
from sources.models import RetractionNotice, Source
from sources.signals import retraction_states_changed
from tests import newsroom

BODY = '<p>One.<sup data-cite="twin2020"></sup> Two.<sup data-cite="doe2020 twin2020"></sup></p>'


@pytest.fixture
def twin(cast):
    """The same trial as doe2020, entered a second time."""
    return newsroom.source("twin2020", doi="", pmid="123", volume="7", title="A trial called doe2020")


def citing(cast, twin, body: str = BODY, **fields: str):
    """Return a draft that cites both."""
    article = newsroom.draft(cast)
    drafting.rewrite(
        article=article,
        actor=cast.writer,
        seen_version=article.version,
        content=newsroom.content(body=body, **fields),
        sources={twin: "the same"},
    )
    article.refresh_from_db()
    return article


def merged(cast, twin, **options):
    return merging.merge(duplicate=twin, into=cast.source, actor=cast.editor, **options)


# Marks, without a database


@pytest.mark.parametrize(
    ("html", "moved"),
    [
        ('<sup data-cite="old1"></sup>', '<sup data-cite="new1"></sup>'),
        ('<sup data-cite="old1">3</sup>', '<sup data-cite="new1">3</sup>'),
        ('<sup data-cite="old1 abc new1"></sup>', '<sup data-cite="new1 abc"></sup>'),
        ('<sup data-cite="old1"></sup><sup data-cite="new1"></sup>', '<sup data-cite="new1"></sup>'),
        ('<sup data-cite="old1"></sup> <sup data-cite="new1">2</sup> x', '<sup data-cite="new1"></sup> x'),
        ('<sup data-cite="old1"></sup>x<sup data-cite="new1"></sup>', '<sup data-cite="new1"></sup>' * 2),
        ('<sup data-cite="old12"></sup>old1', '<sup data-cite="old12"></sup>old1'),
        ('<sup data-cite="a"></sup><sup data-cite="a"></sup>', '<sup data-cite="a"></sup><sup data-cite="a"></sup>'),
        ('<p>&lt;sup data-cite="old1"&gt; old1</p>', '<p>&lt;sup data-cite="old1"&gt; old1</p>'),
    ],
)
def test_marks_name_the_source_that_stays(html, moved):
    if html.count("x<"):
        moved = moved.replace("</sup><sup", "</sup>x<sup")
    assert with_key(html, "old1", "new1") == moved


# What moves


def test_a_draft_moves_to_the_source_that_stays_by_a_new_revision(cast, twin):
    article = citing(cast, twin)
    before = article.revisions.count()
    result = merged(cast, twin)
    article.refresh_from_db()

    assert result.moved == [article] and result.left == []
    assert article.body == '<p>One.<sup data-cite="doe2020"></sup> Two.<sup data-cite="doe2020"></sup></p>'
    assert list(article.sources.all()) == [cast.source]
    assert article.revisions.count() == before + 1
    newest = article.revisions.first()
    assert (newest.created_by, [row.key for row in newest.citations.all()]) == (cast.editor, ["doe2020"])


def test_the_safety_note_moves_too(cast, twin):
    article = citing(cast, twin, safety_note='<p>Ask.<sup data-cite="twin2020"></sup></p>')
    merged(cast, twin)
    article.refresh_from_db()
    assert article.safety_note == '<p>Ask.<sup data-cite="doe2020"></sup></p>'


def test_a_source_attached_twice_is_attached_once_and_keeps_what_was_noted(cast, twin):
    article = citing(cast, twin)
    ArticleSource.objects.filter(article=article, source=cast.source).update(supports="")
    merged(cast, twin)
    row = ArticleSource.objects.get(article=article)
    assert (row.source, row.supports) == (cast.source, "the same")


def test_a_mark_of_a_source_that_is_not_attached_moves_too(cast, twin):
    article = newsroom.draft(cast, body='<p>One.<sup data-cite="twin2020"></sup></p>')
    assert merged(cast, twin).moved == [article]
    article.refresh_from_db()
    assert "twin2020" not in article.body


def test_words_that_look_like_the_key_move_nothing(cast, twin):
    article = newsroom.draft(cast, body="<p>See twin2020 for more.</p>")
    assert merged(cast, twin).moved == []
    assert article.revisions.count() == 1


def test_what_a_revision_cites_it_goes_on_citing(cast, twin):
    article = citing(cast, twin)
    rows = Citation.objects.filter(revision__in=article.revisions.all()[:2]).order_by("pk")
    frozen = list(rows.values_list("pk", "source", "key", "reference"))
    before = article.revisions.count()
    merged(cast, twin)
    kept = Citation.objects.filter(revision__article=article, revision__number__lte=before).order_by("pk")
    assert list(kept.values_list("pk", "source", "key", "reference")) == frozen
    assert twin.citations.exists()
    assert list(integrity.faults()) == []


@pytest.mark.parametrize("stage", ["in_review", "approved", "published"])
def test_a_text_that_is_not_being_written_is_left_and_listed(cast, twin, stage):
    article = citing(cast, twin)
    submission = workflow.submit(article=article, actor=cast.writer)
    if stage != "in_review":
        newsroom.approve(submission)
    if stage == "published":
        newsroom.publish(cast, article)
    body = article.body
    result = merged(cast, twin)
    article.refresh_from_db()

    assert (result.moved, result.left) == ([], [article])
    assert (article.stage, article.body) == (stage, body)
    assert twin in article.sources.all()


def test_a_text_sent_back_moves(cast, twin):
    article = citing(cast, twin)
    workflow.submit(article=article, actor=cast.writer)
    workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")
    merged(cast, twin)
    article.refresh_from_db()
    assert article.stage == "changes_requested" and "twin2020" not in article.body


def test_a_text_sent_back_that_a_reviewer_is_still_reading_is_left(cast, twin):
    article = citing(cast, twin)
    submission = workflow.submit(article=article, actor=cast.writer)
    review = submission.reviews.first()
    reviews.accept(review=review, actor=review.advisor.user)
    workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")
    result = merged(cast, twin)
    article.refresh_from_db()
    assert (result.moved, result.left) == ([], [article]) and "twin2020" in article.body


# Values


def test_what_the_source_that_stays_does_not_have_is_filled_in(cast, twin):
    assert merged(cast, twin).taken == ["volume", "pmid"]
    cast.source.refresh_from_db()
    twin.refresh_from_db()
    assert (cast.source.volume, cast.source.pmid, cast.source.doi) == ("7", "123", "10.1000/doe2020")
    assert (twin.pmid, twin.volume) == ("", "7")


def test_a_value_is_taken_where_it_is_chosen_and_no_other(cast, twin):
    Source.objects.filter(pk=twin.pk).update(title="The better title", volume="8")
    merged(cast, twin, take=["title"])
    cast.source.refresh_from_db()
    assert (cast.source.title, cast.source.volume) == ("The better title", "")


def test_a_doi_moves_although_no_two_sources_may_have_it(cast, twin):
    Source.objects.filter(pk=twin.pk).update(doi="10.1000/other")
    merged(cast, twin, take=["doi"])
    cast.source.refresh_from_db()
    assert cast.source.doi == "10.1000/other"


def test_values_that_do_not_fit_together_are_refused_and_nothing_is_done(cast, twin):
    Source.objects.filter(pk=twin.pk).update(work="web_page", url="https://example.org/")
    with pytest.raises(ValidationError, match="on which day"):
        merged(cast, twin, take=["work", "url"])
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_a_value_changed_since_it_was_chosen_is_not_merged(cast, twin):
    seen = merging.seen(twin, cast.source)
    Source.objects.filter(pk=twin.pk).update(published_on=date(2020, 1, 2))
    with pytest.raises(Overtaken, match="changed since"):
        merged(cast, twin, seen_values=seen)
    assert not Source.objects.exclude(merged_into=None).exists()


def test_the_history_says_who_merged_what(cast, twin):
    merged(cast, twin)
    rows = [source.history.first() for source in (twin, cast.source)]
    assert [row.history_user for row in rows] == [cast.editor, cast.editor]
    assert [row.history_change_reason for row in rows] == [
        "Merged into doe2020",
        "Took volume, pmid from twin2020",
    ]


# Retractions


@pytest.mark.parametrize("take", [["pmid"], []])
def test_a_retraction_of_either_holds_for_both_and_is_never_said_to_be_taken_back(
    cast, twin, take, django_capture_on_commit_callbacks
):
    told = []
    notice = {"said_by": "pubmed", "record": "1", "nature": "retraction", "recorded_at": timezone.now()}
    RetractionNotice.objects.create(pmid=twin.pmid, **notice)
    retractions.refresh([twin])

    def hear(sender, changes, **kwargs):
        told.extend((change.source.key, change.before, change.after) for change in changes)

    retraction_states_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            merged(cast, twin, take=take)
    finally:
        retraction_states_changed.disconnect(hear)
    assert set(Source.objects.values_list("retraction_state", flat=True)) == {"retracted"}
    assert told == [("doe2020", "", "retracted")]


# What is refused


@pytest.mark.parametrize("person", ["writer", "colleague", "advisor1", "outsider"])
def test_only_editors_merge_and_unmerge(cast, twin, person):
    actor = cast.everybody[person]
    with pytest.raises(NotPermitted, match="for editors"):
        merging.merge(duplicate=twin, into=cast.source, actor=actor)
    merged(cast, twin)
    with pytest.raises(NotPermitted, match="for editors"):
        merging.unmerge(source=twin, actor=actor)


def test_an_editor_who_was_switched_off_does_not_merge(cast, twin):
    cast.editor.is_active = False
    with pytest.raises(NotPermitted):
        merged(cast, twin)


def test_a_source_is_not_merged_into_itself(cast):
    with pytest.raises(InvalidTransition, match="into itself"):
        merged(cast, cast.source)


def test_a_source_is_merged_once(cast, twin):
    merged(cast, twin)
    with pytest.raises(InvalidTransition, match="merged already, into doe2020"):
        merging.merge(duplicate=twin, into=newsroom.source("third2020"), actor=cast.editor)


def test_a_ring_is_refused(cast, twin):
    merged(cast, twin)
    with pytest.raises(InvalidTransition, match="was itself merged, into doe2020"):
        merging.merge(duplicate=cast.source, into=twin, actor=cast.editor)


def test_a_chain_leads_to_its_last_source(cast, twin):
    third = newsroom.source("third2020")
    merged(cast, twin)
    merging.merge(duplicate=cast.source, into=third, actor=cast.editor)
    twin.refresh_from_db()
    assert merging.last(twin) == third == merging.last(third)
    with pytest.raises(InvalidTransition, match="into third2020: merge into that one"):
        merging.merge(duplicate=newsroom.source("fourth2020"), into=cast.source, actor=cast.editor)


def test_a_source_that_is_gone_is_not_merged(cast, twin):
    Source.objects.filter(pk=twin.pk).delete()
    with pytest.raises(InvalidTransition, match="not in the library"):
        merged(cast, twin)


# Undoing a merge


def test_a_merge_is_taken_back_and_marks_stay_where_they_are(cast, twin):
    article = citing(cast, twin)
    merged(cast, twin)
    merging.unmerge(source=twin, actor=cast.editor)
    twin.refresh_from_db()
    article.refresh_from_db()
    assert twin.merged_into is None and "twin2020" not in article.body
    assert twin.history.first().history_change_reason == "No longer merged into doe2020"


def test_what_is_not_merged_is_not_taken_back(cast):
    with pytest.raises(InvalidTransition, match="not merged"):
        merging.unmerge(source=cast.source, actor=cast.editor)
