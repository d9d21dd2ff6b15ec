"""The place of an article in its journal is printed in AMA's form, whatever a database wrote."""

import pytest

from sources.journal_places import page_span, volume_and_issue


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1161-9", "1161-1169"),
        ("1161–1169", "1161-1169"),
        ("379.e9-379.e13", "379.e9-379.e13"),
        ("80-80", "80"),
        ("S80-S80", "S80"),
        ("S1-9", "S1-S9"),
        ("148-+", "148"),
        ("1050-", "1050"),
        ("No-Specified", ""),
        ("no pagination", ""),
        ("-", ""),
        ("pp. 12-19", "12-19"),
        ("12-15, 20-3", "12-15, 20-23"),
        ("e2217872120", "e2217872120"),
        ("n71", "n71"),
        ("xii-xv", "xii-xv"),
        ("", ""),
    ],
)
def test_pages(written, shown):
    assert page_span(written) == shown


@pytest.mark.parametrize(
    ("volume", "issue", "shown"),
    [
        ("17", "12", "17(12)"),
        ("36", "3 Suppl 1", "36(3)(suppl 1)"),
        ("36", "15 suppl", "36(15)(suppl)"),
        ("36", "Supplement_1", "36(suppl 1)"),
        ("36", "12-Supplement", "36(12)(suppl)"),
        ("36", "suppl_2", "36(suppl 2)"),
        ("12 Suppl 1", "", "12(suppl 1)"),
        ("12", "5 Pt 1", "12(5, pt 1)"),
        ("12", "Suppl 1 Pt 2", "12(suppl 1, pt 2)"),
        ("Vol. 12", "No. 3", "12(3)"),
        ("12", "1–2", "12(1-2)"),
        ("ahead-of-print", "ahead-of-print", ""),
        ("", "", ""),
    ],
)
def test_volumes_and_issues(volume, issue, shown):
    assert volume_and_issue(volume, issue) == shown
