from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.seo import site_map


def sitemap_pages() -> Iterator[site_map.Page]:
    """Yield the path of the sign-up form, with None (no date). Pages behind links in emails are not listed."""
    yield reverse("newsletter:sign_up"), None


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        import_module("newsletter.emails")  # registers the function that makes the links
        site_map.register(sitemap_pages)
