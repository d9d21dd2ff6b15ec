"""Health checks: whether this process is alive (`/healthz`) and whether the site is ready to work (`/readyz`).

Load balancers and monitoring request both under any host name and without TLS, so they are answered before the
middleware that checks the host name and requires TLS. A load balancer should request /healthz, or /readyz if it can
send readers elsewhere; monitoring should request /readyz. The responses name the failing checks with a short reason and
contain no secret.
"""

import logging
from collections.abc import Callable
from functools import lru_cache

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from core.db import triggers
from core.house import memory

logger = logging.getLogger(__name__)

ALIVE, READY = "/healthz", "/readyz"

Check = Callable[[], str]
_CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register the decorated function as the check `name` of /readyz.

    The function returns a description of the problem, or "" if there is none; if it raises, the check has failed.
    Checks run in the order in which they were registered. Other apps register their checks in the same way.
    """

    def decorator(function: Check) -> Check:
        _CHECKS[name] = function
        return function

    return decorator


@check("database")
def database() -> str:
    """Return a description if the database answers wrongly, else "". Raise DatabaseError if it does not answer.

    If this check fails, no other check is made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return "" if cursor.fetchone() == (1,) else "Its answer to a test query is wrong."


@check("migrations")
def migrations() -> str:
    """Return a description if migrations of this code are not applied, else ""."""
    missing = unapplied_migrations()
    return f"{len(missing)} not applied; run manage.py migrate." if missing else ""


@check("rules")
def rules() -> str:
    """Return a description if triggers are missing or out of date (a killed `migrate` can leave none), else ""."""
    lost = missing_rules()
    return f"{len(lost)} missing or changed; run manage.py migrate." if lost else ""


def unapplied_migrations(connection: BaseDatabaseWrapper = connection) -> list[str]:
    """Return the migrations that are not applied, sorted, as “app.name”. Makes two queries."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in _migrations() if (app, name) not in applied)


def missing_rules() -> list[str]:
    """Return the names of the rules whose triggers are missing, disabled or different.

    Makes two queries on PostgreSQL and one on SQLite.
    """
    return triggers.missing(triggers.every_rule(), connection)


def known_migrations() -> list[str]:
    """Return the migrations of this code, sorted, as “app.name”."""
    return sorted(f"{app}.{name}" for app, name in _migrations())


@lru_cache(maxsize=1)
def _migrations() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    squashed = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return frozenset(set(loader.disk_migrations) - squashed)


def readiness() -> dict[str, str]:
    """Return the problem that each check has found, or "" for none, by the name of the check.

    An exception in a check is logged and counts as a problem. If the database does not respond, the other checks are
    left out.
    """
    found: dict[str, str] = {}
    for name, ask in _CHECKS.items():
        try:
            found[name] = ask()
        except Exception as error:
            logger.error("The check “%s” failed: %s", name, error)
            found[name] = "The check failed; the log says why."
        if name == "database" and found[name]:
            break
    return found


class Probes:
    """Middleware for /healthz and /readyz. It comes before the middleware that checks the host name and TLS."""

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
    name = memory.last_known().name if found.get("database") else memory.house().name
    return JsonResponse(
        {"status": "not ready" if wrong else "ready", "site": name, "checks": told},
        status=503 if wrong else 200,
    )
