"""The CSV of Retraction Watch: its pitfalls one by one, and an incomplete file changes nothing."""

from datetime import date
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command

from sources.models import RetractionNotice, Source
from sources.retraction_watch import LONGEST_LINE, NotThisCsv, entries, read_date, read_doi
from tests import newsroom

HEAD = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,\r\n"
)
# Rows of the published file without titles, people and free text.
CONCERN = (
    "72867,A title,(B/T) Computer Science;(PHY) Engineering - Electrical;,,Microprocessors and Microsystems,Elsevier,"
    "India,,,Research Article;,6/25/2021 0:00,10.1016/j.micpro.2021.104304,0,2/27/2020 0:00,"
    "10.1016/j.micpro.2020.103053,0,Expression of concern,Compromised Peer Review;Rogue Editor;,No,,\r\n"
)
RETRACTION = (
    "72853,A title,(B/T) Computer Science;(PHY) Engineering - Electrical;,,Microprocessors and Microsystems,Elsevier,"
    "India,,,Research Article;,2/14/2024 0:00,10.1016/j.micpro.2024.105024,0,2/27/2020 0:00,"
    "10.1016/j.micpro.2020.103053,0,Retraction,Author Unresponsive;Compromised Peer Review;,No,,\r\n"
)
UNAVAILABLE = (
    "70548,A title,,,EG-ICE 2020 Workshop,TU Berlin,Germany,,,Conference Abstract/Paper;,10/18/2023 0:00,unavailable,"
    "0,6/30/2020 0:00,Unavailable,0,Retraction,Legal Reasons and/or Threats;,No,,\r\n"
)
CORRECTION = (
    "67291,A title,,,International Journal of Nanomedicine,Dove Press,Iran,,,Research Article;,8/4/2022 0:00,"
    "10.2147/IJN.S384663,35959284,2/26/2016 0:00,10.2147/IJN.S97476,27013874,Correction,Error in Text;,No,,\r\n"
)
REINSTATEMENT = (
    "49720,A title,,,Circulation: Cardiovascular Quality and Outcomes,AHA,United States,,,Research Article;,"
    "11/21/2023 0:00,10.1161/HCQ.0000000000000125,37988442,4/30/2021 0:00,10.1161/CIRCOUTCOMES.120.007778,33926210,"
    "Reinstatement,Retract and Replace;,No,,\r\n"
)
SICI = (
    "40040,A title,,,Journal of Surgical Oncology,Wiley,Japan,,,Research Article;,0:00,"
    "10.1002/1096-9098(200007)74:3%3C201::AID-JSO8%3E3.0.CO;2-5,0,7/1/2000 0:00,"
    "10.1002/1096-9098(200007)74:3%3C201::AID-JSO8%3E3.0.CO;2-5,10951417,Retraction,+Plagiarism of/in Article;,No,,\r\n"
)
BLANK = "," * 20 + "\r\n"
ALL = HEAD + CONCERN + BLANK + RETRACTION + UNAVAILABLE + CORRECTION + REINSTATEMENT + SICI


def read(text: str | bytes) -> list:
    return list(entries(BytesIO(text if isinstance(text, bytes) else text.encode())))


def test_the_rows_of_the_file_are_read():
    concern, retraction, nothing, correction, reinstatement, sici = read(ALL)
    assert (concern.nature, concern.noticed_on) == ("concern", date(2021, 6, 25))
    assert concern.doi == retraction.doi == "10.1016/j.micpro.2020.103053"
    assert retraction.notice_doi == "10.1016/j.micpro.2024.105024" and retraction.pmid == ""
    assert retraction.reason == "Author Unresponsive; Compromised Peer Review"
    assert nothing is None
    assert (correction.doi, correction.pmid) == ("10.2147/ijn.s97476", "27013874")
    assert (reinstatement.nature, reinstatement.pmid) == ("reinstatement", "33926210")
    assert sici.doi == "10.1002/1096-9098(200007)74:3<201::aid-jso8>3.0.co;2-5"
    assert (sici.noticed_on, sici.reason) == (None, "Plagiarism of/in Article")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("8/16/2023 0:00", date(2023, 8, 16)),
        *(("0:00", None), ("", None), ("13/40/2023 0:00", None), ("2/29/2023 0:00", None), ("soon", None)),
    ],
)
def test_a_date_is_month_day_year_or_none(cell, expected):
    assert read_date(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("10.1000/ABC.1", "10.1000/abc.1"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("10.1000/a%2Fb", "10.1000/a/b"),
        *(("unavailable", ""), ("Unavailable", ""), ("", ""), ("10.1000/" + "x" * 300, ""), ("xx10.1000/abc", "")),
    ],
)
def test_a_doi_is_read_bare_or_not_at_all(cell, expected):
    assert read_doi(cell) == expected


def test_a_byte_order_mark_nuls_and_foreign_bytes_do_no_harm():
    strange = b"\xef\xbb\xbf" + ALL.replace("A title", "A tit\xffle").replace("72867", "72\x00867").encode("latin-1")
    assert read(strange) == read(ALL)


def test_a_column_at_the_end_more_or_less_does_no_harm():
    rows = ALL.removeprefix(HEAD)
    narrow = rows.replace(",\r\n", "\r\n")
    assert read(HEAD + narrow) == read(HEAD.replace(",\r\n", "\r\n") + narrow) == read(ALL)
    assert read(HEAD.replace(",\r\n", "\r\n") + rows) == read(ALL)


def test_a_quoted_cell_may_hold_lines():
    assert len(read(HEAD + RETRACTION.replace("A title", '"A\r\ntitle, with ""quotes"""'))) == 1


BROKEN = {
    "another table": (b"name,year\r\nAbbasi,2012\r\n", "no column “Record ID”"),
    "nothing": (b"", "no column"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no column"),
    "a page": (b"<!doctype html><title>Sign in</title>\n", "no column"),
    "cut in a row": ((ALL[:-120]).encode(), "have been cut"),
    "cut in its last cell": ((ALL[:-4]).encode(), "was cut|columns"),
    "cut before the end of its last line": (ALL[:-2].encode(), "its last line is incomplete"),
    "cut in a quoted cell": ((HEAD + RETRACTION + RETRACTION.replace("A title", '"A title')).encode(), "have been cut"),
    "a short row": ((HEAD + "1,2,3\r\n" + RETRACTION).encode(), "line 2: 3 columns"),
    "one long line": (HEAD.encode() + b"x" * 50_000_000, "line 2 is longer"),
    "one long line without a head": (b"x" * (LONGEST_LINE + 1), "line 1 is longer"),
    "one long cell": ((HEAD + RETRACTION.replace("A title", "x" * 200_000)).encode(), "line 2: cannot be read"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_this_file_is_told(case):
    with pytest.raises(NotThisCsv, match=BROKEN[case][1]):
        read(BROKEN[case][0])


def run(tmp_path, text: str | bytes, *options: str) -> str:
    file, out = tmp_path / "retractions.csv", StringIO()
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command("import_retractions", str(file), *options, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def library(cast):
    """The sources to which the file refers."""
    newsroom.source("micpro", doi="10.1016/j.micpro.2020.103053")
    newsroom.source("nano", doi="10.2147/ijn.s97476")
    newsroom.source("circ", doi="10.1161/circoutcomes.120.007778")
    newsroom.source("sici", doi="", pmid="10951417")


def states() -> dict[str, str]:
    return dict(Source.objects.exclude(key="doe2020").values_list("key", "retraction_state"))


def test_sources_are_marked_by_the_file(tmp_path, library):
    assert run(tmp_path, ALL) == (
        "6 rows, 1 of them unusable: 5 added, 0 changed, 0 removed; sources: 2 marked, 0 no longer marked; "
        "articles taken off the schedule: 0."
    )
    assert states() == {"micpro": "retracted", "nano": "", "circ": "", "sici": "retracted"}
    assert Source.objects.get(key="micpro").retraction_note == "According to Retraction Watch (14 February 2024)."
    assert Source.objects.get(key="sici").retraction_note == "According to Retraction Watch (undated)."


def test_a_second_run_changes_nothing_and_says_so(tmp_path, library):
    run(tmp_path, ALL)
    stored = list(RetractionNotice.objects.order_by("pk").values())
    assert run(tmp_path, ALL) == "6 rows, 1 of them unusable: nothing has changed."
    assert list(RetractionNotice.objects.order_by("pk").values()) == stored


def test_rows_that_changed_or_went_are_followed(tmp_path, library):
    run(tmp_path, ALL)
    said = run(tmp_path, ALL.replace(SICI, "").replace("2/14/2024 0:00", "2/15/2024 0:00"))
    assert "0 added, 1 changed, 1 removed; sources: 0 marked, 1 no longer marked;" in said
    assert states()["sici"] == ""
    assert "15 February" in Source.objects.get(key="micpro").retraction_note


def test_of_two_rows_with_one_number_the_first_counts(tmp_path, library):
    twice = HEAD + RETRACTION + RETRACTION.replace(",Retraction,", ",Correction,")
    run(tmp_path, twice)
    assert states()["micpro"] == "retracted"
    assert run(tmp_path, twice).endswith("nothing has changed.")


def test_what_others_said_stays(tmp_path, library):
    for said_by, record in (("pubmed", "pubmed 1"), ("retraction_watch", "crossref 1")):
        RetractionNotice.objects.create(
            said_by=said_by, record=record, nature="retraction", pmid="1", recorded_at="2026-01-01T00:00Z"
        )
    run(tmp_path, ALL)
    assert RetractionNotice.objects.filter(pmid="1").count() == 2


def test_a_trial_stores_nothing(tmp_path, library):
    assert run(tmp_path, ALL, "--dry-run").endswith("Nothing was stored: this was a trial.")
    assert not RetractionNotice.objects.exists() and set(states().values()) == {""}


@pytest.mark.parametrize("case", ["cut in a row", "cut in a quoted cell", "one long line", "another table"])
def test_a_file_that_is_not_whole_leaves_nothing_behind(tmp_path, library, case):
    with pytest.raises(CommandError, match="Nothing was stored") as refused:
        run(tmp_path, BROKEN[case][0])
    assert "\n" not in str(refused.value)
    assert not RetractionNotice.objects.exists() and set(states().values()) == {""}


def test_a_file_that_lacks_many_known_rows_is_refused(tmp_path, library):
    many = HEAD + "".join(RETRACTION.replace("72853", str(number)) for number in range(1, 60))
    run(tmp_path, many)
    with pytest.raises(CommandError, match="58 of 59 known rows"):
        run(tmp_path, HEAD + RETRACTION.replace("72853", "1"))
    assert RetractionNotice.objects.count() == 59
    assert "58 removed" in run(tmp_path, HEAD + RETRACTION.replace("72853", "1"), "--allow-fewer")


def test_a_file_that_is_not_there_is_told(db):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_retractions", "/nowhere/at-all.csv")
