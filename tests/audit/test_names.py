"""check_integrity compares each name with its commitment, its bearer, and the changes that were confirmed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Byline, NameChange, SignedName
from articles.models.names import new_commitment
from articles.names import changes
from tests.audit.tampering import check, tamper, unchecked

HOW = "Called her at the institute."


@pytest.fixture
def ada(cast, article) -> SignedName:
    """Return the name that Ada signed under before she changed it."""
    user = cast.advisors[0].user
    (change,) = changes.ask(person=user, actor=user, name="Dr Zelda Quill")
    changes.confirm(change=change, actor=cast.admin, how=HOW)
    return SignedName.objects.get(pk=change.before_id)


def lines(capsys) -> list[str]:
    return check(capsys)[0]


def test_the_name_was_changed_in_its_row(ada, capsys):
    tamper("UPDATE articles_signedname SET name = 'Prof Famous' WHERE id = %s", ada.shown_as_id)
    assert lines(capsys) == [f"signed name {ada.shown_as_id}: the name is not the one that was signed"]


@pytest.mark.parametrize("column", ["salt", "commitment"])
def test_the_salt_or_the_commitment_was_changed(ada, capsys, column):
    tamper(f"UPDATE articles_signedname SET {column} = %s WHERE id = %s", "ab" * 32, ada.pk)
    assert f"signed name {ada.pk}: the name is not the one that was signed" in lines(capsys)


def test_a_name_and_its_commitment_were_changed_together(cast, article, capsys):
    byline = Byline.objects.filter(revision__article=article).get()
    forged = new_commitment("Prof Famous")
    tamper(
        "UPDATE articles_signedname SET name = 'Prof Famous', salt = %s, commitment = %s WHERE id = %s",
        *(forged["salt"], forged["commitment"], byline.signed_name_id),
    )
    assert any("does not match its digest" in line and article.slug in line for line in lines(capsys))


def test_an_erased_name_is_still_there(ada, capsys):
    with unchecked("articles_signedname", "signed_name_is_whole_or_erased"):
        tamper("UPDATE articles_signedname SET erased_at = %s WHERE id = %s", timezone.now(), ada.pk)
        assert f"signed name {ada.pk}: the name was erased and is still there" in lines(capsys)
        tamper("UPDATE articles_signedname SET erased_at = NULL WHERE id = %s", ada.pk)


def test_a_name_was_erased_without_a_record(ada, capsys):
    tamper("UPDATE articles_signedname SET erased_at = %s, name = '', salt = '' WHERE id = %s", timezone.now(), ada.pk)
    assert lines(capsys) == [f"signed name {ada.pk}: the name was erased and nobody has recorded it"]


def test_a_name_was_given_to_another_account(cast, ada, article, capsys):
    tamper("UPDATE articles_signedname SET account_id = %s WHERE id = %s", cast.editor.pk, ada.pk)
    found = lines(capsys)
    assert any("the verdict is signed under the name of somebody else" in line for line in found)
    assert any("leads from the name of one person to that of another" in line for line in found)


def test_a_byline_was_put_under_the_name_of_somebody_else(cast, ada, article, capsys):
    byline = Byline.objects.filter(revision__article=article).get()
    tamper("UPDATE articles_byline SET signed_name_id = %s WHERE id = %s", ada.pk, byline.pk)
    assert any(
        "the byline is under the name of somebody else" in line and article.slug in line for line in lines(capsys)
    )


def test_a_name_is_shown_as_another_without_a_change(cast, article, capsys):
    ben = SignedName.objects.get(account=cast.advisors[1].user)
    famous = SignedName.objects.create(account=ben.account, name="Prof Famous", **new_commitment("Prof Famous"))
    tamper("UPDATE articles_signedname SET shown_as_id = %s WHERE id = %s", famous.pk, ben.pk)
    assert lines(capsys) == [f"signed name {ben.pk}: is shown under another name than confirmed changes lead to"]


def test_the_decision_was_turned_or_deleted(ada, capsys):
    tamper("UPDATE articles_namechangedecision SET is_confirmed = %s", False)
    assert f"signed name {ada.pk}: is shown under another name than confirmed changes lead to" in lines(capsys)
    tamper("DELETE FROM articles_namechangedecision")
    assert f"signed name {ada.pk}: is shown under another name than confirmed changes lead to" in lines(capsys)


def test_the_change_was_turned_round(ada, capsys):
    tamper("UPDATE articles_namechange SET before_id = %s, after_id = %s", ada.shown_as_id, ada.pk)
    assert f"signed name {ada.pk}: is shown under another name than confirmed changes lead to" in lines(capsys)


def test_a_confirmed_change_was_asked_for_by_somebody_else(cast, ada, capsys):
    tamper("UPDATE articles_namechange SET asked_by_id = %s", cast.editor.pk)
    assert any("the person whose name it is did not ask for it" in line for line in lines(capsys))


def test_a_change_was_confirmed_by_the_person_who_asked_for_it(cast, ada, capsys):
    tamper("UPDATE articles_namechangedecision SET decided_by_id = %s", ada.account_id)
    found = lines(capsys)
    assert any("was confirmed by the person who asked for it" in line for line in found)
    assert any("whoever confirmed it did not vouch for the advisor" in line for line in found)


def test_a_change_was_confirmed_before_it_was_asked_for(ada, capsys):
    tamper("UPDATE articles_namechangedecision SET decided_at = %s", timezone.now() - timedelta(days=2))
    assert any("was confirmed before it was asked for" in line for line in lines(capsys))


def test_the_vouch_for_the_new_name_was_deleted(ada, capsys):
    tamper("DELETE FROM advisors_vouch WHERE signed_name_id = %s", ada.shown_as_id)
    assert lines(capsys) == [
        f"change of name {NameChange.objects.get().pk}: whoever confirmed it did not vouch for the advisor"
    ]
