"""JSON-LD for a page: one graph, written so that nothing in it can end the script that holds it. Knows no app."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
# In JSON these stand inside strings alone. The first three could end the script element or begin a comment in it
# (HTML, 13.2.5.4: script data state); the last two end a line in scripts older than ES2019.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def graph(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One document of these nodes (JSON-LD 1.1, 4.9: named graphs), each without what is empty in it."""
    return {"@context": CONTEXT, "@graph": [without_empty(node) for node in nodes]}


def without_empty(value: Any) -> Any:
    """The value without keys that say nothing (None, "", an empty list or object), at any depth."""
    if isinstance(value, Mapping):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [without_empty(item) for item in value]
    return value


def dumps(data: Any) -> str:
    """`data` as JSON that may stand in a script element. Raises TypeError for what JSON has no word for."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPED)


def script(data: Any) -> SafeString:
    """The script element (a data block: no browser runs it). Safe as HTML because `dumps` escapes `<`, `>` and `&`."""
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(dumps(data)))
