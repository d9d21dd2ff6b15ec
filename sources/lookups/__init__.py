"""Works by their identifiers, asked of Crossref, PubMed or their own page, as CSL-JSON.

`find` is all that the rest of the house needs. What one item holds beyond plain CSL stands under "custom":
"evidence" is a kind of evidence (models.Evidence) where the register says enough to know it.
"""

from sources.lookups.errors import LookupFailed, LookupUnavailable, NotFound
from sources.lookups.finding import find

__all__ = ["LookupFailed", "NotFound", "LookupUnavailable", "find"]
