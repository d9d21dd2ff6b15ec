"""The changes since the revision that the advisor last approved or, if there is none, last accepted for review."""

import re
from collections.abc import Mapping
from html import unescape

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Revision
from articles.revision_comparison import label, version_of
from comparison import Comparison
from comparison.marking import Sides, words
from comparison.showing import merged
from comparison.versions import compare

# A citation as `comparison.marking` writes it: the keys of its sources.
_CITED = re.compile(r'<span class="cmp-cite">\[([^\]<]*)\]</span>')


def compared(old: Revision, new: Revision) -> dict[str, object]:
    """Return the template context that shows how two revisions differ, by field, with unchanged passages folded."""
    versions = version_of(old), version_of(new)
    comparison: Comparison = compare(*versions)
    numbers = {citation.key: citation.number for citation in new.citations.all()}
    names = Sides(*(_("Revision %(number)s") % {"number": revision.number} for revision in (old, new)))
    return {
        "comparison": comparison,
        "shown": [
            {
                "name": change.name,
                "label": label(change.name),
                "change": change,
                "html": _with_numbers(merged(change, names), numbers),
            }
            for change in comparison.fields
        ],
        "fields": ", ".join(label(change.name) for change in comparison.fields),
        "sources_added": [(key, versions[1].sources[key]) for key in comparison.sources_added],
        "sources_removed": [(key, versions[0].sources[key]) for key in comparison.sources_removed],
        "sources_changed": [(row.key, words(row.segments)) for row in comparison.sources_changed],
    }


def _with_numbers(html: SafeString, numbers: Mapping[str, int]) -> SafeString:
    """Return the comparison with citations numbered as in the new revision; a source no longer cited keeps its key."""
    parts = _CITED.split(html)  # every second part has the keys of a citation
    return SafeString(
        "".join(_cited(unescape(part), numbers) if place % 2 else part for place, part in enumerate(parts))
    )


def _cited(keys: str, numbers: Mapping[str, int]) -> SafeString:
    """Return one citation as HTML with links to its sources. `keys` are citation keys, separated by commas."""
    rows = (
        format_html(
            '<a href="#Beside-{}" aria-label="{}">{}</a>',
            numbers[key],
            _("Source %(number)s") % {"number": numbers[key]},
            numbers[key],
        )
        if key in numbers
        else format_html("{}", key)
        for key in keys.split(", ")
    )
    return format_html('<span class="cmp-cite">[{}]</span>', format_html_join(", ", "{}", ((row,) for row in rows)))
