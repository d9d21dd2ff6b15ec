"""The signing key is a file for its owner alone, encrypted. A new one leaves the old one published."""

import json
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit import checks, keys, records, seals, verify
from audit.models import SignedRecord, SigningKey
from tests import newsroom

PUBLISHED = "/.well-known/signing-keys.json"


@pytest.fixture
def key_file(settings, tmp_path) -> Path:
    settings.SIGNING_KEY_FILE = str(tmp_path / "keys" / "signing.pem")
    settings.SIGNING_KEY_PASSPHRASE = "a passphrase of many random words"
    settings.SEALS_DIR = tmp_path / "seals"
    return Path(settings.SIGNING_KEY_FILE)


def test_the_command_writes_an_encrypted_file_for_its_owner_alone(db, key_file, settings, capsys):
    call_command("make_signing_key")
    made = SigningKey.objects.get()

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600 and stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
    assert key_file.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")  # PKCS #8
    assert made.public_key in capsys.readouterr().out and keys.signer().row == made
    command = ["openssl", "pkey", "-in", str(key_file), "-passin", "env:PASSPHRASE", "-noout", "-text"]
    shown = subprocess.run(command, env={"PASSPHRASE": settings.SIGNING_KEY_PASSPHRASE}, capture_output=True, text=True)
    assert "ED25519 Private-Key" in shown.stdout
    assert subprocess.run(command, env={"PASSPHRASE": "wrong"}, capture_output=True).returncode != 0


def test_the_private_key_is_in_no_table(db, key_file):
    keys.make()
    text = "".join(key_file.read_text().splitlines()[1:-1])
    assert text[:40] not in str(list(SigningKey.objects.values()))
    assert {field.name for field in SigningKey._meta.concrete_fields} == {
        *("id", "public_key", "valid_from", "retired_at", "revoked_at")
    }


def test_a_key_in_use_is_not_replaced_by_accident(signing):
    before = keys.load()
    with pytest.raises(CommandError, match="in use already"):
        call_command("make_signing_key")
    assert keys.multikey(keys.load()) == keys.multikey(before) and SigningKey.objects.count() == 1


@pytest.mark.parametrize("passphrase", ["", "short"])
def test_a_key_needs_a_passphrase_that_cannot_be_guessed(db, key_file, settings, passphrase):
    settings.SIGNING_KEY_PASSPHRASE = passphrase
    with pytest.raises(CommandError):
        call_command("make_signing_key")
    assert not key_file.exists() and not SigningKey.objects.exists()


def test_a_key_file_that_others_can_read_is_not_used(signing, settings):
    Path(settings.SIGNING_KEY_FILE).chmod(0o640)
    with pytest.raises(keys.NoKey, match="chmod 600"):
        keys.signer()


def test_a_key_file_that_the_site_does_not_know_is_not_used(signing, settings):
    """Such as one from another machine: what it signs would fit no published key."""
    SigningKey.objects.filter(pk=signing.pk).update(retired_at=timezone.now())
    with pytest.raises(keys.NoKey, match="not the one that is in use"):
        keys.signer()


def test_after_a_rotation_old_records_hold_and_new_ones_are_by_the_new_key(cast, signing, client):
    first = newsroom.published(cast)
    records.sign_missing()
    call_command("make_signing_key", replace=True)
    newsroom.published(cast, title="Second")
    records.sign_missing()
    old, new = SignedRecord.objects.order_by("pk")
    published = json.loads(client.get(PUBLISHED).content)
    by_id = {row["publicKeyMultibase"]: row for row in published["verificationMethod"]}

    assert old.seal.signing_key == signing and new.seal.signing_key != signing and old.publication.article == first
    for made in (old, new):
        record = json.loads(made.data)
        verify.check(record)
        verify.published_key(published, verify.key_of(record), record["proof"]["created"])
    assert by_id[signing.public_key]["expires"] == by_id[new.seal.signing_key.public_key]["validFrom"]
    assert len(published["assertionMethod"]) == 2


def test_what_a_leaked_key_signed_counts_no_more_and_is_signed_anew(cast, signing, client):
    article = newsroom.published(cast)
    records.sign_missing()
    old = json.loads(SignedRecord.objects.get().data)
    call_command("make_signing_key", replace=True, leaked=True)
    published = json.loads(client.get(PUBLISHED).content)

    with pytest.raises(verify.Refused, match="revoked"):
        verify.published_key(published, verify.key_of(old), old["proof"]["created"])
    assert client.get(f"/articles/{article.slug}/versions/1/record.json").status_code == 404
    assert records.sign_missing() == 1
    anew = json.loads(client.get(f"/articles/{article.slug}/versions/1/record.json").content)
    verify.check(anew)
    verify.published_key(published, verify.key_of(anew), anew["proof"]["created"])
    assert signing.public_key not in str(published["assertionMethod"])


def test_a_record_outside_the_period_of_its_key_is_refused(cast, signing, client):
    newsroom.published(cast)
    with pytest.raises(verify.Refused, match="period"):
        published = json.loads(client.get(PUBLISHED).content)
        verify.published_key(published, signing.public_key, "2020-01-01T00:00:00.000000Z")


def test_the_database_keeps_public_keys_and_their_ends(signing):
    keys.make(replace=True, leaked=True)
    for statement in (
        "DELETE FROM audit_signingkey",
        f"UPDATE audit_signingkey SET public_key = 'z6Mk' WHERE id = {signing.pk}",
        f"UPDATE audit_signingkey SET retired_at = NULL, revoked_at = NULL WHERE id = {signing.pk}",
        f"UPDATE audit_signingkey SET revoked_at = NULL WHERE id = {signing.pk}",
        "INSERT INTO audit_signingkey (public_key, valid_from) SELECT 'z6Mk', valid_from FROM audit_signingkey LIMIT 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_check_before_deployment_says_when_nothing_is_signed(settings):
    assert [found.id for found in checks.records_can_be_signed(None)] == ["audit.W001"]


def test_a_check_before_deployment_says_when_the_key_cannot_be_used(signing, settings):
    assert checks.records_can_be_signed(None) == []
    settings.SIGNING_KEY_PASSPHRASE = "another passphrase of many words"
    assert [found.id for found in checks.records_can_be_signed(None)] == ["audit.E001"]


def test_a_new_key_seals_the_same_log_again(article, signing):
    before = seals.seal()
    keys.make(replace=True, now=timezone.now() + timedelta(seconds=1))
    after = seals.seal()
    assert after != before and (after.size, after.root) == (before.size, before.root)
