"""The page of an error report in Chromium: accessible in both colour schemes, usable at phone width, and its buttons
work.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.test_accessibility import violations

MAKE = """
from website.error_reports import handling as reports
from articles.models import Publication
live = Publication.objects.visible().select_related("approval__revision").get(article__slug="magnesium-and-sleep")
words = {"passage": live.approval.revision.standfirst[:60].rsplit(" ", 1)[0], "address": "reader@example.org"}
one = reports.receive(publication=live, message="The trial says something else. " + "Averylongword" * 30, **words)
reports.receive(publication=live, message="Another matter.")
print(one.pk, live.article_id)
"""


@pytest.fixture(scope="module")
def numbers(asked) -> list[str]:
    """Return the keys of a report and of its article."""
    return asked(MAKE).split()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_is_wide_enough(person, numbers, scheme):
    report, article = numbers
    page = person("editor", color_scheme=scheme, viewport={"width": 320, "height": 640}, bypass_csp=True)
    for address in (f"/admin/website/errorreport/{report}/change/", f"/admin/website/errorreport/{report}/erase/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
    page.goto(f"/admin/articles/article/{article}/change/")
    assert page.get_by_role("link", name="The trial says something else.").bounding_box()["width"] <= 300


def test_an_editor_answers_closes_and_opens_it_again(person, numbers):
    page = person("editor")
    page.goto(f"/admin/website/errorreport/{numbers[0]}/change/")
    assert page.locator("mark").count() == 1
    page.get_by_label("Answer to the reader").fill("Thank you. We looked, and it is right.")
    page.get_by_role("button", name="Send the answer and close: nothing to correct").click()
    page.get_by_label("Why").fill("It was wrong after all.")
    page.get_by_role("button", name="Open the report again").click()
    expect(page.locator(".report-page")).to_contain_text("No answer can be sent.")
    assert page.errors == []
