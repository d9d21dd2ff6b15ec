"""Production's log: one event per line, and nothing in it about people."""

import json
import logging
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.logs import JsonLines, LoggedRequest, anonymise, current_request
from tests.growth.measuring import grows_too_fast

ROOT = Path(__file__).resolve().parents[2]


def line(message: str, *args: object, **fields: object) -> dict:
    record = logging.LogRecord("a.logger", logging.WARNING, __file__, 1, message, args, fields.pop("exc_info", None))
    vars(record).update(fields)
    text = JsonLines().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_an_event_is_one_line_with_time_level_logger_and_message():
    told = line("Two\nlines of %s", "it")
    assert told["message"] == "Two\nlines of it"
    assert (told["level"], told["logger"]) == ("WARNING", "a.logger")
    assert told["time"].endswith("+00:00") and set(told) == {"time", "level", "logger", "message"}


def test_within_a_request_every_line_names_it():
    token = current_request.set(LoggedRequest("0123456789abcdef", "GET", "/articles/sleep/"))
    try:
        told = line("Slow", status=200, duration_ms=12.5)
    finally:
        current_request.reset(token)
    assert (told["request_id"], told["method"], told["path"]) == ("0123456789abcdef", "GET", "/articles/sleep/")
    assert (told["status"], told["duration_ms"]) == (200, 12.5)
    assert "path" not in line("Later")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("refused by ada.lovelace+x@mail.example.org today", "refused by …@… today"),
        ("from 192.0.2.17:443.", "from …:443."),
        ("from 2001:db8::1 and ::1, [fe80::1]:80", "from … and …, […]:80"),
        ("from ::ffff:192.0.2.1", "from …:…"),
        ("GET /preview/abcdefghij123/", "GET /preview/…/"),
        ("/board/r/abcdefghij123/", "/board/r/…/"),
        ("/account/choose/Mg-c8x0-1f5aAd34e6b7/", "/account/choose/…/"),
        ("/newsletter/confirm/eyJhIjoxfQ:1sABcd:xYz012345678/", "/newsletter/confirm/…/"),
    ],
)
def test_addresses_of_people_and_machines_and_tokens_are_left_out(said, kept):
    assert anonymise(said) == kept
    assert line("%s", said)["message"] == kept


@pytest.mark.parametrize(
    "said",
    [
        "at 12:34:56 on 2026-11-25",
        "version 5.2.19 of 1.2.3",
        "/articles/magnesium-and-sleep-how-good-is-the-evidence/",
        "/media/pictures/" + "0a" * 32 + ".avif",
        "std::string and ratio 1:2:3",
        "10 of 300 in 1.5 s",
    ],
)
def test_what_is_no_address_stays(said):
    assert anonymise(said) == said


@pytest.mark.parametrize("part", ["a", "a.", "1.", "A", "1:", ":", "a@", "@a", "a-", "/a", "…"])
def test_a_long_path_costs_no_more_than_its_length(part):
    assert grows_too_fast(lambda size: partial(anonymise, f"/{part * (size // len(part))}"), 400_000) == ""


@given(st.ip_addresses(v=4), st.emails(), st.text(max_size=10))
def test_no_address_of_either_kind_gets_through_between_spaces(machine, mail, around):
    told = anonymise(f"{around} {machine} {around}")
    assert f" {machine} " not in told
    assert mail not in anonymise(f"to {mail} ")
    assert mail.rpartition("@")[2] not in anonymise(f"to {mail} ")


def test_an_exception_is_told_without_them_too():
    try:
        raise ValueError("no email to ada@example.org")
    except ValueError:
        told = line("It failed for %s", "bob@example.org", exc_info=sys.exc_info())
    assert "ValueError: no email to …@…" in told["exception"]
    assert "example.org" not in json.dumps(told)


def test_arguments_that_do_not_fit_lose_no_line():
    assert line("%s of %s", "one")["message"] == "%s of %s"


SCRIPT = """
import django
from django.conf import settings
# Nobody has collected static files for this test.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
settings.ALLOWED_HOSTS = ["example.org"]
from django.test import Client
ask = Client(raise_request_exception=False, headers={"host": "example.org", "X-Request-ID": "from-the-proxy-1"},
             REMOTE_ADDR="203.0.113.9")
ask.get("/healthz", secure=True)
ask.get("/nowhere/ada@example.org/?q=my+illness", secure=True)
ask.get("/preview/SecretTokenOfALink/", secure=True)
ask.get("/", secure=True, headers={"host": "192.0.2.5"})
"""


def test_what_production_really_writes(tmp_path):
    """A process with production's settings and without a database logs its errors and its refusals."""
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "BETTERMENT_ENV": "production",
        "SECRET_KEY": "k-" * 40,
        "SITE_URL": "https://example.org",
        "EMAIL_HOST": "mail.example.org",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "betterment.settings",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    requests = [event for event in events if event["logger"] == "betterment.requests"]
    assert len(requests) == 3, "a probe that finds all well leaves no line"
    assert {event["request_id"] for event in requests} == {"from-the-proxy-1"}
    assert all(isinstance(event["status"], int) and event["duration_ms"] >= 0 for event in requests)
    assert requests[0]["path"] == "/nowhere/…@…/" and requests[0]["status"] == 404
    for secret in ("ada@", "illness", "SecretToken", "203.0.113.9", "192.0.2.5"):
        assert secret not in done.stderr, secret
    assert any("exception" in event for event in events)
