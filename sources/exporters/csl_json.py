"""CSL-JSON out: holds everything that a canonical item has. Pure."""

import json
from collections.abc import Sequence

from sources.importers.records import Csl


def write(items: Sequence[Csl]) -> str:
    """The items as a JSON array, one after another, in UTF-8."""
    return json.dumps(list(items), ensure_ascii=False, indent=2) + "\n"
