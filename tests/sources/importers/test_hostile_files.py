"""Damaged, truncated and hostile files: a clear message for each, and the intact entries are kept."""

import contextlib
import json
import tracemalloc
from pathlib import Path

import pytest

from sources.importers import MOST_ENTRIES, CannotRead, read

FILES = Path(__file__).parent / "files"
GOOD = "@article{good2020, title = {Good}, author = {Doe, Jane}, year = 2020}\n"


def refused(source: str | bytes) -> str:
    with pytest.raises(CannotRead) as refusal:
        read(source)
    return str(refusal.value)


def test_a_file_of_fifty_megabytes():
    data = b"@article{x," + b"a" * 50_000_000
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert "larger than 5 MB" in refused(data)
    assert tracemalloc.get_traced_memory()[1] - before < 1_000_000
    tracemalloc.stop()


def test_more_entries_than_anybody_looks_at():
    assert f"more than {MOST_ENTRIES:,}" in refused("TY  - JOUR\nTI  - T\nER  - \n" * (MOST_ENTRIES + 1))


def test_braces_nested_without_end_harm_their_own_entry_alone():
    bomb = "@article{bomb2020, title = " + "{" * 200_000 + "x" + "}" * 200_000 + "}\n"
    found = read(GOOD + bomb + GOOD.replace("good", "fine"))
    assert [entry.csl["id"] for entry in found.entries] == ["good2020", "fine2020"]
    assert [one.line for one in found.unread] == [2] and "nested" in found.unread[0].why


def test_braces_that_never_close():
    found = read(GOOD + "@article{bomb2020, title = " + "{" * 1_000_000)
    assert len(found.entries) == 1 and found.unread[0].line == 2


def test_macros_that_double_and_double():
    bomb = '@string{a0 = "' + "x" * 100 + '"}\n'
    bomb += "".join(f"@string{{a{i} = a{i - 1} # a{i - 1}}}\n" for i in range(1, 60))
    found = read(GOOD + bomb + "@article{bomb2020, title = a59}\n")
    assert [entry.csl["id"] for entry in found.entries] == ["good2020"]
    assert "far more text" in found.unread[0].why
    assert found.unread[-1].words.startswith("@article{bomb2020")


def test_a_long_macro_used_without_end():
    uses = "".join(f"@article{{b{i}, title = a, volume = a, number = a, edition = a}}\n" for i in range(2_000))
    found = read(GOOD + '@string{a = "' + "x" * 90_000 + '"}\n' + uses)
    assert found.entries and found.unread


@pytest.mark.parametrize(
    "sign", ['{\\"a}', "\\", "$", "\\alpha ", "{}", "`", "\\'", "$a^", " and ", ",", '"', "@a{", "=", "# ", " "]
)
def test_no_sign_repeated_takes_long(sign):
    for text in (sign * (250_000 // len(sign)), "{" + sign * (25_000 // len(sign)) + "}"):
        with contextlib.suppress(CannotRead):
            read(GOOD + f"@book{{x2020, title = {{{text}}}, author = {{{text}}}, url = {{{text}}}}}")


def test_ris_that_is_cut_in_the_middle():
    text = (FILES / "zotero.ris").read_text()
    found = read(text[: text.index("SP  - 115")])
    assert len(found.entries) == 1
    assert [(one.line, one.words[:10]) for one in found.unread] == [(20, "TY - JOUR ")]
    assert "cut off" in found.unread[0].why


def test_ris_whose_record_never_ends_before_the_next_is_read_with_a_remark():
    found = read("TY  - JOUR\nTI  - One\n\nTY  - JOUR\nTI  - Two\nER  - \n")
    assert [entry.csl["title"] for entry in found.entries] == ["One", "Two"]
    assert "no line “ER" in found.entries[0].remarks[0] and found.entries[1].remarks == ()


def test_web_of_science_and_nbib_and_bibtex_that_are_cut():
    text = (FILES / "web_of_science.txt").read_text()
    found = read(text[: text.rindex("PY 2004")])
    assert (len(found.entries), found.unread[0].line) == (1, 36)
    found = read("PMID- 1\nTI  - Whole\n\nPMID- 2\nOWN - NLM\n")
    assert ["title" in entry.csl for entry in found.entries] == [True, False]
    found = read(GOOD + "@article{cut2020, title = {A tit")
    assert (len(found.entries), found.unread[0].line) == (1, 2)


def test_json_that_is_cut_keeps_what_stands_before():
    items = json.dumps([{"id": f"a{i}", "type": "book", "title": "T"} for i in range(3)], indent=1)
    found = read(items[:-30])
    assert [entry.csl["id"] for entry in found.entries] == ["a0", "a1"]
    assert "not JSON" in found.unread[0].why and found.unread[0].line == 12


def test_json_whose_end_alone_is_missing():
    found = read('[{"id": "a", "type": "book", "title": "T"},')
    assert len(found.entries) == 1 and "cut off" in found.unread[0].why


@pytest.mark.parametrize("sign", ["[", '{"a":'])
def test_json_nested_a_hundred_thousand_deep(sign):
    assert "nested" in refused('[{"title": ' + sign * 100_000)


def test_json_with_quotes_that_never_close_and_numbers_without_end():
    assert read('[{"title": "' + '\\"' * 1_000_000).unread
    assert read('[{"title": "T", "volume": ' + "9" * 1_000_000 + "}]").unread


def test_json_in_which_everything_is_of_the_wrong_kind():
    wrong = [{}, 1, None, [], {"title": None}, {"title": ["T"], "author": 7, "issued": [], "custom": []}]
    wrong += [{"title": "T", "author": [1, None, {"family": {}}, "Doe"], "issued": {"date-parts": [["x", []]]}}]
    wrong += [{"title": "T", "issued": {"date-parts": [[2020, 2, 31]]}, "DOI": ["10.1000/x"], "type": 1}]
    found = read(json.dumps(wrong))
    assert [entry.csl["title"] for entry in found.entries] == ["T", "T", "T"]
    assert found.entries[2].csl["issued"] == {"date-parts": [[2020, 2]]}
    assert len(found.unread) == 5


def test_latin_1_is_read_and_said():
    found = read(GOOD.replace("Doe, Jane", "Müller, Zoë").encode("latin-1"))
    assert found.entries[0].csl["author"] == [{"family": "Müller", "given": "Zoë"}]
    assert "Windows-1252" in found.remarks[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_their_name_need_no_remark(encoding):
    found = read(GOOD.replace("Jane", "Zoë").encode(encoding))
    assert found.entries[0].csl["author"][0]["given"] == "Zoë" and found.remarks == ()


def test_bytes_that_are_no_text():
    assert "NUL" in refused(GOOD + "\x00")
    assert "is not" in refused(b"\xff\xfe" + GOOD.encode("utf-16-le") + b"\x00")
    assert "UTF-8" in refused(b"\xef\xbb\xbf@article{x, title = {\xff}}")
    with pytest.raises(CannotRead):
        read(bytes(range(1, 256)) * 100)


def test_control_characters_do_not_get_in():
    found = read("TY  - JOUR\nTI  - A\x0bti\x1btle\u202e\x85 of\u2028it\nAU  - Doe\x07, J\nER  - \n")
    assert found.entries[0].csl["title"] == "A title of it"
    assert found.entries[0].csl["author"] == [{"family": "Doe", "given": "J"}]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_recognised_and_said(encoding):
    found = read((GOOD.replace("Jane", "Zoë") * 3).encode(encoding))
    assert found.entries[0].csl["author"][0]["given"] == "Zoë"
    assert "UTF-16" in found.remarks[0]


def test_a_key_that_is_used_twice_in_one_file_costs_the_second_its_key():
    found = read(GOOD + GOOD.replace("Good", "Another"))
    assert [entry.csl["title"] for entry in found.entries] == ["Good", "Another"]
    assert "line 1" in found.entries[1].remarks[0] and found.unread == ()


def test_of_a_field_that_says_two_things_the_first_is_read_with_a_remark():
    found = read(
        "@book{a2020, title = {One}, title = {Two}}\n@book{b2020, title = {T}, keywords = {a}, keywords = {b}}"
    )
    assert [entry.csl["title"] for entry in found.entries] == ["One", "T"]
    assert "“title” twice" in found.entries[0].remarks[0] and found.entries[1].remarks == ()


def test_a_macro_that_nobody_defined():
    found = read(GOOD + "@article{x2020, title = {T}, journal = jrms}")
    assert found.entries[1].csl["container-title"] == "jrms"
    assert "jrms" in found.entries[1].remarks[0] and "no @string" in found.entries[1].remarks[0]


def test_a_month_without_braces_is_read():
    (entry,) = read("@article{x2020, title = {T}, year = 2020, month = July}").entries
    assert entry.csl["issued"] == {"date-parts": [[2020, 7]]} and entry.remarks == ()


def test_two_formats_that_may_not_stand_in_one_text():
    assert "NBIB and BibTeX" in refused("PMID- 12345678\nTI  - T\n\n" + GOOD)
