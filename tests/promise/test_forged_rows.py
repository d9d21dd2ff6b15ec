"""Attempts to forge names and approvals by somebody who writes to the database: each statement is refused.

The guards are in place here. What happens when somebody takes them away first is in tests/audit.
"""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from advisors import panel
from advisors.corrections import asking, deciding
from advisors.models import Advisor, Review, Signature, Vouch
from articles.models import Approval, Article, Author, Byline, Signatory, SignedName, Submission, Topic
from articles.models.names import new_commitment
from tests import newsroom
from tests.articles import rows

DETAILS = "signed_name_id, credentials, job_title, affiliation, disclosure, photo"
GIVEN = "comments, waivers, given_digest, salt"


@pytest.fixture
def article(cast) -> Article:
    """Return an article in review that one of two advisors has approved."""
    article = newsroom.in_review(cast)
    newsroom.verdict(Review.objects.get(submission__article=article, advisor__slug="ada"))
    return article


def refused(message: str, statement: str, *values: object) -> None:
    """Execute a statement, and expect that the database refuses it with this message."""
    with pytest.raises(IntegrityError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def named(account: User, name: str) -> SignedName:
    """Store a name for this account, whatever its profile says, and return it."""
    return SignedName.objects.create(account=account, name=name, **new_commitment(name))


def test_nobody_else_s_name_is_signed(cast, article):
    ben = Review.objects.get(submission__article=article, advisor__slug="ben")
    statement = (
        f"INSERT INTO advisors_signature (review_id, account_id, means, account_email, link_email, {GIVEN}, {DETAILS}) "
        f"SELECT %s, %s, 'password', %s, '', '[]', '[]', '{64 * 'f'}', '{32 * 'f'}', %s, credentials, job_title, "
        "affiliation, disclosure, photo "
        "FROM advisors_advisor WHERE id = %s"
    )
    message = "signed with the account and the details that the advisor has"
    account = cast.advisors[1].user
    name = SignedName.objects.stored(ben.advisor).pk
    famous = named(account, "Prof Famous")
    refused(message, statement, ben.pk, cast.editor.pk, cast.editor.email, name, ben.advisor_id)
    refused(message, statement, ben.pk, cast.editor.pk, account.email, name, ben.advisor_id)
    refused(message, statement, ben.pk, account.pk, "other@example.org", name, ben.advisor_id)
    refused(message, statement, ben.pk, account.pk, account.email, famous.pk, ben.advisor_id)
    refused(message, statement, ben.pk, account.pk, account.email, named(cast.editor, "Dr Ben").pk, ben.advisor_id)


def test_a_verdict_without_a_signature_is_refused(cast, article):
    ben = Review.objects.get(submission__article=article, advisor__slug="ben")
    digest = article.head().digest
    refused(
        "has to be signed",
        "UPDATE advisors_review SET response = 'accepted', responded_at = %s, conflict = 'none', verdict = 'approve', "
        "verdict_at = %s, digest = %s WHERE id = %s",
        *(timezone.now(), timezone.now(), digest, ben.pk),
    )


def test_a_signature_is_never_added_after_the_verdict_changed_or_deleted(cast, article):
    ada = Signature.objects.get()
    for statement in (
        "UPDATE advisors_signature SET signed_name_id = signed_name_id WHERE id = %s",
        "UPDATE advisors_signature SET disclosure = 'None.' WHERE id = %s",
        "UPDATE advisors_signature SET account_id = account_id WHERE id = %s",
    ):
        refused("the signature of a verdict is never changed", statement, ada.pk)
    refused("the signature of a verdict is never deleted", "DELETE FROM advisors_signature WHERE id = %s", ada.pk)
    refused(
        "cannot be signed after it was given",
        f"INSERT INTO advisors_signature (review_id, account_id, means, account_email, link_email, {GIVEN}, {DETAILS}) "
        f"SELECT review_id, account_id, means, account_email, link_email, {GIVEN}, {DETAILS} FROM advisors_signature",
    )


def test_the_account_of_an_advisor_who_signed_is_never_moved(cast, article):
    refused(
        "after they have signed",
        "UPDATE advisors_advisor SET user_id = %s WHERE id = %s",
        *(cast.editor.pk, cast.advisors[0].pk),
    )


def test_the_account_of_an_author_who_wrote_is_never_moved_or_emptied(cast, article):
    for account in (None, cast.colleague.pk):
        refused(
            "after they have written under it",
            "UPDATE articles_author SET user_id = %s WHERE id = %s",
            *(account, cast.author.pk),
        )


def test_a_byline_names_the_account_of_its_author(cast):
    article = newsroom.draft(cast)
    for account, holder in ((None, {"author": cast.author}), (cast.colleague.pk, {"account": cast.colleague})):
        name = SignedName.objects.create(**holder, name=cast.author.name, **new_commitment(cast.author.name))
        refused(
            "the account of its author",
            "INSERT INTO articles_byline (revision_id, author_id, account_id, position, signed_name_id, credentials) "
            "VALUES (%s, %s, %s, 5, %s, '')",
            *(article.head().pk, cast.author.pk, account, name.pk),
        )
    assert Byline.objects.get().account == cast.writer


def test_a_vouch_by_the_wrong_person_or_for_another_identity_is_refused(cast):
    ada = cast.advisors[0]
    Advisor.objects.create(name="Prof Famous", slug="famous", user=cast.outsider, added_by=cast.editor)
    famous = Advisor.objects.get(slug="famous")
    statement = (
        "INSERT INTO advisors_vouch (advisor_id, account_id, address, signed_name_id, vouched_by_id, vouched_by_name, "
        "vouched_at, how) VALUES (%s, %s, %s, %s, %s, 'Somebody', CURRENT_TIMESTAMP, 'Met.')"
    )

    def of(advisor: Advisor, by, **other: object) -> tuple:
        name = SignedName.objects.stored(advisor).pk
        row = {"account": advisor.user_id, "address": advisor.user.email, "name": name, **other}
        return (advisor.pk, row["account"], row["address"], row["name"], by.pk)

    refused("whom they added", statement, *of(famous, cast.editor))
    for person in (cast.writer, cast.advisors[1].user, cast.outsider):
        refused("only editors and administrators|vouch_for_somebody_else", statement, *of(famous, person))
    for wrong in ({"account": cast.editor.pk}, {"address": "x@example.org"}, {"name": named(ada.user, "Dr Eve").pk}):
        refused("that the advisor has", statement, *of(ada, cast.admin, **wrong))


def test_a_vouch_is_never_changed_or_deleted(cast):
    refused("never changed", "UPDATE advisors_vouch SET signed_name_id = signed_name_id")
    refused("never deleted", "DELETE FROM advisors_vouch")


def test_who_added_an_advisor_is_never_changed(cast):
    Advisor.objects.filter(pk=cast.advisors[0].pk).update(is_active=True)
    refused("who added an advisor", "UPDATE advisors_advisor SET added_by_id = %s", cast.editor.pk)


@pytest.fixture
def approval(cast, article) -> Approval:
    """Return an approval without signatories, as somebody would insert it by hand."""
    submission = Submission.objects.get(article=article)
    revision = submission.revision
    return Approval.objects.create(
        submission=submission, revision=revision, digest=revision.digest, approved_at=timezone.now()
    )


def sign(approval: Approval, review: Review, **other: object) -> Callable[[], object]:
    """Return a function that inserts the signatory of a review, with `other` in place of what was signed."""
    signature = review.signature
    row = {
        **{name: getattr(signature, name) for name in DETAILS.split(", ")},
        "user_id": signature.account_id,
        "digest": review.digest,
        "signed_at": review.verdict_at,
        "photo": "",
        **other,
    }
    return lambda: Signatory.objects.create(approval=approval, position=0, **row)


def fails(message: str, act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        act()


def test_a_signatory_stands_as_the_verdict_was_signed(cast, approval):
    ada = Review.objects.get(advisor__slug="ada")
    wrong = {
        "signed_name_id": named(ada.advisor.user, "Prof Famous").pk,
        "credentials": "MD",
        "job_title": "President",
        "affiliation": "Oxford",
        "disclosure": "None.",
        "photo": "people/x.jpg",
        "signed_at": timezone.now(),
    }
    for name, value in wrong.items():
        fails("stand as the verdict was signed", sign(approval, ada, **{name: value}))
    fails("an approving verdict|stand as|vouches for|on the board", sign(approval, ada, user_id=cast.editor.pk))
    sign(approval, ada)()


def test_a_signatory_is_on_the_board_when_it_decides(cast, approval):
    ada = Review.objects.get(advisor__slug="ada")
    Advisor.objects.filter(slug="ada").update(is_active=False)
    fails("on the board when it decides", sign(approval, ada))
    Advisor.objects.filter(slug="ada").update(is_active=True)
    type(cast.writer).objects.filter(advisor__slug="ada").update(is_active=False)
    fails("on the board when it decides", sign(approval, ada))


def test_a_signatory_needs_somebody_who_vouches_for_them(cast):
    stranger = newsroom.user("stranger")
    famous = Advisor.objects.create(name="Prof Famous", slug="famous", user=stranger)
    newsroom.prepare(famous)
    article = newsroom.in_review(cast)
    panel.assign(article=article, advisor=famous, actor=cast.editor)
    newsroom.verdict(Review.objects.get(advisor=famous))
    submission = Submission.objects.get()
    approval = Approval.objects.create(
        submission=submission,
        revision=submission.revision,
        digest=submission.revision.digest,
        approved_at=timezone.now(),
    )
    fails("somebody who vouches", sign(approval, Review.objects.get(advisor=famous)))
    assert not Vouch.objects.filter(advisor=famous).exists()


def test_nobody_signs_a_text_that_they_wrote_or_edited(cast, approval):
    ada = Review.objects.get(advisor__slug="ada")
    with transaction.atomic():
        Article.objects.filter(pk=approval.revision.article_id).update(created_by=cast.advisors[0].user)
        fails("nobody can approve a text that they wrote", sign(approval, ada))


@pytest.mark.parametrize("byline", ["their account", "an account that was theirs", "an author page of theirs"])
def test_nobody_signs_a_text_on_whose_byline_they_stand(cast, byline):
    ada, ben, _ = cast.advisors
    page = Author.objects.get(pk=cast.author.pk)
    page.user = None if byline == "an author page of theirs" else ada.user
    page.save()
    approval = rows.bare_approval(cast)
    if byline == "an account that was theirs":
        asked = asking.ask_for_account(subject=page, new_account=cast.writer, reason="Mixed up.", actor=cast.editor)
        deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how="Called.")
    elif byline == "an author page of theirs":
        page.user = ada.user
        page.save()
    for advisor in (ada, ben):
        rows.review(approval, advisor)
    statement = (
        f"INSERT INTO articles_signatory (approval_id, user_id, position, digest, signed_at, {DETAILS}) "
        f"SELECT %s, account_id, 0, digest, verdict_at, {DETAILS} FROM advisors_signature s "
        "JOIN advisors_review v ON v.id = s.review_id WHERE v.advisor_id = %s"
    )
    refused("nobody can approve a text that they wrote", statement, approval.pk, ada.pk)
    with connection.cursor() as cursor:
        cursor.execute(statement, [approval.pk, ben.pk])


def test_the_terms_of_a_round_are_never_changed_by_hand(cast):
    Topic.objects.update(needs_specialist=True)
    cast.advisors[0].specialties.add(cast.topic)
    submission = newsroom.in_review(cast).submissions.get()
    other = Topic.objects.create(name="Skin", slug="skin")
    refused("never changed", "UPDATE articles_submission SET quorum = 1 WHERE id = %s", submission.pk)
    refused("never deleted", "DELETE FROM articles_submission_specialists")
    refused("never changed", "UPDATE articles_submission_specialists SET topic_id = topic_id")
    refused(
        "cannot be added to after it was submitted",
        "INSERT INTO articles_submission_specialists (submission_id, topic_id) VALUES (%s, %s)",
        *(submission.pk, other.pk),
    )
    refused(
        "only with an entry in the log",
        "INSERT INTO articles_termschange (submission_id, quorum_before, quorum, reason, changed_by_id, "
        "changed_by_name, changed_at) VALUES (%s, 2, 1, 'Because.', %s, 'Editor', %s)",
        *(submission.pk, cast.editor.pk, timezone.now()),
    )
