"""The admin: editors see the subscribers, nobody changes them, and no spreadsheet runs code from the export."""

import csv
import io
import json

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter import subscribing
from newsletter.exports import COLUMNS, cell
from newsletter.models import State, Subscriber, Suppression
from tests.newsletter.conftest import ADDRESS

LIST = "/admin/newsletter/subscriber/"


@pytest.fixture
def editor(cast) -> Client:
    return signed_in(cast.editor)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, action: str, *subscribers: Subscriber, **more: str):
    return client.post(LIST, {"action": action, "_selected_action": [one.pk for one in subscribers], **more})


def test_editors_see_subscribers_and_can_change_none_by_hand(subscriber, editor):
    assert ADDRESS in editor.get(LIST).content.decode()
    change = reverse("admin:newsletter_subscriber_change", args=[subscriber.pk])
    assert editor.get(change).status_code == 200
    assert editor.post(change, {"address": "thief@example.org"}).status_code == 403
    assert editor.get(f"{LIST}add/").status_code == 403
    assert editor.post(reverse("admin:newsletter_subscriber_delete", args=[subscriber.pk])).status_code == 403
    assert act(editor, "delete_selected", subscriber, post="yes").status_code in (200, 302)
    assert Subscriber.objects.get().address == ADDRESS


@pytest.mark.parametrize("name", ["writer", "advisor1", "outsider"])
@pytest.mark.parametrize("action", ["unsubscribe", "erase", "export"])
def test_nobody_else_sees_or_does_anything(subscriber, cast, name, action):
    client = signed_in(cast.everybody[name])
    assert client.get(LIST).status_code in (302, 403)
    assert act(client, action, subscriber, sure="1").status_code in (302, 403)
    assert Subscriber.objects.get().state == State.CONFIRMED


def test_editors_unsubscribe(subscriber, editor):
    act(editor, "unsubscribe", subscriber)
    assert Subscriber.objects.get().state == State.UNSUBSCRIBED


def test_editors_erase_after_they_were_asked(subscriber, editor):
    assert "Nothing has been erased yet" in act(editor, "erase", subscriber).content.decode()
    assert Subscriber.objects.exists()
    act(editor, "erase", subscriber, sure="1")
    assert not Subscriber.objects.exists() and Suppression.objects.count() == 1
    assert ADDRESS not in json.dumps(list(LogEntry.objects.values("object_repr", "change_message")))
    assert LogEntry.objects.get().object_repr == f"Subscriber {subscriber.pk}"


def test_an_action_asked_for_by_get_does_nothing(subscriber, editor):
    editor.get(LIST, {"action": "unsubscribe", "_selected_action": subscriber.pk})
    assert Subscriber.objects.get().state == State.CONFIRMED


def test_the_export_holds_those_who_receive_the_newsletter_and_streams(subscriber, editor, sign_up):
    sign_up("=cmd@example.org")
    Subscriber.objects.exclude(pk=subscriber.pk).update(state=State.CONFIRMED, confirmed_at=timezone.now())
    answer = act(editor, "export", *Subscriber.objects.all())
    assert answer.streaming and answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head == list(COLUMNS)
    assert {row[0] for row in rows} == {ADDRESS, "'=cmd@example.org"}
    assert all(row[-1].startswith("Yes, please send me") for row in rows)


def exported(client: Client) -> list[dict[str, str]]:
    answer = act(client, "export", *Subscriber.objects.all())
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_export_holds_nobody_who_has_left_never_confirmed_or_is_suppressed(subscriber, editor, sign_up):
    sign_up("never@example.org")
    for name in ("left", "suppressed"):
        sign_up(f"{name}@example.org")
        one = Subscriber.objects.get(address=f"{name}@example.org")
        subscribing.confirm(pk=one.pk, nonce=one.nonce)
    subscribing.unsubscribe(digest=Subscriber.objects.get(address="left@example.org").digest)
    Suppression.objects.create(digest=Subscriber.objects.get(address="suppressed@example.org").digest)
    assert Subscriber.objects.count() == 4
    assert [row["address"] for row in exported(editor)] == [ADDRESS]


def test_the_export_has_an_address_for_each_by_which_they_leave(subscriber, editor, client, settings):
    [row] = exported(editor)
    assert row["unsubscribe address"].startswith(f"{settings.SITE_URL}/newsletter/unsubscribe/")
    client.post(row["unsubscribe address"].removeprefix(settings.SITE_URL))
    assert Subscriber.objects.get().state == State.UNSUBSCRIBED
    assert exported(editor) == []


def test_the_export_has_its_times_in_the_newsrooms_zone(subscriber, editor, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    [row] = exported(editor)
    assert row["asked"].endswith("+09:00") and row["confirmed"].endswith("+09:00")


@pytest.mark.parametrize("before", ["", " ", "\u3000", "\xa0"])
def test_no_cell_is_a_formula(before):
    signs = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"]
    assert [cell(f"{before}{sign}1+1") for sign in signs] == [f"'{before}{sign}1+1" for sign in signs]


@pytest.mark.parametrize("plain", ["", "reader@example.org", "a=b", "2026-11", 5])
def test_a_plain_cell_stays_as_it_is(plain):
    assert cell(plain) == str(plain)


def test_the_list_asks_the_same_few_questions_however_long_it_is(editor, django_assert_max_num_queries):
    Subscriber.objects.bulk_create(
        Subscriber(address=f"reader{place}@example.org", digest=str(place)) for place in range(60)
    )
    with django_assert_max_num_queries(9):
        assert editor.get(LIST).status_code == 200
