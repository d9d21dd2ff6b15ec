"""Emails with a link to choose a password: for people with a new account, and for people who have forgotten theirs."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts import emails, invitations
from accounts.models import User
from core.logs import redact_secrets
from mail.sending import SAMPLES, render
from tests.accounts.people import NEW, give_app, give_password, link_of, sign_in
from tests.growth.measuring import steps
from tests.mailing import deliver, queued
from tests.newsroom import PASSWORD

FORGOTTEN = "/account/forgotten/"
NEWCOMER = {"email": "New@Example.org", "name": "Nora Newcomer", "is_staff": "on"}


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


def choose(client: Client, link: str, **typed: str):
    """Follow the link of an email as a browser does, and send the form that it leads to."""
    page = client.get(link, follow=True)
    return client.post(page.request["PATH_INFO"], {**NEW, **typed})


def test_an_account_made_in_the_admin_is_announced_by_an_email_with_a_link(admin, cast, settings):
    assert admin.post("/admin/accounts/user/add/", NEWCOMER).status_code == 302
    newcomer = User.objects.get(email="new@example.org")
    assert not newcomer.has_usable_password()
    assert queued() == [("new@example.org", "Your account at The Betterment Project")]

    browser = Client()
    assert choose(browser, link_of(settings)).url == "/account/choose/done/"
    assert sign_in(browser, newcomer, NEW["password1"]).url == "/admin/"


def test_no_email_goes_where_the_account_is_not_made(admin, cast):
    answer = admin.post("/admin/accounts/user/add/", {**NEWCOMER, "email": cast.writer.email})
    assert answer.status_code == 200
    assert not Email.objects.exists()


def test_the_form_for_a_new_account_has_no_field_for_a_password(admin, cast):
    assert 'type="password"' not in admin.get("/admin/accounts/user/add/").content.decode()
    admin.post("/admin/accounts/user/add/", {**NEWCOMER, "password": "typed", **NEW, "is_superuser": "on"})
    newcomer = User.objects.get(email="new@example.org")
    assert not newcomer.has_usable_password() and not newcomer.is_superuser


def test_an_invitation_can_be_sent_again_until_a_password_is_chosen(admin, cast):
    picked = {"action": "invite_again", "_selected_action": [cast.writer.pk]}
    admin.post("/admin/accounts/user/", picked)
    assert len(queued()) == 1
    give_password(cast.writer)
    answer = admin.post("/admin/accounts/user/", picked, follow=True)
    assert "has a password already" in answer.content.decode()
    assert len(queued()) == 1
    with pytest.raises(invitations.InvitationRefused):
        invitations.invite(user=cast.writer, actor=cast.admin)


@pytest.mark.parametrize("who", ["writer", "editor", "advisor1"])
def test_only_a_superuser_makes_accounts(client, cast, who):
    client.force_login(cast.everybody[who])
    assert client.post("/admin/accounts/user/add/", NEWCOMER).status_code == 403
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_forgotten_password_is_chosen_anew_by_an_email(client, cast, settings):
    give_password(cast.writer)
    assert client.post(FORGOTTEN, {"email": "Writer@example.org"}).url == "/account/forgotten/sent/"
    link = link_of(settings)
    page = client.get(link)
    assert link.split("/")[-2].split("-", 1)[1] not in page.url  # no Referer can reveal the token
    assert choose(client, link).status_code == 302
    assert sign_in(client, cast.writer).status_code == 200
    assert sign_in(client, cast.writer, NEW["password1"]).status_code == 302


def test_the_link_leads_to_our_own_address_whatever_host_was_asked(cast, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Client(HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example").post(FORGOTTEN, {"email": cast.writer.email})
    _, (email,) = deliver(settings)
    assert "evil.example" not in email.body + email.alternatives[0][0]
    assert settings.SITE_URL + "/account/choose/" in email.body


def test_the_token_lies_in_no_table_and_in_no_log(client, cast, settings):
    client.post(FORGOTTEN, {"email": cast.writer.email})
    assert "/account/choose/" not in Email.objects.get().message + Email.objects.get().html_message
    link = emails.choose_link(cast.writer)
    assert link.split("/")[-2] not in redact_secrets(f'"GET {link} HTTP/1.1" 302')


@pytest.mark.parametrize("spoiled_by", ["use", "another password", "time", "a cut", "another account"])
def test_a_link_works_once_and_for_three_days(client, cast, settings, time_machine, spoiled_by):
    link = emails.choose_link(cast.writer).removeprefix(settings.SITE_URL)
    if spoiled_by == "use":
        choose(client, link)
    elif spoiled_by == "another password":
        give_password(cast.writer)
    elif spoiled_by == "time":
        time_machine.move_to(timezone.now() + timedelta(days=3, minutes=1))
    elif spoiled_by == "a cut":
        link = link[:-4] + "/"
    else:
        link = re.sub(r"/choose/\w+-", f"/choose/{emails.int_to_base36(cast.colleague.pk)}-", link)
    before = User.objects.values_list("password", flat=True).order_by("pk")[:]
    before = list(before)
    page = Client().get(link, follow=True)
    assert "This link no longer works" in page.content.decode()
    Client().post(link, NEW)
    assert list(User.objects.values_list("password", flat=True).order_by("pk")) == before


@pytest.mark.parametrize("typed", ["short", "betterment1", "password1234", "writer@example.org"])
def test_a_weak_password_is_refused_with_its_reason(client, cast, settings, typed):
    answer = choose(client, emails.choose_link(cast.writer), password1=typed, password2=typed)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_email(client, cast, settings):
    give_password(cast.writer)
    cast.colleague.is_active = False
    cast.colleague.save()
    answers = [
        client.post(FORGOTTEN, {"email": address})
        for address in (cast.writer.email, "nobody@example.org", cast.colleague.email)
    ]
    assert len({(answer.status_code, answer.url, answer.content) for answer in answers}) == 1
    tally, sent = deliver(settings)
    assert [email.to for email in sent] == [[cast.writer.email]]
    assert tally.cancelled == 2


def test_what_is_queued_for_an_unknown_address_does_not_hold_it(client, cast):
    client.post(FORGOTTEN, {"email": "nobody@example.org"})
    row = Email.objects.get()
    assert "nobody@example.org" not in f"{row.to} {row.subject} {row.message} {row.html_message} {row.context}"


def test_known_and_unknown_addresses_take_the_same_work(cast, settings, django_assert_num_queries):
    settings.ACCOUNT_RATE_LIMITS = False
    client = Client()
    known, unknown = "writer@example.org", "nobody@example.org"

    def asked(address: str) -> int:
        client.post(FORGOTTEN, {"email": address})  # what is done once in a process is done
        return steps(lambda: client.post(FORGOTTEN, {"email": address}))

    assert 0.9 < asked(known) / asked(unknown) < 1.1
    for address in (known, unknown):
        with django_assert_num_queries(2):  # who it is, and the email
            client.post(FORGOTTEN, {"email": address})


def test_three_emails_an_hour_are_the_most_that_an_address_gets(cast):
    answers = [Client(REMOTE_ADDR=f"198.51.100.{n}").post(FORGOTTEN, {"email": cast.writer.email}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert len(queued()) == 3


def test_a_new_password_is_no_way_round_the_second_factor(client, cast, settings):
    give_app(give_password(cast.writer))
    choose(client, emails.choose_link(cast.writer))
    assert sign_in(client, cast.writer, NEW["password1"]).url == reverse("mfa_authenticate")
    assert client.get("/admin/").status_code == 302


def test_a_link_opened_by_somebody_else_who_is_signed_in_signs_them_out(client, cast):
    client.force_login(cast.colleague)
    choose(client, emails.choose_link(cast.writer))
    assert client.get("/admin/").status_code == 302


def test_somebody_switched_off_in_between_gets_no_email(client, cast, settings):
    client.post(FORGOTTEN, {"email": cast.writer.email})
    User.objects.filter(pk=cast.writer.pk).update(is_active=False)
    assert deliver(settings)[1] == []
    assert Email.objects.get().status == STATUS.failed


def test_people_are_told_of_a_changed_password(client, cast, settings):
    sign_in(client, give_password(cast.writer))
    client.post("/account/password/", {"oldpassword": PASSWORD, **NEW})
    assert queued() == [("writer@example.org", "Your sign-in was changed")]
    assert "The password of your account was changed." in deliver(settings)[1][0].body


@pytest.mark.parametrize("name", ["account_reset", "account_invitation", "account_changed"])
def test_every_email_can_be_looked_at_beforehand(name):
    subject, text, html = render(name, SAMPLES[name][1]())
    assert subject and "{{" not in text + html
    assert "!" not in text
