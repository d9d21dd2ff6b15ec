"""Download sources as a file."""

from collections.abc import Iterable

from django.http import HttpResponse

from sources.exporters import FORMATS
from sources.importers.mapping import item_of
from sources.models import Source


def download(sources: Iterable[Source], name: str, ending: str) -> HttpResponse:
    """Return a response with these sources as a file called `name`, in the format with the extension `ending`.

    Raise KeyError for an extension that is not in exporters.FORMATS.
    """
    format_ = FORMATS[ending]
    return HttpResponse(
        format_.write([item_of(source) for source in sources]),
        content_type=format_.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'},
    )
