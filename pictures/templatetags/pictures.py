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
    """Return the context of a `picture` element with AVIF and WebP renditions in several widths and a fixed size.

    The size keeps the layout from moving while the picture loads. `sizes` states how wide the page shows the picture.
    Width and height (pixels) are read from the file unless given; for a missing file both are left out and no
    renditions are listed. `is_first` marks a picture at the top of the page, which is loaded eagerly; all others load
    lazily.
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
    """Return a `link` element for the head that preloads the first picture of a page; empty for a picture without
    renditions.

    It lists the renditions of the best format, as the first `source` of `picture` does. Browsers that do not support
    the format ignore it (HTML, 4.6.7.23).
    """
    width, _ = size_of(file.name) or (0, 0)
    for best in sources_for(file.name, width)[:1]:
        return format_html(
            '<link rel="preload" as="image" type="{}" imagesrcset="{}" imagesizes="{}" fetchpriority="high">',
            *(best.type, best.srcset, sizes),
        )
    return format_html("{}", "")
