"""All checks that readers see only what the board approved, combined in one function."""

from collections.abc import Callable, Iterator

from audit import chain, reviews
from audit.chain import Fault


def faults(progress: Callable[[int], object] = lambda done: None) -> Iterator[Fault]:
    """Yield the faults found by all checks, in the order of the calls below.

    `progress` is called after each publication with the number of publications checked so far.
    """
    yield from chain.missing_guards()
    for done, publication in enumerate(chain.publications(), 1):
        yield from chain.faults_of(publication)
        yield from reviews.faults_of(publication)
        progress(done)
    yield from chain.overlaps()
    yield from chain.cancellations()
    yield from chain.stages()
    yield from chain.times_of_review()
