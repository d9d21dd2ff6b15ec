"""The digest that names a revision: what an advisor's verdict and an approval speak of. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from articles.models.revisions import Byline, Citation


def canonical(content: Mapping[str, str], citations: Iterable[Citation], bylines: Iterable[Byline]) -> bytes:
    """Content, citations and byline in one unambiguous form: JSON (RFC 8259) with sorted keys, as UTF-8.

    Empty content fields are left out, so that a field that the schema gains later does not change the
    digests of what was approved before it.
    """
    return json.dumps(
        {
            "content": {name: value for name, value in content.items() if value},
            "citations": [
                [citation.number, citation.key, citation.reference, citation.link, citation.evidence]
                for citation in sorted(citations, key=lambda citation: citation.number)
            ],
            "byline": [
                [byline.name, byline.credentials] for byline in sorted(bylines, key=lambda byline: byline.position)
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def digest(content: Mapping[str, str], citations: Iterable[Citation], bylines: Iterable[Byline]) -> str:
    """SHA-256 (FIPS 180-4) of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical(content, citations, bylines)).hexdigest()
