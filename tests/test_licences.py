"""Every part of the site that others made is listed with its licence, and we can meet the terms of each."""

import re
import runpy
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parent.parent
licences = runpy.run_path(str(ROOT / "bin/licences.py"))


def rows() -> list[list[str]]:
    """Return the cells of each row of LICENCES.md: part, version, licence, remark."""
    lines = (ROOT / "LICENCES.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")][2:]


def test_every_pinned_package_has_a_row_with_its_version():
    listed = {(name, version) for name, version, *_ in rows()}
    files = (ROOT / "requirements.txt", ROOT / "requirements-s3.txt")
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    pinned = {line.split(";")[0].strip(" \\") for line in lines if "==" in line and not line.startswith((" ", "#"))}
    names = {tuple(re.sub(r"\[.*\]", "", pin).split("==")) for pin in pinned}
    assert len(names) > 20
    assert names - listed == set()


def test_every_licence_is_on_the_list_of_compatible_ones():
    assert {licence for _, _, licence, _ in rows() if licences["refused"](licence)} == set()


def test_the_page_says_what_the_packages_say_of_themselves():
    assert (ROOT / "LICENCES.md").read_text(encoding="utf-8") == licences["written"](), "Run: make licences"


def test_fonts_and_the_editor_are_listed_as_they_are_served():
    listed = {name.split(",")[0]: (version, licence) for name, version, licence, _ in rows()}
    editor = Path(finders.find("ckeditor/ckeditor/ckeditor.js")).read_text(encoding="utf-8")
    assert f'version:"{listed["CKEditor"][0]}"' in editor
    assert listed["Source Serif"][1] == "OFL-1.1"
    fonts = sorted(path.name for path in (ROOT / "static").rglob("*.woff2"))
    assert fonts == ["betterment-serif-italic.woff2", "betterment-serif.woff2"], "A new font needs a row of its own."


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("MIT", None),
        ("MPL-2.0 AND MIT", None),
        ("GPL-3.0-only OR BSD-3-Clause", None),
        ("GPL-3.0-only", "GPL-3.0-only"),
        ("MIT AND AGPL-3.0-only", "AGPL-3.0-only"),
        ("", ""),
    ],
)
def test_an_expression_is_refused_for_a_licence_that_is_not_listed(expression, wrong):
    assert licences["refused"](expression) == wrong


def test_a_package_that_nobody_has_looked_at_is_an_error():
    with pytest.raises(licences["UnknownLicence"], match="not installed"):
        licences["licence_of"]("no-such-package")
