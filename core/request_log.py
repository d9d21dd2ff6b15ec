"""Middleware that logs one line for each request that reaches Django: method, path, status and duration.

Responses from the page cache are not logged: a proxy in front counts them, and a line would cost more than the
response. Successful health checks are not logged either.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.health import ALIVE, READY
from core.logs import LoggedRequest, anonymise, current_request

logger = logging.getLogger("betterment.requests")

# A request id that a proxy may send to match its log with ours. It has no dots or colons, so it is not an IP address.
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestLog:
    """The outermost middleware. It logs each request, and adds the request's id to everything logged meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        # Without the query, because search terms are private.
        token = current_request.set(LoggedRequest(request_id, request.method or "", anonymise(request.path)[:300]))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            if request.path_info not in (ALIVE, READY) or response.status_code >= 400:
                duration = round((time.perf_counter() - started) * 1000, 1)
                details = {"status": response.status_code, "duration_ms": duration}
                logger.info("%s %s", request.method, response.status_code, extra=details)
            return response
        finally:
            current_request.reset(token)
