"""JSON-LD for a page, escaped so that no content can end the script element. Depends on no other app."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
# In JSON these characters occur only within strings. The first three could end the script element or begin a comment
# in it (HTML standard, 13.2.5.4, script data state); the last two end a line in JavaScript before ES2019.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def graph(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a JSON-LD document with these nodes, without their empty values (JSON-LD 1.1, section 4.9)."""
    return {"@context": CONTEXT, "@graph": [without_empty(node) for node in nodes]}


def without_empty(value: Any) -> Any:
    """Return the value without the keys that hold None, "" or an empty list or object, at any depth."""
    if isinstance(value, Mapping):
        kept = {key: without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [without_empty(item) for item in value]
    return value


def dumps(data: Any) -> str:
    """Return `data` as JSON that is safe in a script element.

    Raise TypeError for values that JSON cannot express, and ValueError for NaN and infinities.
    """
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_ESCAPED)


def script(data: Any) -> SafeString:
    """Return `data` as a `script` element, a data block that browsers do not run.

    The element is safe as HTML because `dumps` escapes `<`, `>` and `&`. Raise TypeError for values that JSON cannot
    express, and ValueError for NaN and infinities.
    """
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(dumps(data)))
