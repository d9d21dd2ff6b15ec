"""Saving a working copy: when it becomes a revision, what the revision contains, and who may save."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from articles import drafting, workflow
from articles.digests import digest
from articles.exceptions import InvalidTransition, NotPermitted, Overtaken
from articles.models import Article, Author, Authorship, Rendering, Stage
from tests import newsroom


def rewrite(cast, article, actor=None, seen_version=None, sources=None, **fields):
    """Call `drafting.rewrite` and return its result: the new revision or None."""
    article.refresh_from_db()
    return drafting.rewrite(
        article=article,
        actor=actor or cast.writer,
        seen_version=article.version if seen_version is None else seen_version,
        content=newsroom.content(**fields),
        sources=sources,
    )


# Revisions


def test_a_new_article_has_its_first_revision(cast):
    article = newsroom.draft(cast)
    revision = article.revisions.get()
    assert (revision.number, revision.created_by, revision.created_by_name) == (1, cast.writer, "Writer")
    assert revision.content() == article.content()


def test_one_changed_letter_makes_a_revision(cast):
    article = newsroom.draft(cast)
    assert rewrite(cast, article, title="Magnesium and sleeps").number == 2


def test_the_same_content_makes_none(cast):
    article = newsroom.draft(cast)
    assert rewrite(cast, article) is None
    assert article.revisions.count() == 1


def test_content_that_comes_back_makes_a_revision_with_the_digest_it_had(cast):
    article = newsroom.draft(cast)
    rewrite(cast, article, title="Magnesium and rest")
    again = rewrite(cast, article)
    assert (again.number, again.digest) == (3, article.revisions.get(number=1).digest)


def test_the_stored_digest_is_that_of_the_stored_rows(cast):
    revision = newsroom.draft(cast).head()
    assert revision.digest == digest(revision.content(), revision.citations.all(), revision.bylines.all())


def test_revisions_are_numbered_for_each_article(cast):
    newsroom.rewrite(cast, newsroom.draft(cast), title="Magnesium and rest")
    assert newsroom.draft(cast).head().number == 1


@pytest.mark.parametrize(
    "field",
    [
        "title",
        "standfirst",
        "key_messages",
        "disclosure",
        "hero_alt",
        "hero_caption",
        "hero_credit",
        "search_description",
    ],
)
def test_a_change_of_any_field_makes_a_revision(cast, field):
    article = newsroom.draft(cast)
    assert getattr(rewrite(cast, article, **{field: "Other words."}), field) == "Other words."


def test_an_earlier_revision_keeps_its_words(cast):
    article = newsroom.draft(cast)
    rewrite(cast, article, title="Magnesium and rest")
    assert article.revisions.get(number=1).title == "Magnesium and sleep"


def test_a_revision_is_rendered_once_and_kept(cast):
    revision = newsroom.draft(cast).head()
    assert "Sleep was longer by 17 minutes." in Rendering.objects.get(revision=revision).body


# Citations and byline


def test_sources_are_cited_in_the_order_of_their_first_use(cast):
    article = newsroom.draft(cast)
    second = newsroom.source("abe2021")
    body = '<p>One.<sup data-cite="abe2021"></sup> Two.<sup data-cite="doe2020 abe2021"></sup></p>'
    revision = rewrite(cast, article, sources={second: ""}, body=body)
    assert list(revision.citations.values_list("number", "key")) == [(1, "abe2021"), (2, "doe2020")]


def test_sources_of_the_body_are_numbered_before_those_of_the_safety_note(cast):
    note = '<p>Ask first.<sup data-cite="abe2021"></sup></p>'
    article = newsroom.draft(cast, sources=[newsroom.source("abe2021"), cast.source], safety_note=note)
    assert list(article.head().citations.values_list("number", "key")) == [(1, "doe2020"), (2, "abe2021")]


@pytest.mark.parametrize(
    ("missing", "link"),
    [
        ((), "https://doi.org/10.1000/abe2021"),
        (("doi",), "https://pubmed.ncbi.nlm.nih.gov/31415926/"),
        (("doi", "pmid"), "https://example.org/trial"),
    ],
)
def test_a_citation_links_to_the_doi_else_to_pubmed_else_to_the_sources_own_page(cast, missing, link):
    identifiers = {"pmid": "31415926", "url": "https://example.org/trial", **dict.fromkeys(missing, "")}
    source = newsroom.source("abe2021", **identifiers)
    article = newsroom.draft(cast, sources=[source], body='<p>One.<sup data-cite="abe2021"></sup></p>')
    assert article.head().citations.get().link == link


def test_a_source_that_no_mark_names_is_not_cited(cast):
    article = newsroom.draft(cast)
    revision = rewrite(cast, article, body="<p>Nothing was measured.</p>")
    assert not revision.citations.exists()


def test_a_mark_whose_source_is_not_attached_is_not_cited(cast):
    newsroom.source("abe2021")
    revision = rewrite(cast, newsroom.draft(cast), body='<p>One.<sup data-cite="abe2021"></sup></p>')
    assert not revision.citations.exists()


def test_attaching_a_source_that_nothing_cites_makes_no_revision(cast):
    assert rewrite(cast, newsroom.draft(cast), sources={newsroom.source("abe2021"): ""}) is None


def test_attaching_a_source_again_keeps_what_it_was_said_to_support(cast):
    article = newsroom.draft(cast)
    rewrite(cast, article, sources={cast.source: "something else"})
    assert article.article_sources.get().supports == "the length of sleep"


def test_a_source_edited_later_changes_no_citation(cast):
    citation = newsroom.draft(cast).head().citations.get()
    before = citation.reference
    cast.source.title = "Another title"
    cast.source.save()
    citation.refresh_from_db()
    assert citation.reference == before


def test_saving_after_a_source_was_edited_cites_it_anew(cast):
    article = newsroom.draft(cast)
    cast.source.title = "Another title"
    cast.source.save()
    revision = rewrite(cast, article)
    assert (revision.number, "Another title" in revision.citations.get().reference) == (2, True)


def test_a_new_author_makes_a_revision(cast):
    article = newsroom.draft(cast)
    Authorship.objects.create(article=article, author=Author.objects.create(name="Cora", slug="cora"), position=1)
    revision = drafting.record(article=article, actor=cast.writer)
    assert [str(byline) for byline in revision.bylines.all()] == ["Wanda Writer, MSc", "Cora"]


def test_an_author_who_changes_names_keeps_the_old_one_in_what_was_written(cast):
    article = newsroom.draft(cast)
    Author.objects.update(name="Wanda Wright")
    assert article.head().bylines.get().name == "Wanda Writer"


# The stage


@pytest.mark.parametrize("stage", ["approved", "published"])
def test_a_change_takes_the_working_copy_back_to_draft(cast, stage):
    article = getattr(newsroom, stage)(cast)
    assert newsroom.rewrite(cast, article, title="Magnesium and rest").stage == Stage.DRAFT


@pytest.mark.parametrize("stage", ["approved", "published"])
def test_saving_the_same_keeps_the_stage(cast, stage):
    article = getattr(newsroom, stage)(cast)
    assert newsroom.rewrite(cast, article).stage == stage


def test_a_change_after_changes_were_requested_keeps_the_request(cast):
    article = newsroom.changes_requested(cast)
    assert newsroom.rewrite(cast, article, title="Magnesium and rest").stage == Stage.CHANGES_REQUESTED


@pytest.mark.parametrize("title", ["Magnesium and sleep", "Magnesium and rest"])
def test_nothing_is_saved_while_the_board_reads(cast, title):
    article = newsroom.in_review(cast)
    with pytest.raises(InvalidTransition, match="Recall it before you change it"):
        newsroom.rewrite(cast, article, title=title)
    article.refresh_from_db()
    assert (article.title, article.revisions.count()) == ("Magnesium and sleep", 1)


def test_readers_keep_what_is_published_while_the_working_copy_changes(cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Magnesium and rest")
    assert article.publications.visible().get().approval.revision.title == "Magnesium and sleep"


# Who may save, and on which version


def test_two_people_on_the_same_version_do_not_overwrite_each_other(cast):
    article = newsroom.draft(cast)
    newsroom.rewrite(cast, article, actor=cast.editor, title="Magnesium and rest")
    with pytest.raises(Overtaken, match="Editor saved"):
        rewrite(cast, article, seen_version=1, title="Magnesium and dreams")
    article.refresh_from_db()
    assert article.title == "Magnesium and rest"


def test_every_save_moves_the_version_on(cast):
    article = newsroom.draft(cast)
    assert article.version == 1
    newsroom.rewrite(cast, article)
    assert article.version == 2


def test_the_working_copy_knows_who_saved_it_last(cast):
    article = newsroom.rewrite(cast, newsroom.draft(cast), actor=cast.editor)
    assert article.saved_by == cast.editor


@time_machine.travel("2026-05-04T12:00Z", tick=False)
def test_the_working_copy_knows_when_it_was_saved_last(cast):
    article = newsroom.draft(cast)
    article.refresh_from_db()
    assert article.saved_at == datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize("person", ["colleague", "advisor1", "outsider"])
def test_who_may_not_edit_saves_nothing(cast, person):
    article = newsroom.draft(cast)
    with pytest.raises(NotPermitted):
        newsroom.rewrite(cast, article, actor=cast.everybody[person], title="Magnesium and rest")
    article.refresh_from_db()
    assert (article.title, article.version) == ("Magnesium and sleep", 1)


def test_a_co_author_may_edit(cast):
    article = newsroom.draft(cast)
    author = Author.objects.create(name="Cole", slug="cole", user=cast.colleague)
    Authorship.objects.create(article=article, author=author, position=1)
    assert newsroom.rewrite(cast, article, actor=cast.colleague, title="Magnesium and rest").saved_by == cast.colleague


def test_a_co_author_of_one_article_may_not_edit_another(cast):
    own, other = newsroom.draft(cast), newsroom.draft(cast)
    author = Author.objects.create(name="Cole", slug="cole", user=cast.colleague)
    Authorship.objects.create(article=own, author=author, position=1)
    with pytest.raises(NotPermitted):
        newsroom.rewrite(cast, other, actor=cast.colleague, title="Magnesium and rest")


@pytest.mark.parametrize("person", ["advisor1", "outsider"])
def test_who_may_not_write_begins_nothing(cast, person):
    with pytest.raises(NotPermitted):
        drafting.begin(actor=cast.everybody[person], slug="mine", content=newsroom.content())
    assert not Article.objects.filter(slug="mine").exists()


@pytest.mark.parametrize("fields", [{"title": ""}, {"title": "x" * 201}, {"standfirst": "x" * 401}])
def test_content_that_does_not_fit_is_refused_whole(cast, fields):
    article = newsroom.draft(cast)
    with pytest.raises(ValidationError):
        newsroom.rewrite(cast, article, **fields)
    article.refresh_from_db()
    assert (article.title, article.version, article.revisions.count()) == ("Magnesium and sleep", 1, 1)


def test_an_address_is_used_once(cast):
    newsroom.draft(cast, slug="magnesium")
    with pytest.raises(ValidationError):
        newsroom.draft(cast, slug="magnesium")


def test_a_recalled_text_can_be_changed_again(cast):
    article = newsroom.in_review(cast)
    workflow.recall(article=article, actor=cast.writer)
    assert newsroom.rewrite(cast, article, title="Magnesium and rest").revisions.count() == 2
