"""Template tags for stored pictures. Usage: `{% load pictures %}{% picture file alt="…" sizes="100vw" %}`."""

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

    The size keeps the layout from moving while the picture loads. `sizes` is the attribute that tells the browser how
    wide the page shows the picture. `width` and `height` (pixels) are read from the file unless both are given; if the
    file is missing, they and the renditions are left out. A picture at the top of the page (`is_first`) is loaded
    eagerly, all others lazily.
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
    """Return a `link` element that preloads the first picture of a page, or an empty string if it has no renditions.

    The element lists the renditions in the best format, like the first `source` of `picture`. Browsers that do not
    support that format ignore it (HTML, 4.6.7.23).
    """
    width, _ = size_of(file.name) or (0, 0)
    for best in sources_for(file.name, width)[:1]:
        return format_html(
            '<link rel="preload" as="image" type="{}" imagesrcset="{}" imagesizes="{}" fetchpriority="high">',
            *(best.type, best.srcset, sizes),
        )
    return format_html("{}", "")
