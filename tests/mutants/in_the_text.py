"""Faults in drafting, citations, links and digests: each would store or show another text than was written."""

from tests.mutants.fault import BOARD, BOARD_GUARDS, DRAFTING, SAVED, Fault

DIGESTS, REFERENCES, RENDERING = "articles/digests.py", "sources/references.py", "articles/rendering.py"
MERGING, GATHERING = "articles/cited_sources/merging.py", "articles/cited_sources/link_gathering.py"

DIGESTED, REFERRED = ("tests/articles/test_digests.py",), ("tests/sources/test_references.py",)
RENDERED, LISTED = ("tests/articles/test_rendering.py",), ("tests/website/test_reader_sources.py",)

IN_THE_TEXT = (
    # Drafting
    Fault(
        DRAFTING,
        "            link=attached[key].link,\n",
        "            link=attached[key].url,\n",
        "a citation links to the source's own page although the source has a DOI",
        SAVED,
    ),
    Fault(
        DRAFTING,
        "number((content.body, content.safety_note), attached)",
        "number((content.safety_note, content.body), attached)",
        "the safety note's sources are numbered before those of the body",
        SAVED,
    ),
    Fault(
        DRAFTING,
        "update(version=locked.version + 1, saved_by=actor, saved_at=saved_at)",
        "update(version=locked.version + 1, saved_by=actor)",
        "the time of a save is not stored",
        SAVED,
    ),
    Fault(
        DRAFTING,
        'bylines_of(row.author for row in article.authorships.select_related("author"))',
        "bylines_of(article.authors.all())",
        "the byline is sorted by name and not as its writers chose",
        SAVED,
    ),
    # Digests and approvals
    Fault(
        DIGESTS,
        "                    citation.evidence,\n",
        "",
        "the digest leaves out the kind of evidence",
        DIGESTED,
    ),
    Fault(
        DIGESTS,
        "sorted(citations, key=lambda citation: citation.number)",
        "sorted(citations, key=lambda citation: citation.key)",
        "the digest sorts citations by key and not by number",
        DIGESTED,
    ),
    Fault(
        BOARD_GUARDS,
        '"affiliation", "disclosure", "photo")',
        '"affiliation", "photo")',
        "an approval does not keep what its signatories disclosed",
        BOARD,
    ),
    # References, links and merged sources
    Fault(
        REFERENCES,
        "    if number % 100 in (11, 12, 13):\n",
        "    if number % 100 in (11, 12):\n",
        "a thirteenth edition is called the “13rd”",
        REFERRED,
    ),
    Fault(
        "articles/pages.py",
        "        link=_safe(citation.link),\n",
        "        link=citation.link,\n",
        "a stored link with a script is a link in the list of sources",
        LISTED,
    ),
    Fault(
        MERGING,
        '    for name in ("body", "safety_note"):\n        setattr',
        '    for name in ("body",):\n        setattr',
        "a safety note goes on citing a source that was merged",
        ("tests/articles/test_merging.py",),
    ),
    Fault(
        GATHERING,
        'values_list(revision, f"{revision}__body", f"{revision}__safety_note")',
        'values_list(revision, f"{revision}__body")',
        "links in a safety note are never checked",
        ("tests/articles/test_check_links.py",),
    ),
    # HTML on its way out
    Fault(
        RENDERING,
        "        html = sanitise(html)\n",
        "",
        "a text is rendered without being sanitised",
        RENDERED,
    ),
    Fault(
        "core/html.py",
        "    return mark_safe(sanitise(html))\n",
        "    return mark_safe(html)\n",
        "stored HTML is shown on pages without being sanitised",
        ("tests/policies/test_policies.py", "tests/products/test_pages.py"),
    ),
)
