"""Sources as other programs read them: BibTeX, RIS, CSL-JSON. Pure: canonical CSL-JSON in, text out.

What each format holds is said in its file (HOLDS); importing what was exported gives that back, unchanged.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sources.exporters import bibtex, csl_json, ris
from sources.importers.records import Csl


@dataclass(frozen=True)
class Format:
    """One way out: how it is called, its type for browsers, and what writes it."""

    name: str
    content_type: str
    write: Callable[[Sequence[Csl]], str]


# By the ending of the file.
FORMATS = {
    "bib": Format("BibTeX", "application/x-bibtex; charset=utf-8", bibtex.write),
    "ris": Format("RIS", "application/x-research-info-systems; charset=utf-8", ris.write),
    "json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json.write),
}

__all__ = ["FORMATS", "Format"]
