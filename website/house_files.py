"""What readers' pages load of the house settings: the colours and the logo of a version.

A version never changes, so each of these may be kept for good; a new version has other addresses.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.house.versions import LOGO_TYPES
from core.models import HouseVersion
from core.text import whole_number
from pagecache.public import public

DAY = 24 * 60 * 60  # seconds


@require_safe
@public(max_age=DAY, parameters=())
def colours(request: HttpRequest, number: int) -> HttpResponse:
    """Return the stylesheet with the colours of a version. Raises Http404 where it has none of its own."""
    version = get_object_or_404(HouseVersion.objects.defer("logo"), number=whole_number(str(number)))
    if not version.house.stylesheet:
        raise Http404("This version has the default colours.")
    return HttpResponse(version.house.stylesheet, content_type="text/css; charset=utf-8")


@require_safe
@public(max_age=DAY, parameters=())
def logo(request: HttpRequest, number: int, extension: str) -> HttpResponse:
    """Return the logo of a version as it was uploaded and repainted. Raises Http404 where it has none."""
    version = get_object_or_404(HouseVersion, number=whole_number(str(number)), logo_extension=extension)
    if extension not in LOGO_TYPES:
        raise Http404("This version has no logo.")
    return HttpResponse(bytes(version.logo), content_type=LOGO_TYPES[extension])
