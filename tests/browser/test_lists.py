"""Lists, actions on several rows, and panels that need room."""

import pytest
from playwright.sync_api import expect

LIST = "/admin/articles/article/"


def test_a_filter_says_what_it_is_set_to_and_escape_closes_it(person):
    page = person("editor")
    page.goto(LIST)
    expect(page.get_by_role("heading", level=1)).to_have_text("Articles")
    page.locator(".list-filter summary", has_text="Stage").click()
    page.get_by_role("link", name="Published", exact=True).click()
    chosen = page.locator(".list-filter summary", has_text="Stage")
    expect(chosen).to_have_text("Stage: Published")
    expect(page.locator("#result_list tbody tr")).to_have_count(5)

    chosen.click()
    page.keyboard.press("Escape")
    expect(page.locator(".list-filter[open]")).to_have_count(0)
    expect(chosen).to_be_focused()
    assert page.errors == []


def test_several_articles_are_scheduled_with_the_calendar_of_the_admin(person):
    page = person("editor")
    page.goto(LIST)
    page.locator(".action-select").first.check()
    page.select_option("select[name=action]", "schedule")
    page.get_by_role("button", name="Go").click()

    expect(page.get_by_role("link", name="Today")).to_be_visible()
    assert page.errors == []


@pytest.mark.parametrize("width", [1280, 1000, 800, 390])
def test_the_sheet_of_each_verb_stays_in_the_window(person, width):
    page = person("editor", viewport={"width": width, "height": 900})
    page.goto("/admin/articles/article/1/change/")
    page.wait_for_selector("#cke_id_body iframe")
    for summary in page.locator("details.verb > summary").all():
        summary.click()
        box = page.locator("details.verb[open] .verb-sheet").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.keyboard.press("Escape")


def test_an_advisor_has_the_text_beside_the_answer(person):
    page = person("advisor3", viewport={"width": 1280, "height": 900})
    page.goto("/admin/advisors/review/")
    page.locator("#result_list tbody th a").first.click()
    text = page.locator(".review-page > div").first.bounding_box()
    answer = page.locator(".review-page > div").last.bounding_box()

    assert answer["x"] > text["x"] + text["width"]
    assert abs(answer["y"] - text["y"]) < 2


DOUBTED = """
from accounts.models import User
from sources import retractions
from sources.models import Nature; from articles.models import Publication
publication = Publication.objects.visible().exclude(article__submissions__outcome="").first()
source = publication.approval.revision.citations.first().source
editor = User.objects.get(email="editor@example.org")
retractions.note(source=source, actor=editor, nature=Nature.CONCERN, reason="Figures do not add up.")
"""


def test_no_checkbox_covers_the_title_beside_it_on_the_start_page(person, asked):
    asked(DOUBTED)
    page = person("editor")
    panel = page.get_by_role("region", name="Reviews due")
    rows = panel.locator("li.urgent:has(> input)")
    assert rows.count() > 0
    for row in rows.all():
        box, title = row.locator("input").bounding_box(), row.locator("a").bounding_box()
        assert box["x"] + box["width"] <= title["x"]
        assert box["x"] >= row.bounding_box()["x"] + 3  # nor does it cover the mark of an urgent row
