"""The source library: what articles cite, and what is known of it from outside."""

from sources.kinds import Evidence, Work
from sources.models.monitoring import (
    Link,
    LinkAnswer,
    LinkFinding,
    LinkState,
    Nature,
    RegisterAnswer,
    RetractionNotice,
    SourceLookup,
    Speaker,
)
from sources.models.sources import RetractionState, Source

__all__ = [
    "Evidence",
    "Link",
    "LinkAnswer",
    "LinkFinding",
    "LinkState",
    "Nature",
    "RegisterAnswer",
    "RetractionNotice",
    "RetractionState",
    "Source",
    "SourceLookup",
    "Speaker",
    "Work",
]
