"""Whether a form was sent from a page of this site, and whether an address in a request leads to one.

Forms without a CSRF cookie and token are judged by the headers that the browser sends.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

MAX_PATH_LENGTH = 2000


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether this POST comes from a page of this site; False if the browser sends none of the three headers.

    A page cannot set Sec-Fetch-Site. All current browsers send Origin with a POST; older ones send Referer.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if not origin:
        return site == "same-origin"
    return _origin(origin) in {_origin(settings.SITE_URL), f"{request.scheme}://{request.get_host()}".lower()}


def is_local_path(address: str) -> bool:
    """Return whether a redirect may lead to this address, which came with a request (`next`). Raises nothing.

    Only a path of this site is allowed: it begins with a single "/" and contains no backslash, control character or
    other unprintable character. Absolute URLs are refused even with our own host, because parsers raise ValueError for
    some hosts and disagree about others.
    """
    is_path = address.startswith("/") and len(address) <= MAX_PATH_LENGTH and address.isprintable()
    return is_path and "\\" not in address and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def _origin(address: str) -> str:
    """Return scheme and host of a URL in lower case, or "" for anything else, such as "null"."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""
