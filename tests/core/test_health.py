"""The probes: alive without a database, ready only if the site can do all of its work, and without secrets."""

from datetime import timedelta
from pathlib import Path
from runpy import run_path

import pytest
import time_machine
from django.core.mail import send_mail
from django.db import OperationalError, connection
from django.utils import timezone
from post_office.models import STATUS, Email

from articles.guards import GUARDS
from core import health
from core.db import triggers
from jobs.models import Job, JobRunner

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ran(db):
    """Make it look as if a job runner has just been seen."""
    return JobRunner.objects.create(name="here")


@pytest.fixture(autouse=True)
def real_queue(settings):
    """Send emails to the queue, as on the site, and not where tests send them."""
    settings.EMAIL_BACKEND = "mail.sending.OutboxBackend"


@pytest.fixture
def no_database(monkeypatch):
    """Simulate a database server that no longer answers."""

    def refuse(*args, **kwargs):
        raise OperationalError('could not connect to server: password "hunter2" of host db.internal')

    monkeypatch.setattr(connection, "cursor", refuse)


def ready(client) -> tuple[int, dict]:
    answer = client.get("/readyz")
    assert answer["Content-Type"] == "application/json" and answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()


def test_it_is_alive_without_a_database(client, no_database):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert answer["Cache-Control"] == "no-store" and answer["X-Content-Type-Options"] == "nosniff"


def test_it_is_ready_where_everything_works(client, ran):
    status, told = ready(client)
    assert status == 200 and told["status"] == "ready"
    assert told["checks"] == dict.fromkeys(["database", "migrations", "rules", "jobs", "emails"], "ok")


def test_it_is_not_ready_without_a_database_and_gives_nothing_away(client, no_database):
    status, told = ready(client)
    assert status == 503 and list(told["checks"]) == ["database"]
    assert "hunter2" not in str(told) and "internal" not in str(told)


def test_it_is_not_ready_before_its_migrations(client, ran):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    status, told = ready(client)
    assert status == 503 and "not applied" in told["checks"]["migrations"]
    assert health.unapplied_migrations() and all(name.startswith("core.") for name in health.unapplied_migrations())


def test_it_is_not_ready_where_a_trigger_is_gone(client, ran):
    """This is the situation after a `migrate` that was killed half-way."""
    triggers.remove([GUARDS[0]], connection)
    status, told = ready(client)
    assert status == 503 and told["checks"]["rules"] == "1 missing or changed; run manage.py migrate."


def test_no_server_starts_where_a_trigger_is_gone(db):
    obstacle = run_path(str(ROOT / "bin" / "ready_to_serve.py"))["obstacle"]
    assert obstacle() == ""
    triggers.remove([GUARDS[0]], connection)
    assert "1 database rules are missing or changed" in obstacle() and GUARDS[0].name in obstacle()


def test_it_is_not_ready_where_emails_wait_that_nobody_sends(client, ran):
    send_mail("Subject", "Text", None, ["ada@example.org"])
    assert ready(client)[0] == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        JobRunner.objects.update(seen_at=timezone.now())
        status, told = ready(client)
    assert status == 503 and told["checks"]["emails"] == "1 have waited for more than an hour."
    assert "ada" not in str(told)


def test_an_email_that_one_server_refuses_for_days_does_not_make_the_site_unready(client, ran):
    send_mail("Subject", "Text", None, ["ada@example.org"])
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        JobRunner.objects.update(seen_at=timezone.now())
        Email.objects.update(status=STATUS.requeued, scheduled_time=timezone.now() + timedelta(hours=2))
        assert Email.objects.count() == 1
        assert ready(client)[0] == 200


def test_it_is_not_ready_where_no_runner_is_at_work(client, db):
    assert ready(client)[1]["checks"]["jobs"] == "No runner has ever been seen; start manage.py work."
    JobRunner.objects.create(name="gone", seen_at=timezone.now() - timedelta(minutes=6))
    status, told = ready(client)
    assert status == 503 and told["checks"]["jobs"].startswith("No runner has been seen since ")
    JobRunner.objects.create(name="here", seen_at=timezone.now() - timedelta(minutes=4))
    assert ready(client)[0] == 200


def test_it_is_not_ready_where_a_job_is_late_and_one_of_newer_code_does_not_count(client, ran):
    now = timezone.now()
    Job.objects.create(name="newer.job", due_at=now - timedelta(hours=2))
    Job.objects.create(name="jobs.purge", due_at=now - timedelta(minutes=29))
    assert ready(client)[0] == 200
    Job.objects.create(name="mail.send", due_at=now - timedelta(minutes=42))
    status, told = ready(client)
    assert status == 503 and told["checks"]["jobs"] == "mail.send has been due for 42 minutes."


def test_the_probes_answer_by_any_name_and_without_tls(client, ran, settings):
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code in (301, 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_probes_are_read_and_nothing_else(client, ran, path):
    assert client.head(path).status_code == 200
    answer = client.post(path)
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"
