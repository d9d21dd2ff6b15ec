"""The admin pages of jobs, for superusers: the state and outcome of each, and when periodic jobs last ran."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import times
from core.admin.lookups import DeclaredLookups
from core.paging import BoundedPaginator
from jobs import queue, registry
from jobs.models import Job, JobRunner, JobState


class QueueFilter(admin.SimpleListFilter):
    """Filter jobs by state, or show only periodic jobs or only jobs with an error."""

    title = _("state")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            ("periodic", gettext("periodic jobs")),
            ("error", gettext("with an error")),
            *((state, str(label)) for state, label in JobState.choices),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Job]") -> "QuerySet[Job]":
        if self.value() == "periodic":
            return queryset.filter(is_periodic=True)
        if self.value() == "error":
            return queryset.exclude(error="")
        return queryset.filter(state=self.value()) if self.value() in JobState.values else queryset


@admin.register(Job)
class JobAdmin(DeclaredLookups, admin.ModelAdmin):
    """Read-only pages of jobs with two actions. Only code queues jobs, and only the runner records their outcome."""

    list_display = ("what", "condition", "due", "tries", "ended", "outcome")
    list_filter = (QueueFilter,)
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("name", "error")
    search_help_text = _("Words of the name or of the error.")
    ordering = ("-pk",)
    actions = ("try_again", "discard")
    fields = ("what", "name", "given", "condition", "due", "tries", "queued", "began", "ended", "outcome", "troubles")
    readonly_fields = fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def has_queue_permission(self, request: HttpRequest) -> bool:
        """Return whether this user may retry and discard jobs."""
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"title": gettext("Jobs"), "subtitle": runners_in_words()}
        return super().changelist_view(request, context | (extra_context or {}))

    @admin.action(description=_("Try again now"), permissions=["queue"])
    def try_again(self, request: HttpRequest, chosen: "QuerySet[Job]") -> None:
        """Make the selected jobs due now if they are waiting or have failed."""
        rows = Job.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)))
        count = queue.try_again(rows)
        said = gettext("%(count)s of %(chosen)s are due now.") % {"count": count, "chosen": rows.count()}
        messages.success(request, said)

    @admin.action(description=_("Discard"), permissions=["queue"])
    def discard(self, request: HttpRequest, chosen: "QuerySet[Job]") -> None:
        """Discard the selected jobs if they are waiting or have failed, except for periodic jobs."""
        rows = Job.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)))
        count = queue.discard(rows)
        said = gettext("%(count)s of %(chosen)s discarded.") % {"count": count, "chosen": rows.count()}
        messages.success(request, said)

    @admin.display(description=_("job"), ordering="name")
    def what(self, job: Job) -> str:
        return registry.label(job.name)

    @admin.display(description=_("with"))
    def given(self, job: Job) -> str:
        return ", ".join(f"{name}: {value}" for name, value in job.arguments.items()) or "–"

    @admin.display(description=_("state"), ordering="state")
    def condition(self, job: Job) -> str:
        if job.state == JobState.RUNNING:
            return gettext("running since %(when)s") % {"when": times.moment(job.started_at)}
        if job.state == JobState.WAITING and job.attempts:
            return gettext("waiting to be tried again")
        return job.get_state_display()

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, job: Job) -> str:
        return times.moment(job.due_at) if job.state in (JobState.WAITING, JobState.RUNNING) else "–"

    @admin.display(description=_("attempts"), ordering="attempts")
    def tries(self, job: Job) -> int:
        return job.attempts

    @admin.display(description=_("queued"))
    def queued(self, job: Job) -> str:
        return times.moment(job.queued_at)

    @admin.display(description=_("last start"))
    def began(self, job: Job) -> str:
        return times.moment(job.started_at) or "–"

    @admin.display(description=_("last end"), ordering="finished_at")
    def ended(self, job: Job) -> str:
        return times.moment(job.finished_at) or "–"

    @admin.display(description=_("outcome"))
    def outcome(self, job: Job) -> str:
        return job.error.partition("\n")[0][:200] or job.summary or "–"

    @admin.display(description=_("error"))
    def troubles(self, job: Job) -> str:
        return format_html("<pre>{}</pre>", job.error) if job.error else "–"


def runners_in_words() -> str:
    """Return a sentence with the number of runners seen within `queue.LEASE`, or the time when one was last seen."""
    now = timezone.now()
    count = JobRunner.objects.filter(seen_at__gte=now - queue.LEASE).count()
    if count:
        return gettext("Runners at work: %(count)s") % {"count": count}
    last = JobRunner.objects.order_by("-seen_at").first()
    if last is None:
        return gettext("No runner has been at work yet: start manage.py work.")
    return gettext("No runner is at work. One was last seen on %(when)s.") % {"when": times.moment(last.seen_at)}
