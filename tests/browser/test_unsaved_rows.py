"""Rows and choices that were never saved come back with the text: sources, byline, products, reviewers and topics."""

from playwright.sync_api import Page, expect

from tests.browser.test_autosave import is_kept
from tests.browser.test_local_copy import save, saved, write

BODY = "#cke_id_body iframe"
ATTACHED = """
from articles.models import Article
article = Article.objects.get(pk=1)
print(sorted(article.article_sources.values_list("source__key", "supports")))
"""


def unfold(page: Page, prefix: str) -> None:
    page.evaluate(
        "prefix => { for (const fold of document.querySelectorAll(`#${prefix}-group details`)) fold.open = true; }",
        prefix,
    )


def add_row(page: Page, prefix: str) -> str:
    """Add a row to this inline, choose what the search lists first that is not there yet, and return its name."""
    unfold(page, prefix)
    rows = page.locator(f"#{prefix}-group .inline-related:not(.empty-form)")
    there = rows.locator(".select2-selection__rendered").all_inner_texts()
    page.locator(f"#{prefix}-group .add-row a").click()
    rows.last.locator(".select2-selection").click()
    options = page.locator(".select2-results__option[role=option]:not(.loading-results)")
    expect(options.first).to_be_visible()
    fresh = next(name for name in options.all_inner_texts() if not any(name in one for one in there))
    options.get_by_text(fresh, exact=True).first.click()
    return fresh


def chosen(page: Page, prefix: str) -> list[str]:
    rows = page.locator(f"#{prefix}-group .inline-related:not(.empty-form) .select2-selection__rendered")
    return [name.lstrip("×").strip() for name in rows.all_inner_texts()]


def test_rows_and_topics_that_were_not_saved_come_back_after_a_crash(device, asked):
    page = device()
    write(page)
    source = add_row(page, "article_sources")
    support = page.locator(
        'textarea[name^="article_sources-"][name$="-supports"], input[name^="article_sources-"][name$="-supports"]'
    )
    support.locator("visible=true").last.fill("Taken from the abstract.")
    author = add_row(page, "authorships")
    page.evaluate("document.querySelector('#id_topics').closest('details').open = true")
    topic = page.locator("#id_topics input:not(:checked)").first
    ticked = topic.get_attribute("value")
    topic.check()
    is_kept(page)
    page.close()

    again = device()
    write(again)
    bar = again.locator(".notice-copy")
    expect(bar).to_contain_text("Attached sources")
    expect(bar).to_contain_text("Topics")
    expect(bar).not_to_contain_text("article_sources")
    bar.get_by_role("button", name="Put them back").click()
    expect(bar).to_contain_text("Your words are back in the form.")
    for prefix, name in (("article_sources", source), ("authorships", author)):
        unfold(again, prefix)
        assert any(name in one for one in chosen(again, prefix))
    assert again.locator(f'#id_topics input[value="{ticked}"]').is_checked()
    save(again)
    saved(again)
    assert "Taken from the abstract." in asked(ATTACHED)
    write(again)
    expect(again.locator("#counts")).to_contain_text("words")
    expect(bar).to_be_hidden()
    assert again.errors == []


def test_words_typed_into_a_stored_row_are_named_and_come_back(device, asked):
    page = device()
    write(page)
    unfold(page, "article_sources")
    page.locator("[name=article_sources-0-supports]").fill("Typed into a stored row.")
    is_kept(page)
    page.close()
    again = device()
    write(again)
    bar = again.locator(".notice-copy")
    expect(bar).to_contain_text("Supports of “")
    bar.get_by_role("button", name="Put them back").click()
    expect(again.locator("[name=article_sources-0-supports]")).to_have_value("Typed into a stored row.")


def test_a_draft_does_not_attach_a_source_twice_that_was_attached_elsewhere(device, asked):
    page = device()
    write(page)
    source = add_row(page, "article_sources")
    page.locator('[name^="article_sources-"][name$="-supports"]').locator("visible=true").last.fill("Only typed.")
    is_kept(page)
    key = source.partition(":")[0]
    asked(
        "from articles.models import Article; from sources.models import Source; "
        f"Article.objects.get(pk=1).article_sources.create(source=Source.objects.get(key='{key}'))"
    )
    page.close()
    again = device()
    write(again)
    before = len(chosen(again, "article_sources"))
    again.locator(".notice-copy").get_by_role("button", name="Put them back").click()
    unfold(again, "article_sources")
    assert len(chosen(again, "article_sources")) == before
    values = again.locator('[name^="article_sources-"][name$="-supports"]').evaluate_all(
        "all => all.map(one => one.value)"
    )
    assert "Only typed." in values


def test_what_cannot_be_put_back_is_said(device, asked):
    page = device()
    write(page)
    unfold(page, "article_sources")
    page.locator("[name=article_sources-0-supports]").fill("Its row goes.")
    key = page.input_value("[name=article_sources-0-id]")
    is_kept(page)
    asked(f"from articles.models import ArticleSource; ArticleSource.objects.filter(pk={key}).delete()")
    page.close()
    again = device()
    write(again)
    bar = again.locator(".notice-copy")
    bar.get_by_role("button", name="Put them back").click()
    expect(bar).to_contain_text("These could not be put back into the form")
    expect(bar).to_contain_text("Its row goes.")
