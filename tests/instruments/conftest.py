"""External tools on the pages as production serves them. `bin/instruments` installs what they need."""

import os
import shutil
from pathlib import Path

import pytest

# The same site, server and browser as for the tests in the browser.
from tests.browser.conftest import (
    loaded,
    own_media_folder,
    production,
    quick_passwords,
    static_root,
    told_further,
)

__all__ = ["loaded", "own_media_folder", "production", "quick_passwords", "static_root", "told_further"]

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing node, Java or both, and Chromium."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.instruments)


@pytest.fixture(scope="session")
def lighthouse() -> list[str]:
    """Return the command that runs Lighthouse, with the browser that CHROMIUM names."""
    script = MODULES / "lighthouse" / "cli" / "index.js"
    node = shutil.which("node")
    assert node and script.exists(), "Lighthouse is not installed: run bin/instruments."
    os.environ["CHROME_PATH"] = os.environ["CHROMIUM"]
    return [node, str(script)]


@pytest.fixture(scope="session")
def nu() -> list[str]:
    """Return the command that runs the Nu HTML checker."""
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    java = shutil.which("java")
    assert java and jar.exists(), "The Nu HTML checker is not installed: run bin/instruments."
    # Its schemas are nested deeper than Java's usual stack.
    return [java, "-Xss8m", "-jar", str(jar)]
