"""The admin's list of jobs: for administrators, with few queries however long it is, and with two actions."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs import queue
from jobs.models import Job, JobRunner, JobState

LIST = reverse("admin:jobs_job_changelist")


@pytest.fixture
def administrator(client, cast):
    """Return the browser of an administrator."""
    client.force_login(cast.admin)
    return client


def text_of(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def act(browser, action: str, *rows: Job) -> None:
    answer = browser.post(LIST, {"action": action, "_selected_action": [row.pk for row in rows]})
    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["writer", "editor", "advisor"])
def test_nobody_but_an_administrator_sees_the_queue(client, cast, who):
    client.force_login(cast.advisors[0].user if who == "advisor" else getattr(cast, who))
    assert client.get(LIST).status_code in (302, 403)


def test_the_list_tells_what_waits_runs_and_has_failed_and_whether_a_runner_is_there(administrator):
    assert "No runner has been at work yet: start manage.py work." in text_of(administrator.get(LIST))
    now = timezone.now()
    JobRunner.objects.create(name="here")
    queue.add_periodic()
    Job.objects.filter(name="mail.send").update(
        state=JobState.RUNNING, runner="here", leased_until=now, started_at=now, attempts=1
    )
    Job.objects.filter(name="newsletter.purge").update(error="The <b>disk</b> is full.\nTwice.", attempts=2)
    Job.objects.create(name="newer.job", state=JobState.DONE, finished_at=now, summary="7 things")
    page = text_of(administrator.get(LIST))
    assert "Runners at work: 1" in page
    for words in (
        *("Send the queued emails", "running since", "Delete unconfirmed sign-ups", "waiting to be tried again"),
        *("The &lt;b&gt;disk&lt;/b&gt; is full.", "newer.job", "7 things"),
    ):
        assert words in page, words


def test_a_jobs_page_has_its_arguments_and_the_whole_error(administrator):
    row = Job.objects.create(
        name="pictures.renditions", arguments={"name": "pictures/a.jpg"}, state=JobState.FAILED, error="One.\n<Two>"
    )
    page = text_of(administrator.get(reverse("admin:jobs_job_change", args=[row.pk])))
    assert "name: pictures/a.jpg" in page and "One.\n&lt;Two&gt;" in page and 'name="_save"' not in page


def test_the_list_is_paginated_and_its_queries_do_not_grow(administrator):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text_of(administrator.get(LIST))
        return len(captured)

    Job.objects.create(name="mail.send")
    queries()
    few = queries()
    Job.objects.bulk_create([Job(name="pictures.renditions", arguments={"number": each}) for each in range(120)])
    assert queries() == few <= 12
    assert (
        "71 of" not in text_of(administrator.get(LIST))
        and text_of(administrator.get(f"{LIST}?p=3")).count('name="_selected_action"') == 21
    )


@pytest.mark.parametrize(("chosen", "count"), [("periodic", 1), ("error", 1), ("failed", 1), ("waiting", 2)])
def test_the_list_can_be_narrowed(administrator, chosen, count):
    Job.objects.create(name="mail.send", key="mail.send", is_periodic=True)
    Job.objects.create(name="pictures.renditions")
    Job.objects.create(name="pictures.renditions", state=JobState.FAILED, error="no")
    assert text_of(administrator.get(f"{LIST}?queue={chosen}")).count('name="_selected_action"') == count


def test_try_again_makes_waiting_and_failed_jobs_due_now(administrator):
    later = timezone.now() + timedelta(hours=1)
    failed = Job.objects.create(name="pictures.renditions", state=JobState.FAILED, attempts=6)
    waiting = Job.objects.create(name="pictures.renditions", due_at=later, attempts=2)
    done = Job.objects.create(name="pictures.renditions", state=JobState.DONE)
    act(administrator, "try_again", failed, waiting, done)
    due = Job.objects.due(timezone.now())
    assert {row.pk for row in due} == {failed.pk, waiting.pk} and {row.attempts for row in due} == {0}


def test_discard_takes_a_job_out_of_the_queue(administrator):
    waiting, periodic = Job.objects.create(name="pictures.renditions"), Job.objects.create(name="a", is_periodic=True)
    act(administrator, "discard", waiting, periodic)
    assert {row.pk: row.state for row in Job.objects.all()} == {
        waiting.pk: JobState.DISCARDED,
        periodic.pk: JobState.WAITING,
    }
