"""Middleware that requires the second factor for the admin, and sets the headers of the sign-in pages."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from accounts.views import keep_private

# Views for signing in and out, which show nothing confidential.
OPEN = {"admin:login", "admin:logout", "admin:jsi18n"}
SET_UP = _("Set up a second factor first. You can publish, so a password alone does not let you into the newsroom.")
SHOW = _("Confirm with your second factor: this device was signed in with the password alone.")


class SignInPagesMiddleware:
    """Sets the headers of accounts.views.keep_private on the responses of sign-in pages.

    Unlike a decorator, it also sees the responses that allauth returns instead of those of the view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and getattr(match.func, "is_of_signing_in", False):
            return keep_private(response)
        return response


class SecondFactorMiddleware:
    """Requires the second factor for the views of the admin. It must come after the authentication middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponseBase | None:
        """Return None if the view may run, else a redirect to the page for using or setting up a second factor.

        Raise PermissionDenied instead of redirecting if the method is not GET or HEAD.
        """
        match = request.resolver_match
        if "admin" not in match.namespaces or match.view_name in OPEN or not request.user.is_authenticated:
            return None
        if not second_factor.is_required(request.user) or second_factor.was_shown(request):
            return None
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied("A second factor is required.")
        if second_factor.has(request.user):
            messages.warning(request, SHOW)
            return _lead_to("mfa_reauthenticate", request.get_full_path())
        messages.warning(request, SET_UP)
        return _lead_to("mfa_index", request.get_full_path())


def _lead_to(name: str, after: str) -> HttpResponseRedirect:
    """Return a redirect to the page with this URL name; that page leads back to the URL `after`."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({REDIRECT_FIELD_NAME: after})}")
