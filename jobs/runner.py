"""The loop of `manage.py work`, which runs jobs one after another until it is told to stop."""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import cast

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, reset_queries, transaction
from django.utils import timezone

from jobs import queue, registry
from jobs.models import Job, JobRunner

log = logging.getLogger(__name__)

POLL = 1.0  # seconds between two checks of the queue
BEAT = 20.0  # seconds between two reports that the runner is alive
PLAN_EVERY = 60.0  # seconds between two checks for periodic jobs without a row
OUTAGE_PAUSE = 5.0  # seconds to wait after a database error
GRACE = 25.0  # seconds until a running job is interrupted after the runner was told to stop
FORGOTTEN_AFTER = timedelta(days=1)
STUCK_AFTER = timedelta(minutes=1)  # after the timeout of the job
STUCK = 75  # the exit code of a runner whose job could not be interrupted (EX_TEMPFAIL)


class JobTimedOut(BaseException):
    """Raised in a job that has run for longer than its timeout.

    Like RunnerStopped, it is a BaseException, because jobs catch Exception in order to go on with their next item.
    """


class RunnerStopped(BaseException):
    """Raised in a job that has not ended in time after its runner was told to stop."""


class WorkLoop:
    """A job runner. It runs one job at a time in the main thread; a second thread renews the lease meanwhile."""

    def __init__(self, *, grace: float = GRACE) -> None:
        self.name = f"{socket.gethostname()[:60]} {os.getpid()} {secrets.token_hex(4)}"
        self.grace = grace
        self.done = self.failed = 0
        self._stopping = False  # not an Event: a signal handler could wait for a lock that its own thread holds
        self._over = threading.Event()
        self._running: list[tuple[Job, datetime]] = []  # with deadlines; all but the last have given way
        self._gave_way = 0.0
        self._interrupting = False

    def run(self) -> None:
        """Run jobs as they become due, until `stop` is called. After a database error, log it, wait and continue."""
        planned = 0.0
        with self._signals(), self._signs_of_life():
            while not self._stopping:
                try:
                    if not planned or time.monotonic() - planned > PLAN_EVERY:
                        queue.add_periodic()
                        planned = time.monotonic()
                    worked = self.step()
                except (DatabaseError, InterfaceError) as error:
                    log.warning("The database failed: %s", " ".join(str(error).split()))
                    connection.close()
                    self._pause(OUTAGE_PAUSE)
                    continue
                if not worked:
                    close_old_connections()
                    self._pause(POLL)

    def run_due(self) -> None:
        """Run the jobs that are due and those that become due meanwhile, each at most once, and return."""
        queue.add_periodic()
        with self._signals(), self._signs_of_life():
            over: list[int] = []
            while not self._stopping:
                queue.advance()
                job = queue.claim(self.name, leaving=over)
                if job is None:
                    return
                over.append(job.pk)
                self._work(job)

    def step(self) -> bool:
        """Run the next job that is due, and return whether there was one. Database errors propagate."""
        queue.advance()
        job = queue.claim(self.name)
        if job is None:
            return False
        self._work(job)
        return True

    def stop(self, signum: int = 0, frame: FrameType | None = None) -> None:
        """End the loop after the running job. This is also the handler of the signals that end the process.

        The job is interrupted after `grace` seconds, or at once if this is the second call.
        """
        again, self._stopping = self._stopping, True
        if self._interrupting:
            left = signal.getitimer(signal.ITIMER_REAL)[0] or self.grace
            self._alarm(0.01 if again else max(0.01, min(left, self.grace)))

    def _pause(self, seconds: float) -> None:
        """Sleep for this number of seconds, or until the runner is told to stop."""
        end = time.monotonic() + seconds
        while not self._stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, POLL))

    def _work(self, job: Job) -> None:
        """Run one job, and record its outcome in the database and in one line of the log."""
        kind, began = registry.known(job.name), time.monotonic()
        started = cast(datetime, job.started_at)  # set when the job was claimed
        context = registry.JobContext(started, job.arguments, job.covered_until, self._give_way)
        try:
            with self._limited(job, kind.timeout):
                if kind.is_atomic:
                    with transaction.atomic():
                        said = kind.function(context) or ""
                        queue.complete(job, said)
                else:
                    said = kind.function(context) or ""
            if not kind.is_atomic:
                queue.complete(job, said)
        except queue.LeaseLost:
            log.warning("%s: another runner has taken it", job)
        except RunnerStopped:
            self._end(job, lambda: queue.release(job))
            log.warning("%s: put back, the runner is told to stop", job)
        except (Exception, JobTimedOut) as error:
            self._failed(job, error, time.monotonic() - began)
        else:
            self.done += 1
            log.info("%s: done in %.1f s%s", job, time.monotonic() - began, f": {said}" if said else "")
        finally:
            reset_queries()

    def _failed(self, job: Job, error: BaseException, seconds: float) -> None:
        self.failed += 1
        reason = str(error) if isinstance(error, registry.JobFailed) else f"{type(error).__name__}: {error}"
        expected = isinstance(error, registry.JobFailed | JobTimedOut)
        again = self._end(job, lambda: queue.fail(job, reason))
        told = f"tried again at {again.isoformat(timespec='seconds')}" if again else "given up"
        log.log(
            logging.WARNING if expected and again else logging.ERROR,
            "%s: failed in %.1f s (attempt %s), %s: %s",
            *(job, seconds, job.attempts, told, reason),
            exc_info=None if expected else error,
        )

    def _end(self, job: Job, record: Callable[[], datetime | None]) -> datetime | None:
        """Call `record` after an unsuccessful run, on a new connection if the old one is no longer usable.

        Return the result of `record`, or None if another runner has claimed the job.
        """
        if connection.errors_occurred:
            connection.close_if_unusable_or_obsolete()
        try:
            return record()
        except queue.LeaseLost:
            log.warning("%s: another runner has taken it", job)
            return None

    def _give_way(self) -> None:
        """Run the urgent jobs that are due, in the middle of another job.

        Do nothing within a transaction, if the runner was told to stop, or within a second of the last time, because
        each look at the queue takes queries.
        """
        if connection.in_atomic_block or self._stopping or time.monotonic() - self._gave_way < POLL:
            return
        queue.advance()
        while job := queue.claim(self.name, only_urgent=True):
            self._work(job)
        self._gave_way = time.monotonic()

    @contextmanager
    def _limited(self, job: Job, timeout: timedelta) -> Iterator[None]:
        """Interrupt the block after `timeout`, or after the grace period once the runner is told to stop.

        The block may be nested in that of a job that gives way. The outer job's time keeps running meanwhile; if the
        runner was told to stop, the outer job is interrupted as soon as the inner block ends.
        """
        in_main = threading.current_thread() is threading.main_thread()
        outer, self._running = self._running, [*self._running, (job, timezone.now() + timeout)]
        left, begun = (signal.getitimer(signal.ITIMER_REAL)[0] if in_main else 0.0), time.monotonic()
        before = signal.signal(signal.SIGALRM, self._interrupt) if in_main else None
        try:
            self._interrupting = True
            self._alarm(min(timeout.total_seconds(), self.grace) if self._stopping else timeout.total_seconds())
            yield
        finally:
            self._interrupting = False
            self._alarm(0)
            if in_main:
                signal.signal(signal.SIGALRM, before)
            self._running = outer
            if outer:
                self._interrupting = True
                self._alarm(0.01 if self._stopping else max(0.01, left - (time.monotonic() - begun)))

    def _alarm(self, seconds: float) -> None:
        """Interrupt the running job after this number of seconds; 0 cancels that.

        Do nothing outside the main thread, which alone can set the timer.
        """
        if threading.current_thread() is threading.main_thread():
            signal.setitimer(signal.ITIMER_REAL, seconds)

    def _interrupt(self, signum: int, frame: FrameType | None) -> None:
        if not self._interrupting:
            return
        self._interrupting = False
        if self._stopping:
            raise RunnerStopped
        raise JobTimedOut("It ran for longer than its time-out.")

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Make SIGTERM and SIGINT stop this runner until the block ends.

        Do nothing outside the main thread, which alone can handle signals.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def _signs_of_life(self) -> Iterator[None]:
        """Report every `BEAT` seconds, from a thread, that this runner is alive, until the block ends.

        The report is a row of JobRunner. Rows of runners that were last seen more than `FORGOTTEN_AFTER` ago are
        deleted.
        """
        now = timezone.now()
        JobRunner.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
        JobRunner.objects.create(name=self.name, started_at=now, seen_at=now)
        thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(timeout=BEAT)

    def _beat(self) -> None:
        """Record every `BEAT` seconds that this runner is alive, and renew the leases of its jobs.

        This runs in a thread of its own. A job that is still running `STUCK_AFTER` after its timeout cannot be
        interrupted. The process then exits with `STUCK`, so that the lease of the job ends and the runner can be
        started again.
        """
        while not self._over.wait(BEAT):
            running, now = self._running, timezone.now()
            if running and now > running[-1][1] + STUCK_AFTER:
                log.critical("%s: cannot be interrupted; the runner ends", running[-1][0])
                os._exit(STUCK)
            try:
                JobRunner.objects.filter(name=self.name).update(seen_at=now)
                for job, _deadline in running:
                    queue.renew(job)
            except (DatabaseError, InterfaceError) as error:
                log.warning("The heartbeat could not be stored: %s", " ".join(str(error).split()))
                connection.close()
        connection.close()
