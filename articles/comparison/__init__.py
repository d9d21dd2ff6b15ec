"""What changed between two versions of a text: by field, by passage, by word. Pure: no database, no request.

`versions.compare` is the way in; `articles.comparison.revisions` makes versions of stored revisions, and
`articles.comparison.showing` makes HTML of the result.
"""

from articles.comparison.aligning import PassageChange
from articles.comparison.versions import Comparison, FieldChange, FieldKind, TextVersion, compare

__all__ = ["PassageChange", "Comparison", "FieldChange", "FieldKind", "TextVersion", "compare"]
