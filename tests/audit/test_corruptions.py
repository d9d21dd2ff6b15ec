"""check_integrity finds every one of these corruptions of the database and of the stored pictures."""

from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from audit.integrity import faults
from core.db import triggers
from tests.admin_forms import picture
from tests.audit.corruptions import Corruption
from tests.audit.corruptions.of_files import EXCHANGED, FILES, MISSING
from tests.audit.corruptions.of_publications import ADDRESSES, LOG, PUBLICATIONS
from tests.audit.corruptions.of_reviews import ROUNDS
from tests.audit.corruptions.of_texts import TEXTS
from tests.audit.scene import copies_of, scene
from tests.audit.tampering import check, unguarded, without_constraints
from tests.conftest import ALL_GUARDS

pytestmark = pytest.mark.sqlite_is_enough
EVERY = tuple(chain(TEXTS, ROUNDS, PUBLICATIONS, LOG, ADDRESSES))


def test_the_site_is_in_order_before_anything_is_corrupted(db, capsys):
    scene()
    call_command("check_integrity")
    assert "every one shows what its reviewers approved" in capsys.readouterr().out


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_a_corruption_is_found(db, one: Corruption, capsys):
    there = scene()
    assert there["waiver"], "the scene has no answer to a warning"
    with without_constraints("articles_publication"), unguarded(), connection.cursor() as cursor:
        for statement in one.statements:
            cursor.execute(statement.format(**there))
    lines, ended = check(capsys)

    assert [line for line in lines if one.line in line], lines
    assert not [line for line in lines if "In order" in line and "Tampered with" not in line and "in-order" not in line]


def test_an_approval_that_is_gone_is_found(db):
    """The database would refuse this at the commit, so it is rolled back."""
    there = scene()
    with transaction.atomic():
        triggers.remove(ALL_GUARDS, connection)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_signatory WHERE approval_id = %s", [there["approval"]])
            cursor.execute("DELETE FROM articles_approval WHERE id = %s", [there["approval"]])
        lines = [str(fault) for fault in faults()]
        transaction.set_rollback(True)

    assert [line for line in lines if "its approval is gone" in line]
    assert [line for line in lines if line.startswith("sealed log") and "is about a row that is gone" in line]


@pytest.mark.parametrize("name", FILES)
def test_an_exchanged_file_is_found(db, name, capsys):
    there = scene()
    Path(settings.MEDIA_ROOT, str(there[name])).write_bytes(picture("red").read())
    lines, _ = check(capsys)

    assert [found for found in lines if EXCHANGED in found and Path(str(there[name])).name in found]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_found(db, name, capsys):
    there = scene()
    Path(settings.MEDIA_ROOT, str(there[name])).unlink()
    lines, _ = check(capsys)

    assert [found for found in lines if MISSING in found and Path(str(there[name])).name in found]


@pytest.mark.parametrize("place", range(4))
def test_an_exchanged_rendition_is_found(db, place, capsys):
    there = scene()
    name = copies_of(str(there["inline"]))[place]
    Path(settings.MEDIA_ROOT, name).write_bytes(picture("red").read())
    lines, _ = check(capsys)

    assert [line for line in lines if f"the copy {Path(name).name} is not the one that was made of its picture" in line]
