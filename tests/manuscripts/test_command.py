"""`manage.py import_manuscript`."""

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from manuscripts.models import Manuscript
from tests.manuscripts.test_beginning import LIST


@pytest.fixture
def path(tmp_path, file):
    path = tmp_path / "magnesium.docx"
    path.write_bytes(file)
    return path


def run(capsys, *arguments, **options):
    call_command("import_manuscript", *map(str, arguments), **options)
    return capsys.readouterr().out


def test_an_article_begins_with_the_references_that_are_complete(capsys, cast, path):
    out = run(capsys, path, "--as", "writer@example.org", "--evidence", "cohort")
    assert "2 of 2 cited references matched." in out
    assert "“Magnesium” has begun: /articles/magnesium/" in out
    assert Article.objects.get().head().citations.count() == 2
    assert not Manuscript.objects.exists()


def test_what_did_not_match_is_named_and_keeps_its_words(capsys, cast, tmp_path):
    path = tmp_path / "m.txt"
    path.write_bytes(LIST)
    out = run(capsys, path, "--as", "writer@example.org")
    assert "0 of 3 cited references matched." in out and "not matched: Personal communication." in out
    assert "[1]" in Article.objects.get().body


def test_a_dry_run_stores_nothing(capsys, cast, path):
    assert "matched" in run(capsys, path, "--as", "writer@example.org", "--dry-run")
    assert not Article.objects.exists() and not Manuscript.objects.exists()


def test_each_fault_is_one_line(cast, path, tmp_path):
    bad = tmp_path / "m.pdf"
    bad.write_bytes(b"%PDF-1.7")
    for arguments, said in (
        ((path, "--as", "nobody@example.org"), "No active account"),
        ((tmp_path / "missing.docx", "--as", "writer@example.org"), "cannot be read"),
        ((bad, "--as", "writer@example.org"), "This is a PDF"),
        ((path, "--as", "outsider@example.org"), "may not begin"),
    ):
        with pytest.raises(CommandError, match=said) as caught:
            call_command("import_manuscript", *map(str, arguments))
        assert "\n" not in str(caught.value)
