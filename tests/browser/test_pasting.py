"""What is pasted from other programs keeps every word, and what does not belong to the text is left out and said."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_local_copy import until
from tests.browser.test_surface import data, open_with
from tests.browser.test_writing import FRAGMENTS, PASTE

WORDS = "CKEDITOR.instances.id_body.editable().$.innerText"


@pytest.fixture
def writer(person) -> Page:
    return person("writer")


def paste(page: Page, html: str) -> Page:
    """Paste this clipboard into an empty article."""
    open_with(page, "<p>&nbsp;</p>")
    page.evaluate(PASTE, [html])
    until(page, f"{WORDS}.trim() !== ''")
    return page


def fragment(name: str) -> str:
    return (Path(FRAGMENTS) / f"{name}.html").read_text()


def words(page: Page) -> str:
    """Return the words of the editor with single spaces, without those that a widget adds."""
    return re.sub(r"\s+", " ", page.evaluate(WORDS)).strip()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bold_space", "Take magnesium citrate every day with food."),
        ("word_bold_space", "Take 200 mg of magnesium daily."),
    ],
)
def test_a_space_that_alone_is_bold_or_italic_stays_between_its_words(writer, name, expected):
    assert words(paste(writer, fragment(name))) == expected


def test_comments_and_deleted_words_of_word_stay_out_and_footnotes_go_into_parentheses(writer):
    paste(writer, fragment("word_footnote_comment"))
    assert words(writer) == (
        "Magnesium helped in one trial (Example A, Sample B. J Trials 2019;4:12) and not in another. "
        "The dose was 510 times larger than H2O. Elemental magnesium is listed below."
    )
    assert "<sup>10</sup>" in data(writer)
    said = writer.locator(".notice-paste")
    expect(said).to_contain_text("1 comment was left out; 1 deleted passage was left out; 1 footnote was put into")
    said.get_by_text("Show them").click()
    expect(said).to_contain_text("do not publish before legal has seen it")


def test_citations_of_zotero_in_google_docs_are_reported_and_lose_their_link(writer):
    paste(writer, fragment("gdocs_zotero"))
    assert "zotero.org" not in data(writer)
    assert "(Example &amp; Sample, 2019)" in data(writer)
    expect(writer.locator(".notice-paste")).to_contain_text("2 citations became plain text")


def test_a_reviewed_manuscript_of_google_docs_arrives_without_its_comments(writer):
    paste(writer, fragment("gdoc"))
    html = data(writer)
    assert "google.com/url" not in html and "utm_" not in html
    assert not re.search(r"#(ftnt|cmnt)|\[a\]", html), html


def test_a_reviewed_manuscript_of_word_arrives_without_its_comments(writer):
    paste(writer, fragment("word_review"))
    shown = words(writer)
    assert "more than 300 reactions" in shown
    assert "many" not in shown.split("reactions")[0]
    assert "ED1" not in shown
    expect(writer.locator(".notice-paste")).to_contain_text("1 footnote was put into parentheses")


def test_a_list_keeps_its_numbering(writer):
    paste(writer, '<ol start="3" style="list-style-type: lower-alpha"><li>Third</li><li>Fourth</li></ol>')
    assert re.search('<ol start="3"[^>]* type="a"><li>Third</li><li>Fourth</li></ol>', data(writer))


def test_an_address_is_kept_without_what_follows_the_reader(writer):
    link = "https://www.google.com/url?q=https://example.org/a%3Fid%3D7%26utm_source%3Dx&amp;sa=D"
    paste(writer, f'<p>See <a href="{link}">the study</a> and <a href="#nowhere-else">that</a>.</p>')
    assert '<a href="https://example.org/a?id=7">the study</a>' in data(writer)


def test_pictures_of_other_sites_are_left_out_and_said(writer):
    paste(writer, '<p>Before <img src="https://example.org/x.png" alt="A chart of doses"> after.</p>')
    assert words(writer) == "Before after."
    expect(writer.locator(".notice-paste")).to_contain_text("1 picture was left out")


MARKDOWN = "## Doses\n\nTake **200 mg** daily.\n\n- one\n- two\n"
PASTE_TEXT = """([text, html]) => {
    const clipboard = new DataTransfer();
    clipboard.setData("text/plain", text);
    if (html) clipboard.setData("text/html", html);
    const body = CKEDITOR.instances.id_body.editable().$;
    body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
}"""


@pytest.mark.parametrize(
    "html", ["", "<div style='font: 12px Menlo'><div>## Doses</div><br><div>Take **200 mg** daily.</div></div>"]
)
def test_pasted_markdown_becomes_formatting_if_the_writer_wants_it(writer, html):
    open_with(writer, "<p>Before.</p>")
    writer.keyboard.press("End")
    writer.evaluate(PASTE_TEXT, [MARKDOWN, html])
    offer = writer.locator(".notice-markdown")
    offer.get_by_role("button", name="Format it").click()
    until(writer, "CKEDITOR.instances.id_body.getData().includes('<h2>')")
    assert data(writer) == (
        "<p>Before.</p><h2>Doses</h2><p>Take <strong>200 mg</strong> daily.</p><ul><li>one</li><li>two</li></ul>"
    )
    expect(offer.get_by_role("button")).to_have_count(0)
    writer.keyboard.press("Control+z")
    assert "## Doses" in words(writer)
    writer.keyboard.press("Control+y")
    assert "<h2>Doses</h2>" in data(writer)


def test_the_offer_to_format_markdown_ends_when_somebody_types_on(writer):
    open_with(writer, "<p>Before.</p>")
    writer.evaluate(PASTE_TEXT, [MARKDOWN, ""])
    expect(writer.locator(".notice-markdown").get_by_role("button", name="Format it")).to_be_visible()
    writer.keyboard.type("x")
    expect(writer.locator(".notice-markdown").get_by_role("button")).to_have_count(0)
    assert "## Doses" in words(writer)


CHOSEN = """Array.from(
    document.querySelectorAll("select[name^=article_sources-][name$=-source]"),
    (select) => select.selectedOptions[0]?.textContent.split(":")[0],
).filter(Boolean)"""
CITED = (
    "Array.from(CKEDITOR.instances.id_body.editable().$.querySelectorAll('sup[data-cite]'), mark => mark.dataset.cite)"
)


def begin(page: Page) -> None:
    page.goto("/admin/articles/article/add/")
    expect(page.locator("#notice-copy")).to_have_count(1)
    page.frame_locator("#cke_id_body iframe").locator("body").click()


def test_a_passage_of_a_page_of_the_site_keeps_its_citations(writer):
    writer.goto("/articles/zinc-and-the-common-cold/")
    cited = writer.evaluate(
        """() => {
            const passage = document.querySelector("sup[data-keys]").closest("p");
            getSelection().selectAllChildren(passage);
            return Array.from(passage.querySelectorAll("sup[data-keys]"), (mark) => mark.dataset.keys);
        }"""
    )
    writer.keyboard.press("Control+c")
    begin(writer)
    writer.keyboard.press("Control+v")
    until(writer, f"{CITED}.length > 0")
    assert writer.evaluate(CITED) == cited
    expect(writer.locator(".notice-citations")).to_contain_text("added to this article")
    assert set(writer.evaluate(CHOSEN)) == set(" ".join(cited).split())


def test_a_passage_of_another_article_keeps_its_citations(writer):
    open_with(writer, '<p>Zinc.<sup data-cite="hemila2017"></sup> More.</p>')
    writer.keyboard.press("Control+a")
    writer.keyboard.press("Control+c")
    begin(writer)
    writer.keyboard.press("Control+v")
    until(writer, f"{CITED}.length > 0")
    assert writer.evaluate(CITED) == ["hemila2017"]
    expect(writer.locator(".notice-paste")).to_have_count(0)
    expect(writer.locator(".notice-citations")).to_contain_text("1 source was added to this article: hemila2017.")


def test_citations_that_the_library_does_not_have_are_named(writer):
    paste(writer, '<p>It helps.<sup data-cite="nobody1900"></sup></p>')
    said = writer.locator(".notice-citations")
    expect(said).to_contain_text("names a source that is not in the library: nobody1900")


def test_a_citation_of_another_site_becomes_text(writer):
    paste(
        writer,
        '<p>It helps.<sup class="mark" data-keys="doe2020"><a href="https://example.org/a/#source-3">3</a></sup></p>',
    )
    assert "data-cite" not in data(writer)
    expect(writer.locator(".notice-paste")).to_contain_text("1 citation became plain text")
