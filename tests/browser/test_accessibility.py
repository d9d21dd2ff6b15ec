"""axe finds nothing to object to, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}


def violations(page):
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        *("/", "/articles/magnesium-and-sleep/", "/articles/l-theanine-and-attention/"),
        *("/experts/", "/experts/tobias-wrenfield/"),
    ],
)
def test_readers_pages(reader, address, scheme):
    page = reader(color_scheme=scheme, bypass_csp=True)
    page.goto(address)
    assert violations(page) == []
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("writer", "/admin/"),
        ("writer", "/admin/articles/article/"),
        ("writer", "/admin/articles/article/add/"),
        ("writer", "/admin/articles/article/1/change/"),
        ("writer", "/admin/articles/source/"),
        ("writer", "/admin/articles/source/add/"),
        ("writer", "/admin/articles/preferredterm/"),
        ("editor", "/admin/articles/condition/add/"),
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
