"""The house's admin site: Django's own, with our name on it."""

from django.contrib import admin


class BettermentAdminSite(admin.AdminSite):
    site_header = "The Betterment Project"
    site_title = "The Betterment Project"
    index_title = "The newsroom"
    site_url = "/"
