"""Write sources in formats that other programs read (BibTeX, RIS and CSL-JSON). Pure.

The functions take canonical CSL-JSON and return text. `HOLDS` in the module of a format names the variables that the
format can express; importing an export returns these unchanged. CSL-JSON can express all variables.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sources.exporters import bibtex, ris
from sources.importers.canonical import with_csl_names
from sources.importers.records import Csl


@dataclass(frozen=True)
class Format:
    """An export format: its name, its media type, and the function that writes items in this format."""

    name: str
    content_type: str
    write: Callable[[Sequence[Csl]], str]


def write_csl_json(items: Sequence[Csl]) -> str:
    """Return the items as CSL-JSON, with every field that they have."""
    return json.dumps([with_csl_names(item) for item in items], ensure_ascii=False, indent=2) + "\n"


# By file name extension.
FORMATS = {
    "bib": Format("BibTeX", "application/x-bibtex; charset=utf-8", bibtex.write),
    "ris": Format("RIS", "application/x-research-info-systems; charset=utf-8", ris.write),
    "json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", write_csl_json),
}

__all__ = ["FORMATS", "Format", "write_csl_json"]
