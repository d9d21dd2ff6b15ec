"""Runners are killed in the middle of their work, again and again: each email is queued once, and none is lost."""

import os
import random
import signal
import sys
import time
from collections import Counter
from threading import Event

from django.db import transaction
from post_office.models import Email

from jobs import queue, registry
from jobs.models import Job, JobState
from tests.endurance.size import FULL, size
from tests.jobs.runners import Runners

KILLS = size(8, 100)
RUNNERS = 3
AHEAD = 20  # jobs in the queue at any time


def test_a_runner_killed_at_any_moment_loses_no_email_and_queues_none_twice(own, only_ours, capsys):
    registry.job("tests.email", label="Send an email")(lambda context: None)  # named as in tests.jobs.runners
    dice, number = random.Random(7), 0
    with Runners(own, RUNNERS) as runners:
        runners.listen(lambda: len(runners.there) == RUNNERS)
        for kill in range(KILLS):
            missing = AHEAD - Job.objects.unfinished().count()
            with transaction.atomic():  # all at once: one by one, runners may work them off as fast as they are queued
                for each in range(number, number + missing):
                    queue.enqueue("tests.email", {"number": each}, key=f"email {each}")
            number += missing
            sent = len(runners.told)
            runners.listen(lambda sent=sent: len(runners.told) > sent)
            Event().wait(dice.random() / 20)  # the moment is random, and nothing is expected of it
            os.kill(dice.choice(runners.there), signal.SIGKILL)
            runners.listen(lambda kill=kill: runners.killed == kill + 1 and len(runners.there) == RUNNERS)
        give_up = time.monotonic() + 60
        while Job.objects.unfinished().exists():
            assert time.monotonic() < give_up, "the queue is not worked off"
            Event().wait(0.1)
        code, log = runners.stop()
    assert code == 0, log
    interrupted = Job.objects.filter(attempts__gt=1).count()
    assert Counter(Job.objects.values_list("state", flat=True)) == {JobState.DONE: number}
    assert Counter(Email.objects.values_list("subject", flat=True)) == {f"Number {each}": 1 for each in range(number)}
    if FULL:  # a few kills may all have hit an idle runner
        assert interrupted > KILLS // 8, "they were killed while they rested"
        with capsys.disabled():
            sys.stdout.write(f"\n{KILLS} killed, {number} emails, {interrupted} jobs begun more than once\n")
