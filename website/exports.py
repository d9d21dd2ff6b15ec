"""The sources of an article as a file, for readers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.models import Publication
from pagecache.public import public
from sources.exporters import FORMATS
from sources.exporters.downloads import download


@require_safe
@public(max_age=60, parameters=())
def sources(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The sources of an article as it is published now, in the order of their numbers; 404 where nothing is."""
    if ending not in FORMATS:
        raise Http404("No such format.")
    publication = get_object_or_404(
        Publication.objects.visible().select_related("approval__revision"), article__slug=slug
    )
    citations = publication.approval.revision.citations.select_related("source").order_by("number")
    return download([citation.source for citation in citations], f"{slug}-sources", ending)
