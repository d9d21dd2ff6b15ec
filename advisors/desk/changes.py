"""From the second round on: what has changed since the revision that an advisor last approved, or else last read."""

from articles.comparison import Comparison
from articles.comparison.marking import Sides, words
from articles.comparison.revisions import label, version_of
from articles.comparison.showing import merged
from articles.comparison.versions import compare
from articles.models import Revision


def shown(old: Revision, new: Revision) -> dict[str, object]:
    """A comparison for the page: by field, with unchanged passages folded."""
    versions = version_of(old), version_of(new)
    comparison: Comparison = compare(*versions)
    names = Sides(f"Revision {old.number}", f"Revision {new.number}")
    return {
        "comparison": comparison,
        "shown": [
            {"name": change.name, "label": label(change.name), "change": change, "html": merged(change, names)}
            for change in comparison.fields
        ],
        "fields": ", ".join(label(change.name) for change in comparison.fields),
        "sources_added": [(key, versions[1].sources[key]) for key in comparison.sources_added],
        "sources_removed": [(key, versions[0].sources[key]) for key in comparison.sources_removed],
        "sources_changed": [(row.key, words(row.segments)) for row in comparison.sources_changed],
    }
