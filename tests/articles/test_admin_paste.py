"""“Paste sources” and the downloads: what the page shows, and what it stores for whom."""

import html
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from sources import lookups
from sources.exporters import FORMATS
from sources.importers import read
from sources.models import Source
from tests import newsroom
from tests.admin_forms import form_of

BOX = "/admin/sources/source/paste/"
RIS = "TY  - JOUR\nTI  - A new trial\nAU  - Roe, Ann\nPY  - 2021\nDO  - 10.1000/new\nER  - \n"
BIB = "@article{doe2020, title = {A trial called doe2020}, doi = {10.1000/DOE2020}, volume = 17}\n"


@pytest.fixture
def writing(client, cast):
    client.force_login(cast.writer)
    return client


@pytest.fixture
def editing(client, cast):
    client.force_login(cast.editor)
    return client


def look(client, text: str, address: str = BOX, status: int = 200) -> str:
    answer = client.post(address, {"text": text})
    assert answer.status_code == status
    return html.unescape(answer.content.decode())


def carried(page: str) -> str:
    """Return the text in the page's hidden field, as a browser sends it."""
    return re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL).group(1)


def test_the_box_shows_and_stores_nothing(writing, cast):
    page = look(writing, RIS + "TY  - JOUR\nTI  - Cut")
    assert "Read as RIS" in page and "A new trial" in page and "roe2021" in page
    assert "Line 7" in page and "cut off" in page
    assert Source.objects.count() == 1


def test_what_is_chosen_is_stored_with_its_kind_of_evidence(writing, cast):
    text = carried(look(writing, RIS + RIS.replace("new", "other")))
    answer = writing.post(BOX, {"text": text, "store": "1", "take-1": "on", "evidence-1": "cohort"}, follow=True)

    assert "Sources: 1 added, 0 completed." in answer.content.decode()
    held = Source.objects.get(doi="10.1000/other")
    assert (held.evidence, held.created_by, Source.objects.count()) == ("cohort", cast.writer, 2)


def test_without_a_kind_of_evidence_nothing_is_stored_and_the_choice_stays(writing):
    text = RIS + RIS.replace("new", "other")
    answer = writing.post(BOX, {"text": text, "store": "1", "take-0": "on", "take-1": "on", "evidence-1": "cohort"})
    page = html.unescape(answer.content.decode())

    assert "Nothing was stored. Line 1: Kind of evidence" in page
    assert '<option value="cohort" selected>' in page
    assert Source.objects.count() == 1


def test_what_is_there_is_said_and_completed_by_who_may(editing, cast):
    page = look(editing, BIB)
    assert "to be completed" in page and "Fills: volume" in page
    editing.post(BOX, {"text": BIB, "store": "1", "take-0": "on"})
    assert Source.objects.get().volume == "17"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste something"),
        ("Dear colleague", "not in a format that we read"),
        ("@book{a, title={\x00}}", "Null characters"),
        ("[" * 100_000 + "{}", "nested"),
        ("x" * 2_000_001, "larger than 2 MB"),
        (RIS * 301, "more than 300 entries"),
        ("\n".join(str(number) for number in range(1, 30)), "At most 20"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(writing, text, said):
    assert said in look(writing, text, status=400)
    assert Source.objects.count() == 1


def test_a_file_is_read_like_a_text_and_its_encoding_said(writing):
    file = SimpleUploadedFile("sources.ris", RIS.replace("Roe, Ann", "Müller, Zoë").encode("latin-1"))
    page = html.unescape(writing.post(BOX, {"file": file}).content.decode())
    assert "Windows-1252" in page and "Müller, Zoë" in page and "muller2021" in page


MACROS = Path(__file__).parent.parent / "sources" / "importers" / "files" / "latex_macros.bib"


@pytest.mark.parametrize("way", ["text", "file"])
def test_titles_with_macros_that_need_their_arguments_are_shown_and_stored(writing, way):
    given = MACROS.read_text() if way == "text" else SimpleUploadedFile("sources.bib", MACROS.read_bytes())
    answer = writing.post(BOX, {way: given})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "Read as BibTeX" in page and "The \\date macro" in page and "See here" in page

    taken = {f"{name}-{number}": word for number in range(3) for name, word in (("take", "on"), ("evidence", "cohort"))}
    writing.post(BOX, {"text": carried(page), "store": "1", **taken})
    assert Source.objects.filter(title="The \\date macro").count() == 1


@pytest.mark.parametrize("way", ["text", "file"])
def test_what_cannot_be_read_among_the_rest_is_said_with_its_line(writing, way):
    text = "TY  - JOUR\nTI  - Whole\nER  - 1\nTY  - JOUR\nUK  - x\nZZ  - y\nER  - \nTY  - JOUR\nTI  - Cut\n"
    answer = writing.post(BOX, {way: text if way == "text" else SimpleUploadedFile("sources.ris", text.encode())})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "Whole" in page and "Line 4" in page and "no title" in page and "Line 8" in page and "cut off" in page


def test_a_file_of_fifty_megabytes_is_refused(writing):
    answer = writing.post(BOX, {"file": SimpleUploadedFile("sources.ris", b"x" * 50_000_000)})
    assert answer.status_code == 400 and "larger than 2 MB" in answer.content.decode()


def test_a_script_in_a_title_is_text(writing):
    answer = writing.post(BOX, {"text": RIS.replace("A new trial", "<script>alert(1)</script></textarea><img src=x>")})
    assert "<script>alert" not in answer.content.decode() and "<img" not in answer.content.decode()


def test_a_doi_is_looked_up_and_its_answer_carried_along(writing, cast, monkeypatch):
    asked = []

    def find(identifier: str) -> dict:
        asked.append(identifier)
        return {"type": "journal-article", "title": "Found", "DOI": "10.1000/found", "custom": {"evidence": "cohort"}}

    monkeypatch.setattr(lookups, "find", find)
    page = look(writing, "https://doi.org/10.1000/FOUND\ndoi:10.1000/doe2020")
    assert asked == ["doi:10.1000/found"]  # the library is asked first
    assert "Found" in page and "In the library already" in page

    writing.post(BOX, {"text": carried(page), "store": "1", "take-0": "on", "evidence-0": "cohort"})
    assert asked == ["doi:10.1000/found"]
    assert Source.objects.get(title="Found").evidence == "cohort"


@pytest.mark.parametrize("failure", [lookups.LookupUnavailable("Offline."), lookups.NotFound("Nobody knows it.")])
def test_without_an_answer_the_way_by_hand_is_offered(writing, monkeypatch, failure):
    def find(identifier: str) -> dict:
        raise failure

    monkeypatch.setattr(lookups, "find", find)
    page = look(writing, "10.1000/away")
    assert str(failure) in page
    by_hand = re.search(r'href="(/admin/sources/source/add/\?[^"]+)"', page).group(1)
    assert 'value="10.1000/away"' in writing.get(by_hand).content.decode()


def test_ris_bibtex_and_identifiers_in_one_box_are_each_recognised(writing, monkeypatch):
    monkeypatch.setattr(lookups, "find", lambda identifier: {"type": "journal-article", "title": f"Found {identifier}"})
    page = look(writing, f"{RIS}\n{BIB}\n10.1000/there\nPMID: 99\n")
    assert "Read as RIS and BibTeX and identifiers" in page
    assert "Line 1" in page and "Line 8" in page and "Found doi:10.1000/there" in page and "Line 11" in page
    sent = {"text": carried(page), "store": "1", "take-0": "on", "take-2": "on"}
    writing.post(BOX, {**sent, "evidence-0": "cohort", "evidence-2": "cohort"})
    assert set(Source.objects.values_list("title", flat=True)) >= {"A new trial", "Found doi:10.1000/there"}


def test_a_web_page_asks_for_the_day_on_which_it_was_read(writing):
    text = json.dumps([{"type": "webpage", "title": "Insomnia", "URL": "https://www.nhs.uk/insomnia/"}])
    assert 'name="accessed-0"' in look(writing, text)
    sent = {"text": text, "store": "1", "take-0": "on", "evidence-0": "consumer"}
    assert "on which day" in writing.post(BOX, sent).content.decode()
    writing.post(BOX, {**sent, "accessed-0": "2026-02-30"})
    assert Source.objects.count() == 1
    writing.post(BOX, {**sent, "accessed-0": "2026-02-03"})
    assert Source.objects.get(work="web_page").accessed_on.isoformat() == "2026-02-03"


def test_what_is_stored_at_an_article_is_at_hand_for_it(writing, cast):
    article = newsroom.draft(cast)
    newsroom.source("roe2019", doi="10.1000/there")
    place = f"{BOX}?article={article.pk}"
    assert place in writing.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    text = RIS + RIS.replace("new", "there")
    assert "is attached to" in look(writing, text, place)
    writing.post(place, {"text": text, "store": "1", "take-0": "on", "take-1": "on", "evidence-0": "cohort"})
    assert set(article.sources.values_list("key", flat=True)) == {"doe2020", "roe2019", "roe2021"}


def by_hand(client, article, monkeypatch):
    """Return the form to which the page leads for an identifier that cannot be looked up."""

    def find(identifier: str) -> dict:
        raise lookups.LookupUnavailable("Offline.")

    monkeypatch.setattr(lookups, "find", find)
    page = look(client, "10.1000/away", f"{BOX}?article={article.pk}")
    address = re.search(r'href="(/admin/sources/source/add/\?[^"]+)"', page).group(1)
    form = form_of(client.get(address), "source_form")
    form.address = address  # its action is empty, and a browser posts to the whole address
    return form.put(title="Typed", authors="Roe, Ann", year="2021", evidence="cohort")


def test_what_is_entered_by_hand_is_attached_to_the_article(writing, cast, monkeypatch):
    article = newsroom.draft(cast)
    form = by_hand(writing, article, monkeypatch)
    answer = writing.post(form.address, form.data, follow=True)
    assert answer.redirect_chain == [(f"/admin/articles/article/{article.pk}/change/", 302)]
    assert "“Typed” (roe2021) is in the library and attached to this article." in html.unescape(answer.content.decode())
    assert set(article.sources.values_list("key", flat=True)) == {"doe2020", "roe2021"}


def test_what_is_entered_while_the_board_begins_to_read_is_kept_and_not_attached(writing, cast, monkeypatch):
    article = newsroom.draft(cast)
    form = by_hand(writing, article, monkeypatch)
    newsroom.submit(cast, article)
    answer = writing.post(form.address, form.data, follow=True)
    assert "in the library, but not attached. The board is reading" in html.unescape(answer.content.decode())
    assert Source.objects.filter(key="roe2021").exists() and article.sources.count() == 1


def test_nothing_is_entered_by_hand_for_somebody_elses_article(client, cast, monkeypatch):
    article = newsroom.draft(cast)
    client.force_login(cast.writer)
    form = by_hand(client, article, monkeypatch)
    client.force_login(cast.colleague)
    assert client.get(form.address).status_code == client.post(form.address, form.data).status_code == 404
    assert not Source.objects.filter(title="Typed").exists()


def test_no_source_gets_into_a_text_of_others_or_before_the_board(client, cast):
    article = newsroom.in_review(cast)
    place = f"{BOX}?article={article.pk}"
    sent = {"text": RIS, "store": "1", "take-0": "on", "evidence-0": "cohort"}
    client.force_login(cast.colleague)
    assert client.get(place).status_code == client.post(place, sent).status_code == 404
    client.force_login(cast.writer)
    assert "The board is reading" in client.get(place).content.decode()
    assert "The board is reading" in client.post(place, sent).content.decode()
    assert Source.objects.count() == 1 and article.sources.count() == 1


@pytest.mark.parametrize("who", ["advisor1", "outsider"])
@pytest.mark.parametrize("address", [BOX, "/admin/sources/source/export/bib/"])
def test_who_has_no_sources_gets_nothing(client, cast, who, address):
    client.force_login(cast.everybody[who])
    sent = {"text": RIS, "store": "1", "take-0": "on", "evidence-0": "cohort"}
    assert client.post(address, sent).status_code in (302, 403, 405)
    answer = client.get(address)
    assert answer.status_code in (200, 302, 403)
    if who == "outsider" or address == BOX:
        assert answer.status_code in (302, 403)
    assert Source.objects.count() == 1


def test_a_forged_form_changes_nothing_that_it_may_not(writing, cast):
    newsroom.draft(cast)
    writing.post(
        BOX,
        {
            "text": BIB,
            "store": "1",
            "take-0": "on",
            "evidence-0": "guideline",
            "key-0": "x",
            "title": "x",
            "take-99": "on",
        },
    )
    held = Source.objects.get()
    assert (held.key, held.evidence, held.volume) == ("doe2020", "randomised_trial", "")


@pytest.mark.parametrize(
    ("ending", "type_"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_readers_get_the_sources_of_what_they_read(client, cast, ending, type_, django_assert_max_num_queries):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, body="<h2>Hush</h2><p>No source.</p>")
    with django_assert_max_num_queries(3):
        answer = client.get(reverse("website:sources", args=[article.slug, ending]))

    assert answer.headers["Content-Type"].startswith(type_)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{article.slug}-sources.{ending}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.is_public and not answer.cookies and "Vary" not in answer.headers
    (entry,) = read(answer.content).entries
    assert (entry.csl["DOI"], entry.csl["id"]) == ("10.1000/doe2020", "doe2020")


@pytest.mark.parametrize("stage", ["draft", "in_review", "approved"])
def test_sources_of_what_is_not_published_answer_like_nothing(client, cast, stage):
    hidden = client.get(reverse("website:sources", args=[getattr(newsroom, stage)(cast).slug, "bib"]))
    unknown = client.get("/articles/no-such-article/sources.bib")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content


def test_sources_follow_the_article_off_the_page(client, cast):
    scheduled = newsroom.approved(cast)
    newsroom.publish(cast, scheduled, at=timezone.now() + timedelta(hours=1))
    withdrawn = newsroom.published(cast)
    workflow.withdraw(article=withdrawn, actor=cast.editor, notice="The dose was wrong.")
    for article in (scheduled, withdrawn):
        assert client.get(reverse("website:sources", args=[article.slug, "bib"])).status_code == 404


def test_staff_without_a_role_gets_no_library(client, cast):
    client.force_login(newsroom.user("clerk", is_staff=True))
    assert client.get("/admin/sources/source/export/bib/").status_code == 403
    assert client.get(BOX).status_code == 403


def test_there_are_three_formats_and_readers_may_only_look(client, cast):
    slug = newsroom.published(cast).slug
    assert client.get(f"/articles/{slug}/sources.exe").status_code == 404
    assert client.post(f"/articles/{slug}/sources.bib").status_code == 405


@pytest.mark.parametrize("query", ["", "?q=trial"], ids=["whole", "filtered"])
def test_the_library_is_offered_in_every_format(editing, cast, query):
    page = html.unescape(editing.get(f"/admin/sources/source/{query}").content.decode())
    for ending, format_ in FORMATS.items():
        assert f'/export/{ending}/{query or "?"}" rel="nofollow">{format_.name}</a>' in page


def test_the_library_is_handed_out_as_it_is_filtered(editing, cast):
    newsroom.source("roe2021", evidence="cohort")
    whole = editing.get("/admin/sources/source/export/bib/")
    some = editing.get("/admin/sources/source/export/json/?evidence__exact=cohort")
    assert [entry.csl["id"] for entry in read(whole.content).entries] == ["doe2020", "roe2021"]
    assert [entry.csl["id"] for entry in read(some.content).entries] == ["roe2021"]
    assert some.headers["Content-Disposition"] == 'attachment; filename="sources.json"'
    assert editing.get("/admin/sources/source/export/exe/").status_code == 404
    assert editing.get("/admin/sources/source/export/bib/?nonsense=1").status_code == 302
    assert (
        "export/ris/?evidence__exact=cohort"
        in editing.get("/admin/sources/source/?evidence__exact=cohort").content.decode()
    )


def test_an_entry_without_a_title_is_stored_under_the_title_that_is_typed(writing):
    text = carried(look(writing, "TY  - JOUR\nAU  - Roe, Ann\nPY  - 2021\nDO  - 10.1000/new\nER  - \n"))
    page = look(writing, text)
    assert "Without a title" in page and 'name="title-0"' in page
    sent = {"text": text, "store": "1", "take-0": "on", "evidence-0": "cohort"}
    assert "Nothing was stored." in writing.post(BOX, sent).content.decode()
    writing.post(BOX, {**sent, "title-0": "Typed here"})
    assert Source.objects.get(doi="10.1000/new").title == "Typed here"


def test_a_doubtful_entry_is_not_ticked_and_names_what_it_may_be(writing, cast):
    Source.objects.filter(pk=cast.source.pk).update(title="Editorial")
    page = look(writing, "TY  - JOUR\nTI  - Editorial\nPY  - 2020\nER  - \n")
    assert "Perhaps in the library" in page and "It may be “Editorial” (doe2020)" in page
    assert re.search(r'name="take-0"[^>]*checked', page) is None


def test_a_field_that_is_left_out_is_named(writing):
    page = look(writing, RIS.replace("ER  - ", "IS  - " + "9" * 30 + "\nER  - "))
    assert "Issue “999" in page and "is left out" in page
