"""The paths that redirects may have. Pure: no database."""

import re

from django.core.exceptions import ValidationError
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext_lazy as _

# The first parts of addresses that are not for readers, or that belong to one person. No redirect leads from them, and
# none leads to them, except to the newsletter's pages that are the same for all readers (`reader_view`).
INTERNAL = frozenset(
    {
        *("account", "admin", "api", "board", "healthz", "house", "media", "newsletter", "preview", "readyz", "static"),
        ".well-known",
    }
)
# Lower case only for old addresses. The slug of a page may have capitals.
_OLD = re.compile(r"(/[a-z0-9_-][a-z0-9._-]*)+/?")
_NEW = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")

MALFORMED = _("Write it as /blog/sleep/: one “/” at the beginning, then a to z in lower case, digits and hyphens.")
OUTSIDE = _("Write the address of a page of this site, without its name, such as /topics/sleep/.")
NOT_FOR_READERS = _("Addresses below /%(first)s/ are not for readers.")


def is_internal(path: str) -> bool:
    """Return whether the first part of a path is in INTERNAL, in upper or lower case."""
    return any(first.lower() in INTERNAL for first in path.split("/")[1:2])


def check_old_path(path: str) -> None:
    """Raise ValidationError (malformed, internal) for a path that no redirect may lead from."""
    if not _OLD.fullmatch(path):
        raise ValidationError(MALFORMED, code="malformed")
    if is_internal(path):
        raise _not_for_readers(path)


def check_new_path(path: str) -> None:
    """Raise ValidationError (outside, internal) for a path that no redirect may lead to."""
    if not path or not _NEW.fullmatch(path):
        raise ValidationError(OUTSIDE, code="outside")
    if is_internal(path) and not (path.startswith("/newsletter/") and reader_view(path)):
        raise _not_for_readers(path)


def reader_view(path: str) -> ResolverMatch | None:
    """Return the match of a path with a view that is the same for all readers, or None if there is none."""
    match = any_view(path)
    return match if match and hasattr(match.func, "public_parameters") else None


def any_view(path: str) -> ResolverMatch | None:
    """Return the match of a path with any view of the site, or None."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def _not_for_readers(path: str) -> ValidationError:
    return ValidationError(NOT_FOR_READERS, code="internal", params={"first": path.split("/")[1]})
