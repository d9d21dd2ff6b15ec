"""Seals: signed heads of the log, in a table, in files and in the editors' email; and what they find out afterwards."""

import subprocess
from base64 import b64decode as decoded
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from advisors.quorum.given import Given
from advisors.quorum.given import digest as digest_of_verdict
from articles import workflow
from articles.digests import digest
from articles.models import Revision
from audit import keys, leaves, log, seals
from audit.integrity import sealed_log
from audit.integrity.board import Board
from audit.integrity.records import batches, rows_of
from audit.integrity.reviews import given_with
from audit.models import Leaf, Seal, SigningKey
from audit.verify import Refused, is_consistent, read_checkpoint
from tests import newsroom
from tests.audit.tampering import unguarded

PEM = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
COLUMNS = "root, sealed_at, key_id, note"
COPY = f"INSERT INTO audit_seal (size, {COLUMNS}) SELECT %s, {COLUMNS} FROM audit_seal"


def faults() -> list[str]:
    return [str(fault) for fault in sealed_log.faults()]


def against(note: str, *public_keys: str) -> list[str]:
    return [str(fault) for fault in sealed_log.faults_against(note, public_keys)]


def rewrite_the_log() -> None:
    """Compute every leaf anew from the rows, with all hashes, as somebody does who can write to the database."""
    rows = list(Leaf.objects.select_related("transition__article", "approval", "publication"))
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_leaf")
        for leaf in rows:
            data = leaves.data_of(
                leaf.event,
                leaf.transition.article,
                at=leaf.transition.at,
                approval=leaf.approval,
                publication=leaf.publication,
            )
            log.append(
                leaf.event,
                data,
                transition=leaf.transition,
                approval=leaf.approval,
                publication=leaf.publication,
            )


def replace_the_text(revision: Revision) -> None:
    """Replace a text and every digest of it, in every table."""
    revision.body = "<p>Longer by 71 minutes.</p>"
    anew = digest(revision.content(), revision.citations.all(), revision.bylines.all())
    with unguarded(), connection.cursor() as cursor:
        for table in ("articles_approval", "articles_signatory", "advisors_review"):
            cursor.execute(f"UPDATE {table} SET digest = %s WHERE digest = %s", [anew, revision.digest])
        values = [revision.body, anew, revision.pk]
        cursor.execute("UPDATE articles_revision SET body = %s, digest = %s WHERE id = %s", values)
        cursor.execute("DELETE FROM articles_rendering WHERE revision_id = %s", [revision.pk])
        for signature, given in what_was_given():
            values = [digest_of_verdict(given), signature]
            cursor.execute("UPDATE advisors_signature SET given_digest = %s WHERE id = %s", values)


def what_was_given() -> list[tuple[int, Given]]:
    """Return each signature's primary key and what was given with its verdict, as the rows have it now."""
    board = Board()
    return [
        (review.signature.pk, given_with(record, submission, review, board))
        for batch in batches()
        for record in batch
        for submission in record.submissions
        for review in rows_of(submission, "reviews")
        if review.verdict
    ]


def test_a_seal_has_the_root_of_the_log_and_a_signature_of_the_key(article, signing):
    made = seals.seal()
    head = read_checkpoint(made.note, [signing.public_key])

    assert (head.size, head.root, head.origin) == (4, log.root(4), "127.0.0.1/log")
    assert made.note.splitlines()[1] == "4" and made.root == head.root.hex()
    with pytest.raises(Refused):
        read_checkpoint(made.note.replace("\n4\n", "\n3\n"), [signing.public_key])


def test_openssl_verifies_the_signature_of_a_seal(article, signing, tmp_path):
    note = seals.seal().note
    text, _gap, line = note.partition("\n\n")
    public = keys.load().public_key().public_bytes(*PEM)
    for name, data in {"text": f"{text}\n".encode(), "key": public, "signature": decoded(line.split()[-1])[4:]}.items():
        (tmp_path / name).write_bytes(data)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "text"]
    done = subprocess.run([*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (tmp_path / "text").write_bytes(text.encode())
    assert subprocess.run([*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True).returncode != 0


def test_nothing_new_makes_no_new_seal(article, signing):
    assert seals.seal() == seals.seal()
    assert Seal.objects.count() == 1


def test_the_newest_seal_is_written_to_a_file_again_if_the_file_is_lost(article, signing, settings):
    made = seals.seal()
    (file,) = Path(settings.SEALS_DIR).iterdir()
    assert file.read_text() == made.note and file.name.startswith("127.0.0.1-000000004-")
    file.unlink()
    seals.seal()
    assert file.read_text() == made.note


def test_an_empty_log_has_no_seal(signing, capsys):
    call_command("seal")
    assert "nothing to seal" in capsys.readouterr().out and not Seal.objects.exists()


def test_without_a_key_the_command_says_so(article):
    with pytest.raises(CommandError, match="SIGNING_KEY_FILE and SIGNING_KEY_PASSPHRASE are not set"):
        call_command("seal")


def test_the_database_keeps_seals_as_they_are(article, signing):
    seals.seal()
    for statement in (
        "UPDATE audit_seal SET size = 1",
        "DELETE FROM audit_seal",
        COPY % 9,
        COPY % 3,
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_sealed_site_with_a_past_is_healthy_and_continues_every_earlier_seal(cast, signing, capsys):
    notes = []
    for _article in range(3):
        article = newsroom.published(cast)
        notes.append(seals.seal().note)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    notes.append(seals.seal().note)

    assert faults() == []
    heads = [read_checkpoint(note, [signing.public_key]) for note in notes]
    for note, head in zip(notes, heads, strict=True):
        assert against(note) == against(note, signing.public_key) == []
        path = log.consistency(head.size, heads[-1].size)
        assert is_consistent(head.size, heads[-1].size, head.root, heads[-1].root, path)
    call_command("check_integrity", against=notes[0])
    assert "every one shows what its reviewers approved" in capsys.readouterr().out


def test_a_consistent_rewrite_of_text_digests_and_log_is_found_by_the_stored_seal(article, revision, signing):
    note = seals.seal().note
    replace_the_text(revision)
    rewrite_the_log()

    assert [line for line in faults() if "not those that were sealed" in line]
    assert against(note) == [f"sealed log: its first 4 entries are not those that were sealed on {time_of(note)}"]


def test_without_the_stored_seals_it_is_found_against_an_earlier_head_alone(
    article, revision, signing, tmp_path, capsys
):
    file = tmp_path / "kept-elsewhere.txt"
    file.write_text(seals.seal().note)
    replace_the_text(revision)
    rewrite_the_log()
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal")

    assert faults() == []  # nothing within the database says otherwise
    seals.seal()  # not even a new seal by the site's own key
    assert faults() == []
    with pytest.raises(CommandError):
        call_command("check_integrity", against=str(file))
    assert capsys.readouterr().out.splitlines() == [
        f"sealed log: its first 4 entries are not those that were sealed on {time_of(file.read_text())}"
    ]


def test_a_key_of_somebody_else_in_the_table_does_not_help_where_the_key_was_kept_elsewhere(article, signing):
    original, note = signing.public_key, seals.seal().note
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal")
        cursor.execute("DELETE FROM audit_signingkey")
    keys.make(replace=True)
    forged = seals.seal().note

    assert against(forged) == []
    assert "not signed by a key that is known here" in against(forged, original)[0]
    assert against(note, original) == []


def test_a_log_that_was_cut_is_found_against_an_earlier_head(article, signing):
    note = seals.seal().note
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal")
        cursor.execute("DELETE FROM audit_leaf WHERE position = 3")
    assert f"sealed log: has 3 entries, and had 4 on {time_of(note)}" in against(note)


def test_a_head_that_is_not_signed_by_the_site_is_no_proof(article, signing):
    note = seals.seal().note
    assert "not signed" in against(note.replace("time 2", "time 3"))[0]
    assert "not a checkpoint" in against("Hello")[0]
    SigningKey.objects.filter(pk=signing.pk).update(retired_at=signing.valid_from, revoked_at=signing.valid_from)
    assert "not signed by a key that is known here" in against(note)[0]


def time_of(note: str) -> str:
    return note.splitlines()[3].removeprefix("time ")
