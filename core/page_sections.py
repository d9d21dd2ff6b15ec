"""Sections that an app adds to a page of a lower app, which does not know it.

The lower app defines a signal (such as `products.signals.product_sections_wanted`) and includes the template of each
section that the receivers return.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.dispatch import Signal


@dataclass(frozen=True)
class PageSection:
    """A section of a page: the lower the rank, the higher on the page. The template gets this object as `section`."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    rank: int = 50


def page_sections(signal: Signal, sender: object, **arguments: object) -> list[PageSection]:
    """Return the sections that the receivers of the signal return, by rank; raise what a receiver raises."""
    answers = signal.send(sender=sender, **arguments)
    return sorted((row for _, found in answers for row in found), key=lambda row: (row.rank, row.template))
