"""The seeded faults of `make mutants` still match the code in which they are seeded."""

from pathlib import Path

from tests.mutants.faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent


def test_every_fault_finds_its_text_once_and_its_tests():
    sources = {fault.file: (ROOT / fault.file).read_text(encoding="utf-8") for fault in FAULTS}
    wrong = [f"{fault.file}: {fault.old!r}" for fault in FAULTS if sources[fault.file].count(fault.old) != 1]
    assert wrong == []
    assert [name for fault in FAULTS for name in fault.tests if not (ROOT / name).exists()] == []
