"""Look up works by their identifiers in Crossref or PubMed, or pages at their own URL, and return them as CSL-JSON.

Other modules need only `find`. Values for which CSL has no variable are under "custom": "evidence" is a kind of
evidence (models.Evidence), if the service's response shows it.
"""

from sources.lookups.finding import find
from sources.lookups.requests import LookupFailed, LookupUnavailable, NotFound

__all__ = ["LookupFailed", "NotFound", "LookupUnavailable", "find"]
