"""The kinds of works by the names that EndNote, RefWorks and databases give them. Pure."""

from sources.kinds import WORK_KINDS

NAMES = {name: kind.csl for kind in WORK_KINDS.values() for name in kind.named}


def kind_named(name: str) -> str:
    """Return the CSL type of the kind of work with this name, or "" for an unknown name. Case is ignored."""
    return NAMES.get(" ".join(name.lower().split()), "")
