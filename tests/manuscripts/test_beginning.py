"""From a manuscript to an article: confirmed references become sources that are cited, the others keep their words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.cited_sources.source_imports import plan
from articles.models import Article
from core.exceptions import NotPermitted
from manuscripts import beginning, uploading
from manuscripts.models import Manuscript
from sources import lookups
from sources.models import Evidence, Source, Work
from tests.manuscripts.documents import document, paragraph
from tests.manuscripts.test_word import IMAGE, PNG, picture

LIST = (
    b"Magnesium\n\nIt helped [1], and others agree [2,3].\n\nReferences\n"
    b"1. Abbasi B. The effect of magnesium on sleep. J Res. 2012;17(12):1161-1169. doi:10.1000/one\n"
    b"2. Roe R. Zinc and colds in adults. J Two. 2021;2:2. doi:10.1000/two\n3. Personal communication.\n"
)


def planned(manuscript, actor, evidence=Evidence.COHORT):
    found, numbers = beginning.entries_of(manuscript.proposal)
    return plan(found, actor=actor, evidence=dict.fromkeys(range(len(numbers)), evidence))


def begin(manuscript, actor, chosen=(0, 1), title="Magnesium", **more):
    made = planned(manuscript, actor)
    return beginning.begin(manuscript=manuscript, actor=actor, title=title, plan=made, chosen=set(chosen), **more)


def test_the_article_cites_new_sources_by_their_keys(cast, uploaded):
    article = begin(uploaded, cast.writer)
    one, two = (Source.objects.get(doi=doi) for doi in ("10.1000/one", "10.1000/two"))
    assert article.body == (
        f'<h2>What it does</h2>\n<p>It helped<sup data-cite="{one.key}"></sup> but not here.'
        f'<sup data-cite="{one.key} {two.key}"></sup></p>'
    )
    assert [citation.key for citation in article.head().citations.order_by("number")] == [one.key, two.key]
    assert (article.title, article.slug, article.created_by) == ("Magnesium", "magnesium", cast.writer)
    assert [row.author for row in article.authorships.all()] == [cast.author]
    assert not Manuscript.objects.exists()


def test_a_reference_that_is_not_confirmed_keeps_the_words_that_stood_there(cast, uploaded):
    article = begin(uploaded, cast.writer, chosen=[1])
    two = Source.objects.get(doi="10.1000/two")
    assert article.body.endswith(
        f'It helped1 but not here.<sup data-cite="{two.key}"></sup>1,2</p>'
        "<h2>References that are no sources yet</h2><p>[1] Doe. Magnesium and sleep in adults. 2020</p>"
    )
    assert not Source.objects.filter(doi="10.1000/one").exists()


def test_sources_of_the_library_are_recognised_by_identifier_and_by_title(cast):
    known = Source.objects.create(
        key="abbasi2012",
        title="The effect of magnesium on sleep",
        authors="Abbasi, B",
        year=2012,
        container="J Res",
        doi="10.1000/one",
        work=Work.JOURNAL_ARTICLE,
        evidence=Evidence.COHORT,
        created_by=cast.editor,
    )
    manuscript = uploading.upload(data=LIST, name="m.txt", actor=cast.writer)
    first, second, third = manuscript.proposal.references
    assert (first.record.csl["id"], first.wanted) == ("abbasi2012", "")
    assert (second.wanted, second.record.csl["DOI"]) == ("doi:10.1000/two", "10.1000/two")
    assert (third.record, third.wanted) == (None, "")
    article = begin(manuscript, cast.writer, chosen=[0])
    assert article.body == (
        f'<p>It helped,<sup data-cite="{known.key}"></sup> and others agree.[2,3]</p>'
        "<h2>References that are no sources yet</h2>"
        "<p>[2] Roe R. Zinc and colds in adults. J Two. 2021;2:2. doi:10.1000/two</p><p>[3] Personal communication.</p>"
    )


def test_references_are_looked_up_a_few_at_a_time(cast, monkeypatch):
    answers = {"doi:10.1000/one": {"title": "Found", "type": "article-journal", "DOI": "10.1000/one"}}

    def find(wanted):
        if wanted not in answers:
            raise lookups.NotFound("Nobody knows it.")
        return answers[wanted]

    monkeypatch.setattr(lookups, "find", find)
    manuscript = uploading.upload(data=LIST, name="m.txt", actor=cast.writer)
    assert uploading.look_up(manuscript, most=1) == 1
    assert [one.wanted for one in manuscript.proposal.references] == ["", "doi:10.1000/two", ""]
    assert uploading.look_up(manuscript, most=5) == 0
    first, second, _third = Manuscript.objects.get().proposal.references
    assert first.record.csl["title"] == "Found"
    # What was read from the text stays where no registry answers.
    assert (second.record.csl["title"], second.failure) == ("Zinc and colds in adults", "Nobody knows it.")


def test_pictures_join_the_library_with_their_description_and_the_others_leave_no_place(cast):
    relations = f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.png"/>'
    data = document(
        paragraph("Before."),
        paragraph(picture("rId5")),
        paragraph(picture("rId5")),
        parts={"word/media/image1.png": PNG},
        relations=relations,
    )
    manuscript = uploading.upload(data=data, name="m.docx", actor=cast.writer)
    wanted = {1: beginning.WantedPicture("A capsule & more", "The house", "A pill.")}
    article = begin(manuscript, cast.writer, chosen=[], pictures=wanted)
    assert article.body.count("<figure>") == 1
    assert 'alt="A capsule &amp; more"' in article.body and "<figcaption>A pill. <em>The house</em>" in article.body


def test_nothing_is_stored_if_one_part_cannot_be(cast, uploaded):
    with pytest.raises(ValidationError):
        begin(uploaded, cast.writer, title="")
    wanted = planned(uploaded, cast.writer, evidence="")
    with pytest.raises(ValidationError):
        beginning.begin(manuscript=uploaded, actor=cast.writer, title="M", plan=wanted, chosen={0})
    assert not Article.objects.exists() and Manuscript.objects.count() == 1
    assert not Source.objects.filter(doi="10.1000/one").exists()


def test_two_articles_of_one_title_have_two_addresses(cast, file):
    for slug in ("magnesium", "magnesium-2"):
        manuscript = uploading.upload(data=file, name="m.docx", actor=cast.writer)
        assert begin(manuscript, cast.writer).slug == slug


def test_only_those_who_may_begin_articles_upload_manuscripts_and_not_without_end(cast, file, monkeypatch):
    for user in (cast.outsider, cast.advisors[0].user):
        with pytest.raises(NotPermitted):
            uploading.upload(data=file, name="m.docx", actor=user)
    monkeypatch.setattr(uploading, "MOST_WAITING", 1)
    uploading.upload(data=file, name="m.docx", actor=cast.writer)
    with pytest.raises(uploading.TooManyManuscripts):
        uploading.upload(data=file, name="m.docx", actor=cast.writer)
    uploading.upload(data=file, name="m.docx", actor=cast.editor)


def test_nobody_begins_an_article_from_the_manuscript_of_another(cast, uploaded):
    with pytest.raises(Manuscript.DoesNotExist):
        begin(uploaded, cast.editor)


def test_manuscripts_are_deleted_after_a_month(cast, uploaded, file):
    uploading.upload(data=file, name="new.docx", actor=cast.writer)
    Manuscript.objects.filter(pk=uploaded.pk).update(uploaded_at=timezone.now() - timedelta(days=31))
    assert uploading.purge() == 1
    assert [one.file_name for one in Manuscript.objects.all()] == ["new.docx"]
