"""The rules of the architecture, checked on the source: imports, stages, trust in HTML, sizes, migrations."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent

# Each app with the apps that it may import. The order is the one in docs/explanation/architecture.md.
_ORDER = (
    *("core", "comparison", "jobs", "mail", "pictures", "accounts", "inbox", "products", "sources", "checks"),
    *("articles", "manuscripts", "website", "advisors", "audit"),
)
MAY_IMPORT = {
    **{app: set(_ORDER[:place]) for place, app in enumerate(_ORDER)},
    "pagecache": {"core"},
    "mail": {"core", "jobs"},
    "pictures": {"core", "jobs"},
    "accounts": {"core", "jobs", "mail", "pictures"},
    "backups": {"core"},
    "newsletter": {"core", "jobs", "mail"},
    "policies": {"core"},
}
# The newsletter is a leaf, which knows none of these apps: their pages may show its sign-up form.
MAY_NAME_IN_TEMPLATES = {"website": {"newsletter"}, "advisors": {"newsletter"}}
PACKAGES = {*MAY_IMPORT, "bench", "betterment", "demo", "tests"}
# The project package puts the apps together; no app may import it, but for the settings by way of django.conf.
MAY_IMPORT_ALL = {"bench", "betterment", "demo"}

MAY_WRITE_A_STAGE = {"articles/workflow.py"}
# HTML that is marked as safe here was sanitised when it was saved and is rendered from the approved revision.
# core/html.py is the sanitiser, and core/seo/json_ld.py escapes every `<`, `>` and `&` that it writes.
# advisors/review_desk/changes.py takes apart what `comparison` has made safe, and puts links between them.
MAY_MARK_SAFE = {"advisors/review_desk/changes.py", "articles/pages.py", "core/html.py", "core/seo/json_ld.py"}
LONGEST = 400
MOST_MODULES = 30


def files(*apps: str) -> list[str]:
    """Return the Python files of these apps as paths from the root, with migrations only if asked for."""
    found = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found if "migrations" not in path.parts)


def templates() -> list[Path]:
    """Return every template, those of the site and of each app."""
    folders = [ROOT / "templates", *(folder for app in PACKAGES for folder in (ROOT / app).glob("templates"))]
    return sorted(path for folder in folders for path in folder.rglob("*.*"))


def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def may_import_all(path: str) -> bool:
    return path.split("/")[0] in MAY_IMPORT_ALL


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield every module that a tree imports, at any depth, also by import_module() and __import__()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module if not node.level else "." * node.level
            if not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in {"import_module", "__import__", "import_string"} and isinstance(first, ast.Constant):
                yield str(first.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".models"):
            yield node.value


def upward(app: str, text: str) -> list[str]:
    """Return the imports of this text that its app may not make; a relative import counts as one."""
    found = []
    for module in imported(ast.parse(text)):
        target = module.split(".")[0]
        allowed = target == app or target in MAY_IMPORT[app]
        if module.startswith(".") or (target in PACKAGES and not allowed):
            found.append(module)
    return found


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_an_app_imports_no_higher_app(app):
    wrong = {path: upward(app, source(path)) for path in files(app) if not may_import_all(path)}
    assert {path: found for path, found in wrong.items() if found} == {}


def template_dependencies(text: str) -> list[str]:
    """Return the apps whose tag libraries or templates a template names; site-wide templates belong to none."""
    apps = set(MAY_IMPORT)
    found = []
    for tag, arguments in re.findall(r"\{%\s*(load|include|extends)\s+(.*?)\s*%\}", text):
        if tag == "load":
            names = arguments.split(" from ")[-1].split()
            found += [app for app in apps for name in names if (ROOT / app / "templatetags" / f"{name}.py").exists()]
        elif name := re.match(r"[\"'](.+?)[\"']", arguments):
            found += [app for app in apps if (ROOT / app / "templates" / name[1]).exists()]
    return found


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_a_template_names_no_higher_app(app):
    allowed = {app, *MAY_IMPORT[app], *MAY_NAME_IN_TEMPLATES.get(app, set())}
    own = [path for path in templates() if path.is_relative_to(ROOT / app)]
    found = {path.relative_to(ROOT).as_posix(): set(template_dependencies(path.read_text())) - allowed for path in own}
    assert {path: apps for path, apps in found.items() if apps} == {}


@pytest.mark.parametrize(
    "text",
    [
        "{% load reviews %}",
        "{% load static reviews %}",
        "{% load decided from reviews %}",
        '{% include "advisors/_panel.html" with a=b %}',
        "{% extends 'advisors/board.html' %}",
    ],
)
def test_an_upward_reference_of_a_template_is_found(text):
    assert template_dependencies(text) == ["advisors"]


@pytest.mark.parametrize("text", ['{% extends "base.html" %}{% load static i18n %}', "{% include section.template %}"])
def test_a_site_wide_template_belongs_to_no_app(text):
    assert template_dependencies(text) == []


def test_every_app_has_its_place():
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert apps <= PACKAGES


@pytest.mark.parametrize(
    "text",
    [
        "import advisors",
        "import advisors.models as board",
        "from advisors import reviews",
        "from advisors.models import Review",
        "def later():\n    from advisors import reviews",
        "if TYPE_CHECKING:\n    from advisors.models import Review",
        "class Form:\n    def clean(self):\n        import advisors.panel",
        "import importlib\nimportlib.import_module('advisors.reviews')",
        "from importlib import import_module\nimport_module('advisors')",
        "__import__('advisors')",
        "import_string('advisors.reviews.decide')",
        "from tests import newsroom",
        "from demo.load import everything",
        "from betterment import settings",
        "from betterment.urls import urlpatterns",
        "from . import workflow",
        "from ..advisors import models",
    ],
)
def test_an_upward_import_is_found(text):
    assert upward("articles", text)


@pytest.mark.parametrize(
    "text",
    [
        "from articles import workflow",
        "from accounts.models import User",
        "from core.fields import LineField",
        "from django.conf import settings",
        "import advisors_of_the_trade",
        "note = 'advisors are asked'",
    ],
)
def test_a_downward_import_is_left_alone(text):
    assert upward("articles", text) == []


def writes_a_stage(text: str) -> list[int]:
    """Return the lines that assign an attribute `stage`, or pass one to a call such as update or create."""
    lines = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                parts = ast.walk(target)
                lines += [part.lineno for part in parts if isinstance(part, ast.Attribute) and part.attr == "stage"]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            keywords = {keyword.arg for keyword in node.keywords}
            plain = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            writing = name in {"update", "create", "get_or_create", "update_or_create", "add", "Article"}
            if (writing and "stage" in keywords) or (name == "setattr" and "stage" in plain):
                lines.append(node.lineno)
            for keyword in node.keywords:
                fields = keyword.value.elts if isinstance(keyword.value, ast.List | ast.Tuple) else ()
                named = [field.value for field in fields if isinstance(field, ast.Constant)]
                if keyword.arg == "update_fields" and "stage" in named:
                    lines.append(node.lineno)
    return lines


def test_the_workflow_alone_writes_a_stage():
    wrong = {path: writes_a_stage(source(path)) for path in files(*MAY_IMPORT, "demo")}
    # record() returns to its caller the stage that the workflow has just written.
    wrong["articles/drafting.py"] = [
        line
        for line in wrong["articles/drafting.py"]
        if "workflow.revise(" not in source("articles/drafting.py").splitlines()[line - 1]
    ]
    # The archive for measuring: one INSERT of new rows, whole histories at once, each with the stage that its own log
    # ends at (tests/demo/test_archive.py proves it). A row that there is, it cannot change.
    archive = "demo/archive/article_history.py"
    inserts = [line for line in wrong[archive] if "tables[Article].add(" in source(archive).splitlines()[line - 1]]
    assert len(inserts) == 1
    wrong[archive] = [line for line in wrong[archive] if line not in inserts]
    assert {path for path, lines in wrong.items() if lines} == MAY_WRITE_A_STAGE


@pytest.mark.parametrize(
    "text",
    [
        "article.stage = 'approved'",
        "article.stage: str = 'approved'",
        "one, article.stage = 1, 'approved'",
        "Article.objects.update(stage='approved')",
        "Article.objects.create(stage='approved')",
        "Article(stage='approved')",
        "Table(Article).add(stage='approved')",
        "setattr(article, 'stage', 'approved')",
        "article.save(update_fields=['title', 'stage'])",
    ],
)
def test_a_stage_written_elsewhere_is_found(text):
    assert writes_a_stage(text)


@pytest.mark.parametrize("text", ["Article.objects.filter(stage='draft')", "stage = article.stage", "stage(canvas)"])
def test_a_stage_read_elsewhere_is_left_alone(text):
    assert writes_a_stage(text) == []


def test_html_is_marked_as_safe_only_where_it_is_known_to_be():
    trusting = re.compile(r"\b(mark_safe|SafeString|SafeText)\(|html_safe|__html__")
    found = {path for path in files(*MAY_IMPORT, "demo") if trusting.search(source(path))}
    assert found <= MAY_MARK_SAFE


def test_no_template_trusts_what_it_prints():
    trusting = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    found = [path.relative_to(ROOT) for path in templates() if trusting.search(path.read_text())]
    assert found == []


def test_every_file_is_short_enough_to_be_read():
    lines = {path: len(source(path).splitlines()) for path in files(*MAY_IMPORT, "demo", "tests")}
    assert {path: number for path, number in lines.items() if number > LONGEST} == {}


def test_no_folder_holds_more_modules_than_one_can_survey():
    folders = Counter(Path(path).parent for path in files(*MAY_IMPORT, "demo") if not path.endswith("__init__.py"))
    assert {folder.as_posix(): number for folder, number in folders.items() if number > MOST_MODULES} == {}


def test_no_app_holds_more_than_a_quarter_of_the_product():
    lines = Counter({app: sum(len(source(path).splitlines()) for path in files(app)) for app in (*MAY_IMPORT, "demo")})
    (largest, number), *_ = lines.most_common(1)
    assert number <= lines.total() / 4, largest


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
