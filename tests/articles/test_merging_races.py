"""Two people merge at the same moment, or one merges while another saves. PostgreSQL only."""

import pytest
from django.db import connection

from articles import drafting, workflow
from articles.cited_sources import merging
from articles.exceptions import InvalidTransition
from articles.models import Submission
from audit import integrity
from sources.models import Source
from tests import newsroom
from tests.articles.test_races import cast as cast
from tests.articles.test_races import fresh
from tests.racing import race

ROUNDS = 15

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL"),
]


def merges(duplicate: Source, into: Source, actor):
    return lambda: merging.merge(
        duplicate=Source.objects.get(pk=duplicate.pk), into=Source.objects.get(pk=into.pk), actor=actor
    )


def done(came_to: list[object]) -> list[object]:
    """Return the results that are not refusals; assert that refusals have a message and the chain is intact."""
    for result in came_to:
        assert not isinstance(result, Exception) or isinstance(result, InvalidTransition), repr(result)
    assert list(integrity.faults()) == []
    return [result for result in came_to if not isinstance(result, Exception)]


def test_two_editors_merge_the_same_duplicate_and_one_does(cast):
    for serial in range(ROUNDS):
        twin, other = newsroom.source(f"twin{serial}"), newsroom.source(f"other{serial}")
        (won,) = done(race(merges(twin, cast.source, cast.editor), merges(twin, other, cast.admin)))
        assert Source.objects.get(pk=twin.pk).merged_into == won.kept


def test_two_sources_merged_into_each_other_make_no_ring(cast):
    for serial in range(ROUNDS):
        one, two = newsroom.source(f"one{serial}"), newsroom.source(f"two{serial}")
        assert len(done(race(merges(one, two, cast.editor), merges(two, one, cast.admin)))) == 1
        assert Source.objects.filter(pk__in=[one.pk, two.pk], merged_into=None).count() == 1


def test_three_merged_in_a_circle_leave_one_that_stands(cast):
    for serial in range(ROUNDS):
        a, b, c = (newsroom.source(f"{name}{serial}") for name in ("aa", "bb", "cc"))
        moves = (merges(a, b, cast.editor), merges(b, c, cast.admin), merges(c, a, cast.editor))
        assert 1 <= len(done(race(*moves))) <= 2
        assert Source.objects.filter(pk__in=[a.pk, b.pk, c.pk], merged_into=None).exists()


def test_a_text_is_saved_while_its_source_is_merged_and_neither_is_lost(cast):
    for serial in range(ROUNDS):
        twin = newsroom.source(f"twin{serial}")
        article = newsroom.draft(cast)
        body = f'<p>17 minutes.<sup data-cite="{twin.key}"></sup></p>'

        def save(article=article, body=body, twin=twin):
            now = fresh(article)
            content = newsroom.content(body=body)
            return drafting.rewrite(
                article=now, actor=cast.writer, seen_version=now.version, content=content, sources={twin: "it"}
            )

        came_to = done(race(save, merges(twin, cast.source, cast.editor)))
        assert any(isinstance(result, merging.MergeResult) for result in came_to)
        cited = {row.key for row in article.revisions.first().citations.all()}
        # A text saved first was moved; one saved afterwards cites the duplicate, which is still possible.
        assert cited in ({"doe2020"}, {twin.key})


def test_a_text_is_submitted_or_moved_and_what_the_board_reads_stays(cast):
    for serial in range(ROUNDS):
        twin = newsroom.source(f"twin{serial}")
        article = newsroom.draft(cast)
        content = newsroom.content(body=f'<p>17 minutes.<sup data-cite="doe2020 {twin.key}"></sup></p>')
        drafting.rewrite(article=article, actor=cast.writer, seen_version=1, content=content, sources={twin: "it"})

        def submit(article=article):
            return workflow.submit(article=fresh(article), actor=cast.writer)

        came_to = done(race(submit, merges(twin, cast.source, cast.editor)))
        (merge,) = [result for result in came_to if isinstance(result, merging.MergeResult)]
        read = [result.revision for result in came_to if isinstance(result, Submission)]
        assert all(revision == fresh(article).head() for revision in read)
        assert len(merge.moved) + len(merge.left) == 1
