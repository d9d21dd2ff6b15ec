"""What a service says about an identifier, as an item in the canonical form."""

import contextlib

from django.utils.translation import gettext

from sources import lookups
from sources.importers import Csl
from sources.importers.canonical import canonical


def item_under(wanted: str) -> Csl:
    """Return what the service says about an identifier (in the form of `identifier_list.identifier`).

    For the address of a page that names its DOI, this is what Crossref says about the DOI, if it knows it. Raise
    LookupFailed if the work cannot be looked up or has no title.
    """
    item = canonical(lookups.find(wanted))
    if wanted.lower().startswith("http") and "DOI" in item:
        with contextlib.suppress(lookups.LookupFailed):  # the page itself has said enough
            item = canonical(lookups.find(f"doi:{item['DOI']}"))
    if "title" not in item:
        raise lookups.NotFound(gettext("The answer has no title."))
    return item
