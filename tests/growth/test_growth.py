"""Doubling the input at most doubles the work: for every text field, importer, look-up, check, renderer, comparison and
parser, and for every repetitive text that could make one of them read the same text twice.
"""

from collections.abc import Callable

import pytest

from sources.importers import PARSERS
from tests.growth.entries import ANSWERS, ENTRIES
from tests.growth.inputs import KINDS
from tests.growth.measuring import grows_too_fast, steps
from tests.growth.targets import NO_WORK, Target, all_targets, functions, lookup_modules, text_of_size


@pytest.fixture(scope="module")
def targets() -> list[Target]:
    return all_targets()


@pytest.mark.parametrize("kind", KINDS)
def test_twice_as_much_takes_no_more_than_twice_the_work(kind, targets):
    growing = {target.name: grows_too_fast(text_of_size(KINDS[kind], target), target.most) for target in targets}
    assert {name: costs for name, costs in growing.items() if costs} == {}


def test_everything_that_works_on_a_text_is_tried(targets):
    names = {target.name for target in targets}
    assert len(names) == len(targets) > 200
    assert set(ENTRIES) == set(PARSERS)
    assert set(ANSWERS) == set(lookup_modules())
    assert {
        "core.html.sanitise",
        "sources.duplicates.folded",
        "check safety.doses_below_limits",
        "look-up pages",
    } <= names
    assert {"LineField", "ProseField", "HtmlField", "DoiField"} <= {name.partition(",")[0] for name in names}


def test_what_is_left_out_is_there_to_be_left_out():
    assert set(functions()) >= NO_WORK


def prepared(work: Callable[[int], object]) -> Callable[[int], Callable[[], object]]:
    return lambda size: lambda: work(size)


def test_work_that_grows_with_the_square_of_its_input_is_found():
    assert "characters" in grows_too_fast(prepared(lambda size: [sum(range(size)) for _ in range(size // 100)]), 32_000)


def test_work_that_grows_with_its_input_passes():
    assert grows_too_fast(prepared(lambda size: sum(range(size * 100))), 200_000) == ""


def test_steps_are_counted_alike_each_time():
    assert steps(lambda: "a".upper()) == steps(lambda: "b".upper()) > 0
