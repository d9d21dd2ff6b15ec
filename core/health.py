"""Whether this process lives (`/healthz`) and whether the site can do all of its work (`/readyz`).

Asked by machines, by whatever name and without TLS, so they are answered ahead of everything that looks at either. A
balancer asks /healthz, or /readyz where it shall send readers elsewhere; a monitor asks /readyz. Nothing that is told
here is a secret: which check fails, and why in a few words.
"""

import logging
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.db import triggers

logger = logging.getLogger(__name__)

ALIVE, READY = "/healthz", "/readyz"

Check = Callable[[], str]
_CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Decorator: /readyz asks this function, which returns what is wrong, or nothing. It may raise.

    Rooms above this one name their own checks so. They are asked in the order in which they were named.
    """

    def decorator(function: Check) -> Check:
        _CHECKS[name] = function
        return function

    return decorator


@check("database")
def database() -> str:
    """Whether it answers at all; where not, nothing else is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return "" if cursor.fetchone() == (1,) else "It answers nonsense."


@check("migrations")
def migrations() -> str:
    """Whether the tables are those of this code."""
    missing = unapplied_migrations()
    return f"{len(missing)} not applied; run manage.py migrate." if missing else ""


@check("rules")
def rules() -> str:
    """Whether the database refuses what it should: a `migrate` that was killed leaves it without its triggers."""
    lost = missing_rules()
    return f"{len(lost)} missing or changed; run manage.py migrate." if lost else ""


def unapplied_migrations(connection: BaseDatabaseWrapper = connection) -> list[str]:
    """The migrations of this code that the database has not had, as app.name. One query."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in _migrations() if (app, name) not in applied)


def missing_rules() -> list[str]:
    """The names of the rules that the database should keep by its triggers and does not. Two queries."""
    return triggers.missing(triggers.every_rule(), connection)


def known_migrations() -> list[str]:
    """The migrations of this code, as app.name."""
    return sorted(f"{app}.{name}" for app, name in _migrations())


@lru_cache(maxsize=1)
def _migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    squashed = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return frozenset(set(loader.disk_migrations) - squashed)


def readiness() -> dict[str, str]:
    """Each check by its name with what is wrong, or nothing. After a database that is silent nothing more is asked."""
    found: dict[str, str] = {}
    for name, ask in _CHECKS.items():
        try:
            found[name] = ask()
        except Exception as error:
            logger.error("The check “%s” failed: %s", name, error)
            found[name] = "It cannot be asked; the log says why."
        if name == "database" and found[name]:
            break
    return found


class Probes:
    """Answers both addresses before any other middleware but that of the headers, and leaves the rest alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in (ALIVE, READY):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            response: HttpResponse = JsonResponse({"status": "method not allowed"}, status=405)
            response.headers["Allow"] = "GET, HEAD"
        elif request.path_info == ALIVE:
            response = JsonResponse({"status": "alive"})
        else:
            response = _ready()
        response.headers["Cache-Control"] = "no-store"
        return response


def _ready() -> JsonResponse:
    found = readiness()
    wrong = any(found.values())
    told = {name: words or "ok" for name, words in found.items()}
    return JsonResponse(
        {"status": "not ready" if wrong else "ready", "site": settings.SITE_NAME, "checks": told},
        status=503 if wrong else 200,
    )
