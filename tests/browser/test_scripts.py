"""Scripts as production serves them: each has one address on every page that links lead to.

A module under two addresses (hashed in the page, plain in another module's import) is two modules, each with its own
state and listeners. The plain copies stay on disk for CKEditor, so only the requests of the pages can show this.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.conftest import sign_in_on
from tests.browser.script_loads import HASH

# Pages that end the session, or that answer with a file.
PASSED_BY = ("/account/sign-out/", "/admin/logout/", "/admin/jsi18n/")
STARTS = {
    "reader": ["/", "/articles/magnesium-and-sleep/", "/account/sign-in/"],
    "writer": ["/admin/", "/admin/articles/article/add/", "/admin/pictures/picture/", "/account/"],
    "editor": ["/admin/", "/admin/articles/article/", "/admin/sources/source/add/", "/account/passkeys/add/"],
    "advisor2": ["/board/", "/account/"],
}
# CKEditor requests its own files and our plug-ins by their plain names, each once.
NAMES = ("caret", "citation", "cleanpaste", "notebox", "surface", "typing")
OWN_PLUGINS = tuple(f"/static/articles/{name}/" for name in NAMES)
PLAIN = ("/static/ckeditor/", *OWN_PLUGINS)
PICTURE_PLUGIN = ("/static/articles/picture/plugin.js", "/static/articles/picture/dialog.js")
# Addresses of this site on the page and in its templates, which scripts insert there later.
LINKS = """() => [document, ...Array.from(document.querySelectorAll("template"), (one) => one.content)]
    .flatMap((part) => Array.from(part.querySelectorAll("a[href]"), (link) => link.getAttribute("href")))
    .map((href) => new URL(href, location))
    .filter((url) => url.origin === location.origin).map((url) => url.href)"""
# Scripts that a page loads only after an action. The windows of the tests that act also watch for two addresses.
ON_DEMAND = {
    "advisors/review.js": "a review is accepted: test_board.py",
    "advisors/draft_saver.js": "a review is accepted: test_board.py",
    "advisors/character_count.js": "a review is accepted: test_board.py",
    "advisors/threads.js": "a review is accepted: test_board.py",
    "articles/conflict.js": "two people save the same article: test_local_copy.py",
    "articles/picture/dialog.js": "the picture dialog is opened: test_pictures.py",
}


def walk(page: Page, starts: list[str]) -> None:
    """Open one page of each route that links from these addresses lead to."""
    seen, waiting = set(), list(starts)
    while waiting:
        address = waiting.pop(0)
        try:
            route = resolve(urlsplit(address).path).route
        except Resolver404:
            continue
        if route in seen or address.startswith(PASSED_BY):
            continue
        seen.add(route)
        if "html" not in page.request.get(address).headers.get("content-type", ""):
            continue
        page.goto(address)
        links = [urlsplit(link) for link in page.evaluate(LINKS)]
        waiting += [link._replace(scheme="", netloc="", fragment="").geturl() for link in links]


@pytest.fixture(scope="module")
def own_scripts() -> set[str]:
    """Return the names of all our own scripts."""
    found = {path for finder in finders.get_finders() for path, _ in finder.list([])}
    return {path for path in found if path.endswith(".js") and path.startswith(("articles/", "advisors/", "js/"))}


def test_every_script_of_ours_comes_under_one_hashed_address(reader: Callable[..., Page], own_scripts: set[str]):
    asked_for: set[str] = set()
    for name, starts in STARTS.items():
        page = reader()
        if name != "reader":
            page.goto("/account/sign-in/")
            sign_in_on(page, name)
            page.wait_for_url(lambda url: "sign-in" not in url)
        walk(page, starts)
        page.wait_for_load_state("networkidle")
        asked_for |= {urlsplit(url).path for url in page.scripts.addresses()}
        assert page.scripts.doubled() == []

    plain = {path for path in asked_for if path.startswith("/static/") and not HASH.search(path)}
    assert {path for path in plain if not path.startswith(PLAIN) and path not in PICTURE_PLUGIN} == set()
    met = {HASH.sub("", path).removeprefix("/static/") for path in asked_for}
    assert own_scripts - met - set(ON_DEMAND) == set()
