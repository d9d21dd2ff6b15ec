"""Each fault of the sealed log has its line. The attacker controls the database, as in test_integrity.py."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from advisors.models import Signature
from advisors.quorum.given import committed
from articles import workflow
from audit import seals
from audit.integrity import sealed_log
from audit.models import Event, Leaf, Seal
from tests import newsroom
from tests.audit.tampering import check, tamper

LAST = "(SELECT MAX(position) FROM audit_leaf)"


@pytest.fixture(autouse=True)
def sealed(article, signing) -> Seal:
    """Return the seal of the log of two articles, which has four entries."""
    return seals.seal()


def found(statement: str, *values: object) -> str:
    """Return the faults of the log after this change of one row, one a line."""
    tamper(statement, *values)
    return "\n".join(map(str, sealed_log.faults()))


def test_an_entry_says_otherwise_than_the_rows(article, capsys):
    tamper("UPDATE audit_leaf SET data = replace(data, 'new_text', 'renewal') WHERE position = 2")
    lines, _ended = check(capsys)
    assert f"sealed log, entry 2 ({article.slug}): says otherwise than the rows: reason" in lines


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("articles_publication", "change_note", "Quietly changed.", "note"),
        ("articles_publication", "expires_at", "2031-01-01 00:00:00+00:00", "expiresAt"),
        ("articles_publication", "kind", "update", "kind"),
        ("articles_approval", "approved_at", "2031-01-01 00:00:00+00:00", "approvedAt"),
        ("articles_submission", "quorum", 1, "quorum"),
        ("articles_transition", "at", "2031-01-01 00:00:00+00:00", "at"),
        ("articles_revision", "number", 7, "revision"),
        ("advisors_signature", "given_digest", "f" * 64, "signatories"),
    ],
)
def test_a_row_was_changed_after_its_event(table, column, value, said):
    lines = found(f"UPDATE {table} SET {column} = %s WHERE id = (SELECT MAX(id) FROM {table})", value)
    assert "says otherwise than the rows: " in lines and said in lines


def test_an_approval_holds_what_each_signatory_gave_by_a_commitment_that_nobody_can_guess_at():
    text = "".join(Leaf.objects.filter(event=Event.APPROVAL).values_list("data", flat=True))
    signatures = list(Signature.objects.all())
    assert len(signatures) == len({signature.salt for signature in signatures}) == 4
    for signature in signatures:
        assert committed(signature) in text
        assert signature.given_digest not in text and signature.salt not in text


def test_an_entry_cannot_be_read():
    assert "sealed log, entry 2: cannot be read" in found("UPDATE audit_leaf SET data = '{' WHERE position = 2")


def test_an_entry_is_about_another_event():
    lines = found("UPDATE audit_leaf SET event = 'publication' WHERE position = 2")
    assert "sealed log, entry 2: is about another event than the history of the article has" in lines


def test_stored_hashes_are_not_those_of_the_entry():
    lines = found("UPDATE audit_leaf SET hashes = replace(hashes, 'a', 'b') WHERE position = 3")
    assert "sealed log: the stored hashes of entry 3 are not those of what it says" in lines


def test_an_entry_is_missing():
    assert "sealed log: entry 1 is missing" in found("DELETE FROM audit_leaf WHERE position = 1")


def test_the_log_is_shorter_than_a_seal_of_it(article):
    lines = found(f"DELETE FROM audit_leaf WHERE position = {LAST}")
    assert "sealed log: has 3 entries, and a seal of 4" in lines
    assert f"{article.slug}: the sealed log lacks the entry “published” of its history" in lines
    assert f"{article.slug}: the sealed log lacks the start of publication " in lines


def test_the_end_of_a_publication_is_missing(cast):
    article, now = newsroom.approved(cast), timezone.now()
    workflow.publish(article=article, actor=cast.editor, until=now + timedelta(hours=1))
    with time_machine.travel(now + timedelta(hours=2)):
        seals.seal()
        lines = found(f"DELETE FROM audit_leaf WHERE position = {LAST}")
    assert f"{article.slug}: the sealed log lacks the end of publication " in lines


def test_a_seal_is_of_other_entries(sealed):
    other = sealed.root[::-1]
    lines = found("UPDATE audit_seal SET root = %s", other)
    assert "sealed log: its first 4 entries are not those that were sealed on " in lines


def test_a_seal_is_not_signed_by_its_key():
    lines = found("UPDATE audit_seal SET note = replace(note, 'time 2', 'time 3')")
    assert "sealed log: the seal of 4 entries does not hold: " in lines


def test_a_seal_says_something_else_than_its_row():
    lines = found("UPDATE audit_seal SET sealed_at = '2031-01-01 00:00:00+00:00'")
    assert "sealed log: the seal of 4 entries says something else than its row" in lines


def test_a_given_head_is_refused_with_the_reason(sealed, settings):
    def against(note: str) -> str:
        return "\n".join(map(str, sealed_log.faults_against(note)))

    assert "sealed log: the given head cannot be relied on: This is not a checkpoint" in against("Hello")
    settings.FEED_AUTHORITY = "another.example"
    assert "the given head is of the log 127.0.0.1/log, and this is another.example/log" in against(sealed.note)
