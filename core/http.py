"""The content security policies that a view's answers may have, and whether an answer depends on who asks."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import has_vary_header

View = Callable[..., HttpResponseBase]
Policy = Mapping[str, Sequence[str]]

NONE, SELF, UNSAFE_INLINE = "'none'", "'self'", "'unsafe-inline'"

# Shaped like Django 6's SECURE_CSP, so that all this can go when the house moves there.
PUBLIC: Policy = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    # No script of ours asks for anything, but instruments that look at a page from within it ask for robots.txt.
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# A page as readers get it, which the admin shows in a frame of its own.
EMBED: Policy = {**PUBLIC, "frame-ancestors": [SELF]}
# Signing in: passkeys ask our own server, and the picture of a new authenticator's secret is never a file.
SIGN_IN: Policy = {**PUBLIC, "connect-src": [SELF], "img-src": [SELF, "data:"]}
ADMIN: Policy = {
    "default-src": [SELF],
    "object-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# CKEditor writes scripts and styles into its pages: these pages only, and only for those who have signed in.
EDITOR: Policy = {
    **ADMIN,
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "frame-src": [SELF],
}
# A letter's HTML, in a frame of the admin: its own styles, and nothing else of any kind.
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
    """Return the value of the Content-Security-Policy header for `policy` (directive to sources)."""
    return "; ".join(" ".join((directive, *sources)) for directive, sources in policy.items())


def with_csp(name: str) -> Callable[[View], View]:
    """Decorator: the view's answers have the policy `name`, one of `POLICIES`.

    Raises ValueError, when the module is loaded, for a name that is none.
    """
    if name not in POLICIES:
        raise ValueError(f"There is no policy {name!r}. Choose one of: {', '.join(POLICIES)}.")

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(*args, **kwargs)
            response.csp = name
            return response

        return wrapped

    return decorator


def depends_on_the_visitor(response: HttpResponseBase) -> bool:
    """Whether the answer sets a cookie or differs by cookie, so that nobody else may be given it."""
    return bool(response.cookies) or has_vary_header(response, "Cookie")
