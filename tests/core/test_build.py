"""The digest of the build is equal in all processes, and differs after any change of code or settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import build

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = "import django; django.setup(); from core.build import build_digest; print(build_digest())"


digest_now = build.build_digest.__wrapped__  # not the one that this process remembers


def test_two_processes_of_the_same_code_have_the_same_digest():
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
    before = digest_now()
    setattr(settings, name, value)
    assert digest_now() != before


def test_another_word_in_the_code_in_a_template_or_in_the_static_files_is_another_build(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    template = tmp_path / "templates" / "page.html"
    template.parent.mkdir()
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [template.parent]}]
    names = [digest_now()]
    for path in (template, tmp_path / "staticfiles.json"):
        for words in ("one", "two"):
            path.write_text(words)
            names.append(digest_now())
    assert len(set(names)) == len(names)


def test_the_projects_own_code_and_templates_count():
    files = {path.relative_to(ROOT).as_posix() for path in build._files()}
    assert {"articles/pages.py", "articles/rendering.py", "core/http.py", "templates/base.html"} <= files
    assert not any(path.startswith((".venv", "var/", "tests/")) for path in files)
