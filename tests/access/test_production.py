"""The settings of production, in a process of their own: what they refuse, and the cookies and headers they set."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from tests.demonstration import signing_settings

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "BETTERMENT_ENV": "production",
    "SECRET_KEY": "x7" * 40 + "-every-one-of-them-random",
    "SITE_URL": "https://betterment.example",
    "EMAIL_HOST": "mail.betterment.example",
}
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage import default_storage
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import Client, RequestFactory

client = Client(SERVER_NAME="betterment.example", raise_request_exception=False)
page = client.get("/robots.txt", secure=True)
form = CsrfViewMiddleware(lambda request: HttpResponse(get_token(request)))(RequestFactory().get("/", secure=True))
request = RequestFactory().get("/", secure=True)
request.session = {}
said = HttpResponse()
storage = default_storage(request)
storage.add(constants.INFO, "Saved.")
storage.update(said)
cookies = {
    name: [cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]]
    for answer in (form, said)
    for name, cookie in answer.cookies.items()
}
from advisors.review_desk import access
print(json.dumps({
    "status": page.status_code,
    "cookies": cookies,
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN],
    "board": [access.COOKIE, access.PATH],
    "hsts": page.headers.get("Strict-Transport-Security"),
    "plain": client.get("/account/sign-in/").headers.get("Location"),
    "host": client.get("/", secure=True, SERVER_NAME="evil.example").status_code,
    "debug": settings.DEBUG,
    "second": settings.SECOND_FACTOR_REQUIRED,
    "cache": settings.CACHES["default"]["BACKEND"],
}))
"""


def run(*command: str, **changes: str | None) -> subprocess.CompletedProcess:
    unset = {"DEBUG", "ALLOWED_HOSTS", "CACHE_URL", "SECOND_FACTOR_REQUIRED", "BEHIND_PROXY", "DATABASE_URL", *COMPLETE}
    unset |= {"SIGNING_KEY_FILE", "SIGNING_KEY_PASSPHRASE", "SEALS_DIR"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {name: value for name, value in (COMPLETE | changes).items() if value is not None}
    environment["DJANGO_SETTINGS_MODULE"] = "betterment.settings"
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Return what a site with production's settings says about itself."""
    database = tmp_path_factory.mktemp("production") / "site.sqlite3"
    static = str(database.parent / "static")
    run("manage.py", "collectstatic", "--noinput", "--no-post-process", "-v0", STATIC_ROOT=static)
    done = run("-c", ASK, DATABASE_URL=f"sqlite:///{database}", STATIC_ROOT=static)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_cookie_is_bound_to_this_host_over_https(site):
    assert site["cookies"].keys() == {"__Host-csrf", "__Host-messages"}
    for attributes in [*site["cookies"].values(), site["session"][1:]]:
        assert attributes[:4] == [True, True, "Lax", "/"]
        assert not attributes[4]
    assert site["session"][0] == "__Host-session"


def test_the_cookie_of_one_review_is_bound_to_the_boards_pages(site):
    assert site["board"] == ["__Secure-board", "/board/"]  # __Host- would send it everywhere


def test_https_is_the_only_way_and_stays_so(site):
    assert site["plain"] == "https://betterment.example/account/sign-in/"
    assert site["hsts"] == "max-age=63072000; includeSubDomains; preload"


def test_another_host_is_no_host_of_ours(site):
    assert site["host"] == 400


def test_editors_need_a_second_factor_and_attempts_are_counted_in_the_database(site):
    assert site["second"] is True and site["debug"] is False
    assert site["cache"] == "django.core.cache.backends.db.DatabaseCache"


@pytest.fixture
def key(tmp_path: Path) -> dict[str, str]:
    """Return the settings of a site with a signing key."""
    found = signing_settings(tmp_path)
    file = Path(found["SIGNING_KEY_FILE"])
    file.parent.mkdir()
    file.touch(mode=0o600)
    encrypted = BestAvailableEncryption(found["SIGNING_KEY_PASSPHRASE"].encode())
    file.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encrypted))
    return found


def test_the_checks_for_deployment_are_clean(key):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **key)
    assert done.returncode == 0, done.stderr


def test_a_redis_is_used_where_one_is_named(key):
    changes = key | {"CACHE_URL": "redis://127.0.0.1:6379/5"}
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **changes)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SITE_URL": None}, "SITE_URL is not set"),
        ({"EMAIL_HOST": None}, "EMAIL_HOST is not set"),
        ({"SITE_URL": "http://betterment.example"}, "betterment.E003"),
        ({"SECRET_KEY": "short"}, "security.W009"),
        ({}, "audit.W001"),
        ({"SIGNING_KEY_FILE": "/nowhere", "SIGNING_KEY_PASSPHRASE": "x"}, "audit.E001"),
        ({"SECOND_FACTOR_REQUIRED": "0"}, "betterment.E005"),
        ({"DEBUG": "1"}, "security.W018"),
        ({"SITE_URL": "https://192.0.2.7"}, "betterment.E006"),
        ({"DEFAULT_FROM_EMAIL": "newsroom"}, "betterment.E006"),
        ({"RETRACTED_SOURCES": "never"}, "RETRACTED_SOURCES is 'never': use ask or forbid."),
    ],
)
def test_what_is_set_wrong_is_said(changes, said):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **changes)
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.parametrize("command", [("manage.py", "work"), ("manage.py", "migrate"), ("bin/ready_to_serve.py",)])
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"EMAIL_HOST": None}, "EMAIL_HOST is not set."),
        ({"TIME_ZONE": "Europe/Nowhere"}, "TIME_ZONE is 'Europe/Nowhere': use the name of a time zone"),
        ({"TIME_ZONE": "../Berlin"}, "TIME_ZONE is '../Berlin': use the name of a time zone"),
        ({"TIME_ZONE": "Europe"}, "TIME_ZONE is 'Europe': use the name of a time zone"),
        ({"DATABASE_URL": "betterment"}, "DATABASE_URL is not of the form postgresql://"),
        ({"DATABASE_URL": "mysql://somebody@localhost/x"}, "DATABASE_URL is not of the form postgresql://"),
        ({"DATABASE_URL": "postgresql://[localhost/x"}, "DATABASE_URL is not of the form postgresql://"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT is 'smtp': use a whole number"),
    ],
)
def test_a_setting_that_cannot_be_used_ends_every_command_with_one_line(command, changes, said):
    done = run(*command, **changes)
    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_cache_that_workers_do_not_share_is_said(settings):
    from betterment.checks import attempts_are_counted_together

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert [problem.id for problem in attempts_are_counted_together(None)] == ["betterment.E004"]
