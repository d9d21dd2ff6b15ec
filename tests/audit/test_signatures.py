"""check_integrity compares each name on a page with the signature behind it, and with what that rests on."""

import pytest
from django.utils import timezone

from advisors.guards import DETAILS
from advisors.models import Advisor, Disclosure, Signature
from articles.models import Signatory, SignedName
from articles.models.names import new_commitment
from audit.integrity.reviews import IN_WORDS
from tests.audit.tampering import check, names, tamper, tells


@pytest.fixture
def ada(article) -> Signatory:
    return Signatory.objects.get(approval__revision__article=article, user__advisor__slug="ada")


@pytest.fixture
def signature(article) -> Signature:
    return Signature.objects.get(review__submission__article=article, review__advisor__slug="ada")


def another_name(signatory: Signatory, name: str) -> SignedName:
    """Store a name for the account of this signatory, whatever their profile says, and return it."""
    return SignedName.objects.create(account=signatory.user, name=name, **new_commitment(name))


@pytest.mark.parametrize("detail", DETAILS)
def test_what_the_page_shows_of_a_reviewer_was_changed(article, ada, capsys, detail):
    tamper(f"UPDATE articles_signatory SET {detail} = %s WHERE id = %s", "forged", ada.pk)
    lines, _ = check(capsys)

    assert len(lines) == 1 and names(lines[0], article)
    assert f"the {IN_WORDS.get(detail, detail)} of " in lines[0] and "is not the one that was signed" in lines[0]


def test_the_name_of_a_reviewer_was_changed_on_the_page(article, ada, capsys):
    famous = another_name(ada, "Prof Famous")
    tamper("UPDATE articles_signatory SET signed_name_id = %s WHERE id = %s", famous.pk, ada.pk)
    lines, _ = check(capsys)

    assert any("the name of Prof Famous, PhD is not the one that was signed" in line for line in lines)
    assert all(names(line, article) for line in lines)


def test_a_signatory_was_dated_differently_from_the_verdict(article, ada, capsys):
    tamper("UPDATE articles_signatory SET signed_at = %s WHERE id = %s", timezone.now(), ada.pk)
    lines, _ = check(capsys)

    assert len(lines) == 2 and "signed at another time than the verdict was given" in lines[0]
    assert lines[1].endswith("says otherwise than the rows: signatories")


def test_the_account_of_an_advisor_was_moved_after_they_had_signed(cast, article, capsys):
    tamper("UPDATE advisors_advisor SET user_id = %s WHERE slug = 'ada'", cast.editor.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article)]
    assert "Dr Ada, PhD signed with an account that is no longer that of the advisor" in lines[0]


def test_the_name_was_changed_on_the_page_and_in_the_signature(article, ada, signature, capsys):
    famous = another_name(ada, "Prof Famous")
    tamper("UPDATE articles_signatory SET signed_name_id = %s WHERE id = %s", famous.pk, ada.pk)
    tamper("UPDATE advisors_signature SET signed_name_id = %s WHERE id = %s", famous.pk, signature.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "nobody had vouched for Prof Famous, PhD when the board decided")


def test_the_disclosure_was_changed_on_the_page_and_in_the_signature(article, ada, signature, capsys):
    tamper("UPDATE articles_signatory SET disclosure = 'None at all.' WHERE id = %s", ada.pk)
    tamper("UPDATE advisors_signature SET disclosure = 'None at all.' WHERE id = %s", signature.pk)
    lines, _ = check(capsys)

    assert tells(lines, article, "the disclosure of Dr Ada, PhD is not the one that they made")


def test_a_disclosure_of_later_is_not_held_against_what_was_signed_before(article, capsys):
    ada = Advisor.objects.get(slug="ada")
    Disclosure.objects.create(advisor=ada, valid_until=timezone.localdate())
    tamper("UPDATE advisors_advisor SET disclosure = 'Something new.' WHERE id = %s", ada.pk)
    tamper("UPDATE articles_article SET stage = 'draft' WHERE id = %s", article.pk)
    tamper("UPDATE articles_article SET stage = 'in_review' WHERE id = %s", article.pk)
    lines, _ = check(capsys)

    assert not [line for line in lines if names(line, article) and "disclosure" in line]
    assert "advisor Dr Ada: its disclosure was changed past its history" in lines


def test_the_vouch_was_deleted(article, ada, capsys):
    tamper("DELETE FROM advisors_vouch WHERE advisor_id = %s", ada.user.advisor.pk)
    lines, _ = check(capsys)

    assert [line for line in lines if names(line, article)]
    assert all("nobody had vouched for Dr Ada, PhD when the board decided" in line for line in lines)


def test_the_signature_was_deleted(article, signature, capsys):
    tamper("DELETE FROM advisors_signature WHERE id = %s", signature.pk)
    lines, _ = check(capsys)

    assert any("the verdict of Dr Ada, PhD is not signed" in line and names(line, article) for line in lines)
    assert any("Dr Ada, PhD is named as a reviewer and gave no approving verdict" in line for line in lines)


def test_a_verdict_was_marked_as_taken_back_after_the_decision(article, signature, capsys):
    tamper("UPDATE advisors_review SET taken_back_at = %s WHERE id = %s", timezone.now(), signature.review_id)
    lines, _ = check(capsys)

    assert all(names(line, article) for line in lines if not line.startswith("sealed log"))
    assert any("Dr Ada, PhD is named as a reviewer and gave no approving verdict" in line for line in lines)
    assert any("the verdict of Dr Ada, PhD was taken back after the board had decided" in line for line in lines)
    assert any("the verdict of Dr Ada, PhD was taken back and the log does not say so" in line for line in lines)
