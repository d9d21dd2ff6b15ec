"""Emails are queued in the transaction that they report, sent once over real SMTP, and no content can add a header."""

import base64
import os
import subprocess
import sys
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier, Thread

import pytest
import time_machine
from django.conf import settings as site
from django.contrib import admin
from django.core import mail as django_mail
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Attachment, Email, EmailTemplate, Log

from mail import outbox, sending
from tests import mailing, newsroom

CONTROLS = [*(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))), "\u2028", "\u2029", "\u202e", "\ufeff"]
SEED = "source_retracted"


def entry(**words: str) -> dict:
    said = {"after": "retracted", "key": "doe2020", "title": "A trial", "note": "", "url": "u", "articles": []}
    return {"entries": [{**said, **words}]}


@pytest.fixture
def queue(db, settings):
    settings.EMAIL_BACKEND = mailing.QUEUE
    return settings


def write(count: int = 1, **words: str) -> None:
    sending.send(SEED, entry(**words), [f"reader{place}@example.org" for place in range(count)])


def test_an_email_falls_with_the_transaction_that_it_speaks_of(queue):
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError
    assert not Email.objects.exists()
    with transaction.atomic():
        write()
    assert Email.objects.get().status == STATUS.queued


def test_an_email_goes_over_smtp_as_text_and_html(queue):
    with mailing.post_server(queue) as server:
        write(2, title="Tea & <sleep>")
        assert outbox.send_queue().sent == 2
    assert [recipients for recipients, _ in server.emails] == [["reader0@example.org"], ["reader1@example.org"]]
    _, email = server.emails[0]
    assert email["Subject"] == "doe2020: retracted" and email["Auto-Submitted"] == "auto-generated"
    assert email["To"] == "reader0@example.org" and email["From"] == "The Betterment Project <newsroom@localhost>"
    assert email["Message-ID"] == Email.objects.order_by("pk")[0].message_id
    assert "Tea & <sleep>" in email.get_body(("plain",)).get_content()
    assert "Tea &amp; &lt;sleep&gt;" in email.get_body(("html",)).get_content()
    assert server.connections == 1


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: f"U+{ord(control):04X}")
def test_no_control_character_makes_a_header(queue, control):
    evil = f"doe{control}Bcc: thief@example.org{control}2020"
    sending.send(SEED, entry(key=evil), "reader@example.org", headers={"X-Round": evil})
    sent = sending.build_message(Email.objects.get()).message().as_bytes()
    head = sent.split(b"\n\n")[0]
    assert control.encode() not in head.replace(b"\n", b"") or control in " \t\n"
    email = message_from_bytes(sent, policy=policy.default)
    names = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Round"}
    assert set(email.keys()) == names and len(head.splitlines()) <= len(names) + 3
    assert "Bcc: thief@example.org" in email["Subject"]


@pytest.mark.parametrize("control", [*CONTROLS, ",", ";", "<", "(", '"', " "], ids=lambda one: f"U+{ord(one):04X}")
def test_an_address_that_is_more_than_an_address_is_refused(queue, control):
    for address in (f"reader@example.org{control}", f"a{control}b@example.org", f"a@x.org{control}thief@example.org"):
        with pytest.raises(sending.BadAddress):
            sending.send(SEED, entry(), address)
    with pytest.raises(sending.BadAddress):
        write_to = ["reader@example.org", f"x{control}@example.org"]
        sending.send(SEED, entry(), write_to)
    assert not Email.objects.exists()


@pytest.mark.parametrize("name", ["", "X Y", "X:Y", "X\nBcc", "Ä", "1X"])
def test_the_name_of_a_header_is_a_name(queue, name):
    with pytest.raises(ValueError, match="name of a header"):
        sending.send(SEED, entry(), "reader@example.org", headers={name: "x"})


def test_words_that_look_like_a_template_are_only_words(queue):
    write(title="{% load nothing %}{{ settings.SECRET_KEY }}{% debug %}")
    assert "{% load nothing %}{{ settings.SECRET_KEY }}" in Email.objects.get().message
    django_mail.send_mail("{{ 7 }}", "{% nothing %}", None, ["reader@example.org"])
    row = Email.objects.latest("pk")
    assert (row.subject, row.message) == ("{{ 7 }}", "{% nothing %}")


def test_mail_that_others_send_loses_its_control_characters_too(queue):
    django_mail.send_mail("".join(f"a{control}" for control in CONTROLS), "words", None, ["reader@example.org"])
    assert set(Email.objects.get().subject) == {"a", " "}


def test_files_lie_in_the_row_and_keep_their_types(queue):
    files = [
        ("päper.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar"),
        ("x.bin", b"\x00\xff", "application/zip"),
    ]
    with mailing.post_server(queue) as server:
        sending.send(SEED, entry(), "reader@example.org", attachments=files)
        outbox.send_queue()
    [(_, email)] = server.emails
    parts = {part.get_filename(): part for part in email.iter_attachments()}
    assert parts["päper.ics"].get_content_type() == "text/calendar"
    assert parts["päper.ics"].get_content().splitlines() == ["BEGIN:VCALENDAR", "END:VCALENDAR"]
    assert parts["x.bin"].get_content() == b"\x00\xff" and not Attachment.objects.exists()
    assert base64.b64encode(b"\x00\xff").decode() in str(Email.objects.get().context)


def test_a_mail_server_that_is_down_and_comes_back_loses_nothing_and_gets_nothing_twice(queue):
    with mailing.post_server(queue) as server:
        port = server.port
    write(5)
    for _ in range(3):
        tally = outbox.send_queue()
        assert tally.nothing_sent and "accepts no emails" in tally.error
    assert set(Email.objects.values_list("status", "number_of_retries", "scheduled_time")) == {
        (STATUS.queued, None, None)
    }
    with mailing.post_server(queue, port) as server:
        assert (outbox.send_queue().sent, outbox.send_queue().sent) == (5, 0)
    assert sorted(to for to, _ in server.emails) == [[f"reader{place}@example.org"] for place in range(5)]


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["451 later", "550 no", "drop"])
def test_an_email_that_a_server_refuses_is_put_off_and_goes_later(queue, verb, answer):
    with time_machine.travel("2026-12-01 08:00Z", tick=False) as clock, mailing.post_server(queue) as server:
        write()
        server.answers[verb] = answer
        assert outbox.send_queue().deferred == 1 and not server.emails
        server.answers.clear()
        assert outbox.send_queue().sent == 0, "not before the pause is over"
        clock.shift(timedelta(minutes=15))
        assert outbox.send_queue().sent == 1
    assert len(server.emails) == 1 and Log.objects.count() == 1


def test_one_refused_email_does_not_hold_up_the_others(queue):
    with mailing.post_server(queue) as server:
        write()
        Email.objects.update(context={"placeholders": {"x": ["nothing fills this", 1]}})
        sending.send(SEED, entry(), "other@example.org")
        tally = outbox.send_queue()
    assert (tally.sent, tally.deferred, tally.nothing_sent) == (1, 1, False)
    assert [to for to, _ in server.emails] == [["other@example.org"]]


def test_a_run_ends_when_the_connection_is_lost_again_and_again(queue):
    with mailing.post_server(queue) as server:
        write(10)
        server.answers["MAIL"] = "drop"
        tally = outbox.send_queue()
    assert (tally.deferred, server.connections) == (3, 3) and "lost 3 times" in tally.error


def test_an_email_is_given_up_after_a_week_and_a_superuser_tries_it_again(queue, client):
    with time_machine.travel("2026-12-01 08:00Z", tick=False) as clock, mailing.post_server(queue) as server:
        write()
        server.answers["RCPT"] = "550 nobody of that name"
        while not (tally := outbox.send_queue()).failed:
            clock.shift(outbox.MAX_RETRY_DELAY)
            assert tally.deferred == 1
        row = Email.objects.get()
        assert (row.status, row.number_of_retries) == (STATUS.failed, site.POST_OFFICE["MAX_RETRIES"])
        assert timedelta(days=6) < timezone.now() - row.created < timedelta(days=9)
        client.force_login(newsroom.cast().admin)
        address = reverse("admin:post_office_email_changelist")
        client.post(address, {"action": "try_again", "_selected_action": [row.pk]})
        server.answers.clear()
        assert outbox.send_queue().sent == 1


def test_what_fills_a_place_is_never_in_the_table(queue, monkeypatch):
    said, addresses = [], []

    def secret(number: int, address: str) -> str:
        addresses.append(address)
        said.append(f"word{number}{len(said)}")
        return said[-1]

    monkeypatch.setitem(sending._PLACEHOLDERS, "secret", secret)
    for name, text in {"subject": "A", "txt": "at {{ token }} and {{ token }}", "html": "<b>{{ token }}</b>"}.items():
        monkeypatch.setitem(TEMPLATES, f"emails/late.{name}", text)
    with mailing.post_server(queue) as server, late_templates(queue):
        sending.send("late", {}, ["one@example.org", "two@example.org"], placeholders={"token": ("secret", 7)})
        assert not said
        outbox.send_queue()
    assert said == ["word70", "word71"] and addresses == ["one@example.org", "two@example.org"]
    for word, (_, email) in zip(said, server.emails, strict=True):
        assert email.get_body(("plain",)).get_content().strip() == f"at {word} and {word}"
        assert word in email.get_body(("html",)).get_content()
    assert "word7" not in str(list(Email.objects.values()))


def test_an_email_that_has_lost_its_reason_does_not_leave(queue, monkeypatch):
    def gone(number: int, address: str) -> str:
        raise sending.EmailCancelled("The round is over.")

    monkeypatch.setitem(sending._PLACEHOLDERS, "secret", gone)
    with mailing.post_server(queue) as server:
        sending.send(SEED, entry(), "one@example.org", placeholders={"token": ("secret", 7)})
        tally = outbox.send_queue()
    assert (tally.cancelled, tally.nothing_sent, server.emails) == (1, False, [])
    assert Log.objects.get().message == "The round is over."


TEMPLATES: dict[str, str] = {}


def late_templates(settings):
    from django.test import override_settings

    options = {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]}
    backend = {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "OPTIONS": options}
    return override_settings(TEMPLATES=[backend])


@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a race can only be seen on PostgreSQL")
def test_two_machines_send_the_same_queue_and_each_email_goes_once(committed, settings):
    with mailing.post_server(settings) as server:
        write(60)
        start, came_to = Barrier(3), []

        def run() -> None:
            start.wait(timeout=120)
            try:
                came_to.append(outbox.send_queue().sent)
            finally:
                connection.close()

        threads = [Thread(target=run, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=300)
    assert sum(came_to) == 60 and sum(1 for sent in came_to if sent) > 1
    assert len({to[0] for to, _ in server.emails}) == len(server.emails) == 60


@pytest.mark.parametrize("who", ["writer", "colleague", "advisor1", "outsider"])
def test_nobody_but_editors_and_superusers_sees_an_email(client, cast, queue, who):
    write()
    row = Email.objects.get()
    client.force_login(cast.everybody[who])
    base = reverse("admin:post_office_email_changelist")
    for address in (base, *(f"{base}{row.pk}/{page}/" for page in ("change", "html", "history", "preview", "resend"))):
        for answer in (client.get(address), client.post(address, {"action": "try_again", "_selected_action": row.pk})):
            assert answer.status_code in (302, 403, 404) and b"doe2020" not in answer.content


@pytest.mark.parametrize("who", ["editor", "admin"])
def test_an_editor_reads_an_email_and_changes_nothing_in_it(client, cast, queue, who):
    write()
    row = Email.objects.get()
    client.force_login(cast.everybody[who])
    base = reverse("admin:post_office_email_changelist")
    assert "doe2020: retracted" in client.get(base).content.decode()
    page = client.get(f"{base}{row.pk}/change/").content.decode()
    assert "doe2020" in page and f'sandbox="" title="The email as HTML" src="{base}{row.pk}/html/"' in page
    alone = client.get(f"{base}{row.pk}/html/")
    assert "doe2020" in alone.content.decode() and "sandbox" in alone.headers["Content-Security-Policy"]
    assert client.get(f"{base}{row.pk + 1}/html/").status_code == 404
    assert client.post(f"{base}{row.pk}/html/").status_code == 405
    client.post(f"{base}{row.pk}/change/", {"subject": "x"})
    assert client.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{base}{row.pk}/resend/").status_code in (302, 404)
    assert Email.objects.get().subject == "doe2020: retracted" and not django_mail.outbox
    assert not {EmailTemplate, Attachment, Log} & set(admin.site._registry)


def test_an_editor_does_not_try_again_what_failed(client, cast, queue):
    write()
    Email.objects.update(status=STATUS.failed)
    client.force_login(cast.editor)
    chosen = {"action": "try_again", "_selected_action": [Email.objects.get().pk]}
    client.post(reverse("admin:post_office_email_changelist"), chosen)
    assert Email.objects.get().status == STATUS.failed


@pytest.mark.parametrize(("name", "status"), [("mail.example.org", 0), ("", 1)])
def test_production_starts_with_a_mail_server_alone(name, status):
    there = {"BETTERMENT_ENV": "production", "SECRET_KEY": "x" * 60, "SITE_URL": "https://example.org"}
    there |= {"EMAIL_HOST": name, "DATABASE_URL": "sqlite://:memory:"}
    code = "from betterment import settings as s; print(s.POST_OFFICE['BACKENDS'], s.DEFAULT_FROM_EMAIL)"
    ran = subprocess.run([sys.executable, "-c", code], env={**os.environ, **there}, capture_output=True, text=True)
    assert bool(ran.returncode) == bool(status)
    assert "EMAIL_HOST is not set" in ran.stderr if status else "newsroom@example.org" in ran.stdout
