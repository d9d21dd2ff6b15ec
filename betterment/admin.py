"""The house's admin site: Django's own, with our name on it and a start page that says what waits for whom."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from betterment import start_page


class BettermentAdminSite(admin.AdminSite):
    site_header = "The Betterment Project"
    site_title = "The Betterment Project"
    index_title = "The newsroom"
    site_url = "/"

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {"panels": start_page.panels(request.user), **(extra_context or {})})
