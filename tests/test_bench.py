"""The table of measurements says what was measured and how it grows."""

from types import SimpleNamespace

from bench.table import table


def archive(database: str, articles: int, milliseconds: list[float], queries: int = 4) -> SimpleNamespace:
    found = {"home": {"ms": milliseconds, "cpu_ms": [1.0], "queries": queries}}
    return SimpleNamespace(database=database, articles=articles, found=found)


def test_it_shows_medians_growth_and_queries():
    archives = [archive("sqlite", 100, [9, 10, 99]), archive("sqlite", 100_000, [15, 12, 13], 5)]
    lines = table(archives, {"sqlite 100": 80, "sqlite 100000": 90}).splitlines()

    assert lines[0].split() == ["sqlite,", "median", "ms", "100", "100,000", "growth", "queries"]
    assert lines[1].split() == ["home", "10.0", "13.0", "1.30×", "4", "/", "5"]
    assert lines[2].split()[-2:] == ["80", "90"]


def test_each_database_has_a_table_of_its_own_and_the_clock_can_be_chosen():
    archives = [archive("sqlite", 100, [9]), archive("postgresql", 100, [8])]
    shown = table(archives, {"sqlite 100": 80, "postgresql 100": 80}, "cpu_ms")

    assert shown.count("home") == 2 and "postgresql, median cpu_ms" in shown
    assert "1.0    1.00×" in shown
