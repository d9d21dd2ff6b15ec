"""The sealed log has a leaf for each event, in its transaction; it only grows, and reads few rows for a proof."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.jobs import follow_turns
from articles.models import ChangeKind
from audit import log
from audit.models import Leaf
from audit.verify import leaf_hash, sha256
from core.db.immutable import Immutable
from jobs.registry import JobContext
from tests import newsroom
from tests.audit.sealed import tree

HOUR = timedelta(hours=1)


def events() -> list[str]:
    return list(Leaf.objects.values_list("event", flat=True))


def said(leaf: Leaf) -> dict:
    return json.loads(leaf.data)


def test_each_event_of_an_article_has_a_leaf(cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Corrected")
    newsroom.approve(newsroom.submit(cast, article))
    workflow.publish(article=article, actor=cast.editor, kind=ChangeKind.CORRECTION, change_note="A dose.")
    newsroom.rewrite(cast, article, title="Next")
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article, at=timezone.now() + HOUR)
    workflow.unschedule(article=article, actor=cast.editor)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    workflow.reinstate(article=article, actor=cast.editor, reason="It was right.")

    assert events() == [
        *("approval", "publication", "approval", "correction", "approval", "scheduling"),
        *("calling_off", "withdrawal", "reinstatement"),
    ]
    assert list(Leaf.objects.values_list("position", flat=True)) == list(range(9))


def test_a_leaf_says_digests_and_times_and_no_name(cast):
    article = newsroom.published(cast)
    approval, publication = (said(leaf) for leaf in Leaf.objects.all())
    revision, shown = article.revisions.get(), article.publications.get()

    assert approval["digest"] == publication["digest"] == revision.digest
    assert approval["address"] == f"/articles/{article.slug}/" and approval["quorum"] == 2
    assert [row["digest"] for row in approval["signatories"]] == [revision.digest] * 2
    assert publication["startsAt"] == shown.starts_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    everything = "".join(Leaf.objects.values_list("data", flat=True))
    for person in (*cast.everybody.values(), *cast.advisors, cast.author):
        assert person.name not in everything


def test_the_notices_that_readers_get_stand_as_digests(cast):
    article = newsroom.published(cast)
    newsroom.rewrite(cast, article, title="Next")
    newsroom.approve(newsroom.submit(cast, article))
    upcoming = newsroom.publish(cast, article, at=timezone.now() + HOUR)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    withdrawal = said(Leaf.objects.last())

    assert withdrawal["notice"] == sha256(b"A dose was wrong.")
    assert withdrawal["calledOff"] == [upcoming.pk]


def test_what_expires_has_its_end_in_the_log_once(cast):
    article, now = newsroom.approved(cast), timezone.now()
    publication = workflow.publish(article=article, actor=cast.editor, until=now + HOUR)
    with time_machine.travel(now + 2 * HOUR):
        for _run in range(2):
            follow_turns(JobContext(now=timezone.now(), covered=now))
    last = Leaf.objects.last()

    assert events() == ["approval", "publication", "end"]
    assert last.publication == publication and said(last)["at"] == said(Leaf.objects.get(position=1))["expiresAt"]


def test_an_event_that_is_undone_leaves_no_leaf(cast):
    article = newsroom.approved(cast)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        workflow.publish(article=article, actor=cast.editor)
        assert log.size() == 2
        raise ZeroDivisionError
    assert log.size() == 1
    workflow.publish(article=article, actor=cast.editor)
    assert events() == ["approval", "publication"]


def test_roots_and_proofs_are_those_of_the_rfc(cast):
    for _article in range(6):
        newsroom.published(cast)
    leaves = [data.encode() for data in Leaf.objects.values_list("data", flat=True)]
    for size in range(1, 13):
        assert log.root(size) == tree.mth(leaves[:size])
        assert log.consistency(size, 12) == tree.proof(size, leaves)
    assert [log.inclusion(index, 11) for index in range(11)] == [tree.path(index, leaves[:11]) for index in range(11)]
    assert Leaf.objects.get(position=4).hashes == leaf_hash(leaves[4]).hex()


COPY = (
    "INSERT INTO audit_leaf (position, event, data, hashes, approval_id) SELECT %s, event, data, hashes, approval_id "
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_leaf SET data = '{}' WHERE position = 0",
        "DELETE FROM audit_leaf WHERE position = 1",
        COPY % 7 + "FROM audit_leaf WHERE position = 0",
        COPY % -1 + "FROM audit_leaf WHERE position = 0",
    ],
    ids=["update", "delete", "gap", "before"],
)
def test_the_database_refuses_to_change_the_log(cast, statement):
    newsroom.published(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_model_and_queryset_refuse_too(cast):
    newsroom.published(cast)
    leaf = Leaf.objects.first()
    for change in (leaf.save, leaf.delete, Leaf.objects.all().delete, lambda: Leaf.objects.update(data="{}")):
        with pytest.raises(Immutable):
            change()


def test_appending_and_proving_take_as_many_queries_in_a_long_log_as_in_a_short_one(cast):
    approval = newsroom.published(cast).publications.get().approval

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            leaf = log.append("approval", {"n": log.size()}, approval=approval)
            log.inclusion(leaf.position // 2, leaf.position + 1)
            log.root(leaf.position + 1)
        return len(queries)

    before = [cost(), cost()]  # a leaf that completes nothing reads one row less
    for _leaf in range(300):
        log.append("approval", {"n": log.size()}, approval=approval)
    assert [cost(), cost()] == before
    longest = max(Leaf.objects.values_list("hashes", flat=True), key=len)
    assert len(longest) == 64 * 9  # of leaf 255, which completes a tree of 256
