"""Content security policies, the decorator that chooses one, and a check for responses that depend on the visitor."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import has_vary_header
from django.utils.http import parse_etags

View = Callable[..., HttpResponseBase]
Policy = Mapping[str, Sequence[str]]

# A key that the page cache adds to META. No header of a request can set it, because their keys begin with HTTP_.
FOR_THE_CACHE = "pagecache"

NONE, SELF, UNSAFE_INLINE = "'none'", "'self'", "'unsafe-inline'"

# The policies have the form of Django 6's SECURE_CSP, which can replace this module after the upgrade.
PUBLIC: Policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    # Our scripts request nothing, but auditing tools that run within a page request robots.txt.
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# A public page that the admin shows in a frame.
EMBED: Policy = {**PUBLIC, "frame-ancestors": [SELF]}
# The sign-in pages: passkeys request our own server, and the QR code of an authenticator is a data: URL.
SIGN_IN: Policy = {**PUBLIC, "connect-src": [SELF], "img-src": [SELF, "data:"]}
ADMIN: Policy = {
    "default-src": [SELF],
    "object-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# CKEditor writes inline scripts and styles. Only pages with an editor get this policy, and only staff see them.
EDITOR: Policy = {
    **ADMIN,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-src": [SELF],
}
# The HTML of an email in a frame of the admin: inline styles and nothing else.
EMAIL: Policy = {
    "sandbox": [],
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}
POLICIES: dict[str, Policy] = {
    **{"PUBLIC": PUBLIC, "EMBED": EMBED, "SIGN_IN": SIGN_IN},
    **{"ADMIN": ADMIN, "EDITOR": EDITOR, "EMAIL": EMAIL},
}


def build_policy(policy: Policy) -> str:
    """Return the value of the Content-Security-Policy header for `policy`, a mapping of directives to sources."""
    return "; ".join(" ".join((directive, *sources)) for directive, sources in policy.items())


def with_csp(name: str) -> Callable[[View], View]:
    """Return a decorator that gives a view's responses the content security policy `name`, a key of `POLICIES`.

    Raise ValueError for an unknown name when the view is defined.
    """
    if name not in POLICIES:
        raise ValueError(f"There is no policy {name!r}. Choose one of: {', '.join(POLICIES)}.")

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(*args, **kwargs)
            response.csp = name  # type: ignore[attr-defined]  # read by core.middleware.SecurityHeaders
            return response

        return wrapped

    return decorator


def depends_on_the_visitor(response: HttpResponseBase) -> bool:
    """Return whether the response sets a cookie or varies by cookie, and so must not be shown to other visitors."""
    return bool(response.cookies) or has_vary_header(response, "Cookie")


def matches_etag(if_none_match: str, etag: str) -> bool:
    """Return whether If-None-Match matches an entity tag by weak comparison (RFC 9110, 13.1.2). `*` matches all."""
    if if_none_match == etag:
        return True
    tags = parse_etags(if_none_match[:4096])
    return tags == ["*"] or etag.removeprefix("W/") in (tag.removeprefix("W/") for tag in tags)
