"""`check_integrity` can be interrupted and continued, and its cost for each article does not grow."""

import gc
import json
import weakref

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from audit.integrity import Progress, faults, records
from audit.integrity.records import rows_of
from audit.management.commands.check_integrity import Command
from tests import newsroom
from tests.audit.tampering import tamper


class Interrupted(Command):
    """The command, interrupted by the keyboard after the first batch."""

    def _note(self, progress: Progress) -> None:
        super()._note(progress)
        raise KeyboardInterrupt


@pytest.fixture
def one_by_one(monkeypatch):
    """Let a batch have one article."""
    monkeypatch.setattr(records, "BATCH", 1)


def test_it_continues_where_it_was_interrupted_and_counts_the_faults_of_both_parts(cast, tmp_path, one_by_one, capsys):
    state = tmp_path / "state.json"
    first, second = newsroom.published(cast), newsroom.published(cast)
    for article in (first, second):
        tamper("UPDATE articles_revision SET title = 'forged' WHERE article_id = %s", article.pk)
    with pytest.raises(CommandError, match=f"Interrupted. Continue with --state {state}.") as stopped:
        call_command(Interrupted(), state=state)
    said = capsys.readouterr().out

    assert stopped.value.returncode == 130
    assert first.slug in said and second.slug not in said
    assert json.loads(state.read_text()) == {"after": first.pk, "articles": 1, "publications": 1, "faults": 1}
    with pytest.raises(CommandError, match="^2 faults in 2 publications.$") as ended:
        call_command("check_integrity", state=state)
    said = capsys.readouterr().out
    assert ended.value.returncode == 1
    assert second.slug in said and first.slug not in said
    assert not state.exists()


def test_without_a_state_file_it_says_from_which_article_to_go_on(cast, one_by_one, capsys):
    first = newsroom.published(cast)
    newsroom.published(cast)
    with pytest.raises(CommandError, match=f"Interrupted. Continue with --from {first.pk}."):
        call_command(Interrupted())
    call_command("check_integrity", "--from", str(first.pk))

    said = capsys.readouterr().out
    assert said.endswith(
        "1 publications of 1 articles: every one shows what its reviewers approved. "
        f"The articles up to {first.pk} were left out.\n"
    )


def test_a_file_of_something_else_is_not_taken_for_a_state(db, tmp_path):
    other = tmp_path / "notes.json"
    other.write_text('{"after": "never"}')
    with pytest.raises(CommandError, match="is not the state of an interrupted check") as refused:
        call_command("check_integrity", state=other)
    assert refused.value.returncode == 2


def test_more_articles_in_a_batch_need_no_more_queries(cast):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert list(faults()) == []
        return len(made)

    newsroom.published(cast)
    newsroom.changes_requested(cast)
    few = queries()
    for _ in range(4):
        newsroom.published(cast)
        newsroom.changes_requested(cast)
    assert Article.objects.count() == 10
    assert queries() == few


def test_the_rows_of_a_batch_are_freed_before_the_next_one_is_read(cast, one_by_one):
    """Not only by the garbage collector, which runs at any time."""
    newsroom.published(cast)
    newsroom.published(cast)
    gc.collect()
    gc.disable()
    try:
        read = records.batches()
        (record,) = next(read)
        (revision,) = record.revisions
        (submission,) = record.submissions
        rows = [revision, revision.rendering, submission, *rows_of(submission, "reviews"), *record.log]
        freed = [weakref.ref(row) for row in rows]
        del record, revision, submission, rows
        next(read)
        assert [row() for row in freed if row() is not None] == []
    finally:
        gc.enable()


def test_the_queries_that_django_remembers_for_debugging_are_forgotten(cast, settings, one_by_one):
    settings.DEBUG = True
    newsroom.published(cast)
    kept = []

    class Watched(Command):
        def _note(self, progress: Progress) -> None:
            super()._note(progress)
            kept.append(len(connection.queries))

    call_command(Watched())
    assert kept == [0]
