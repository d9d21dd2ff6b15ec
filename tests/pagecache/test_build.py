"""The name of what makes the pages: it holds from one process to the next, and no longer than the code and settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIHandler

from pagecache import build, setup
from pagecache.store import PageStore

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = "import django; django.setup(); from pagecache.build import build; print(build())"


def test_two_processes_of_the_same_code_give_the_same_name():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "betterment.settings"}
    names = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=ROOT,
            env={**environment, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(names) == 1 and len(names.pop().strip()) == 64


@pytest.mark.parametrize(
    ("name", "value"),
    [("SITE_URL", "https://other.example"), ("TIME_ZONE", "Europe/Berlin"), ("REVIEW_INTERVAL_DAYS", 30)],
)
def test_another_setting_is_another_build(settings, name, value):
    before = build.build()
    setattr(settings, name, value)
    assert build.build() != before


def test_another_word_in_the_code_in_a_template_or_in_the_static_files_is_another_build(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    template = tmp_path / "templates" / "page.html"
    template.parent.mkdir()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [template.parent]}]
    names = [build.build()]
    for path in (template, tmp_path / "staticfiles.json"):
        for words in ("one", "two"):
            path.write_text(words)
            names.append(build.build())
    assert len(set(names)) == len(names)


def test_the_projects_own_code_and_templates_count():
    files = {path.relative_to(ROOT).as_posix() for path in build._files()}
    assert {"articles/pages.py", "articles/rendering.py", "core/http.py", "templates/base.html"} <= files
    assert not any(path.startswith((".venv", "var/", "tests/")) for path in files)


@pytest.mark.parametrize(
    ("megabytes", "folder", "of_folder", "has_store", "has_folder"),
    [
        (48, "pages", 64, True, True),
        (0, "pages", 64, True, True),
        (48, "", 64, True, False),
        (48, "pages", 0, True, False),
        (0, "", 64, False, False),
    ],
)
def test_the_settings_say_which_shelves_there_are(
    settings, tmp_path, megabytes, folder, of_folder, has_store, has_folder
):
    settings.DEBUG = False
    settings.PAGE_STORE_MEGABYTES, settings.PAGE_STORE_FOLDER_MEGABYTES = megabytes, of_folder
    settings.PAGE_STORE_FOLDER = str(tmp_path / folder) if folder else ""
    application = setup.with_page_store(WSGIHandler())
    assert isinstance(application, PageStore) is has_store
    assert bool(getattr(application, "folder", None)) is has_folder
