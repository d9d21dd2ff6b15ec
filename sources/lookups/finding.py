"""Look up a work at the service that its identifier belongs to."""

import re
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core.outgoing import client
from sources.identifiers import bare_doi, bare_pmcid, bare_pmid
from sources.lookups import crossref, pages, pubmed
from sources.lookups.requests import Fetch, NotFound
from sources.models.sources import DOI, PMCID, PMID


def find(identifier: str, *, fetch: Fetch | None = None, today: date | None = None) -> dict:
    """Return the work with this identifier as a CSL-JSON item.

    `identifier` is "doi:10…", "pmid:…", "pmcid:PMC…" or a URL, "https://…" or "http://…". `today` is the day of access
    of a page, by default the current day in the newsroom's time zone. Raise NotFound if the identifier is not valid or
    is not known to the service (Crossref, PubMed or PubMed Central), and LookupUnavailable if the service cannot be
    reached. The message is for the writer.
    """
    fetch = fetch or client.fetch
    kind, _colon, value = identifier.strip().partition(":")
    if kind == "doi" and re.match(DOI.regex, doi := bare_doi(value)):
        return crossref.item(doi, fetch)
    if kind == "pmid" and re.match(PMID.regex, pmid := bare_pmid(value)):
        return pubmed.item(pmid, fetch)
    if kind == "pmcid" and re.match(PMCID.regex, pmcid := bare_pmcid(value)):
        pmid, doi = pubmed.numbers_of(pmcid, fetch)
        found = pubmed.item(pmid, fetch) if pmid else crossref.item(doi, fetch)
        return {**found, "PMCID": pmcid}
    if kind in ("https", "http"):
        return pages.item(identifier.strip(), fetch, today or timezone.localdate())
    message = _("“%(identifier)s” is not a DOI, PMID, PMCID or web address.")
    raise NotFound(message % {"identifier": identifier[:100]})
