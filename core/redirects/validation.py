"""The rules for redirects that editors add: where they may lead from, and where to."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.redirects.fields import USED, page_at
from core.redirects.paths import any_view, check_new_path, check_old_path, reader_view

if TYPE_CHECKING:
    from core.redirects.models import Redirect

A_PAGE = _("A page of this site has this address.")
NO_PAGE = _("No page of this site has this address.")
LOOP = _("This leads back to the old address.")


def validate_redirect(redirect: "Redirect") -> None:
    """Raise ValidationError, with an error for each field, unless this redirect may be saved.

    If `to_path` is itself an old address, it is replaced by the address to which that one leads, so that every redirect
    leads to its page in one hop.
    """
    errors = {}
    for name, check in (("from_path", _check_from), ("to_path", _check_to)):
        try:
            check(redirect)
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)


def leads_to_page(redirect: "Redirect") -> bool:
    """Return whether the page to which a redirect leads exists, whether or not it is public now."""
    rule, page = page_at(redirect.to_path)
    return page is not None or (rule is None and reader_view(redirect.to_path) is not None)


def _check_from(redirect: "Redirect") -> None:
    """Raise ValidationError (malformed, internal, used) if the old address is not allowed or is still in use."""
    if redirect.pk:  # it was checked when it was added, and never changes
        return
    path = redirect.from_path
    check_old_path(path)
    # Django adds a missing slash at the end before it answers 404.
    for one in {path, f"{path.rstrip('/')}/"}:
        rule, page = page_at(one)
        if page and rule and not rule.is_confidential:
            raise ValidationError(USED, code="used", params={"thing": page})
        if page or (rule is None and any_view(one)):
            raise ValidationError(A_PAGE, code="used")


def _check_to(redirect: "Redirect") -> None:
    """Raise ValidationError (outside, internal, loop, no_page) unless the redirect leads to a page for readers."""
    check_new_path(redirect.to_path)
    further = apps.get_model("core", "Redirect").objects.leading_elsewhere().filter(from_path=redirect.to_path)
    redirect.to_path = further.values_list("to_path", flat=True).first() or redirect.to_path
    if redirect.to_path == redirect.from_path:
        raise ValidationError(LOOP, code="loop")
    if not leads_to_page(redirect):
        raise ValidationError(NO_PAGE, code="no_page")
