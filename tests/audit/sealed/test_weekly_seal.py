"""The editors' weekly email has the newest seal, and what they saved of it is enough to check the log later."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.models import Email

from advisors import emails
from advisors.weekly_digest import week
from audit import seals
from tests import newsroom
from tests.audit.tampering import tamper
from tests.mailing import QUEUE


def test_the_seal_stands_in_the_email_and_is_checked_from_it(cast, signing, settings, tmp_path, capsys):
    settings.EMAIL_BACKEND = QUEUE
    newsroom.published(cast)
    made = seals.seal()
    emails.editors_weekly(cast.editor, week(timezone.now()))
    sent = Email.objects.latest("pk")
    newsroom.published(cast, title="Later")
    saved = tmp_path / "saved.eml"
    saved.write_bytes(sent.message.replace("\n", "\r\n").encode())

    assert made.note in sent.message and made.root and "Keep this email" in sent.html_message
    call_command("check_integrity", against=str(saved), key=[signing.public_key])
    assert "every one shows what its reviewers approved" in capsys.readouterr().out
    tamper("DELETE FROM audit_leaf WHERE position = (SELECT MAX(position) FROM audit_leaf)")
    tamper("DELETE FROM audit_leaf WHERE position = (SELECT MAX(position) FROM audit_leaf)")
    tamper("DELETE FROM audit_leaf WHERE position = (SELECT MAX(position) FROM audit_leaf)")
    with pytest.raises(CommandError):
        call_command("check_integrity", against=str(saved))
    assert "sealed log: has 1 entries, and had 2" in capsys.readouterr().out


def test_a_log_that_did_not_change_is_not_sent_again(cast, signing):
    newsroom.published(cast)
    seals.seal()
    assert [note.text for note in week(timezone.now()).notes] == [seals.seal().note]
    assert week(timezone.now() + timedelta(days=9)).notes == []


def test_a_head_that_cannot_be_read_ends_the_command(db):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_integrity", against="/nothing/there.txt")
