"""Sources as files: an article's, for readers, and what the admin hands out."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.exporters import FORMATS
from articles.importers.mapping import item_of
from articles.models import Publication, Source
from betterment.public import public


def download(sources: Iterable[Source], name: str, ending: str) -> HttpResponse:
    """These sources as a file called `name`, in the format of that ending (exporters.FORMATS; else KeyError)."""
    format_ = FORMATS[ending]
    return HttpResponse(
        format_.write([item_of(source) for source in sources]),
        content_type=format_.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )


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
