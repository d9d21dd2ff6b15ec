"""The pages of manuscripts: upload a file, see what was read, look up, begin, discard."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from manuscripts import admin as pages
from manuscripts import uploading
from manuscripts.models import Manuscript
from sources import lookups
from sources.models import Evidence, Source, Work
from tests.manuscripts.documents import document, paragraph
from tests.manuscripts.test_beginning import LIST
from tests.manuscripts.test_word import IMAGE, PNG, picture

UPLOAD = reverse("admin:manuscripts_manuscript_add")
WAITING = reverse("admin:manuscripts_manuscript_changelist")


def page_of(manuscript, name="change", *more):
    return reverse(f"admin:manuscripts_manuscript_{name}", args=[manuscript.pk, *more])


@pytest.fixture
def writer(client, cast):
    client.force_login(cast.writer)
    return client


def send(client, data, name="m.docx"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)})


def test_from_a_file_to_the_form_of_the_article(writer, file):
    assert "Upload a manuscript" in writer.get(UPLOAD).content.decode()
    answer = send(writer, file)
    manuscript = Manuscript.objects.get()
    assert answer.url == page_of(manuscript)
    page = writer.get(answer.url).content.decode()
    assert "2 of 2 references matched" in page and "Zinc and colds in adults" in page
    posted = {"title": "Magnesium", **{f"take-{number}": "on" for number in (0, 1)}}
    posted |= {f"evidence-{number}": Evidence.COHORT for number in (0, 1)}
    answer = writer.post(page_of(manuscript), posted, follow=True)
    article = Article.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("admin:articles_article_change", args=[article.pk])
    assert "2 of 2 references became citations" in answer.content.decode()
    # A second press finds nothing to begin.
    answer = writer.post(page_of(manuscript), posted)
    assert answer.status_code == 404
    assert "It may have become an article" in answer.content.decode() and "“Magnesium”" in answer.content.decode()
    assert Article.objects.count() == 1


def test_the_choice_is_offered_where_articles_begin(writer):
    assert f'href="{UPLOAD}"' in writer.get(reverse("admin:articles_article_begin")).content.decode()


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(writer):
    answer = send(writer, b"%PDF-1.7", "m.pdf")
    assert answer.status_code == 400
    assert "This is a PDF" in answer.content.decode()
    assert writer.post(UPLOAD).status_code == 400


def test_what_was_typed_survives_a_refusal(writer, cast):
    relations = f'<Relationship Id="rId5" Type="{IMAGE}" Target="media/image1.png"/>'
    parts = {"word/media/image1.png": PNG}
    data = document(paragraph("Text."), paragraph(picture("rId5")), parts=parts, relations=relations)
    manuscript = uploading.upload(data=data, name="m.docx", actor=cast.writer)
    posted = {"title": "My title", "picture-1": "on", "alt-1": "My words", "caption-1": "My caption", "credit-1": ""}
    answer = writer.post(page_of(manuscript), posted)
    page = answer.content.decode()
    assert answer.status_code == 400 and "Picture 1 needs a description and a credit" in page
    for words in ("My title", "My words", "My caption"):
        assert f'value="{words}"' in page
    del posted["picture-1"]
    assert writer.post(page_of(manuscript), posted).status_code == 302
    assert "<figure" not in Article.objects.get().body


def test_a_title_is_asked_for(writer, uploaded):
    answer = writer.post(page_of(uploaded), {"title": " "})
    assert "Type a title." in answer.content.decode() and not Article.objects.exists()


def test_looking_up_is_a_press_and_says_what_was_found(writer, cast, monkeypatch):
    found = {"title": "Found", "type": "article-journal", "DOI": "10.1000/one"}

    def find(wanted):
        if wanted != "doi:10.1000/one":
            raise lookups.NotFound("Nobody knows it.")
        return found

    monkeypatch.setattr(lookups, "find", find)
    manuscript = uploading.upload(data=LIST, name="m.txt", actor=cast.writer)
    assert "2 references have identifiers" in writer.get(page_of(manuscript)).content.decode()
    page = writer.post(page_of(manuscript, "look_up"), follow=True).content.decode()
    assert "1 of 2 references were found." in page and "Found" in page


def test_a_doubtful_reference_can_be_the_source_that_it_resembles(writer, cast):
    source = Source.objects.create(
        key="editorial2021",
        title="Editorial",
        year=2021,
        authors="Roe, R",
        work=Work.JOURNAL_ARTICLE,
        evidence=Evidence.NARRATIVE_REVIEW,
        created_by=cast.editor,
    )
    data = b"M\n\nIt helped [1].\n\nReferences\n1. Roe R. Editorial. J Two. 2021;2:2.\n2. Doe J. A. J. 2020;1:1.\n"
    manuscript = uploading.upload(data=data, name="m.txt", actor=cast.writer)
    page = writer.get(page_of(manuscript)).content.decode()
    assert "Perhaps in the library" in page and "It is this source: cite it" in page
    writer.post(page_of(manuscript), {"title": "M", "same-0": "on"})
    assert f'data-cite="{source.key}"' in Article.objects.get().body


def test_a_person_sees_and_opens_only_their_own(client, cast, uploaded, file):
    uploading.upload(data=file, name="other.docx", actor=cast.editor)
    client.force_login(cast.editor)
    page = client.get(WAITING).content.decode()
    assert "other.docx" in page and "magnesium.docx" not in page
    for name in ("change", "look_up", "discard"):
        method = client.get if name == "change" else client.post
        assert method(page_of(uploaded, name)).status_code == 404
    assert client.get(page_of(uploaded, "picture", 1)).status_code == 404
    client.force_login(cast.advisors[0].user)
    for address in (UPLOAD, WAITING, page_of(uploaded)):
        assert client.get(address).status_code == 403


def test_a_manuscript_is_discarded_with_its_pictures(writer, uploaded):
    writer.post(page_of(uploaded, "discard"))
    assert not Manuscript.objects.exists()


def test_a_picture_is_shown_as_what_it_is_and_nothing_else_is(writer, cast, uploaded):
    for number, content in ((1, PNG), (2, b"<script>alert(1)</script>")):
        uploaded.pictures.create(number=number, content=content)
    shown = writer.get(page_of(uploaded, "picture", 1))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert writer.get(page_of(uploaded, "picture", 2)).status_code == 404


def test_the_list_is_in_pages_and_takes_as_many_queries_for_many(writer, cast, uploaded):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            page = writer.get(WAITING).content.decode()
        return len(caught), page

    few, _page = queries()
    Manuscript.objects.bulk_create(
        Manuscript(user=cast.writer, file_name=f"m{number}.docx", read_as="{}", uploaded_at=timezone.now())
        for number in range(pages.PER_PAGE)
    )
    many, page = queries()
    assert many == few and "Older" in page


def test_the_proposal_takes_as_many_queries_for_many_references(writer, cast, django_assert_max_num_queries):
    def listed(count):
        lines = "\n".join(f"{n}. Roe R. Zinc and colds part {n}. J Two. 2021;2:{n}." for n in range(1, count + 1))
        data = f"M\n\nIt helped [1-{min(count, 30)}].\n\nReferences\n{lines}\n".encode()
        return uploading.upload(data=data, name="m.txt", actor=cast.writer)

    for count in (2, 60):
        manuscript = listed(count)
        with django_assert_max_num_queries(24):
            assert writer.get(page_of(manuscript)).status_code == 200


FORMATTED = reverse("admin:manuscripts_manuscript_formatted")


def test_pasted_markdown_is_returned_as_the_elements_of_an_article(writer):
    text = "# Doses\n\nTake **200 mg** [daily](https://example.org).[1]\n\n- one\n- two\n\n![A pill](https://x.org/p.png)\n"
    answer = writer.post(FORMATTED, {"text": text}).json()
    assert re.sub("\n+", "", answer["html"]) == (
        '<h2>Doses</h2><p>Take <strong>200 mg</strong> <a href="https://example.org">daily</a>.[1]</p>'
        "<ul><li>one</li><li>two</li></ul>"
    )
    assert answer["left"] == [["picture", "A pill"]]


@pytest.mark.parametrize("text", ["", "Two words, 5 * 3 and a_b_c.", "x" * (pages.LONGEST_PASTE + 1) + "\n# H"])
def test_any_other_pasted_text_stays_as_it_is(writer, text):
    assert writer.post(FORMATTED, {"text": text}).json() == {"html": "", "left": []}


def test_hostile_markdown_becomes_text(writer):
    text = "# H\n\n<script>alert(1)</script> [x](javascript:alert(1)) ![y](javascript:alert(1))\n\ue0001\ue002x\ue001"
    html = writer.post(FORMATTED, {"text": text}).json()["html"]
    assert "&lt;script&gt;" in html and "<script" not in html and "href" not in html and "data-cite" not in html


def test_ticks_stay_as_posted_when_the_article_is_refused(writer, cast):
    data = b"Sleep\n\nIt helps.\n\nReferences\n\n1. Doe J. Zinc in adults. J One. 2012;1:1-2.\n"
    manuscript = uploading.upload(data=data, name="m.txt", actor=cast.writer)
    ticked = re.compile(r'<input[^>]*name="take-0"[^>]* checked')
    assert not ticked.search(writer.get(page_of(manuscript)).content.decode())  # it is cited nowhere
    answer = writer.post(page_of(manuscript), {"title": "", "take-0": "on"})
    assert answer.status_code == 400 and ticked.search(answer.content.decode())


def test_references_that_nothing_cites_are_not_called_citations(writer, cast):
    data = b"Sleep\n\nIt helps.\n\nReferences\n\n1. Doe J. Zinc in adults. J One. 2012;1:1-2.\n2. Somebody said so.\n"
    manuscript = uploading.upload(data=data, name="m.txt", actor=cast.writer)
    posted = {"title": "Sleep", "take-0": "on", "evidence-0": Evidence.COHORT}
    page = writer.post(page_of(manuscript), posted, follow=True).content.decode()
    assert "0 of 2 references became citations. 1 other is attached, and cited nowhere." in page
    assert "1 that is no source yet stands at the end of the text." in page
    assert Article.objects.get().body.endswith("<p>[2] Somebody said so.</p>")


def test_a_footnote_of_pasted_markdown_keeps_its_words_even_if_it_names_a_work(writer):
    text = "# H\n\nIt helps.[^1]\n\n[^1]: Doe J. Zinc in adults. J One. 2012;1:1-2.\n"
    answer = writer.post(FORMATTED, {"text": text}).json()
    assert "It helps. (Doe J. Zinc in adults. J One. 2012;1:1-2)" in answer["html"]
    assert answer["left"] == [["footnote", "Doe J. Zinc in adults. J One. 2012;1:1-2."]]
