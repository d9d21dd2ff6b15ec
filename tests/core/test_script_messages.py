"""The words of our scripts go through gettext, and the catalogue brings their translations."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from tests.catalogues import write_catalogue
from tests.core.javascript import GETTEXT, literals, problems
from tests.test_architecture import PACKAGES, ROOT

CATALOGUE = "/admin/jsi18n/"


def scripts() -> dict[str, str]:
    """Return the text of each of our scripts by its path from the root."""
    folders = [ROOT / "static", *(ROOT / app / "static" for app in sorted(PACKAGES))]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.js"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_every_text_that_a_script_shows_goes_through_gettext():
    found = {path: problems(code) for path, code in scripts().items()}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        'said.textContent = "saved";',
        "said.textContent = n ? `${n} words` : gettext('None');",
        'button.setAttribute("aria-label", `Remove ${key}`);',
        'editor.ui.addButton("Cite", { label: "Cite", command: "cite" });',
        'const MESSAGE = "The library did not answer.";',
        'say(isOut ? "You are signed in again" : "");',
        'place.append("Discard");',
        'const undo = button("Undo", () => offer());',
        "what.append(` ${who} saved another version since.`);",
        "return `<p>${gettext('one')} or another</p>`;",
        """dialog.innerHTML = '<button aria-label="Close">×</button>';""",
        "say(`${gettext('Saved')}: nothing is lost.`);",
        "say(gettext(`Saved ${at}`));",
        "say(gettext(message));",
    ],
)
def test_a_text_that_is_shown_untranslated_is_found(code):
    assert problems(code) != []


@pytest.mark.parametrize(
    "code",
    [
        'said.textContent = interpolate(gettext("%(name)s was left out."), { name: file.name }, true);',
        'say(ngettext("%(count)s source found.", "%(count)s sources found.", count));',
        'title.textContent = form.querySelector("h3").textContent;',
        "throw new Error(`The question for passkeys: ${answer.status}`); // The user sees “Try again”.",
        'if (event.key === "Enter" || event.key === "Escape") close();',
        'const UNWRAP = "span, font, section, article"; const type = "image/png";',
        """list.innerHTML = '<div class="link-results" role="status"></div>';""",
        "const first = text.replace(/[\"'`]/g, '').split(/ (?=[[{<])/);",
        'frame.style.transform = `scale(${scale})`; row.className = "cite-row";',
        'import { element } from "./desk.js"; element("p", { className: "notice" }, ...words);',
        'editor.config.toolbar.includes("Picture"); new CustomEvent("Saved");',
        "/* It isn't shown. */ mark.textContent = `[${mark.dataset.cite}]`;",
    ],
)
def test_what_is_translated_or_not_shown_is_left_alone(code):
    assert problems(code) == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed")
def test_makemessages_finds_every_text_of_our_scripts(tmp_path, monkeypatch):
    expected = set()
    for path, code in scripts().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(code, encoding="utf-8")
        expected |= {one.text for one in literals(code) if one.call in GETTEXT}
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", domain="djangojs", locale=["de"], no_wrap=True, verbosity=0)
    catalogue = Path("locale/de/LC_MESSAGES/djangojs.po").read_text(encoding="utf-8")
    assert set(re.findall(r'^msgid(?:_plural)? "(.+)"$', catalogue, re.MULTILINE)) == expected


def test_the_catalogue_brings_the_translations_of_scripts(settings, tmp_path):
    write_catalogue(tmp_path, "de", {"Reload": "Neu laden"}, domain="djangojs")
    settings.LOCALE_PATHS = [tmp_path]
    with override("de"):
        answer = Client().get(CATALOGUE)
    assert '"Reload": "Neu laden"' in answer.content.decode()


def test_browsers_may_keep_the_catalogue_and_ask_whether_it_has_changed():
    client = Client()
    answer = client.get(CATALOGUE)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies and "Cookie" not in answer.headers.get("Vary", "")
    assert client.get(CATALOGUE, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
