"""Sections that an app adds to a page of a lower app. The lower app does not import the app that adds a section.

The lower app defines a signal (such as `products.signals.product_sections_wanted`) and includes the template of each
section that the receivers return.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.dispatch import Signal


@dataclass(frozen=True)
class PageSection:
    """A section of a page. Sections with a lower rank come first. The template gets this object as `section`."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)
    rank: int = 50


def page_sections(signal: Signal, sender: object, **arguments: object) -> list[PageSection]:
    """Return the sections from all receivers of the signal, sorted by rank. Exceptions of receivers propagate."""
    answers: list[tuple[object, Iterable[PageSection]]]
    answers = signal.send(sender=sender, **arguments)  # type: ignore[assignment]  # the stubs expect text
    return sorted((row for _, found in answers for row in found), key=lambda row: (row.rank, row.template))
