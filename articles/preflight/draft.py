"""What the checks look at: plain values, no database."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DraftSource:
    """A source attached to the draft."""

    key: str
    title: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    dated: bool = False
    evidence: str = ""
    retraction: str = ""


@dataclass(frozen=True)
class Draft:
    """A draft's text (sanitised HTML where it is HTML) and the sources attached to it."""

    title: str = ""
    standfirst: str = ""
    body: str = ""
    safety_note: str = ""
    hero: bool = False
    hero_alt: str = ""
    authors: tuple[str, ...] = ()
    sources: tuple[DraftSource, ...] = field(default=())
