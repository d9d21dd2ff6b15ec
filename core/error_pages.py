"""The response to an unhandled exception: 503 for an outage of the database, 500 for everything else."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

RETRY_AFTER = 30  # seconds; about as long as a restart of the database takes


def failed(request: HttpRequest) -> HttpResponse:
    """Return the page for the current exception (`handler500`): 503 for an outage of the database, otherwise 500.

    It makes no query and does not name the cause.
    """
    if not is_outage(sys.exc_info()[1]):
        return server_error(request)
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException | None) -> bool:
    """Return whether this exception means that the database is unavailable.

    The database was unreachable, closed the connection, was locked for too long or had no space left. In each case the
    transaction was rolled back. psycopg2 raises a plain DatabaseError if a connection breaks while it reads a result.
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
