"""What is answered where something failed: 503 where the database took no part and may do so soon; else 500."""

import sys

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

RETRY_AFTER = 30  # seconds, for programs; a restart of the database takes about as long


def failed(request: HttpRequest) -> HttpResponse:
    """`handler500`: the page for the exception at hand. Asks no database, and says nothing of the cause."""
    if not is_outage(sys.exc_info()[1]):
        return server_error(request)
    response = HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response


def is_outage(error: BaseException | None) -> bool:
    """Whether the database was not there, let go in the middle, was busy for too long or had no room left.

    What was begun is undone then. psycopg2 raises a plain DatabaseError where a connection breaks within an answer.
    """
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
