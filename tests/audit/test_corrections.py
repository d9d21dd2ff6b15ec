"""check_integrity accepts an account that has changed by confirmed corrections, and no other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from advisors.corrections import asking, deciding
from advisors.models import AccountCorrection, CorrectionOutcome, Signature
from audit import integrity
from audit.integrity import corrections
from tests import newsroom
from tests.audit.tampering import check, tamper, unguarded

MOVED = "UPDATE advisors_advisor SET user_id = %s WHERE slug = 'ada'"


@pytest.fixture
def ada(cast, article):
    return cast.advisors[0]


def correct(cast, ada, account: User) -> AccountCorrection:
    asked = asking.ask_for_account(subject=ada, new_account=account, reason="Moved.", actor=cast.editor)
    deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how="She called.")
    ada.refresh_from_db()
    return asked


def test_a_confirmed_chain_is_in_order_and_a_step_beside_it_is_not(cast, ada, capsys):
    first, second = newsroom.user("second"), newsroom.user("third")
    correct(cast, ada, first)
    correct(cast, ada, second)
    assert list(integrity.faults()) == []
    tamper(MOVED, first.pk)
    lines, _ = check(capsys)
    assert [line for line in lines if "signed with an account that is no longer that of the advisor" in line]


def test_a_request_that_nobody_confirmed_explains_nothing(cast, ada, capsys):
    account = newsroom.user("second")
    asking.ask_for_account(subject=ada, new_account=account, reason="Moved.", actor=cast.editor)
    tamper(MOVED, account.pk)
    lines, _ = check(capsys)
    assert [line for line in lines if "no longer that of the advisor" in line]


def test_a_gap_in_the_chain_explains_nothing(cast, ada, capsys):
    one, two = newsroom.user("second"), newsroom.user("third")
    correct(cast, ada, one)
    asked = correct(cast, ada, two)
    with unguarded():
        CorrectionOutcome.objects.filter(correction=asked)._raw_delete("default")
    lines, _ = check(capsys)
    assert [line for line in lines if "no longer that of the advisor" in line]


def test_a_forged_confirmation_is_found(cast, ada, capsys):
    account = newsroom.user("second")
    asked = asking.ask_for_account(subject=ada, new_account=account, reason="Moved.", actor=cast.editor)
    with unguarded():
        CorrectionOutcome.objects.create(
            correction=asked, ended="by_admin", by=cast.editor, by_name="Editor", at=asked.expires_at, words="Sure."
        )
    tamper(MOVED, account.pk)
    lines, _ = check(capsys)
    assert any("was confirmed by somebody who is involved" in line for line in lines)
    assert any("was confirmed after its time" in line for line in lines)


def test_an_author_moved_without_a_correction_is_found(cast, article, capsys):
    tamper("UPDATE articles_author SET user_id = %s WHERE slug = 'wanda-writer'", cast.colleague.pk)
    lines, _ = check(capsys)
    assert [line for line in lines if "wrote under an account that is no longer theirs, without a correction" in line]


def test_an_address_changed_without_a_correction_is_found(cast, ada, capsys):
    tamper("UPDATE accounts_user SET email = 'else@example.org' WHERE id = %s", ada.user_id)
    lines, _ = check(capsys)
    assert [line for line in lines if "signed from an address that is no longer its own, without a correction" in line]


def test_a_corrected_address_is_in_order(cast, ada):
    asked = asking.ask_for_address(account=ada.user, new_address="ada@uni.example", reason="Moved.", actor=cast.editor)
    deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how="She called.")
    assert list(integrity.faults()) == []


def test_only_the_last_signature_of_each_account_is_read(cast, ada):
    """A site with 100,000 articles has more signatures than fit into the memory that the check may use."""
    newsroom.published(cast)
    with CaptureQueriesContext(connection) as queries:
        assert list(corrections.faults()) == []
    [read] = [query["sql"] for query in queries if "account_email" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(read)
        rows = cursor.fetchall()
    assert len(rows) == Signature.objects.order_by().values("account").distinct().count() < Signature.objects.count()
