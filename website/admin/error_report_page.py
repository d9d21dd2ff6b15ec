"""The page of an error report in the admin, and the panel of open reports beside an article's form.

The rules are in `website.error_reports.handling`. If it refuses an action, the page is shown again with the user's
input.
"""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.admin.side_panels import SidePanel
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Publication
from articles.signals import side_panels_wanted
from core.admin.dashboard import Panel, count_of
from core.text import clean_prose, whole_number
from website.error_reports import handling
from website.error_reports.passages import place_of
from website.models import ErrorReport, ReportAct, ReportState

ERASED = _("Erased: the address, the words and the emails that contained them. The log records that it was done.")
# The largest numbers shown of log entries, of other reports or answers, and of reports beside an article's form.
LOG_LINES, ALIKE, BESIDE = 100, 20, 6
# Button value -> (send the answer?, state in which the report is closed; None leaves it open).
DECISIONS = {
    "answer": (True, None),
    "answer_corrected": (True, ReportState.CORRECTED),
    "answer_nothing": (True, ReportState.NOTHING),
    "corrected": (False, ReportState.CORRECTED),
    "nothing": (False, ReportState.NOTHING),
    "spam": (False, ReportState.SPAM),
}


class ActForm(forms.Form):
    """Base class of the action forms. `seen` is the primary key of the newest log entry that the page showed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DecideForm(ActForm):
    """The form with an answer to the reader and the outcome of the report.

    `later` holds the later versions, newest first, in one of which the error may have been corrected.
    """

    answer = forms.CharField(
        label=_("Answer to the reader"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    outcome = forms.CharField(
        label=_("Outcome, for colleagues"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Needed if you close the report as nothing to correct without an answer. It stays in the log for good: "
            "leave out the reader's name and words."
        ),
    )
    version = forms.TypedChoiceField(label=_("Corrected in"), coerce=int, empty_value=None, required=False)

    def __init__(self, later: list[handling.PublishedVersion], *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.later = later
        choices = [(row.publication.pk, gettext("Version %(number)s") % {"number": row.number}) for row in later]
        if len(later) == 1:
            self.fields["version"].widget = forms.HiddenInput()
            self.initial["version"] = later[0].publication.pk
        else:
            choices = [("", gettext("Choose…")), *choices]
        self.fields["version"].choices = choices

    def clean_answer(self) -> str:
        return clean_prose(self.cleaned_data["answer"])

    def clean_outcome(self) -> str:
        return clean_prose(self.cleaned_data["outcome"])

    @property
    def corrected(self) -> str:
        """Return the label of the button that closes a report as corrected if the reader gave no email address."""
        return self._label(
            gettext("Close as corrected in version %(number)s"), gettext("Close as corrected in the chosen version")
        )

    @property
    def corrected_unanswered(self) -> str:
        """Return the label of the button that closes a report as corrected without an answer to the reader.

        It is shown only if the reader gave an email address.
        """
        return self._label(
            gettext("Close as corrected in version %(number)s, without an answer"),
            gettext("Close as corrected in the chosen version, without an answer"),
        )

    @property
    def answer_corrected(self) -> str:
        """Return the label of the button that sends the answer and closes the report as corrected."""
        return self._label(
            gettext("Send the answer and close as corrected in version %(number)s"),
            gettext("Send the answer and close as corrected in the chosen version"),
        )

    def _label(self, with_number: str, as_chosen: str) -> str:
        """Return `with_number` with the version's number if there is only one later version, else `as_chosen`."""
        return with_number % {"number": self.later[0].number} if len(self.later) == 1 else as_chosen


class ReasonForm(ActForm):
    """The form with the reason for reopening a report."""

    reason = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class SameForm(ActForm):
    """The form with the number of the report that this one duplicates."""

    same_as = forms.IntegerField(label=_("Number of the other report"), min_value=1, max_value=2**53)


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns of the actions, with each view wrapped by `view`, the decorator of the admin site."""
    return [
        path(f"<path:object_id>/{name}/", view(act), name=f"website_errorreport_{name}")
        for name, act in (("decide", decide), ("reopen", reopen), ("same", same), ("apart", apart), ("erase", erase))
    ]


@require_safe
def show(request: HttpRequest, object_id: str) -> HttpResponse:
    """Show a report. Raise PermissionDenied if the user may not view reports, and Http404 if it does not exist."""
    return _page(request, _report(request, object_id))


@require_POST
def decide(request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer a report, close it, or both, depending on the button that was pressed, and redirect to the report.

    Show the page again with status 400 for an invalid form, 403 if the action is not permitted, and 409 if it is
    refused for another reason, such as an outdated page. Raise PermissionDenied if the user may not change reports, and
    Http404 for an unknown report.
    """
    report = _report(request, object_id, to_change=True)
    form = DecideForm(handling.later_versions(report, handling.versions(report)), request.POST)
    sends, state = DECISIONS.get(request.POST.get("act", ""), (None, None))
    if not form.is_valid():
        return _page(request, report, decide=form, status=400)
    if sends is None:
        return _page(request, report, gettext("Press one of the buttons."), decide=form, status=400)
    said = form.cleaned_data
    if not sends and said["answer"]:
        problem = gettext("You wrote an answer. Press a button that sends it, or empty the field.")
        return _page(request, report, problem, decide=form, status=400)
    common = {"report": report, "actor": request.user, "seen": said["seen"]}
    closing = {
        "state": state,
        "outcome": said["outcome"] or ("Answered." if sends and state == ReportState.NOTHING else ""),
        "version": _version(said["version"]) if state == ReportState.CORRECTED else None,
    }

    def act() -> None:
        if not sends:
            handling.close(**common, **closing)
        elif state is None:
            handling.answer(**common, text=said["answer"])
        else:
            handling.answer_and_close(**common, text=said["answer"], **closing)

    told = [gettext("The answer is on its way.")] if sends else []
    told.append(
        gettext("The report stays open.") if state is None else gettext("The report is closed; no address is kept.")
    )
    return _done(request, report, act, " ".join(told), decide=form)


@require_POST
def reopen(request: HttpRequest, object_id: str) -> HttpResponse:
    """Reopen a closed report, and redirect to it.

    Show the page again with status 400 for an invalid form, and 403 or 409 for a refused action (see `decide`). Raise
    PermissionDenied if the user may not change reports, and Http404 for an unknown report.
    """
    report, form = _report(request, object_id, to_change=True), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, report, reopen=form, status=400)
    said = form.cleaned_data
    act = partial(handling.reopen, report=report, actor=request.user, reason=said["reason"], seen=said["seen"])
    return _done(request, report, act, gettext("The report is open again."), reopen=form)


@require_POST
def same(request: HttpRequest, object_id: str) -> HttpResponse:
    """Mark a report as the same as the report that the form names, and redirect to it.

    Show the page again with status 400 for an invalid form, and 403 or 409 for a refused action (see `decide`). Raise
    PermissionDenied if the user may not change reports, and Http404 for an unknown report.
    """
    report, form = _report(request, object_id, to_change=True), SameForm(request.POST)
    if not form.is_valid():
        return _page(request, report, same=form, status=400)
    act = partial(handling.mark_duplicate, report=report, actor=request.user, **form.cleaned_data)
    return _done(request, report, act, gettext("Marked: both are answered and closed together."), same=form)


@require_POST
def apart(request: HttpRequest, object_id: str) -> HttpResponse:
    """Unmark a report that is marked as the same as another, and redirect to it.

    Show the page again with status 400 for an invalid form, and 403 or 409 for a refused action (see `decide`). Raise
    PermissionDenied if the user may not change reports, and Http404 for an unknown report.
    """
    report, form = _report(request, object_id, to_change=True), ActForm(request.POST)
    if not form.is_valid():
        return _page(request, report, handling.CHANGED, status=400)
    act = partial(handling.unmark_duplicate, report=report, actor=request.user, **form.cleaned_data)
    return _done(request, report, act, gettext("The report is no longer marked as the same as another."))


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, object_id: str) -> HttpResponse:
    """On GET, ask for confirmation; on POST, erase the reader's email address and words, and redirect to the report.

    Show the page again with status 400 for an invalid form, and 403 or 409 for a refused action (see `decide`). Raise
    PermissionDenied if the user may not change reports, and Http404 for an unknown report.
    """
    report = _report(request, object_id, to_change=True)
    if request.method != "POST":
        context = _base(request, report) | {"act_form": _fresh(ActForm, report), "alike": _alike(report)}
        return render(request, "admin/website/errorreport/erase.html", context)
    form = ActForm(request.POST)
    if not form.is_valid():
        return _page(request, report, handling.CHANGED, status=400)
    act = partial(handling.erase, report=report, actor=request.user, **form.cleaned_data)
    return _done(request, report, act, ERASED)


def reports_on(sender: type, article: Article, request: HttpRequest, **kwargs: object) -> list[SidePanel]:
    """Return a panel for the article's form, with the newest open reports on the article and their number.

    Return an empty list if no report is open, or if the user may not view reports.
    """
    if not request.user.has_perm("website.view_errorreport"):
        return []
    waiting = ErrorReport.objects.waiting().filter(article=article)
    rows = list(waiting[: BESIDE + 1])
    if not rows:
        return []
    count = count_of(waiting) if len(rows) > BESIDE else len(rows)
    panel = Panel(gettext("Errors that readers report"), count, open_ones(f"&on={article.pk}"))
    context = {"open_reports": panel, "some_reports": rows[:BESIDE]}
    return [SidePanel("admin/articles/article/_reports.html", context, rank=40)]


def open_ones(more: str = "") -> str:
    """Return the URL of the list of open reports; `more` is appended to the query string."""
    return f"{reverse('admin:website_errorreport_changelist')}?state__exact={ReportState.OPEN}{more}"


def _report(request: HttpRequest, object_id: str, to_change: bool = False) -> ErrorReport:
    """Return the report with this primary key; raise Http404 if it does not exist.

    Raise PermissionDenied if the user may not view reports or, with `to_change`, may not change them.
    """
    user = request.user
    may = user.has_perm("website.change_errorreport")
    if not may and (to_change or not user.has_perm("website.view_errorreport")):
        raise PermissionDenied
    rows = ErrorReport.objects.select_related("article", "revision", "closed_by", "same_as")
    report = rows.filter(pk=whole_number(object_id)).first()
    if report is None:
        raise Http404("No such report.")
    return report


def _version(pk: int | None) -> Publication | None:
    return Publication.objects.filter(pk=pk).first() if pk else None


def _done(
    request: HttpRequest, report: ErrorReport, act: Callable[[], object], said: str, **form: forms.Form
) -> HttpResponse:
    """Perform the action, add the message `said`, and redirect to the report.

    If the action is refused, show the page with the reason and the submitted `form`: status 403 if it is not permitted,
    else 409.
    """
    try:
        act()
    except InvalidTransition as refusal:
        status = 403 if isinstance(refusal, NotPermitted) else 409
        return _page(request, _report(request, str(report.pk)), str(refusal), status=status, **form)
    messages.success(request, said)
    return redirect("admin:website_errorreport_change", report.pk)


def _page(
    request: HttpRequest, report: ErrorReport, problem: str = "", status: int = 200, **typed: forms.Form
) -> HttpResponse:
    """Return a report's page in its present state, with the submitted forms filled in if they are still available.

    Text typed into a form that is no longer available is shown at the top of the page, so that it is not lost.
    """
    known = handling.versions(report)
    later = handling.later_versions(report, known)
    may = request.user.has_perm("website.change_errorreport")
    stands_alone, is_open = report.same_as_id is None, report.is_open
    shown = {
        "decide": may and is_open and stands_alone,
        "same": may and is_open and stands_alone,
        "reopen": may and not is_open and stands_alone,
    }
    fresh = {
        "decide": _fresh(DecideForm, report, later),
        "same": _fresh(SameForm, report),
        "reopen": _fresh(ReasonForm, report),
    }
    for form in typed.values():
        form.data = form.data.copy()
        form.data["seen"] = handling.last_event_key(report)
    lost = [
        (field.label, field.value())
        for name, form in typed.items()
        if not shown[name]
        for field in form.visible_fields()
        if field.value() and field.name != "version"
    ]
    current = next((row for row in reversed(known) if _is_visible(row.publication)), None)
    revision = report.revision
    now_revision = None
    if current is not None:
        approval = current.publication.approval
        now_revision = revision if approval.revision_id == revision.pk else approval.revision
    context = _base(request, report) | {
        "problem": problem,
        "lost": lost,
        "forms": {name: typed.get(name, fresh[name]) for name in fresh if shown[name]},
        "act_form": _fresh(ActForm, report),
        "may_act": may,
        "later": later,
        "seen_in": handling.reported_version(report, known),
        "place": place_of(revision, report.passage),
        "current": current,
        "place_now": place_of(now_revision, report.passage) if now_revision else None,
        "corrected_in": next((row for row in known if row.publication.pk == report.corrected_in_id), None),
        "addresses": handling.addresses(report) if is_open else [],
        "alike": _alike(report),
        "was_closed": report.events.filter(act=ReportAct.CLOSED).exists(),
        "others": _others(report)[:ALIKE] if shown["same"] else [],
        "answers": report.answers.all()[:ALIKE],
        "events": report.events.all()[:LOG_LINES],
    }
    return render(request, "admin/website/errorreport/page.html", context, status=status)


def _base(request: HttpRequest, report: ErrorReport) -> dict[str, object]:
    return {
        **admin.site.each_context(request),
        "title": gettext("%(report)s: an error in “%(article)s”") % {"report": report, "article": report.article},
        "report": report,
        "article": report.article,
        "opts": ErrorReport._meta,
    }


def _fresh(kind: type[ActForm], report: ErrorReport, *args: object) -> ActForm:
    return kind(*args, initial={"seen": handling.last_event_key(report)}, auto_id=f"{kind.__name__.lower()}-%s")


def _alike(report: ErrorReport) -> list[ErrorReport]:
    return list(report.duplicates.order_by("-pk")[:ALIKE])


def _others(report: ErrorReport):
    return ErrorReport.objects.waiting().filter(article=report.article_id).exclude(pk=report.pk)


def _is_visible(publication: Publication) -> bool:
    """Return whether readers see this publication, which must have started already."""
    return not publication.is_over(timezone.now())


side_panels_wanted.connect(reports_on, dispatch_uid="reports-beside-the-form")
