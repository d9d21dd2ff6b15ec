"""Look up a source by its identifier: in the library first, then at Crossref, PubMed or the page itself."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from articles.admin.sources.quick_source import FIRST, MORE, described, known_source
from core.text import clean_line
from sources import lookups
from sources.importers.identifier_list import identifier
from sources.importers.mapping import fields_of
from sources.lookup_items import item_under
from sources.models import Source, Work

NAMES = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID"}
# The time in seconds after which a look-up that did not end cannot block the next one. One takes at most 90.
LONGEST = 100


def named(wanted: str) -> dict[str, str]:
    """Return the fields of a source that an identifier (in the form of `identifier_list.identifier`) fills in."""
    kind, _colon, value = wanted.partition(":")
    return {kind: value} if kind in NAMES else {"url": wanted, "work": Work.WEB_PAGE}


def shown(wanted: str) -> str:
    """Return an identifier as people write it, such as “PMID 23853635”."""
    kind, _colon, value = wanted.partition(":")
    return f"{NAMES[kind]} {value}" if kind in NAMES else wanted


def known_under(wanted: str) -> Source | None:
    """Return the source of the library with this identifier, or None."""
    return known_source(**{name: value for name, value in named(wanted).items() if name != "work"})


@require_POST
def look_up(request: HttpRequest) -> JsonResponse:
    """Look up the identifier `q`, and respond with the fields of a new source (`fields`), or with `source`.

    `source` is that of the library, if it has the work already. If the look-up fails, respond with the `reason` and
    with `fields` for the identifier alone. Respond 400 if `q` is not an identifier, 403 without the permission to add
    sources, and 429 while another look-up of the same person lasts, each with the `reason`.
    """
    if not request.user.has_perm("sources.add_source"):
        return JsonResponse({"reason": gettext("You may not add sources.")}, status=403)
    wanted = identifier(clean_line(request.POST.get("q", "")[:600]))
    if not wanted:
        return JsonResponse({"reason": gettext("This is not a DOI, PMID, PMCID or web address.")}, status=400)
    if known := known_under(wanted):
        return JsonResponse({"source": described(known)})
    lock = f"source-lookup-{request.user.pk}"
    if not cache.add(lock, 1, LONGEST):
        return JsonResponse({"reason": gettext("One look-up at a time. Wait until the other has ended.")}, status=429)
    try:
        fields = fields_of(item_under(wanted))
    except lookups.LookupFailed as error:
        return JsonResponse({"reason": str(error), "fields": named(wanted)})
    finally:
        cache.delete(lock)
    if not wanted.lower().startswith("http"):
        fields |= {name: value for name, value in named(wanted).items() if not fields[name]}
    if known := known_source(**{name: fields[name] for name in ("doi", "pmid", "pmcid", "url")}):
        return JsonResponse({"source": described(known)})
    return JsonResponse({"fields": {name: _typed(fields[name]) for name in (*FIRST, *MORE)}})


def _typed(value: Any) -> str:
    """Return the value of a field as it would be typed into a form."""
    return "" if value is None else str(value)
