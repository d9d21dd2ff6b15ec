"""The job queue, and the runners that have reported to it."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import LineField


class JobState(models.TextChoices):
    """The state of a job. A periodic job is waiting or running, unless its schedule was removed from the code."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class JobQuerySet(models.QuerySet):
    """Queries on the queue."""

    def unfinished(self) -> "JobQuerySet":
        """Return the jobs that are waiting or running."""
        return self.filter(state__in=UNFINISHED)

    def due(self, now: datetime) -> "JobQuerySet":
        """Return the jobs that a runner may claim at the aware time `now`.

        These are waiting jobs that are due, and running jobs whose lease has ended.
        """
        return self.filter(
            Q(state=JobState.WAITING, due_at__lte=now) | Q(state=JobState.RUNNING, leased_until__lte=now)
        )

    def in_order(self) -> "JobQuerySet":
        """Return the jobs in the order in which they are run: urgent jobs first, then the oldest `due_at` first."""
        return self.order_by("-is_urgent", "due_at", "pk")

    def held_by(self, job: "Job") -> "JobQuerySet":
        """Return a queryset with the row of this job while its runner still holds it in the run that `job` describes.

        The queryset is empty if the run has ended or another runner has claimed the job.
        """
        return self.filter(pk=job.pk, state=JobState.RUNNING, runner=job.runner, attempts=job.attempts)


class Job(models.Model):
    """A job in the queue. Rows are written by `jobs.queue` alone.

    A periodic job has one row, which waits again after each run. For each `key` there is at most one unfinished job. If
    the runner has not renewed its lease by `leased_until`, another runner may claim the job. `covered_until` is the
    start of the last successful run.
    """

    name = LineField(_("name"), max_length=60, editable=False)
    key = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001 -- null: no key, never equal
    arguments = models.JSONField(default=dict, editable=False)
    is_periodic = models.BooleanField(default=False, editable=False)
    is_urgent = models.BooleanField(default=False, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING, editable=False)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now, editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0, editable=False)
    runner = models.CharField(max_length=120, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("ended"), null=True, editable=False)
    covered_until = models.DateTimeField(null=True, editable=False)
    run_again = models.BooleanField(default=False, editable=False)
    summary = models.CharField(_("outcome"), max_length=500, blank=True, editable=False)
    error = models.TextField(_("error"), blank=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=UNFINISHED), name="job_key_unfinished"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state"),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | (Q(leased_until__isnull=False) & ~Q(runner="")),
                name="job_running_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_urgent", "due_at", "id"], condition=Q(state=JobState.WAITING), name="job_waiting"
            ),
            models.Index(fields=["leased_until"], condition=Q(state=JobState.RUNNING), name="job_running"),
            models.Index(fields=["finished_at"], name="job_finished_at"),
        ]

    def __str__(self) -> str:
        """Return the name and the arguments in one line, for the log and the admin."""
        return " ".join([self.name, *(f"{name}={value}" for name, value in self.arguments.items())])


class JobRunner(models.Model):
    """A process that runs `manage.py work`. `seen_at` is when it last reported that it is alive."""

    name = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return self.name
