"""A real server with the demonstration data, and people who use it in Chromium."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import demonstration
from tests.browser.forked_shell import forked_shell
from tests.browser.script_loads import ScriptLoads

PASSWORD = "betterment-demo"
# In milliseconds. Playwright's own 5 seconds are too short for a save on a machine that runs other tests as well.
expect.set_options(timeout=20_000)
NOTHING_ON_THE_SERVER = "from articles.models import Autosave; Autosave.objects.all().delete()"
SESSION_COOKIE, CSRF_COOKIE = "__Host-session", "__Host-csrf"  # production's names


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def own_media_folder() -> None:
    """Replace the fixture of the other tests: the server has a folder of its own."""


@pytest.fixture(autouse=True)
def quick_passwords() -> None:
    """Replace the fixture of the other tests: the server hashes passwords as it does in production."""


@pytest.fixture(scope="session")
def loaded(demonstration_site: Path, made_once: Callable[..., Path]) -> Path:
    """Return a folder with the site of the demonstration and the renditions of its pictures."""
    return made_once("site", lambda folder: demonstration.make_renditions(copied(demonstration_site, folder)))


@pytest.fixture(scope="module")
def folder(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return this module's own copy of the demonstration."""
    return copied(loaded, tmp_path_factory.mktemp("copy"))


def copied(site: Path, folder: Path) -> Path:
    """Copy the site's database and pictures into this folder, and return it."""
    for path in site.iterdir():
        subprocess.run(["cp", "-R", path, folder], check=True)
    return folder


@pytest.fixture(scope="session")
def static_root(made_once: Callable[..., Path]) -> Path:
    """Return a folder with the static files as production serves them: hashed and compressed."""
    return made_once("collected", lambda folder: demonstration.collect_static(folder / "static")) / "static"


@pytest.fixture(scope="module")
def site(folder: Path, static_root: Path) -> Iterator[str]:
    """Return the address of this module's own production server, which runs on its copy of the demonstration."""
    with demonstration.production_server(folder, static_root) as address:
        yield address


@pytest.fixture(scope="session")
def told_further(loaded: Path, made_once: Callable[..., Path]) -> Path:
    """Return a copy of the demonstration in which one article was corrected and one withdrawn."""
    return made_once("further", lambda folder: demonstration.load_further(copied(loaded, folder)))


@pytest.fixture(scope="session")
def production(told_further: Path, static_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server on that copy, for tests that only read."""
    with demonstration.production_server(copied(told_further, tmp_path_factory.mktemp("read")), static_root) as address:
        yield address


@pytest.fixture(scope="session")
def hidden_titles(told_further: Path) -> list[str]:
    """Return the titles of articles that readers have never been able to open."""
    return json.loads(demonstration.manage(told_further, "shell", "-v0", "-c", demonstration.HIDDEN_TITLES))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def reader(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a window for a reader; keyword arguments are those of the browser context.

    When the test ends, fail if a page has loaded one script under two addresses.
    """
    windows: list[BrowserContext] = []
    loads: list[ScriptLoads] = []

    def open_window(**options: object) -> Page:
        windows.append(browser.new_context(**{"base_url": site, **options}))
        page = windows[-1].new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.scripts = ScriptLoads(page)
        loads.append(page.scripts)
        return page

    yield open_window
    for window in windows:
        window.close()
    assert [doubled for load in loads for doubled in load.doubled()] == []


@pytest.fixture(scope="module")
def sessions() -> dict[str, list[dict]]:
    """Return the cookies of the people who have signed in on this module's server, by their names."""
    return {}


@pytest.fixture
def person(reader: Callable[..., Page], sessions: dict[str, list[dict]]) -> Callable[..., Page]:
    """Return a function that opens a window in which somebody has signed in: person("writer").

    The form is filled in once per module. It is filled in again for a second window in one test, which has a session of
    its own, and if the session has ended. The form itself has its tests in test_sign_in.py.
    """
    present: set[str] = set()

    def sign_in(name: str, **options: object) -> Page:
        page = reader(**options)
        if name in sessions and name not in present:
            page.context.add_cookies(sessions[name])
        page.goto("/admin/")
        if urlsplit(page.url).path != "/admin/":
            sign_in_on(page, name)
            page.wait_for_url(lambda address: urlsplit(address).path == "/admin/")
            sessions[name] = page.context.cookies()
        present.add(name)
        return page

    return sign_in


@pytest.fixture
def device(person: Callable[..., Page], asked: Callable[[str], str]) -> Callable[[], Page]:
    """Return a function that opens the writer's window on another device: nothing of the other browsers is there."""
    asked(NOTHING_ON_THE_SERVER)

    def window() -> Page:
        page = person("writer")
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    return window


def sign_in_on(page: Page, name: str) -> None:
    """Fill in the sign-in form of this page."""
    page.get_by_label("Email address").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture(scope="module")
def asked(folder: Path, site: str, static_root: Path) -> Iterator[Callable[[str], str]]:
    """Return what these lines of Python print when they run on the database and settings of this module's server."""
    with forked_shell(folder, demonstration.production_settings(site, static_root)) as shell:
        yield shell.run
