"""Whether a form was sent from our own pages, and whether an address that somebody sent along leads to one.

A form is judged by what the browser says of it: there is no cookie and no token.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_PATH = 2000


def is_ours(request: HttpRequest) -> bool:
    """Whether this POST comes from a page of this site. A browser that says nothing at all is refused.

    Sec-Fetch-Site cannot be written by a page; Origin goes with every POST of every browser of the last years;
    Referer is for the others.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if not said:
        return site == "same-origin"
    return _origin(said) in {_origin(settings.SITE_URL), f"{request.scheme}://{request.get_host()}".lower()}


def is_own_path(address: str) -> bool:
    """Return whether a redirect may lead to this address that came with a request (`next`). Raises nothing.

    Only a path of this site counts: it begins with one "/" and holds no backslash, control or other invisible
    character. Whole addresses are refused even with our own host, since their parsers raise ValueError for some
    hosts and disagree about others.
    """
    is_path = address.startswith("/") and len(address) <= LONGEST_PATH and address.isprintable()
    return is_path and "\\" not in address and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def _origin(address: str) -> str:
    """Scheme and host of an address, or nothing for what is none ("null", say)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else ""
