"""A correction of an account and a change of a name that are open for one person: the correction goes first."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from advisors.corrections import asking, deciding
from advisors.models import AccountCorrection, Advisor, CorrectionOutcome, Review
from advisors.personal_data import kept_data
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import (
    Article,
    Author,
    Byline,
    NameChange,
    NameChangeDecision,
    Signatory,
    SignedName,
)
from articles.models.names import new_commitment
from articles.names import changes
from audit import integrity
from tests import newsroom
from tests.audit.tampering import unguarded

HOW = "Called her."


@pytest.fixture
def article(cast) -> Article:
    return newsroom.published(cast)


@pytest.fixture
def ada(cast, article) -> User:
    return cast.advisors[0].user


@pytest.fixture
def asked(ada) -> NameChange:
    """Ada's own request for another name, on which nobody has decided."""
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Adam New")
    return change


def correct_address(cast, account: User) -> AccountCorrection:
    return asking.ask_for_address(
        account=account, new_address="new-ada@example.org", reason="She has moved.", actor=cast.editor
    )


def move(cast, account: User) -> AccountCorrection:
    """Ask that the advisor with this account gets another one."""
    new = newsroom.user("new-ada", is_staff=True)
    return asking.ask_for_account(subject=account.advisor, new_account=new, reason="Not hers.", actor=cast.editor)


def confirm(cast, correction: AccountCorrection) -> None:
    deciding.confirm_as_administrator(correction=correction, actor=cast.admin, how="She called.")


def decision(cast, change: NameChange) -> NameChangeDecision:
    """Return a confirmation that no function of the site has checked."""
    return NameChangeDecision(change=change, is_confirmed=True, decided_by=cast.editor, how=HOW)


def faults() -> list[str]:
    return [str(fault) for fault in integrity.faults()]


def test_a_waiting_correction_holds_up_the_confirmation_and_the_name_is_confirmed_after_it(cast, ada, asked):
    correction = correct_address(cast, ada)
    with pytest.raises((InvalidTransition, NotPermitted), match="A correction of this account is waiting"):
        changes.confirm(change=asked, actor=cast.editor, how=HOW)
    confirm(cast, correction)
    changes.confirm(change=asked, actor=cast.editor, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Adam New" and faults() == []


def test_a_correction_that_was_refused_or_ran_out_holds_up_nothing(cast, ada, asked):
    correct_address(cast, ada)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        changes.confirm(change=asked, actor=cast.editor, how=HOW)
    assert faults() == []


def test_a_request_for_a_name_does_not_hold_up_a_correction(cast, ada, asked):
    confirm(cast, correct_address(cast, ada))
    assert User.objects.get(pk=ada.pk).email == "new-ada@example.org" and faults() == []


def test_once_the_advisor_has_another_account_the_name_is_only_declined(cast, ada, asked):
    confirm(cast, move(cast, ada))
    with pytest.raises((InvalidTransition, NotPermitted), match="somebody who has another account now"):
        changes.confirm(change=asked, actor=cast.editor, how=HOW)
    changes.decline(change=asked, actor=cast.editor)
    with pytest.raises(InvalidTransition, match="somebody who has another account now"):
        changes.ask(person=ada, actor=ada, name="Dr Adam New")
    assert Signatory.objects.get(user=ada).name == "Dr Ada" and faults() == []


def test_who_keeps_an_account_changes_their_own_name_on_it_and_not_that_of_the_advisor_who_had_it(cast, ada, asked):
    changes.decline(change=asked, actor=cast.editor)
    author = Author.objects.create(name="Adele Author", slug="adele-author", user=ada)
    article = newsroom.draft(cast, slug="hers")
    article.authors.set([author])
    newsroom.rewrite(cast, article, title="Magnesium in winter")
    confirm(cast, move(cast, ada))
    wanted = changes.ask(person=ada, actor=ada, name="Adele Wright")
    names = {change.before.name for change in wanted}
    assert "Adele Author" in names and "Dr Ada" not in names


def test_the_page_of_the_decision_says_why_it_cannot_be_confirmed(cast, ada, asked):
    correct_address(cast, ada)
    editor = Client()
    editor.force_login(cast.editor)
    page = editor.get(reverse("admin:articles_name_decide", args=[asked.pk])).content.decode()
    assert "A correction of this account is waiting" in page


def test_the_database_refuses_the_confirmation(cast, ada, asked):
    correction = correct_address(cast, ada)
    with pytest.raises(IntegrityError, match="while a correction of the account is waiting"), transaction.atomic():
        decision(cast, asked).save()
    deciding.withdraw(correction=correction, actor=cast.editor)
    confirm(cast, move(cast, ada))
    with pytest.raises(IntegrityError, match="they have now"), transaction.atomic():
        decision(cast, asked).save()
    changes.decline(change=asked, actor=cast.editor)
    with pytest.raises(IntegrityError, match="they have now"), transaction.atomic():
        NameChange.objects.create(before=asked.before, after=asked.after, asked_by=ada)


# The names signed with a former account


@pytest.fixture
def moved(cast, ada, article) -> User:
    """Return the account that Ada has by a confirmed correction, after she has signed with another one."""
    confirm(cast, move(cast, ada))
    account = User.objects.get(email="new-ada@example.org")
    newsroom.vouch(account.advisor)
    return account


def test_a_change_reaches_what_was_signed_with_the_former_account(cast, ada, moved):
    wanted = changes.ask(person=moved, actor=moved, name="Dr Adam New")
    assert {change.before.account for change in wanted} == {ada, moved}
    assert {change.after.account for change in wanted} == {moved}
    changes.confirm(change=wanted[0], actor=cast.editor, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Adam New"
    assert Advisor.objects.get(user=moved).name == "Dr Adam New"
    assert not NameChange.objects.waiting() and faults() == []


def test_it_reaches_what_was_signed_under_an_earlier_name_of_the_former_account(cast, ada, article):
    [first] = changes.ask(person=ada, actor=ada, name="Dr Ada Middle")
    changes.confirm(change=first, actor=cast.editor, how=HOW)
    confirm(cast, move(cast, ada))
    account = User.objects.get(email="new-ada@example.org")
    [change] = changes.ask(person=account, actor=account, name="Dr Adam New")
    changes.confirm(change=change, actor=cast.editor, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Adam New" and faults() == []
    [last] = changes.ask(person=account, actor=account, name="Dr Adam Newer")
    changes.confirm(change=last, actor=cast.editor, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Adam Newer" and faults() == []


def test_it_reaches_what_was_signed_two_accounts_ago(cast, ada, moved):
    [change, *_others] = changes.ask(person=moved, actor=moved, name="Dr Adam New")
    changes.confirm(change=change, actor=cast.editor, how=HOW)
    third = newsroom.user("third-ada", is_staff=True)
    advisor = Advisor.objects.get(user=moved)
    confirm(cast, asking.ask_for_account(subject=advisor, new_account=third, reason="Moved again.", actor=cast.editor))
    assert faults() == []
    [change, *_others] = changes.ask(person=third, actor=third, name="Dr Adam Newest")
    changes.confirm(change=change, actor=cast.editor, how=HOW)
    assert Signatory.objects.get(user=ada).name == "Dr Adam Newest" and faults() == []


def test_the_former_account_keeps_its_own_name_and_gets_no_email_about_the_change(cast, ada, moved):
    before = Email.objects.filter(to=[ada.email]).count()
    [change, *_others] = changes.ask(person=moved, actor=moved, name="Dr Adam New")
    changes.confirm(change=change, actor=cast.editor, how=HOW)
    assert User.objects.get(pk=ada.pk).name == "Ada"
    assert User.objects.get(pk=moved.pk).name == "Dr Adam New"
    assert Email.objects.filter(to=[ada.email]).count() == before
    holder = Advisor.objects.create(name="Dr Mallory", slug="mallory", user=ada)
    assert "Dr Adam New" not in "".join(kept_data.as_json(holder))
    assert "Dr Adam New" in "".join(kept_data.as_json(moved.advisor))


def test_the_names_of_an_author_follow_a_correction_too(cast, article):
    new = newsroom.user("new-wanda", is_staff=True)
    asked = asking.ask_for_account(subject=cast.author, new_account=new, reason="Not hers.", actor=cast.editor)
    confirm(cast, asked)
    [change] = changes.ask(person=new, actor=new, name="Walter Writer")
    changes.confirm(change=change, actor=cast.editor, how=HOW)
    assert Byline.objects.filter(author=cast.author).first().name == "Walter Writer"
    assert Author.objects.get(pk=cast.author.pk).name == "Walter Writer" and faults() == []


def test_whoever_has_the_former_account_changes_nothing_of_it(cast, ada, moved):
    with pytest.raises(InvalidTransition, match="somebody who has another account now"):
        changes.ask(person=ada, actor=ada, name="Dr Mallory")


def test_a_name_under_which_somebody_else_has_signed_too_is_not_changed_with_it(cast, ada, article):
    """Both names are stored once for the account, so neither person can change it for the other."""
    author = Author.objects.create(name="Dr Ada", slug="dr-ada", user=ada)
    draft = newsroom.draft(cast, slug="hers")
    draft.authors.set([author])
    newsroom.rewrite(cast, draft, title="Magnesium in winter")
    confirm(cast, move(cast, ada))
    account = User.objects.get(email="new-ada@example.org")
    with pytest.raises(InvalidTransition, match="somebody else has signed with the former account"):
        changes.ask(person=account, actor=account, name="Dr Adam New")
    before = SignedName.objects.get(account=ada, name="Dr Ada")
    after = SignedName.objects.create(account=account, name="Dr Adam New", **new_commitment("Dr Adam New"))
    with pytest.raises(IntegrityError, match="they have now"), transaction.atomic():
        NameChange.objects.create(before=before, after=after, asked_by=account)


def test_nobody_takes_the_name_of_an_account_that_no_correction_gave_them(cast, ada, article):
    before = SignedName.objects.get(account=ada)
    for account in (cast.outsider, cast.advisors[1].user):
        after = SignedName.objects.create(account=account, name="Dr Mallory", **new_commitment("Dr Mallory"))
        with pytest.raises(IntegrityError, match="they have now|by a confirmed correction"), transaction.atomic():
            NameChange.objects.create(before=before, after=after, asked_by=account)
    unused = SignedName.objects.create(account=ada, name="Dr Unused", **new_commitment("Dr Unused"))
    with pytest.raises(IntegrityError, match="by a confirmed correction"), transaction.atomic():
        NameChange.objects.create(before=unused, after=after, asked_by=account)


def test_who_has_added_the_advisor_or_had_the_account_does_not_confirm(cast, ada, moved):
    ada.groups.set(cast.editor.groups.all())
    [change, *_others] = changes.ask(person=moved, actor=moved, name="Dr Adam New")
    former = User.objects.get(pk=ada.pk)
    with pytest.raises(NotPermitted, match="Somebody else"):
        changes.confirm(change=change, actor=former, how=HOW)
    with pytest.raises(IntegrityError, match="nobody confirms a change"), transaction.atomic():
        NameChangeDecision.objects.create(change=change, is_confirmed=True, decided_by=former, how=HOW)


def test_a_correction_of_the_new_account_holds_up_the_change_of_all_names(cast, ada, moved):
    article = newsroom.draft(cast, slug="second")
    newsroom.submit(cast, article)
    newsroom.verdict(Review.objects.get(submission__article=article, advisor__user=moved))
    [change, *_others] = changes.ask(person=moved, actor=moved, name="Dr Adam New")
    asking.ask_for_address(account=moved, new_address="third@example.org", reason="Moved.", actor=cast.editor)
    with pytest.raises((InvalidTransition, NotPermitted), match="A correction of this account is waiting"):
        changes.confirm(change=change, actor=cast.editor, how=HOW)
    with pytest.raises(IntegrityError, match="while a correction of the account is waiting"), transaction.atomic():
        decision(cast, change).save()


def test_a_change_to_the_name_of_another_account_past_the_guards_is_found(cast, ada, article):
    before = SignedName.objects.get(account=ada)
    mallory = cast.outsider
    after = SignedName.objects.create(account=mallory, name="Dr Mallory", **new_commitment("Dr Mallory"))
    with unguarded():
        forged = NameChange.objects.create(before=before, after=after, asked_by=mallory)
        decision(cast, forged).save()
        SignedName.objects.lead(before, after)
    assert f"change of name {forged.pk}: leads from the name of one person to that of another" in faults()


def test_a_confirmation_past_the_guards_is_found(cast, ada, asked):
    correction = correct_address(cast, ada)
    with unguarded():
        decision(cast, asked).save()
    assert f"change of name {asked.pk}: was confirmed while a correction of the account was waiting" in faults()
    with unguarded():
        CorrectionOutcome.objects.create(correction=correction, ended="refused", at=correction.asked_at)
    assert not [fault for fault in faults() if "was waiting" in fault]


def test_a_confirmation_for_a_former_account_past_the_guards_is_found(cast, ada, asked):
    confirm(cast, move(cast, ada))
    with unguarded():
        decision(cast, asked).save()
    assert f"change of name {asked.pk}: was confirmed after its bearer had another account" in faults()
