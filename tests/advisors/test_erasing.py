"""Erasures: readers and the database no longer name the person, and what was approved can still be proved."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from post_office.models import STATUS, Email

from accounts.models import User
from advisors.models import Advisor
from articles.models import Article, Author, Erasure, ErasureRecord, Signatory, SignedName
from audit import integrity
from mail import sending
from tests import mailing, newsroom


@pytest.fixture
def article(cast) -> Article:
    """Return a published article whose author and first reviewer have left."""
    article = newsroom.published(cast)
    for user in (cast.writer, cast.advisors[0].user):
        User.objects.filter(pk=user.pk).update(is_active=False)
    ada = Advisor.objects.get(slug="ada")
    ada.is_active = False
    ada.save()  # which the history records
    return article


@pytest.fixture
def other_admin() -> User:
    return User.objects.create_superuser("second@example.org", None, name="Second")


def newest() -> str:
    """Return the number of the newest request."""
    return str(Erasure.objects.latest("pk").pk)


def erase(email: str, cast, other_admin: User, *more: str) -> str:
    call_command(*("erase_person", "ask", "--account", email, "--by", cast.admin.email, "--reason", "Asked by letter."))
    out = StringIO()
    call_command("erase_person", "do", newest(), "--by", other_admin.email, *more, stdout=out)
    return out.getvalue()


def tables_with(words: str) -> set[str]:
    """Return the tables in which a row has these words anywhere."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if any(words in repr(row) for row in cursor.fetchall()):
                found.add(table)
    return found


def test_readers_see_that_the_name_was_removed_and_the_proof_still_holds(cast, article, other_admin):
    digest = article.head().digest
    said = erase(cast.advisors[0].user.email, cast, other_admin)
    assert "of articles_signedname" in said and "Kept:" in said
    page = Client().get(reverse("website:article", args=[article.slug])).content.decode()
    assert "Name removed" in page and "Dr Ada" not in page
    assert Signatory.objects.get(user=cast.advisors[0].user).name == "Name removed"
    assert article.head().digest == digest
    assert [str(fault) for fault in integrity.faults()] == []


def test_an_author_is_left_out_of_the_reference(cast, article, other_admin):
    erase(cast.writer.email, cast, other_admin)
    page = Client().get(reverse("website:article", args=[article.slug])).content.decode()
    assert "Wanda" not in page and "removed N" not in page
    assert [str(fault) for fault in integrity.faults()] == []


def test_what_is_left_of_the_name_is_only_what_the_record_says(cast, article, other_admin):
    erase(cast.advisors[0].user.email, cast, other_admin)
    assert tables_with("Dr Ada") <= {"advisors_review"}
    erase(cast.writer.email, cast, other_admin)
    assert tables_with("Wanda Writer") == set()


def test_the_emails_to_and_about_the_person_are_erased_and_all_others_stay(cast, article, other_admin, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    ada = cast.advisors[0].user
    context = {"page": "https://example.org/"}
    for to in (ada.email, cast.editor.email):
        sending.send("name_change_asked", context, to)
    Email.objects.filter(to=cast.editor.email).update(message="Dr Ada has declined.", status=STATUS.sent)
    sending.send("name_change_asked", context, cast.editor.email)
    other = Email.objects.latest("pk")
    Email.objects.filter(pk=other.pk).update(message="Dr Adams has declined.", status=STATUS.sent)
    sent = Email.objects.earliest("pk")
    sent.logs.create(status=STATUS.failed, message=f"{ada.email}: 550 unknown", exception_type="Refused")

    said = erase(ada.email, cast, other_admin)

    assert "2 of post_office_email" in said
    assert list(Email.objects.order_by("pk").values_list("subject", "message", "status")) == [
        ("Erased", "", STATUS.failed),
        ("Erased", "", STATUS.sent),
        (other.subject, "Dr Adams has declined.", STATUS.sent),
    ]
    assert Email.objects.get(pk=sent.pk).to == [] and sent.logs.get().message == "…@…: 550 unknown"
    assert "post_office_email" not in tables_with(ada.email)


def test_the_former_address_leads_to_a_page_without_the_name(cast, article, other_admin):
    erase(cast.advisors[0].user.email, cast, other_admin)
    response = Client().get("/experts/ada/", follow=True)
    assert response.status_code == 200 and "Name removed" in response.content.decode()
    assert "Dr Ada" not in response.content.decode()


def test_an_author_without_account_is_erased(cast, other_admin):
    cast.author.user = None
    cast.author.save()
    newsroom.published(cast)
    asked = ("--author", "wanda-writer", "--by", cast.admin.email, "--reason", "Asked by letter.")
    call_command("erase_person", "ask", *asked)
    call_command("erase_person", "do", newest(), "--by", other_admin.email, stdout=StringIO())
    assert SignedName.objects.get(author=cast.author).is_removed
    assert Author.objects.get().name == "Name removed"
    assert [str(fault) for fault in integrity.faults()] == []


def test_a_dry_run_erases_nothing(cast, article, other_admin):
    said = erase(cast.writer.email, cast, other_admin, "--dry-run")
    assert said.startswith("Would erase: 1 of articles_signedname")
    assert Author.objects.get().name == "Wanda Writer" and not ErasureRecord.objects.exists()


def test_the_same_superuser_does_not_carry_it_out_and_nobody_does_it_twice(cast, article, other_admin):
    with pytest.raises(CommandError, match="Another superuser"):
        erase(cast.writer.email, cast, cast.admin)
    call_command("erase_person", "do", newest(), "--by", other_admin.email, stdout=StringIO())
    with pytest.raises(CommandError, match="already"):
        call_command("erase_person", "do", newest(), "--by", other_admin.email)
    with pytest.raises(CommandError, match="no request"):
        call_command("erase_person", "do", "0", "--by", other_admin.email)
