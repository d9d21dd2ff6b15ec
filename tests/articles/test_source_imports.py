"""Imported sources are matched with the library and stored all or none, in few queries."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.cited_sources.source_imports import ImportState, plan, store
from articles.exceptions import InvalidTransition, NotPermitted
from sources.importers import read
from sources.models import Source
from tests import newsroom

FILES = Path(__file__).parents[1] / "sources" / "importers" / "files"


def items(*given: dict) -> str:
    return json.dumps(
        [
            {"type": "article-journal", "title": f"T{place}", "custom": {"evidence": "cohort"}, **item}
            for place, item in enumerate(given)
        ]
    )


def planned(actor, *given: dict, **said):
    return plan(read(items(*given)), actor=actor, **said)


def states(made) -> list[str]:
    return [str(row.state) for row in made.rows]


def test_a_new_source_is_stored_with_who_added_it_and_its_history(cast):
    made = planned(cast.writer, {"title": "New", "author": [{"family": "Roe", "given": "A"}], "issued": "2021"})
    (added,), _ = store(made, actor=cast.writer)

    held = Source.objects.get(key="roe2021")
    assert held == added and held.created_by == cast.writer
    assert held.history.get().history_user == cast.writer


@pytest.mark.parametrize(
    "same",
    [
        {"DOI": "https://doi.org/10.1000/DOE2020"},
        {"PMID": "7"},
        {"title": "A Trial, called “Doé2020”!", "issued": "2020"},
    ],
)
def test_what_is_there_is_joined_and_not_doubled(cast, same):
    Source.objects.filter(pk=cast.source.pk).update(pmid="7")
    made = planned(cast.editor, same)
    assert made.rows[0].source == cast.source and made.rows[0].state in (ImportState.THERE, ImportState.COMPLETES)
    store(made, actor=cast.editor)
    assert Source.objects.count() == 1


def test_the_same_title_and_year_with_another_doi_is_another_work(cast):
    made = planned(cast.editor, {"title": cast.source.title, "issued": "2020", "DOI": "10.1000/other"})
    assert states(made) == ["new"]


def test_what_is_empty_is_filled_and_what_stands_is_kept(cast):
    made = planned(
        cast.editor,
        {"DOI": cast.source.doi, "title": "Else", "PMID": "23853635", "volume": "17", "container-title": "X"},
    )
    assert states(made) == ["completes"]
    store(made, actor=cast.editor)
    held = Source.objects.get()
    assert (held.pmid, held.volume) == ("23853635", "17")
    assert (held.title, held.container) == ("A trial called doe2020", "Journal of Trials")
    assert held.history.first().history_user == cast.editor


def test_a_writer_completes_no_source_that_is_cited(cast):
    newsroom.draft(cast)
    assert states(planned(cast.writer, {"DOI": cast.source.doi, "volume": "17"})) == ["there"]
    assert states(planned(cast.editor, {"DOI": cast.source.doi, "volume": "17"})) == ["completes"]


def test_identifiers_of_two_sources_are_no_one_source(cast):
    newsroom.source("roe2021", pmid="9")
    made = planned(cast.editor, {"DOI": cast.source.doi, "PMID": "9"})
    assert states(made) == ["unfit"] and "doe2020, roe2021" in made.rows[0].reasons[0]


def test_an_entry_that_stands_twice_is_stored_once(cast):
    trial = {"title": "A trial of magnesium"}
    made = planned(cast.writer, {"DOI": "10.1000/a", **trial}, {"DOI": "10.1000/A"}, trial)
    assert states(made) == ["new", "there", "there"]
    store(made, actor=cast.writer)
    assert Source.objects.count() == 2


def test_keys_are_told_apart(cast):
    doe = {"author": [{"family": "Doe", "given": "J"}], "issued": "2020"}
    made = planned(cast.writer, doe, doe, {"id": "own2020b", **doe})
    assert [row.source.key for row in made.rows] == ["doe2020a", "doe2020b", "own2020b"]


@pytest.mark.parametrize("name", ["dup-generic-title.ris", "dup-preprint-article.bib"])
def test_different_works_with_one_title_stay_apart(cast, name):
    found = read((FILES / name).read_bytes(), name)
    evidence = dict.fromkeys(range(len(found.entries)), "cohort")
    made = plan(found, actor=cast.editor, evidence=evidence)
    # The third entry of the second file is the second without its DOI; the fifth has the DOI of the second.
    expected = ["new"] * 4 if name.endswith("ris") else ["new", "new", "there", "new", "there"]
    assert states(made) == expected
    store(made, actor=cast.editor)
    again = plan(found, actor=cast.editor, evidence=evidence)
    assert set(states(again)) == {"there"}
    assert {row.source.title for row in again.rows} == {row.source.title for row in made.rows}


def test_a_title_that_many_works_have_is_doubtful_and_only_stored_if_somebody_chooses_it(cast):
    Source.objects.filter(pk=cast.source.pk).update(title="Editorial")
    made = planned(cast.editor, {"title": "Editorial", "issued": "2020"})
    assert states(made) == ["doubtful"] and made.rows[0].resembles == cast.source
    store(made, actor=cast.editor)
    assert Source.objects.count() == 1
    store(made, actor=cast.editor, chosen={0})
    assert Source.objects.count() == 2


def test_no_number_is_added_to_a_source_that_has_only_the_title_in_common(cast):
    made = planned(cast.editor, {"title": cast.source.title, "issued": "2020", "PMID": "9", "volume": "17"})
    assert made.rows[0].source == cast.source and made.rows[0].additions == {"volume": "17"}


def test_an_unfit_field_costs_that_field_and_is_named(cast):
    made = planned(
        cast.writer,
        {"ISBN": "9780190246550", "type": "book", "title": "A book", "edition": "e" * 30},
        {"title": "An article", "issue": "i" * 50, "URL": "not an address", "PMID": "x"},
    )
    assert states(made) == ["new", "new"]
    said = [" ".join(row.remarks) for row in made.rows]
    assert "last digit" in said[0] and "Edition" in said[0]
    assert "Issue" in said[1] and "Web address" in said[1] and "PMID" in said[1]
    store(made, actor=cast.writer)
    assert Source.objects.filter(title__in=["A book", "An article"], isbn="", issue="", edition="").count() == 2


def test_an_entry_without_a_title_is_stored_under_the_one_that_is_typed(cast):
    entry = {"title": "", "DOI": "10.1000/a"}
    assert states(planned(cast.writer, entry)) == ["unfit"]
    made = planned(cast.writer, entry, titles={0: " Typed \n here "})
    assert states(made) == ["new"] and made.rows[0].source.title == "Typed here"


def test_an_entry_that_a_source_cannot_be_says_why(cast):
    made = planned(
        cast.writer,
        {"custom": {}},
        {"title": "x" * 600},
        {"type": "webpage", "URL": "https://example.org/"},
    )
    assert states(made) == ["unfit"] * 3
    said = [row.reasons[0] for row in made.rows]
    assert said[0].startswith("Kind of evidence: ") and said[1].startswith("Title: ")
    assert "on which day" in said[2]


def test_one_chosen_entry_that_cannot_be_stored_keeps_all_out(cast):
    made = planned(cast.writer, {}, {"custom": {}})
    with pytest.raises(ValidationError, match="Line 1"):
        store(made, actor=cast.writer, chosen={0, 1})
    assert Source.objects.count() == 1


def test_nothing_is_half_stored_when_somebody_was_faster(cast):
    made = planned(cast.writer, {"DOI": "10.1000/a"}, {"DOI": "10.1000/b"})
    newsroom.source("roe2021", doi="10.1000/b")
    with pytest.raises(ValidationError, match="in the meantime"):
        store(made, actor=cast.writer)
    assert Source.objects.count() == 2


def test_who_may_not_add_sources_adds_none(cast):
    for who in (cast.outsider, cast.advisors[0].user):
        with pytest.raises(NotPermitted):
            store(planned(who, {}), actor=who)


def test_queries_do_not_grow_with_the_entries(cast):
    def queries(count: int) -> int:
        entries = [
            {"title": f"T{count}-{n}", "DOI": f"10.1000/{count}.{n}", "PMID": f"{count}{n:03}"} for n in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            store(planned(cast.editor, *entries), actor=cast.editor)
        return len(seen)

    queries(1)  # permissions are cached on the user
    few = queries(5)
    # SQLite takes about thirty rows of a source in one statement.
    assert few <= 15 and queries(150) <= few + 10


def test_sources_are_put_at_hand_for_the_article(cast):
    article = newsroom.draft(cast)
    newsroom.source("roe2021", doi="10.1000/b")
    store(planned(cast.writer, {"title": "N"}, {"DOI": "10.1000/b"}), actor=cast.writer, article=article)
    assert set(article.sources.values_list("key", flat=True)) == {"doe2020", "roe2021", "n-source"}


def test_no_source_is_put_at_hand_for_an_article_of_others_or_before_the_board(cast):
    article = newsroom.in_review(cast)
    with pytest.raises(InvalidTransition):
        store(planned(cast.writer, {}), actor=cast.writer, article=article)
    with pytest.raises(NotPermitted):
        store(planned(cast.colleague, {}), actor=cast.colleague, article=article)
    assert Source.objects.count() == 1


def run(*given: str) -> str:
    out = StringIO()
    call_command("import_sources", *given, stdout=out)
    return out.getvalue()


def test_the_command_takes_files_in_and_twice_is_once(cast):
    files = [str(FILES / name) for name in ("pubmed.nbib", "web_of_science.txt", "zotero.ris", "crossref.json")]
    said = run(*files, "--as", "editor@example.org", "--evidence", "cohort")
    assert said == "4 files: 8 sources added, 0 completed, 0 there already, 0 entries left out.\n"
    assert Source.objects.get(pmid="30922926").created_by == cast.editor
    assert "0 sources added, 0 completed, 8 there already" in run(*files, "--as", "editor@example.org")


def test_a_dry_run_stores_nothing(cast):
    assert "2 sources would be added" in run(
        str(FILES / "pubmed.nbib"), "--as", "editor@example.org", "--evidence", "cohort", "--dry-run"
    )
    assert Source.objects.count() == 1


def test_what_was_left_out_is_said_with_its_line_and_is_an_error(cast, capsys):
    with pytest.raises(CommandError, match="1 entries were left out"):
        call_command("import_sources", str(FILES / "pubmed.nbib"), "--as", "editor@example.org")
    said = capsys.readouterr().out
    assert "pubmed.nbib:34: Kind of evidence" in said and "1 sources added" in said


@pytest.mark.parametrize("name", ["missing.bib", "broken.bib"])
def test_a_file_that_cannot_be_read_is_one_line_and_harms_no_other(cast, tmp_path, name):
    (tmp_path / "broken.bib").write_bytes(b"\x00\x01")
    with pytest.raises(CommandError) as error:
        call_command(
            *("import_sources", str(tmp_path / name), str(FILES / "crossref.json"), "--evidence", "cohort"),
            *("--as", "editor@example.org", "--verbosity", "0"),
        )
    assert name in str(error.value) and "\n" not in str(error.value)
    assert Source.objects.count() == 3


def test_the_command_refuses_an_address_in_a_private_network(cast):
    with pytest.raises(CommandError, match=r"^http://127\.0\.0\.1/library\.json: not a public"):
        call_command("import_sources", "http://127.0.0.1/library.json", "--as", "editor@example.org")
