"""Every page, email and message shows times in the newsroom's zone, and only core.times formats them.

The newsroom is in New York, and everything happens late in its evening, when UTC has the next day.
"""

import ast
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as site
from django.utils import timezone
from post_office.models import Email

from advisors import scheduled_emails
from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article
from core import times
from mail import sending
from tests import mailing, newsroom
from tests.access.asking import look
from tests.access.scene import Scene, build
from tests.access.walking import routes
from tests.test_architecture import MAY_IMPORT, ROOT, files, templates

pytestmark = pytest.mark.sqlite_is_enough

EVENING = datetime(2026, 12, 1, 3, 17, tzinfo=UTC)  # 30 November 2026, 22:17 in New York
LATER = [EVENING + timedelta(days=days) for days in (7, 17)]
MONTHS = "(?:December|Dec\\.?)"
OF_UTC = re.compile(
    r"\b0?3:17|\bUTC\b"
    rf"|(?<!\d)0?(?:1|8|18) {MONTHS}(?: 2026)?|\b{MONTHS} (?:1|8|18)(?:, 2026)?(?!\d)"
    r"|2026-12-(?:01|08|18)|(?:01|08|18)/12/2026"
)
FOR_MACHINES = re.compile(r'<meta property="article:(?:published|modified)_time"[^>]*>')  # Open Graph
# The pages that are read: beginnings of addresses, and the person who reads them.
LOOKED_AT = {
    "admin/": ("editor", "super", "own", "asked"),
    "board/": ("asked",),
    "account/": ("editor",),
    "": ("anon",),
}


@pytest.fixture
def evening(settings):
    """The clock, which stands still late in the evening of New York."""
    settings.TIME_ZONE = "America/New_York"
    settings.EMAIL_BACKEND = mailing.QUEUE
    with time_machine.travel(EVENING, tick=False) as clock:
        yield clock


@pytest.fixture
def scene(evening, db) -> Scene:
    return build()


def of_utc(text: str) -> list[str]:
    """Return passages of a text with UTC's hour, day or name, with their surroundings."""
    return [text[max(0, found.start() - 60) : found.end() + 20] for found in OF_UTC.finditer(text)]


def test_a_day_and_a_moment_are_those_of_the_newsroom(evening):
    assert times.day(EVENING) == "30 November 2026"
    assert times.weekday(EVENING) == "Monday, 30 November 2026"
    assert times.american_day(EVENING) == "November 30, 2026"
    assert times.clock(EVENING) == "22:17"
    assert times.moment(EVENING) == "30 November 2026, 22:17"
    assert times.zoned(EVENING) == "30 November 2026, 22:17 EST"
    assert times.day(date(2026, 12, 1)) == "1 December 2026"


def test_what_has_no_time_prints_nothing():
    functions = (times.day, times.weekday, times.clock, times.moment, times.zoned, times.deadline)
    assert {function(None) for function in functions} == {""}


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 30), "today"),
        (date(2026, 12, 1), "tomorrow"),
        (date(2026, 12, 3), "in 3 days"),
        (date(2026, 11, 29), "1 day overdue"),
        (date(2026, 11, 28), "2 days overdue"),
    ],
)
def test_a_deadline_is_as_far_away_as_in_the_newsroom(evening, day, words):
    assert times.deadline(day) == words


@pytest.mark.parametrize(
    ("zone", "said"),
    [("UTC", "UTC"), ("Pacific/Auckland", "NZDT"), ("America/Sao_Paulo", "UTC-03"), ("Asia/Kathmandu", "UTC+0545")],
)
def test_a_zone_is_named_by_its_letters_or_by_its_difference_from_utc(settings, zone, said):
    settings.TIME_ZONE = zone
    assert times.zoned(EVENING).rsplit(" ", 1)[1] == said


def test_every_page_prints_the_newsrooms_time(scene):
    """Pages of readers, the newsroom, the board and the admin. Feeds and sitemaps for machines may use UTC."""
    wrong, pages, local = [], 0, 0
    for route in routes():
        roles = next(roles for begins, roles in LOOKED_AT.items() if route.startswith(begins))
        for stage in scene.stages_of(route):
            for role in roles:
                answer = look(scene, role, "get", scene.address(route, stage))
                if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
                    continue
                page = FOR_MACHINES.sub("", unescape(answer.content.decode()))
                pages += 1
                local += "30 November 2026" in page
                wrong += [f"{route} {stage} {role}: {found}" for found in of_utc(page)]
    assert wrong == []
    assert pages > 200 and local > 50


def test_every_row_says_the_newsrooms_time_of_itself(scene):
    """Except rows of django-simple-history, whose pages print the time themselves."""
    for model in (model for model in apps.get_models() if not hasattr(model, "history_date")):
        for row in model._default_manager.all()[:50]:
            assert of_utc(str(row)) == [], model


def test_every_email_prints_the_newsrooms_time(scene, evening):
    """The emails that the scene has queued, and those that are due on the following evenings."""
    newsroom.advisor("late")
    for moment in LATER:
        evening.move_to(moment)
        scheduled_emails.plan(timezone.now())
        scheduled_emails.send(timezone.now())
    queued = Email.objects.order_by("pk")
    assert {row.subject.split("“")[0] for row in queued if "week" in row.subject or "overdue" in row.subject.lower()}
    for row in queued:
        assert of_utc(f"{row.subject}\n{row.message}\n{unescape(row.html_message)}") == [], row.subject
    assert "30 November 2026, 22:17 EST" in queued.filter(message__contains="Given:").first().message


def test_every_sample_of_an_email_prints_the_newsrooms_time(evening):
    for name, (_, context) in sending.SAMPLES.items():
        assert of_utc(unescape("\n".join(sending.render(name, context())))) == [], name


def test_a_move_that_is_refused_says_when_the_last_one_was_by_the_newsrooms_clock(scene):
    article = Article.objects.get(pk=scene.articles["published"].pk)
    with pytest.raises(InvalidTransition, match="published, 30 November 2026, 22:17"):
        workflow.recall(article=article, actor=scene.people["editor"])


# Formats for machines, with the reason. Everything else goes through core.times.
MACHINES = {
    "advisors/scheduled_emails.py": "the week in the key of a digest",
    "advisors/quorum/given.py": "the canonical form of a verdict",
    "audit/leaves.py": "RFC 3339 in the log",
    "audit/seals.py": "the names of files with seals",
    "advisors/drafts.py": "which state of a draft a form was opened with",
    "articles/admin/sources/import_rows.py": "the value of a date field",
    "articles/admin/sources/pasting.py": "the value of a date field",
    "manuscripts/admin.py": "the value of a date field",
    "core/admin/fingerprints.py": "compares the values of fields",
    "website/feeds.py": "RFC 3339, RFC 1123",
    "sources/retractions.py": "makes an editor's notice a record of its own",
    "website/sitemaps.py": "the sitemap protocol",
    "jobs/runner.py": "the log",
    "backups/creating.py": "a backup's manifest",
    "backups/rows.py": "a backup's rows",
    "mail/calendar.py": "RFC 5545",
    "core/logs.py": "the log",
    "core/seo/structured_parts.py": "JSON-LD",
    "core/times.py": "this is the module",
    "newsletter/exports.py": "CSV",
}
FORMATTING_MODULES = {
    "django.utils.dateformat",
    "django.utils.formats",
    "django.utils.timesince",
    "django.contrib.humanize",
}
MACHINE_FORMATS = {"Y-m-d", "c", r"Y-m-d\TH:i:sO"}


def formats_a_time(node: ast.AST) -> bool:
    """Return whether this node of source turns a date or a time into text."""
    if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
        return any("%" in part.value for part in node.format_spec.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.search(r"\{\w*:%", node.value) is not None  # for str.format
    if isinstance(node, ast.Attribute):
        return node.attr in {"strftime", "isoformat", "ctime"}
    if isinstance(node, ast.ImportFrom):
        imported = {f"{node.module}.{name.name}" for name in node.names} | {node.module or ""}
        return bool(imported & FORMATTING_MODULES) or "django.utils.timezone.template_localtime" in imported
    return False


def test_nothing_but_the_one_module_formats_a_time_for_people():
    found = {}
    for name in files(*MAY_IMPORT, "demo"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        if lines := [node.lineno for node in ast.walk(tree) if formats_a_time(node)]:
            found[name] = lines
    assert {name: lines for name, lines in found.items() if name not in MACHINES} == {}
    assert set(MACHINES) - set(found) == set(), "These format nothing any more."


def test_no_template_formats_a_time_for_people_by_itself():
    wrong = []
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"\|(?:date|time)\b(?::[\"']([^\"']*)[\"'])?|\|timesince|\|naturaltime|{% now", text):
            if found[1] not in MACHINE_FORMATS:
                wrong.append(f"{path.relative_to(ROOT)}: {found[0]}")
    assert wrong == []


def test_django_itself_prints_a_time_as_the_newsroom_does(evening):
    from django.utils.formats import localize

    assert localize(timezone.localtime(EVENING)) == times.moment(EVENING)
    assert localize(timezone.localdate(EVENING)) == times.day(EVENING)
    assert site.FORMAT_MODULE_PATH == ["core.formats"]
