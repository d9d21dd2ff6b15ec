"""The house's admin site: Django's own, with our name on it and a start page that says what waits for whom.

It has no form for passwords: signing in and changing one's password are at /account/ alone, where attempts are counted.
"""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from betterment import start_page


class BettermentAdminSite(admin.AdminSite):
    site_header = "The Betterment Project"
    site_title = "The Betterment Project"
    index_title = "The newsroom"
    site_url = "/"

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {"panels": start_page.panels(request.user), **(extra_context or {})})

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the one way in, and from there back to where somebody wanted to go, if that is here."""
        after = request.GET.get(REDIRECT_FIELD_NAME) or request.POST.get(REDIRECT_FIELD_NAME) or ""
        if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
            after = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(after)
        if request.user.is_authenticated:
            raise PermissionDenied("Signed in, but not as somebody who may enter the admin.")
        return redirect_to_login(after)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Lead to the form for one's own password; the pages of other people's stay in the admin."""
        return redirect("account_change_password")
