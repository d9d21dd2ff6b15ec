"""The models of the source library: works that articles cite, and the notices, lookups and links that concern them."""

from sources.kinds import Evidence, Work
from sources.models.monitoring import (
    Link,
    LinkAnswer,
    LinkFinding,
    LinkState,
    Nature,
    NoticeOrigin,
    RegisterAnswer,
    RetractionNotice,
    SourceLookup,
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
    "NoticeOrigin",
    "Work",
]
