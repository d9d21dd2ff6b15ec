"""Links to downloads of sources, one for each export format."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sources.exporters import FORMATS, Format

register = template.Library()


@register.simple_tag
def export_formats() -> list[tuple[str, Format]]:
    """Return each format with its file name extension, in the order of `exporters.FORMATS`."""
    return list(FORMATS.items())


@register.simple_tag
def links_to_exports(query: str) -> SafeString:
    """Return the HTML “BibTeX, RIS or CSL-JSON”, each a link to a download of the library with `query` appended."""
    links = [
        (reverse("admin:sources_source_export", args=[ending]), query, format_.name)
        for ending, format_ in FORMATS.items()
    ]
    link = '<a href="{}{}" rel="nofollow">{}</a>'
    return format_html(
        "{} {} {}", format_html_join(", ", link, links[:-1]), gettext("or"), format_html(link, *links[-1])
    )
