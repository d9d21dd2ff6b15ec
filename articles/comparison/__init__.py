"""Compare two versions of a text by field, by passage and by word. Pure: no database, no request.

The entry point is `versions.compare`. `articles.comparison.revisions` makes versions of stored revisions, and
`articles.comparison.showing` turns the result into HTML.
"""

from articles.comparison.aligning import PassageChange
from articles.comparison.versions import Comparison, FieldChange, FieldKind, TextVersion, compare

__all__ = ["PassageChange", "Comparison", "FieldChange", "FieldKind", "TextVersion", "compare"]
