"""One check of the integrity check at a time, for tests of what it reads."""

from collections.abc import Callable, Iterable

from audit.integrity.faults import Fault
from audit.integrity.records import ArticleRecord, batches


def found_by(check: Callable[[ArticleRecord], Iterable[Fault]]) -> list[Fault]:
    """Return what this check finds in all articles."""
    return [fault for batch in batches() for record in batch for fault in check(record)]
