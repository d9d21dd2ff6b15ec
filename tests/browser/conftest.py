"""A real server with the demonstration, and real people in Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "betterment-demo"
STARTED_WITHIN = 60  # seconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(autouse=True)
def own_media_folder() -> None:
    """The server keeps its own; the one of the other tests is not needed here."""


@pytest.fixture(autouse=True)
def quick_passwords() -> None:
    """The server hashes passwords as it does for people."""


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that holds the demonstration, made by the commands that people use."""
    folder = tmp_path_factory.mktemp("site")
    for command in (["migrate", "-v0"], ["load_demo"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=_environment(folder), check=True)
    return folder


@pytest.fixture(scope="module")
def folder(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This module's own copy of the demonstration."""
    folder = tmp_path_factory.mktemp("copy")
    for path in loaded.iterdir():
        subprocess.run(["cp", "-R", path, folder], check=True)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """The address of a server of this module's own, on its copy of the demonstration."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=_environment(folder),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, server, folder / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(10)


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
    """Opens a window for a reader; keyword arguments are the browser context's."""
    windows: list[BrowserContext] = []

    def open_window(**options: object) -> Page:
        windows.append(browser.new_context(base_url=site, **options))
        page = windows[-1].new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        return page

    yield open_window
    for window in windows:
        window.close()


@pytest.fixture
def person(reader: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a window in which somebody of the demonstration has signed in: person("writer")."""

    def sign_in(name: str, **options: object) -> Page:
        page = reader(**options)
        page.goto("/admin/login/")
        page.fill("#id_username", f"{name}@example.org")
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    return sign_in


@pytest.fixture(scope="module")
def asked(folder: Path, site: str) -> Callable[[str], str]:
    """What these lines of Python print, run on the database of this module's server."""

    def run(lines: str) -> str:
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", lines]
        done = subprocess.run(
            command, cwd=ROOT, env=_environment(folder), check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()

    return run


def _environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "PYTHONUNBUFFERED": "1",
    }


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Ask until the server answers; its log says why where it does not."""
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            continue
    pytest.fail(f"The server did not start:\n{log.read_text()}")
