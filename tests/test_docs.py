"""The documentation matches the code: references are complete, links lead somewhere, named files exist."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import load_command_class
from django.core.management.base import BaseCommand

from accounts.roles import ROLES
from tests.test_architecture import MAY_IMPORT, ROOT

REFERENCE = ROOT / "docs/reference"
SKIPPED = {".venv", ".git", "var", "node_modules", "media", "staticfiles"}
PAGES = sorted(page for page in ROOT.rglob("*.md") if not SKIPPED & set(page.relative_to(ROOT).parts))
OURS = {*MAY_IMPORT, "demo"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def first_cells(page: Path) -> list[str]:
    """Return the names in backticks that begin a row of a table of the page."""
    return re.findall(r"^\| `([^`]+)` \|", text(page), re.MULTILINE)


def without_code(page: Path) -> str:
    """Return the page without its code blocks and code spans, which contain no links."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text(page), flags=re.MULTILINE | re.DOTALL))


def anchors(page: Path) -> set[str]:
    """Return the fragments by which GitHub links to the headings of the page."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text(page), re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-"))
    return found


def test_every_setting_is_in_the_reference_and_no_other():
    read = set(re.findall(r"\benv\.[a-z]+\(\s*\"([A-Z_]+)\"", text(ROOT / "betterment/settings.py")))
    of_the_server = set(re.findall(r"^#   ([A-Z_, ]+?)(?:=1)? {2,}", text(ROOT / "bin/serve_production"), re.MULTILINE))
    read |= {name for names in of_the_server for name in names.split(", ")}
    assert len(read) > 30
    assert sorted(first_cells(REFERENCE / "settings.md")) == sorted(read)


def test_every_command_is_in_the_reference_with_its_options():
    commands = {path.stem: path.parts[-4] for path in ROOT.glob("*/management/commands/[a-z]*.py")}
    page = text(REFERENCE / "commands.md")
    assert sorted(name for name in first_cells(REFERENCE / "commands.md") if " " not in name) == sorted(commands)
    common = {option for action in _parser(BaseCommand())._actions for option in action.option_strings}
    for name, app in commands.items():
        if name == "migrate":  # it has the options of Django's own command
            continue
        row = re.search(rf"^\| `{name}` \|.*$", page, re.MULTILINE)[0]
        own = {option for action in _parser(load_command_class(app, name))._actions for option in action.option_strings}
        assert [option for option in sorted(own - common) if option not in row] == [], name


def _parser(command: BaseCommand):
    return command.create_parser("manage.py", "command")


def test_every_model_is_in_the_reference_under_its_app():
    page = text(REFERENCE / "models.md")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    for app in apps.get_app_configs():
        if app.label in OURS:
            names = {model.__name__ for model in app.get_models() if not hasattr(model, "history_object")}
            listed = set(re.findall(r"^\| `(\w+)` \|", sections.get(app.label, ""), re.MULTILINE))
            assert listed == {name for name in names if not name.startswith("Historical")}, app.label


def test_the_permissions_of_the_roles_are_those_in_the_reference(db):
    granted: dict[str, dict[str, set[str]]] = defaultdict(lambda: {role: set() for role in ROLES})
    for role in ROLES:
        for permission in Group.objects.get(name=role).permissions.select_related("content_type"):
            model = permission.content_type.model_class()
            action = permission.codename
            if action in {f"{verb}_{model._meta.model_name}" for verb in ("add", "change", "delete", "view")}:
                action = action.partition("_")[0]
            granted[f"{model._meta.app_label}.{model.__name__}"][role].add(action)
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (.+) \|$", text(REFERENCE / "permissions.md"), re.MULTILINE)
    listed = {
        name: {role: set(re.findall(r"\w+", cell)) for role, cell in zip(ROLES, cells.split(" | "), strict=True)}
        for name, cells in rows
    }
    assert listed == granted


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page):
    broken = []
    targets = re.findall(r"\]\(([^)\s]+)\)", without_code(page)) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text(page))
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (fragment and file.suffix == ".md" and fragment not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page.name in ("README.md", "CONTRIBUTING.md", "SECURITY.md") or "docs" in page.parts],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_every_file_that_a_page_names_exists(page):
    """Paths from the root of the repository, in backticks; a star stands for any name."""
    named = set(re.findall(r"`([a-z_.*/-]+/(?:[\w.*-]+\.(?:py|html|md|toml|txt|sh|css|js|env|subject))?)`", text(page)))
    missing = [path for path in named if not path.startswith(("var/", "/", ".venv/")) and not list(ROOT.glob(path))]
    assert sorted(missing) == []


def test_the_readme_is_short_and_its_map_has_every_app_in_the_order_of_imports():
    page = text(ROOT / "README.md")
    assert len(page.splitlines()) < 150
    listed = re.findall(r"^\| `(\w+)/` \|", page, re.MULTILINE)
    apps_here = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps_here <= set(listed)
    order = [app for app in listed if app in MAY_IMPORT]
    for place, app in enumerate(order):
        assert MAY_IMPORT[app] <= set(order[:place]), app


def test_the_glossary_is_short_and_in_alphabetical_order():
    terms = re.findall(r"^\*\*(.+?)\*\*", text(REFERENCE / "glossary.md"), re.MULTILINE)
    assert 10 < len(terms) <= 25
    assert terms == sorted(terms, key=str.lower)
