from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig
from django.urls import reverse

from core.seo import site_map


def for_the_sitemap() -> Iterator[site_map.Page]:
    """The page with the form; what a letter's link opens is nobody else's."""
    yield reverse("newsletter:sign_up"), None


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self) -> None:
        import_module("newsletter.emails")  # tells mail.sending how to fill the links
        site_map.register(for_the_sitemap)
