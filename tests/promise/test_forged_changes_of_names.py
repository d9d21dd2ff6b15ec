"""Attempts to use changes of names to put a scientist's name under a text that they did not approve.

By an editor, a writer, an advisor, and somebody who writes to the database. In all tests but the last few, the attacker
uses the functions of the site.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from advisors.models import Advisor, Review
from advisors.personal_data import erasing
from advisors.quorum import standing
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import (
    Article,
    Author,
    Byline,
    Erasure,
    ErasureRecord,
    NameChange,
    NameChangeDecision,
    Signatory,
    SignedName,
)
from articles.models.names import new_commitment
from articles.names import changes
from core.db.immutable import Immutable
from tests import newsroom

HOW = "Called the institute."
FAMOUS = "Prof Famous"


@pytest.fixture
def article(cast) -> Iterator[Article]:
    """Return a published article; after the attempt, check that readers see only the names of those who signed it."""
    yield newsroom.published(cast)
    assert {row.name for row in Signatory.objects.all()} <= {"Dr Ada", "Dr Ben"}
    assert {row.name for row in Byline.objects.all()} <= {"Wanda Writer"}


@pytest.fixture
def ada(cast, article) -> User:
    return cast.advisors[0].user


@pytest.fixture
def asked(ada) -> NameChange:
    """Return Ada's own request, which nobody has decided on."""
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Zelda Quill")
    return change


def refused(message: str, act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        act()


def sql(statement: str, *values: object) -> Callable[[], object]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return execute


def stored(user: User, name: str) -> SignedName:
    return SignedName.objects.create(account=user, name=name, **new_commitment(name))


def test_an_editor_does_not_ask_in_the_name_of_an_advisor(cast, ada):
    for actor in (cast.editor, cast.admin, cast.writer, cast.advisors[1].user):
        with pytest.raises(NotPermitted, match="themselves"):
            changes.ask(person=ada, actor=actor, name=FAMOUS)


def test_an_editor_does_not_ask_for_an_author_who_has_an_account(cast, article):
    with pytest.raises(NotPermitted, match="themselves"):
        changes.ask(person=cast.author, actor=cast.editor, name=FAMOUS)


def test_nobody_confirms_their_own_change(cast, ada, asked):
    ada.groups.set(cast.editor.groups.all())
    ada = User.objects.get(pk=ada.pk)
    assert ada.has_perm("articles.edit_all_articles")
    with pytest.raises(NotPermitted, match="Somebody else"):
        changes.confirm(change=asked, actor=ada, how=HOW)


def test_an_editor_who_asked_for_an_author_does_not_confirm_it(cast):
    cast.author.user = None
    cast.author.save()
    newsroom.published(cast)
    (change,) = changes.ask(person=cast.author, actor=cast.editor, name=FAMOUS)
    with pytest.raises(NotPermitted, match="Somebody else"):
        changes.confirm(change=change, actor=cast.editor, how=HOW)
    assert Byline.objects.get().name == "Wanda Writer"


@pytest.mark.parametrize("who", ["writer", "colleague", "outsider", "advisor", "former_editor"])
def test_only_editors_and_administrators_confirm(cast, asked, who):
    cast.editor.is_active = False
    actor = {"advisor": cast.advisors[1].user, "former_editor": cast.editor}.get(who) or getattr(cast, who)
    with pytest.raises(NotPermitted):
        changes.confirm(change=asked, actor=actor, how=HOW)


def test_whoever_added_an_advisor_to_the_board_does_not_confirm_their_name(cast, article):
    invented = Advisor.objects.create(name="Dr Eve", slug="eve", user=newsroom.user("eve"), added_by=cast.editor)
    newsroom.prepare(invented)
    newsroom.vouch(invented)
    (change,) = changes.ask(person=invented.user, actor=invented.user, name=FAMOUS)
    with pytest.raises((NotPermitted, IntegrityError), match="added"), transaction.atomic():
        changes.confirm(change=change, actor=cast.editor, how=HOW)
    assert not NameChangeDecision.objects.exists()


def test_a_confirmation_says_how_the_person_was_checked(cast, asked):
    for empty in ("", " ", "\u00a0"):
        with pytest.raises(InvalidTransition, match="how"):
            changes.confirm(change=asked, actor=cast.admin, how=empty)


def test_a_change_that_was_declined_is_not_confirmed_later(cast, asked):
    changes.decline(change=asked, actor=cast.admin)
    with pytest.raises(InvalidTransition, match="decided"):
        changes.confirm(change=asked, actor=cast.admin, how=HOW)


def test_a_profile_renamed_by_an_editor_gets_nothing_that_was_signed(cast, ada):
    for profile in (cast.author, cast.advisors[0]):
        profile.name = FAMOUS
        profile.save()
    assert Signatory.objects.get(user=ada).name == "Dr Ada"


def test_an_advisor_who_asks_for_the_name_of_a_scientist_gets_no_verdict_counted_under_it(cast, ada):
    article = newsroom.in_review(cast, slug="another")
    changes.ask(person=ada, actor=ada, name=FAMOUS)
    cast.advisors[0].name = FAMOUS
    cast.advisors[0].save()
    review = Review.objects.get(submission__article=article, advisor__user=ada)
    newsroom.verdict(review)
    assert "vouched" in standing.why_not_counted(review.submission)[review.pk].in_words


def test_the_page_of_a_decision_is_for_editors_only(client, cast, ada, asked):
    address = reverse("admin:articles_name_decide", args=[asked.pk])
    for person in (cast.writer, cast.advisors[1].user, ada):
        client.force_login(person)
        assert client.post(address, {"answer": "confirm", "how": HOW}).status_code == 403
    assert not NameChangeDecision.objects.exists()


# By somebody who writes to the database


def test_a_name_is_never_rewritten_or_deleted(ada):
    row = SignedName.objects.get(account=ada)
    for change in ("name = 'Prof Famous'", "salt = 'ab'", "commitment = 'ab'", "account_id = NULL", "name = name"):
        refused("never changed", sql(f"UPDATE articles_signedname SET {change} WHERE id = %s", row.pk))
    refused("never deleted", sql("DELETE FROM articles_signedname WHERE id = %s", row.pk))
    row.name = FAMOUS
    for act in (row.save, row.delete, lambda: SignedName.objects.update(name=FAMOUS)):
        with pytest.raises(Immutable):
            act()


def test_a_name_is_not_shown_as_another_without_a_confirmed_change(cast, ada, asked):
    row, famous = SignedName.objects.get(pk=asked.before_id), stored(ada, FAMOUS)
    refused("confirmed change", lambda: SignedName.objects.lead(row, famous))
    refused("confirmed change", lambda: SignedName.objects.lead(row, asked.after))
    changes.decline(change=asked, actor=cast.admin)
    refused("confirmed change", lambda: SignedName.objects.lead(row, asked.after))


def test_a_confirmed_change_leads_to_the_name_that_was_confirmed_and_to_no_other(cast, ada, asked):
    famous, ben = stored(ada, FAMOUS), SignedName.objects.get(account=cast.advisors[1].user)
    sql(
        "INSERT INTO articles_namechangedecision (change_id, is_confirmed, decided_by_id, decided_at, how) "
        "VALUES (%s, TRUE, %s, %s, %s)",
        *(asked.pk, cast.admin.pk, timezone.now(), HOW),
    )()
    statement = "UPDATE articles_signedname SET shown_as_id = %s WHERE id = %s"
    for other in (famous, ben):
        refused("except by a confirmed change", sql(statement, other.pk, asked.before_id))
    with transaction.atomic():
        sql(statement, asked.after_id, asked.before_id)()
        assert SignedName.objects.get(pk=asked.before_id).shown_as == asked.after
        transaction.set_rollback(True)


def test_a_change_does_not_lead_to_the_name_of_another_person(cast, ada):
    row, ben = SignedName.objects.get(account=ada), SignedName.objects.get(account=cast.advisors[1].user)
    refused("of the same person", NameChange(before=row, after=ben, asked_by=ada).save)


def test_a_change_is_not_asked_for_by_somebody_else(cast, ada):
    row, famous = SignedName.objects.get(account=ada), stored(ada, FAMOUS)
    for actor in (cast.editor, cast.admin, cast.advisors[1].user):
        refused("themselves", lambda actor=actor: NameChange.objects.create(before=row, after=famous, asked_by=actor))


def test_a_decision_is_not_inserted_for_the_wrong_people(cast, ada, asked):
    for actor, message in (
        (ada, "only editors|asked for"),
        (cast.writer, "only editors"),
        (cast.advisors[1].user, "only editors"),
    ):
        row = NameChangeDecision(change=asked, is_confirmed=True, decided_by=actor, how=HOW)
        refused(message, row.save)
    ada.is_superuser = True
    ada.save()
    refused("their own name", NameChangeDecision(change=asked, is_confirmed=True, decided_by=ada, how=HOW).save)


def test_a_change_and_its_decision_are_never_changed_or_deleted(cast, asked):
    changes.decline(change=asked, actor=cast.admin)
    for table, column in (("namechange", "after_id"), ("namechangedecision", "is_confirmed")):
        refused("never changed", sql(f"UPDATE articles_{table} SET {column} = {column}"))
        refused("never deleted", sql(f"DELETE FROM articles_{table}"))


def test_a_byline_is_not_inserted_under_another_name(cast, article):
    byline = newsroom.draft(cast, slug="another").head().bylines.get()
    famous = stored(cast.writer, FAMOUS)
    refused(
        "under the name that its author has",
        sql(
            "INSERT INTO articles_byline (revision_id, author_id, account_id, position, signed_name_id, credentials, "
            "photo) VALUES (%s, %s, %s, 5, %s, '', '')",
            *(byline.revision_id, byline.author_id, byline.account_id, famous.pk),
        ),
    )


def test_a_new_name_is_not_inserted_as_another(cast, ada):
    row = SignedName.objects.get(account=ada)
    refused(
        "neither been changed nor erased",
        lambda: SignedName.objects.create(account=ada, name=FAMOUS, shown_as=row, **new_commitment(FAMOUS)),
    )


# Erasures


def test_a_name_is_not_erased_without_an_erasure_by_two_superusers(cast, ada):
    row = SignedName.objects.filter(account=ada)
    refused("an erasure", lambda: row.erase(timezone.now()))
    refused("only superusers", Erasure(account=ada, asked_by=cast.editor, reason="No longer wanted.").save)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    Advisor.objects.update(is_active=False)
    person = User.objects.get(pk=ada.pk)
    with pytest.raises(NotPermitted):
        erasing.ask(person=person, actor=cast.editor, reason="I say so.")
    erasure = erasing.ask(person=person, actor=cast.admin, reason="She asked for it.")
    refused("an erasure", lambda: row.erase(timezone.now()))
    for actor in (cast.admin, cast.editor, person):
        with pytest.raises(NotPermitted):
            erasing.carry_out(erasure=erasure, actor=actor)
        refused("another superuser", ErasureRecord(erasure=erasure, done_by=actor, erased={}, kept="").save)


def test_somebody_who_still_signs_is_not_erased(cast, ada):
    with pytest.raises(InvalidTransition, match="deactivate"):
        erasing.ask(person=ada, actor=cast.admin, reason="She asked for it.")
    assert not Author.objects.filter(name="Name removed").exists()
