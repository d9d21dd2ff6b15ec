"""The data kept about an advisor: a page with its kinds, and the export as a JSON file."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisors.personal_data import kept_data
from advisors.review_desk.access import advisor_of, guarded


@require_safe
@guarded
def kept(request: HttpRequest) -> HttpResponse:
    """Show which data is kept about the advisor, with the number of entries of each kind."""
    advisor = advisor_of(request)
    context = {"advisor": advisor, "counts": kept_data.counts(advisor)}
    return render(request, "advisors/kept_data.html", context)


@require_safe
@guarded
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream all data that is stored about the advisor as a JSON file to download."""
    advisor = advisor_of(request)
    response = StreamingHttpResponse(kept_data.as_json(advisor), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{advisor.slug}.json"'
    return response
