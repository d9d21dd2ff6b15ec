"""The emails about changes of names: to the person and to whoever can confirm, without a name or a reason."""

import pytest
from django.urls import reverse
from post_office.models import Email

from advisors.models import Advisor
from articles.exceptions import InvalidTransition
from articles.models import Author, NameChange
from articles.names import changes
from mail import sending
from tests import mailing, newsroom

HOW = "Called her at the number on the institute’s website."


@pytest.fixture
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    return settings


@pytest.fixture
def asked(cast, queue) -> NameChange:
    """A request of the first advisor, who has signed a published text."""
    newsroom.published(cast)
    Email.objects.all().delete()
    ada = cast.advisors[0].user
    (change,) = changes.ask(person=ada, actor=ada, name="Dr Adam New")
    return change


def test_the_person_and_those_who_can_confirm_are_told_of_a_request(asked):
    assert mailing.queued() == [
        ("ada@example.org", "We have received your request"),
        ("editor@example.org", "A name to confirm"),
    ]
    to_editor = Email.objects.latest("pk")
    assert reverse("admin:articles_name_decide", args=[asked.pk]) in to_editor.message


def test_whoever_added_the_advisor_is_not_asked_and_an_administrator_is_in_their_place(cast, queue):
    cleo = Advisor.objects.create(
        name="Dr Dora", slug="dora", user=newsroom.user("dora", is_staff=True), added_by=cast.editor
    )
    newsroom.prepare(cleo)
    newsroom.vouch(cleo)
    Email.objects.all().delete()
    changes.ask(person=cleo.user, actor=cleo.user, name="Dr Dorian")
    addresses = [to for to, _ in mailing.queued()]
    assert "dora@example.org" in addresses and "admin@example.org" in addresses
    assert "editor@example.org" not in addresses


def test_the_person_is_told_how_it_ended_and_not_why(cast, asked):
    changes.decline(change=asked, actor=cast.editor, how="She did not call back.")
    ada = cast.advisors[0].user
    (again,) = changes.ask(person=ada, actor=ada, name="Dr Adam New")
    changes.confirm(change=again, actor=cast.editor, how=HOW)
    told = [subject for to, subject in mailing.queued() if to == "ada@example.org"]
    assert told == [
        *("We have received your request", "The request was declined"),
        *("We have received your request", "The request was confirmed"),
    ]


def test_the_email_links_to_a_biography_that_may_have_the_former_name(cast, asked):
    Advisor.objects.filter(pk=cast.advisors[0].pk).update(biography="Dr Ada reads trials.")
    changes.confirm(change=asked, actor=cast.editor, how=HOW)
    email = Email.objects.get(subject="The request was confirmed")
    assert reverse("board:profile") in email.message and reverse("board:profile") in email.html_message
    assert "Ada" not in email.message


def test_whoever_takes_back_their_own_request_gets_no_email(cast, asked):
    before = mailing.queued()
    changes.decline(change=asked, actor=cast.advisors[0].user)
    assert mailing.queued() == before


def test_an_editor_who_asked_for_an_author_without_account_is_told(cast, queue):
    cast.author.user = None
    cast.author.save()
    newsroom.published(cast)
    Email.objects.all().delete()
    (change,) = changes.ask(person=cast.author, actor=cast.editor, name="Wanda Wright")
    changes.confirm(change=change, actor=cast.admin, how=HOW)
    assert mailing.queued() == [
        ("admin@example.org", "A name to confirm"),
        ("editor@example.org", "The request was confirmed"),
    ]


def test_whoever_wrote_under_two_names_gets_one_email_about_the_answer(cast, queue):
    article = newsroom.published(cast)
    Author.objects.update(name="Wanda Wright")
    newsroom.rewrite(cast, article, title="Another title")
    Email.objects.all().delete()
    change, other = changes.ask(person=cast.writer, actor=cast.writer, name="Wanda Quill")
    changes.confirm(change=other, actor=cast.editor, how=HOW)
    told = [subject for to, subject in mailing.queued() if to == cast.writer.email]
    assert told == ["We have received your request", "The request was confirmed"]
    with pytest.raises(InvalidTransition, match="already"):
        changes.decline(change=change, actor=cast.editor)


def test_no_email_has_a_name_or_a_reason(cast, asked):
    changes.confirm(change=asked, actor=cast.editor, how=HOW)
    rows = list(Email.objects.all())
    assert len(rows) == 3
    for row in rows:
        for text in (row.subject, row.message, row.html_message):
            assert not any(word in text for word in ("Ada", "Adam", "Called her"))


def test_the_emails_have_samples(db):
    for name in ("name_change_asked", "name_change_to_confirm", "name_change_decided"):
        _occasion, context = sending.SAMPLES[name]
        assert all(sending.render(name, context()))
