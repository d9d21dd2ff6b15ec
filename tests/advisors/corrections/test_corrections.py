"""A correction of an account takes two people, and the database lets nothing else move what was signed with."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from advisors import invitations, jobs
from advisors.corrections import asking, deciding, links
from advisors.models import AccountCorrection, CorrectionEnd, CorrectionOutcome, Review, ReviewToken
from advisors.quorum import standing, vouching
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Signatory, Stage
from audit import integrity
from jobs.registry import JobContext
from tests import mailing, newsroom
from tests.articles.rows import refused

pytestmark = pytest.mark.both_databases
WHY = "She has a new account at the university."


@pytest.fixture(autouse=True)
def queue(settings):
    """Emails are queued, as on the site."""
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def ada(cast):
    """Ada, who has signed with ada@example.org, and whose right account is new-ada@example.org."""
    article = newsroom.in_review(cast)
    newsroom.verdict(Review.objects.get(submission__article=article, advisor__slug="ada"))
    return cast.advisors[0]


@pytest.fixture
def new_account(db) -> User:
    return newsroom.user("new-ada", is_staff=True)


@pytest.fixture
def asked(cast, ada, new_account) -> AccountCorrection:
    return asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=cast.editor)


def to_whom() -> list[str]:
    return [address for address, subject in mailing.queued() if "orrect" in subject]


def faults() -> list[str]:
    return [str(fault) for fault in integrity.faults()]


def test_a_request_changes_nothing_and_asks_the_address_held_at_the_last_signature(cast, ada, asked):
    ada.refresh_from_db()
    assert ada.user.email == "ada@example.org" == asked.confirm_address
    assert to_whom() == ["ada@example.org"]


def test_the_email_has_a_link_that_is_made_when_it_is_sent(asked, settings):
    _, messages = mailing.deliver(settings)
    body = next(message.body for message in messages if "Please confirm" in message.subject)
    assert f"/board/c/{links.token_for(asked)}/" in body
    assert WHY in body and "new-ada@example.org" in body


def test_the_link_moves_the_account_and_tells_everybody(cast, ada, new_account, asked):
    outcome = deciding.confirm_by_link(token=links.token_for(asked))
    ada.refresh_from_db()
    assert ada.user == new_account and outcome.ended == CorrectionEnd.BY_LINK
    assert to_whom()[1:] == ["ada@example.org", "editor@example.org", "new-ada@example.org"]


def test_what_was_signed_keeps_its_account_and_counts_no_more_in_an_open_round(cast, ada, asked):
    review = Review.objects.get(advisor=ada)
    before = review.signature.account
    deciding.confirm_by_link(token=links.token_for(asked))
    review = Review.objects.get(advisor=ada)
    assert review.signature.account == before
    assert "another account" in standing.why_not_counted(review.submission)[review.pk].in_words


def test_somebody_has_to_vouch_anew(cast, ada, asked):
    assert not vouching.without_vouch([ada])
    deciding.confirm_by_link(token=links.token_for(asked))
    ada.refresh_from_db()
    assert vouching.without_vouch([ada]) == {ada.pk}


def test_links_to_reviews_that_were_sent_to_the_old_address_end(cast, ada, new_account):
    article = newsroom.in_review(cast)
    review = Review.objects.get(submission__article=article, advisor=ada)
    invitations.issue(review)
    asked = asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=cast.editor)
    assert ReviewToken.objects.good().filter(review=review).exists()
    deciding.confirm_by_link(token=links.token_for(asked))
    assert not ReviewToken.objects.good().filter(review=review).exists()


def test_a_link_works_once(asked):
    token = links.token_for(asked)
    deciding.confirm_by_link(token=token)
    for again in (deciding.confirm_by_link, deciding.refuse_by_link):
        with pytest.raises(InvalidTransition, match="expired, or the request has ended"):
            again(token=token)


@pytest.mark.parametrize("forged", ["", "x", "W10:1abc:def", "a" * 400])
def test_a_forged_link_opens_nothing(asked, forged):
    assert links.find(forged) is None


def test_a_link_opens_one_request_only(cast, asked):
    deciding.withdraw(correction=asked, actor=cast.editor, reason="A mistake.")
    assert links.find(links.token_for(asked)) is None


def test_the_link_expires_and_the_end_is_recorded_and_told(ada, asked):
    token = links.token_for(asked)
    with time_machine.travel(asked.expires_at + timedelta(seconds=1)):
        with pytest.raises(InvalidTransition):
            deciding.confirm_by_link(token=token)
        done = jobs.expire_corrections(JobContext(now=timezone.now(), covered=None))
        assert done == "not confirmed in time: 1"
        assert jobs.expire_corrections(JobContext(now=timezone.now(), covered=None)).endswith(": 0")
    asked.refresh_from_db()
    assert asked.outcome.ended == CorrectionEnd.EXPIRED
    assert to_whom()[1:] == ["ada@example.org", "editor@example.org"]
    # The clock is set back: what has ended stays so.
    with pytest.raises(InvalidTransition):
        deciding.confirm_by_link(token=token)


def test_the_link_can_refuse(ada, asked):
    deciding.refuse_by_link(token=links.token_for(asked))
    ada.refresh_from_db()
    assert ada.user.email == "ada@example.org" and not AccountCorrection.objects.waiting().exists()


def test_an_administrator_who_is_not_involved_confirms_for_a_dead_address(cast, ada, new_account, asked):
    deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how="Mail comes back; she called.")
    ada.refresh_from_db()
    assert ada.user == new_account and "ada@example.org" in to_whom()[1:]


def test_nobody_who_is_involved_confirms_in_place_of_the_link(cast, ada, new_account):
    boss = User.objects.create_superuser("boss@example.org", None, name="Boss")
    for actor in (cast.editor, cast.writer, cast.advisors[1].user):
        asked = asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=boss)
        with pytest.raises(NotPermitted, match="Only an administrator"):
            deciding.confirm_as_administrator(correction=asked, actor=actor, how="Sure.")
        deciding.withdraw(correction=asked, actor=boss)
    asked = asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=boss)
    with pytest.raises(NotPermitted, match="You asked"):
        deciding.confirm_as_administrator(correction=asked, actor=boss, how="Sure.")
    User.objects.filter(pk=new_account.pk).update(is_superuser=True)
    new_account.refresh_from_db()
    with pytest.raises(NotPermitted, match="is yours"):
        deciding.confirm_as_administrator(correction=asked, actor=new_account, how="It is me.")
    with pytest.raises(InvalidTransition, match="Say why"):
        deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how=" ")


def test_only_editors_ask_and_not_about_their_own_account(cast, ada, new_account):
    for actor in (cast.writer, ada.user, cast.outsider):
        with pytest.raises(NotPermitted):
            asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=actor)
    with pytest.raises(NotPermitted, match="is yours"):
        asking.ask_for_account(subject=ada, new_account=cast.editor, reason=WHY, actor=cast.editor)


def test_what_is_not_bound_needs_no_correction(cast, new_account):
    with pytest.raises(InvalidTransition, match="Change it in the form"):
        asking.ask_for_account(subject=cast.advisors[2], new_account=new_account, reason=WHY, actor=cast.editor)


def test_a_request_that_cannot_be_right_is_refused(cast, ada, new_account):
    for account, words in (
        (cast.advisors[1].user, "is that of"),
        (ada.user, "already"),
        (newsroom.user("gone", is_active=False), "switched off"),
    ):
        with pytest.raises(InvalidTransition, match=words):
            asking.ask_for_account(subject=ada, new_account=account, reason=WHY, actor=cast.editor)
    with pytest.raises(InvalidTransition, match="Say why"):
        asking.ask_for_account(subject=ada, new_account=new_account, reason=" ", actor=cast.editor)
    asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=cast.editor)
    with pytest.raises(InvalidTransition, match="waiting already"):
        asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=cast.admin)


def test_the_address_of_an_account_that_signed_changes_by_a_correction_only(cast, ada):
    account = ada.user
    with pytest.raises(IntegrityError, match="except by a confirmed correction"), transaction.atomic():
        User.objects.filter(pk=account.pk).update(email="other@example.org")
    asked = asking.ask_for_address(account=account, new_address="Ada@Uni.Example", reason=WHY, actor=cast.editor)
    deciding.confirm_by_link(token=links.token_for(asked))
    account.refresh_from_db()
    assert account.email == "ada@uni.example" and faults() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=account.pk).update(email="ada@example.org")


def test_an_address_that_is_taken_or_wrong_is_refused(cast, ada):
    for address, words in (
        ("ben@example.org", "Another account"),
        ("ADA@example.org", "already"),
        ("not an address", "valid email"),
    ):
        with pytest.raises(InvalidTransition, match=words):
            asking.ask_for_address(account=ada.user, new_address=address, reason=WHY, actor=cast.editor)


def test_an_address_that_was_taken_meanwhile_is_refused_at_the_confirmation(cast, ada):
    asked = asking.ask_for_address(account=ada.user, new_address="new@example.org", reason=WHY, actor=cast.editor)
    newsroom.user("new")
    with pytest.raises(InvalidTransition, match="Ask again"):
        deciding.confirm_by_link(token=links.token_for(asked))
    assert AccountCorrection.objects.waiting().get() == asked


def test_the_account_of_an_author_who_wrote_is_corrected_in_the_same_way(cast):
    newsroom.draft(cast)
    asked = asking.ask_for_account(subject=cast.author, new_account=cast.colleague, reason=WHY, actor=cast.editor)
    assert asked.confirm_address == "writer@example.org"
    deciding.confirm_by_link(token=links.token_for(asked))
    cast.author.refresh_from_db()
    assert cast.author.user == cast.colleague and faults() == []


def test_the_next_correction_is_asked_at_the_address_of_the_last_signature(cast, ada, new_account, asked):
    deciding.confirm_by_link(token=links.token_for(asked))
    ada.refresh_from_db()
    third = newsroom.user("third")
    again = asking.ask_for_account(subject=ada, new_account=third, reason=WHY, actor=cast.editor)
    assert again.confirm_address == "ada@example.org"


def test_a_published_page_stays_in_order_through_a_chain_of_corrections(cast, new_account):
    article = newsroom.published(cast)
    ada = cast.advisors[0]
    for account in (new_account, newsroom.user("third"), User.objects.get(email="ada@example.org"), new_account):
        asked = asking.ask_for_account(subject=ada, new_account=account, reason=WHY, actor=cast.editor)
        deciding.confirm_as_administrator(correction=asked, actor=cast.admin, how="She called.")
        ada.refresh_from_db()
        assert ada.user == account and faults() == []
    assert Signatory.objects.get(signed_name__name="Dr Ada").user.email == "ada@example.org"
    assert article.stage == Stage.PUBLISHED


def test_a_confirmed_correction_is_never_used_twice(cast, new_account):
    newsroom.published(cast)
    ada, first = cast.advisors[0], cast.advisors[0].user
    for account in (new_account, first):
        asked = asking.ask_for_account(subject=ada, new_account=account, reason=WHY, actor=cast.editor)
        deciding.confirm_by_link(token=links.token_for(asked))
        ada.refresh_from_db()
    with pytest.raises(IntegrityError, match="confirmed correction"), transaction.atomic():
        type(ada).objects.filter(pk=ada.pk).update(user=new_account)


def test_confirmations_that_skip_a_person_are_refused_by_the_database(cast, ada, new_account, asked):
    for ended, by, at in (
        (CorrectionEnd.BY_ADMINISTRATOR, cast.editor, timezone.now()),
        (CorrectionEnd.BY_ADMINISTRATOR, ada.user, timezone.now()),
        (CorrectionEnd.BY_LINK, None, asked.expires_at),
        (CorrectionEnd.BY_LINK, cast.editor, timezone.now()),
        (CorrectionEnd.WITHDRAWN, cast.writer, timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectionOutcome.objects.create(correction=asked, ended=ended, by=by, at=at, words="Forged.")
    assert AccountCorrection.objects.waiting().exists()


def test_a_confirmation_by_an_administrator_who_is_involved_is_refused_by_the_database(cast, ada, new_account):
    boss = User.objects.create_superuser("boss@example.org", None, name="Boss")
    asked = asking.ask_for_account(subject=ada, new_account=new_account, reason=WHY, actor=boss)
    User.objects.filter(pk__in=(ada.user_id, new_account.pk)).update(is_superuser=True)

    def confirm(account: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO advisors_correctionoutcome (correction_id, ended, by_id, by_name, at, words) "
                "VALUES (%s, 'by_admin', %s, 'Somebody', %s, 'She called.')",
                [asked.pk, account, timezone.now()],
            )

    for account in (boss.pk, ada.user_id, new_account.pk):
        with refused("only an administrator who is not involved"):
            confirm(account)
    confirm(cast.admin.pk)


def test_requests_that_skip_a_rule_are_refused_by_the_database(cast, ada, new_account):
    row = {
        "corrected": "advisor",
        "advisor": ada,
        "old_account": ada.user,
        "new_account": new_account,
        "old_address": "ada@example.org",
        "new_address": "new-ada@example.org",
        "confirm_address": "ada@example.org",
        "reason": WHY,
        "asked_by": cast.editor,
        "asked_by_name": "Editor",
        "expires_at": timezone.now() + timedelta(days=1),
    }
    for wrong in (
        {"asked_by": cast.writer},
        {"asked_by": new_account},
        {"confirm_address": "editor@example.org"},
        {"old_account": cast.outsider, "old_address": "outsider@example.org"},
        {"new_address": "else@example.org"},
        {"reason": ""},
        {"advisor": None},
        {"author": cast.author},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccountCorrection.objects.create(**row | wrong)
    AccountCorrection.objects.create(**row)
    with pytest.raises(IntegrityError, match="waiting already"), transaction.atomic():
        AccountCorrection.objects.create(**row)


def test_the_log_of_corrections_is_never_changed_or_deleted(asked):
    deciding.refuse_by_link(token=links.token_for(asked))
    for table in ("advisors_accountcorrection", "advisors_correctionoutcome"):
        for message, statement in (("never changed", "UPDATE {} SET id = id"), ("never deleted", "DELETE FROM {}")):
            with refused(message), connection.cursor() as cursor:
                cursor.execute(statement.format(table))


def test_an_old_email_about_a_request_that_has_ended_is_not_sent(cast, asked, settings):
    deciding.withdraw(correction=asked, actor=cast.editor)
    mailing.deliver(settings)
    assert not [message for message in mail.outbox if "Please confirm" in message.subject]
