"""The Nu HTML checker finds no error on any public page, or in any stylesheet for readers."""

import json
import subprocess
from pathlib import Path

import pytest

from tests import public_pages
from tests.browser.crawling import get
from tests.demonstration import ROOT

STYLES = [*sorted((ROOT / "static" / "css").glob("*.css"))]
# Features that the checker does not know yet, and the specifications that define them.
NEWER = (
    "“container”",  # CSS Conditional Rules 5
    "@container",
    "“field-sizing”",  # CSS Basic User Interface 4
    "“vector-effect”",  # SVG 2
)


def faults(command: list[str], *files: Path) -> list[str]:
    """Return the errors that the checker reports for these files."""
    done = subprocess.run(
        [*command, "--format", "json", "--errors-only", "--stdout", *map(str, files)], capture_output=True, text=True
    )
    return [
        f"{Path(row.get('url', '')).name}:{row.get('lastLine')}: {row['message']} {row.get('extract', '').strip()}"
        for row in json.loads(done.stdout)["messages"]
    ]


@pytest.fixture(scope="module")
def pages(production, tmp_path_factory) -> list[Path]:
    """Return every public page and every error page for readers, each as a file."""
    folder, files = tmp_path_factory.mktemp("pages"), []
    for path in (*public_pages.addresses(), *public_pages.REFUSALS):
        files.append(folder / f"{path.strip('/').replace('/', '.').replace('?', '.') or 'home'}.html")
        files[-1].write_bytes(get(f"{production}{path}").body)
    return files


def test_every_public_page_is_html_without_a_fault(nu, pages):
    assert len(pages) > 20
    assert faults(nu, *pages) == []


def test_the_stylesheets_are_without_a_fault(nu):
    found = [fault for fault in faults([*nu, "--css"], *STYLES) if not any(word in fault for word in NEWER)]
    assert found == []


def test_a_fault_is_found(nu, tmp_path):
    page = tmp_path / "page.html"
    page.write_text('<!doctype html><html lang="en"><title>A</title><p><ul><li id="a"><li id="a"></ul></p>')

    assert len(faults(nu, page)) >= 2
