"""Compare two versions of a text by field, by passage and by word. Pure: no database, no request.

The entry point is `versions.compare`. `articles.revision_comparison` turns stored revisions into versions, and
`comparison.showing` turns the result into HTML.
"""

from comparison.aligning import PassageChange
from comparison.versions import Comparison, FieldChange, FieldKind, TextVersion, compare

__all__ = ["PassageChange", "Comparison", "FieldChange", "FieldKind", "TextVersion", "compare"]
