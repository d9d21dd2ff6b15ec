"""The digest that identifies a revision. Verdicts and approvals refer to a revision by its digest. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from articles.models.revisions import Byline, Citation

VERSION = 1  # of the canonical form; see `canonical` for when to raise it


def canonical(content: Mapping[str, str], citations: Iterable[Citation], bylines: Iterable[Byline]) -> bytes:
    """Return content, citations and byline in one unambiguous form: JSON (RFC 8259) in UTF-8, without white space.

    The text is one object whose keys, at every depth, are sorted by code point; characters beyond ASCII are not
    escaped:

    * `byline`: a list of [commitment to the name (articles.names.commitments), credentials] in the order of the byline;
    * `citations`: a list of [number, key, reference, link, evidence, address of the archived copy, its day] in the
      order of the numbers, the day as in 2026-11-29 (RFC 3339, full-date) or empty;
    * `content`: an object of the content fields (articles.models.Content) by name, without those that are empty;
    * `version`: VERSION, an integer.

    VERSION has to be raised whenever an existing revision would get different bytes (another key, item, order or
    spelling) or the board's approval covers something more. A new content field does not count: empty fields are left
    out, so the digests of earlier revisions stay the same.

    A revision keeps the digest that it was saved with, so code that recomputes digests (audit.integrity,
    articles.publishing) has to go on computing every earlier version.
    """
    return json.dumps(
        {
            "version": VERSION,
            "content": {name: value for name, value in content.items() if value},
            "citations": [
                [
                    citation.number,
                    citation.key,
                    citation.reference,
                    citation.link,
                    citation.evidence,
                    citation.archived_url,
                    str(citation.archived_on or ""),
                ]
                for citation in sorted(citations, key=lambda citation: citation.number)
            ],
            "byline": [
                [byline.signed_name.commitment, byline.credentials]
                for byline in sorted(bylines, key=lambda byline: byline.position)
            ],
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


def digest(content: Mapping[str, str], citations: Iterable[Citation], bylines: Iterable[Byline]) -> str:
    """Return the SHA-256 (FIPS 180-4) of the canonical form as 64 lower-case hex digits."""
    return hashlib.sha256(canonical(content, citations, bylines)).hexdigest()
