"""axe reports no problems, in the light and in the dark colour scheme."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests import public_pages

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]


@pytest.fixture(scope="module", params=["light", "dark"])
def on_production(request, browser, production):
    """Return a window per colour scheme on the site as production serves it. Public pages store nothing, so one is
    enough.
    """
    window = browser.new_context(base_url=production, color_scheme=request.param, bypass_csp=True)
    yield window.new_page()
    window.close()


@pytest.mark.parametrize("address", [*public_pages.addresses(), *public_pages.REFUSALS])
def test_readers_pages(on_production, address):
    errors: list[str] = []
    on_production.on("pageerror", lambda error: errors.append(str(error)))
    answer = on_production.goto(address)
    assert answer.status == public_pages.REFUSALS.get(address, 200)
    assert violations(on_production) == []
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("writer", "/admin/"),
        ("writer", "/admin/articles/article/"),
        ("writer", "/admin/articles/article/begin/"),
        ("writer", "/admin/articles/article/add/"),
        ("writer", "/admin/articles/article/1/change/"),
        ("writer", "/admin/sources/source/"),
        ("writer", "/admin/sources/source/add/"),
        ("writer", "/admin/checks/preferredterm/"),
        ("editor", "/admin/checks/condition/add/"),
        ("editor", "/admin/articles/article/1/change/"),
        ("editor", "/admin/advisors/advisor/for/2/"),
        ("editor", "/admin/advisors/checklistitem/add/"),
        ("advisor1", "/admin/advisors/review/"),
    ],
)
def test_pages_of_the_newsroom(person, name, address, scheme):
    page = person(name, color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    assert violations(page) == []
