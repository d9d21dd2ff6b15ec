"""Checks that a form was sent from a page of this site, and that a URL in a request is a path of this site.

Forms without a CSRF cookie and token rely on the Origin and Fetch Metadata headers instead.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

MAX_PATH_LENGTH = 2000


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether this POST comes from a page of this site, by Sec-Fetch-Site, Origin or Referer.

    Return False if the browser sends none of these headers. A page cannot set Sec-Fetch-Site. All current browsers send
    Origin with a POST; older ones send Referer.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    if not origin:
        return site == "same-origin"
    return _origin(origin) in {_origin(settings.SITE_URL), f"{request.scheme}://{request.get_host()}".lower()}


def is_local_path(address: str) -> bool:
    """Return whether a redirect may lead to a URL that came with a request, such as `next`; never raise.

    Only a path of this site is allowed: it begins with a single "/", has at most MAX_PATH_LENGTH characters and
    contains no backslash, control character or other unprintable character. Absolute URLs are refused even with our own
    host, because URL parsers raise ValueError for some hosts and disagree about others.
    """
    is_path = address.startswith("/") and len(address) <= MAX_PATH_LENGTH and address.isprintable()
    return is_path and "\\" not in address and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def _origin(address: str) -> str:
    """Return the scheme and host of a URL in lower case, or "" for anything else, such as "null"."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""
