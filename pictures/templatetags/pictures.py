"""Stored pictures in templates: `{% load pictures %}{% picture file alt="…" sizes="100vw" %}`."""

from django import template
from django.db.models.fields.files import FieldFile
from django.utils.html import format_html
from django.utils.safestring import SafeString

from pictures.renditions import SIZES, sources_for
from pictures.sizes import size_of

register = template.Library()


@register.inclusion_tag("site/_picture.html")
def picture(
    file: FieldFile,
    alt: str = "",
    sizes: str = SIZES,
    width: int | None = None,
    height: int | None = None,
    is_first: bool = False,
) -> dict[str, object]:
    """A `picture` element with AVIF and WebP in several widths, of a known size, so that nothing moves as it loads.

    `sizes` says how wide the page shows it. Width and height are read from the file where they are not given; of a
    picture that is not there neither is said, and no copies are named. `is_first`: what the page shows at once, which
    is loaded before all else; every other picture waits until it is about to be seen.
    """
    if not width or not height:
        width, height = size_of(file.name) or (None, None)
    return {
        "address": file.url,
        "alt": alt,
        "sizes": sizes,
        "width": width,
        "height": height,
        "sources": sources_for(file.name, width or 0),
        "is_first": is_first,
    }


@register.simple_tag
def preload(file: FieldFile, sizes: str = SIZES) -> SafeString:
    """A `link` for the head, by which a browser asks for the picture that a page begins with before it has laid it out.

    It names the copies of the best format, those of the first `source` of `picture`; a browser that does not know that
    format passes over it (HTML, 4.6.7.23). Nothing for a picture without copies.
    """
    width, _ = size_of(file.name) or (0, 0)
    for best in sources_for(file.name, width)[:1]:
        return format_html(
            '<link rel="preload" as="image" type="{}" imagesrcset="{}" imagesizes="{}" fetchpriority="high">',
            *(best.type, best.srcset, sizes),
        )
    return format_html("{}", "")
