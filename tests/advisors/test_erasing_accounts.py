"""Erasures of people who had several accounts: all that is theirs goes, and nothing of anybody else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from post_office.models import STATUS, Email

from accounts.models import User
from advisors.corrections import asking, deciding
from advisors.models import Advisor, PersonFlag
from advisors.same_person import deciding as deciding_on_people
from articles.models import Article, Author, Byline, ErasureRecord, NameChange, Signatory, SignedName
from articles.models.persons import sides_of
from articles.names import changes
from articles.names.shown import shown_name
from audit import integrity
from mail import sending
from tests import mailing, newsroom
from tests.advisors.test_erasing import newest, tables_with

OLD, NEW = "ada@example.org", "new-ada@example.org"


@pytest.fixture
def article(cast) -> Article:
    return newsroom.published(cast)


@pytest.fixture
def other_admin() -> User:
    return User.objects.create_superuser("second@example.org", None, name="Second")


@pytest.fixture
def moved(cast, article) -> Article:
    """Return the article after Ada, who reviewed it, was given another account by a correction and has left."""
    move(cast, cast.advisors[0])
    deactivate(OLD, NEW)
    ada = Advisor.objects.get(slug="ada")
    ada.is_active = False
    ada.save()  # which the history records
    return article


def move(cast, subject: Advisor | Author, name: str = "new-ada") -> User:
    """Give an advisor or author a new account, by a correction."""
    new = newsroom.user(name, is_staff=True)
    correction = asking.ask_for_account(subject=subject, new_account=new, reason="She has left.", actor=cast.editor)
    deciding.confirm_as_administrator(correction=correction, actor=cast.admin, how="She called.")
    return new


def deactivate(*addresses: str) -> None:
    User.objects.filter(email__in=addresses).update(is_active=False)


def decide(cast, one: User, other: User, *, is_same: bool) -> None:
    """Let an administrator decide whether two accounts are those of one person."""
    pair = "u{} u{}".format(*sorted((one.pk, other.pk)))
    flag = PersonFlag.objects.create(pair=pair, reasons=["name"], **sides_of(pair))
    deciding_on_people.decide(flag=flag, is_same=is_same, note="Asked her.", actor=cast.admin)


def ask(address: str, cast) -> str:
    out = StringIO()
    asked = ("--account", address, "--by", cast.admin.email, "--reason", "Asked by letter.")
    call_command("erase_person", "ask", *asked, stdout=out)
    return out.getvalue()


def erase(address: str, cast, other_admin: User, *more: str) -> str:
    """Ask for an erasure and carry it out; return what both steps print."""
    out = StringIO()
    said = ask(address, cast)
    call_command("erase_person", "do", newest(), "--by", other_admin.email, *more, stdout=out)
    return said + out.getvalue()


def faults() -> list[str]:
    return [str(fault) for fault in integrity.faults()]


def test_an_erasure_reaches_the_account_from_before_a_correction(cast, moved, other_admin):
    said = erase(NEW, cast, other_admin)
    assert OLD in said
    assert tables_with("Dr Ada") <= {"advisors_review"}
    assert set(User.objects.filter(email__in=[OLD, NEW]).values_list("name", flat=True)) == {"Name removed"}
    assert Signatory.objects.get(user__email=OLD).name == "Name removed"
    assert "Dr Ada" not in Client().get(reverse("website:article", args=[moved.slug])).content.decode()
    assert faults() == []


def test_the_emails_to_both_addresses_are_erased(cast, moved, other_admin, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    for to in (OLD, NEW, cast.editor.email):
        sending.send("name_change_asked", {"page": "https://example.org/"}, to)
    Email.objects.update(status=STATUS.sent)
    erase(NEW, cast, other_admin)
    assert list(Email.objects.order_by("pk").values_list("to", flat=True)) == [[], [], [cast.editor.email]]


def test_both_accounts_have_a_record_and_the_one_asked_for_counts_everything(cast, moved, other_admin):
    erase(NEW, cast, other_admin)
    first, second = ErasureRecord.objects.order_by("pk")
    assert first.erasure.account.email == NEW and second.erasure.account.email == OLD
    assert first.erased["articles_signedname"] == 1 and second.erased == {"articles_signedname": 1}
    assert second.erasure.reason == f"Part of erasure {first.erasure.pk}."


def test_a_name_that_was_changed_after_the_correction_goes_with_the_former_one(cast, article, other_admin):
    new = move(cast, cast.advisors[0])
    (change,) = changes.ask(person=new, actor=new, name="Dr Adam New")
    changes.confirm(change=change, actor=cast.editor, how="Called him.")
    deactivate(OLD, NEW)
    Advisor.objects.filter(user=new).update(is_active=False)
    Advisor.history.filter(id=cast.advisors[0].pk).update(is_active=False)
    erase(NEW, cast, other_admin)
    assert not SignedName.objects.filter(name__in=["Dr Ada", "Dr Adam New"]).exists()
    assert NameChange.objects.get().before.is_removed and faults() == []


def test_an_account_that_somebody_still_uses_keeps_what_is_theirs(cast, moved, other_admin):
    User.objects.filter(email=OLD).update(is_active=True)
    said = erase(NEW, cast, other_admin)
    assert f"{OLD} is left" in said
    assert User.objects.get(email=OLD).name == "Ada"
    assert Signatory.objects.get(user__email=OLD).name == "Name removed" and faults() == []


def test_an_account_that_was_somebody_elses_is_left_if_the_superuser_says_so(cast, moved, other_admin):
    said = erase(NEW, cast, other_admin, "--not-theirs", OLD)
    assert f"{OLD} is left" in said
    assert User.objects.get(email=OLD).name == "Ada"
    assert Signatory.objects.get(user__email=OLD).name == "Name removed" and faults() == []


def test_an_account_of_whom_editors_have_decided_that_it_is_another_person_is_left(cast, moved, other_admin):
    decide(cast, User.objects.get(email=OLD), User.objects.get(email=NEW), is_same=False)
    assert f"{OLD} is left" in erase(NEW, cast, other_admin)
    assert User.objects.get(email=OLD).name == "Ada" and faults() == []


def test_who_asked_for_several_accounts_has_to_be_a_superuser_still(cast, moved, other_admin):
    ask(NEW, cast)
    User.objects.filter(pk=cast.admin.pk).update(is_superuser=False)
    with pytest.raises(CommandError, match="Ask for the erasure again"):
        call_command("erase_person", "do", newest(), "--by", other_admin.email)
    assert not ErasureRecord.objects.exists()


def test_only_a_former_account_can_be_left(cast, moved, other_admin):
    with pytest.raises(CommandError, match="not a former account"):
        erase(NEW, cast, other_admin, "--not-theirs", cast.writer.email)
    assert not ErasureRecord.objects.exists()


def test_who_had_the_account_of_somebody_else_is_erased_without_them(cast, article, other_admin):
    move(cast, cast.advisors[0])
    deactivate(OLD)
    said = erase(OLD, cast, other_admin)
    assert f"belongs to {NEW}" in said
    assert User.objects.get(email=OLD).name == "Name removed"
    assert Signatory.objects.get(user__email=OLD).name == "Dr Ada"
    assert Advisor.objects.get(slug="ada").name == "Dr Ada" and faults() == []


def test_an_author_with_a_former_account_is_erased_from_their_bylines(cast, article, other_admin):
    move(cast, cast.author, "new-writer")
    deactivate("writer@example.org", "new-writer@example.org")
    erase("new-writer@example.org", cast, other_admin)
    page = Client().get(reverse("website:article", args=[article.slug])).content.decode()
    assert "Wanda" not in page and tables_with("Wanda Writer") == set() and faults() == []


def test_what_an_erased_author_wrote_before_still_holds(cast, other_admin):
    """Their history is gone, and with it a former portrait and a time without an account."""
    cast.author.user, cast.author.photo = None, "people/wanda.webp"
    cast.author.save()
    newsroom.published(cast)
    Author.objects.filter(pk=cast.author.pk).update(user=cast.writer)
    Author.history.filter(id=cast.author.pk).update(user=cast.writer)
    deactivate(cast.writer.email)
    erase(cast.writer.email, cast, other_admin)
    assert Byline.objects.get().photo.name == "people/wanda.webp" and tables_with("Wanda Writer") == set()
    assert faults() == []


def test_two_accounts_that_editors_have_decided_to_be_one_person_are_erased_together(cast, article, other_admin):
    decide(cast, cast.writer, cast.colleague, is_same=True)
    deactivate(cast.writer.email, cast.colleague.email)
    erase(cast.colleague.email, cast, other_admin)
    assert Author.objects.get().name == "Name removed" and tables_with("Wanda Writer") == set()
    assert faults() == []


def test_no_account_of_theirs_may_still_be_in_use(cast, article):
    decide(cast, cast.writer, cast.colleague, is_same=True)
    deactivate(cast.colleague.email)
    with pytest.raises(CommandError, match=f"{cast.writer.email} is theirs, too"):
        ask(cast.colleague.email, cast)


def test_an_account_that_never_signed_is_named_nowhere_any_more(cast, other_admin):
    cast.outsider.is_active = False
    cast.outsider.save()
    erase(cast.outsider.email, cast, other_admin)
    assert shown_name("Outsider", cast.outsider.pk) == "Name removed"


def test_a_dry_run_names_the_accounts_and_erases_nothing(cast, moved, other_admin):
    said = erase(NEW, cast, other_admin, "--dry-run")
    assert OLD in said and Signatory.objects.get(user__email=OLD).name == "Dr Ada"
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM articles_erasurerecord")
        assert cursor.fetchone() == (0,)
