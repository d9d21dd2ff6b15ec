"""One line for each request that reaches Django: what was asked, what was answered, how long it took.

What the page store answers by itself leaves no line: a proxy counts it, and a line would cost more than the answer.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.health import ALIVE, READY
from core.logs import Asked, anonymous, asked

logger = logging.getLogger("betterment.requests")

# What a proxy may hand in to find its own line again. No dot and no colon: it is no address of anybody.
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestLog:
    """The outermost middleware. Whatever is logged meanwhile in this thread carries the request's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        # Without the query: what somebody searches for is theirs.
        token = asked.set(Asked(request_id, request.method or "", anonymous(request.path)[:300]))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            if request.path_info not in (ALIVE, READY) or response.status_code >= 400:
                took = round((time.perf_counter() - began) * 1000, 1)
                told = {"status": response.status_code, "duration_ms": took}
                logger.info("%s %s", request.method, response.status_code, extra=told)
            return response
        finally:
            asked.reset(token)
