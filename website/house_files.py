"""The files of the house settings that public pages load: the stylesheet, the default icon and the logo of a version.

A version never changes and a new version has new URLs, so a cached copy is never out of date; caches are told to keep
it for a day.
"""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.house.defaults import COLOUR_FIELDS
from core.house.versions import LOGO_TYPES
from core.models import HouseVersion
from core.public import public
from core.text import whole_number

DAY = 24 * 60 * 60  # seconds
MARK = Path(settings.BASE_DIR, "static/icons/mark.svg")  # in the default accent colour


@require_safe
@public(max_age=DAY, parameters=())
def colours(request: HttpRequest, number: int) -> HttpResponse:
    """Return the stylesheet with a version's colours.

    Raise Http404 if the version does not exist or only has the default colours.
    """
    version = get_object_or_404(HouseVersion.objects.defer("logo"), number=whole_number(str(number)))
    if not version.house.stylesheet:
        raise Http404("This version has the default colours.")
    return HttpResponse(version.house.stylesheet, content_type="text/css; charset=utf-8")


@require_safe
@public(max_age=DAY, parameters=())
def mark(request: HttpRequest, number: int) -> HttpResponse:
    """Return the default icon (SVG) in a version's accent colour. Raise Http404 if there is no such version."""
    version = get_object_or_404(HouseVersion.objects.defer("logo"), number=whole_number(str(number)))
    drawn = MARK.read_text(encoding="utf-8").replace(COLOUR_FIELDS["accent"], version.house.colours["accent"])
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_safe
@public(max_age=DAY, parameters=())
def logo(request: HttpRequest, number: int, extension: str) -> HttpResponse:
    """Return the logo of a version, as re-encoded on upload. Raise Http404 if it has none with this extension."""
    version = get_object_or_404(HouseVersion, number=whole_number(str(number)), logo_extension=extension)
    if extension not in LOGO_TYPES:
        raise Http404("This version has no logo.")
    return HttpResponse(bytes(version.logo), content_type=LOGO_TYPES[extension])
