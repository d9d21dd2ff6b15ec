"""The notice that readers find in place of a withdrawn article, and of the pages about it."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Publication, with_notices


def last_withdrawn(slug: str, now: datetime) -> Publication:
    """Return the last publication that readers saw under this slug. Raise Http404 unless it ended with a notice."""
    begun = with_notices(Publication.objects.begun(now).filter(article__slug=slug))
    last = begun.select_related("approval__revision").first()
    if last is None or not last.notice:
        raise Http404("No such article.")
    return last


def notice_page(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Return the notice of a withdrawn publication with status 410."""
    context = {"publication": publication, "path": request.path}
    return render(request, "website/article_withdrawn.html", context, status=410)
