"""The kinds of works by the names that EndNote, RefWorks and databases give them. Pure."""

import re

from sources.kinds import WORK_KINDS

NAMES = {name: kind.csl for kind in WORK_KINDS.values() for name in kind.named}
_SERVER = re.compile(r"\b(?:\w*rxiv|ssrn|research square|preprints\.org|osf preprints|authorea)\b", re.IGNORECASE)


def kind_named(name: str) -> str:
    """Return the CSL type of the kind of work with this name, or "" for an unknown name. Case is ignored."""
    return NAMES.get(" ".join(name.lower().split()), "")


def is_preprint_server(name: str) -> bool:
    """Return whether this is the name of a server for preprints, such as “bioRxiv” or “medRxiv preprint”."""
    return bool(_SERVER.search(name))
