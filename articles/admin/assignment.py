"""Who has an article and its deadline: the panel beside the form, its own small form, and the column of the list."""

from collections.abc import Callable
from datetime import date
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.sessions import signed_in
from articles.admin.editing_session import NOT_YOURS
from articles.admin.side_panels import SidePanel
from articles.assignments.assigning import ShownAssignment, assign, newsroom_people
from articles.exceptions import InvalidTransition
from articles.models import Article, Assignment
from articles.permissions import may
from articles.signals import side_panels_wanted
from core import times
from core.text import whole_number

TAKE, GIVE_BACK = "take", "give_back"  # values of the field `step`; without either, the form is saved as it is
TAKEN, GIVEN_BACK = _("You have this article now."), _("You have given this article back.")


class PersonField(forms.ModelChoiceField):
    """A choice of one person, or of nobody. It says if the account of the person chosen before is switched off."""

    def label_from_instance(self, obj: User) -> str:
        return str(obj) if obj.is_active else gettext("%(name)s (account switched off)") % {"name": obj}


class AssignmentForm(forms.Form):
    """The person and the deadline, with what the page had shown of both. `step` takes the article or gives it back."""

    person = PersonField(User.objects.all(), label=_("Assigned to"), required=False, empty_label=_("Nobody"))
    due_on = forms.DateField(label=_("Deadline"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    seen_person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen_due = forms.DateField(required=False, widget=forms.HiddenInput)
    step = forms.CharField(required=False, max_length=20)

    @classmethod
    def shown(cls, assignment: Assignment | None, chooses: bool) -> "AssignmentForm":
        """Return the form as the panel shows it; it has the choice of a person if `chooses`."""
        person, due_on = (assignment.person_id, assignment.due_on) if assignment else (None, None)
        initial = {"person": person, "due_on": due_on, "seen_person": person, "seen_due": due_on}
        form = cls(initial=initial, auto_id="assignment-%s")
        form.fields["due_on"].widget.attrs["min"] = str(min(timezone.localdate(), due_on or date.max))
        if chooses:
            people = newsroom_people()
            if person is not None:  # perhaps of somebody who cannot work in the newsroom any more
                people |= User.objects.filter(pk=person)
            cast(PersonField, form.fields["person"]).queryset = people
        else:
            del form.fields["person"]
        return form

    @property
    def seen(self) -> ShownAssignment:
        return ShownAssignment(self.cleaned_data["seen_person"], self.cleaned_data["seen_due"])

    def person_for(self, actor: User) -> User | None:
        """Return who is to have the article. Without a choice of a person, the one that was shown keeps it."""
        values = self.cleaned_data
        if values["step"] == TAKE:
            return actor
        if values["step"] == GIVE_BACK:
            return None
        if "person" in self.data:
            chosen: User | None = values["person"]
            return chosen
        return User.objects.filter(pk=self.seen.person).first() if self.seen.person else None


def assignment_panel(sender: type, article: Article, request: HttpRequest, **kwargs: object) -> list[SidePanel]:
    """Receive `side_panels_wanted`: return the panel with the assignment, and what this user may do with it."""
    user = signed_in(request)
    assignment = Assignment.objects.filter(article=article).select_related("person", "set_by").first()
    if assignment:
        assignment.article = article
    chooses = may(user, "assign_others", article)
    person = assignment.person if assignment else None
    context = {
        "article": article,
        "assignment": assignment,
        "person": person,
        "is_own": person == user,
        "chooses": chooses,
        "form": AssignmentForm.shown(assignment, chooses) if chooses or person in (None, user) else None,
    }
    return [SidePanel("admin/articles/article/_assignment.html", context, rank=0, stylesheet="articles/assignment.css")]


@require_http_methods(["GET", "HEAD", "POST"])
def assigned(request: HttpRequest, object_id: str) -> HttpResponse:
    """Assign the article as the form of the panel asks (POST), and redirect to the article; a GET redirects only.

    A refusal is a message on the page that follows. Somebody who may not edit the article, perhaps no longer, is
    redirected to the dashboard, as by the article's form.
    """
    pk = whole_number(object_id) or 0
    back = reverse("admin:articles_article_change", args=[pk])
    if request.method != "POST":
        return redirect(back)
    user = signed_in(request)
    article = Article.objects.filter(pk=pk).first()
    form = AssignmentForm(request.POST)
    if article is None or not may(user, "assign", article):
        return _turned_away(request, pk)
    if not form.is_valid():
        messages.error(request, " ".join(str(message) for found in form.errors.values() for message in found))
        return redirect(back)
    try:
        row = assign(
            article=article,
            actor=user,
            person=form.person_for(user),
            due_on=form.cleaned_data["due_on"],
            seen=form.seen,
        )
    except InvalidTransition as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, _done(row, form.cleaned_data["step"]))
    if not may(user, "edit", article):  # they have given it back, and it is theirs in no other way
        return redirect("admin:index")
    return redirect(f"{back}#assignment")


def _turned_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the dashboard. After a second press on the same button, the message is that of the first."""
    has_given_back = request.POST.get("step") == GIVE_BACK and Assignment.objects.filter(
        article=pk, person=None, set_by=signed_in(request)
    )
    if has_given_back:
        messages.success(request, GIVEN_BACK)
    else:
        messages.warning(request, NOT_YOURS)
    return redirect("admin:index")


def _done(row: Assignment | None, step: str) -> str:
    """Return what has happened; `row` is None if nothing had to be stored."""
    if step in (TAKE, GIVE_BACK):
        return str(TAKEN if step == TAKE else GIVEN_BACK)
    if row is None:
        return gettext("Nothing has changed: person and deadline are as they were.")
    values = {"person": row.person, "day": times.day(row.due_on)}
    if row.person and row.due_on:
        return gettext("Assigned to %(person)s, with the deadline %(day)s.") % values
    if row.person:
        return gettext("Assigned to %(person)s, without a deadline.") % values
    if row.due_on:
        return gettext("Assigned to nobody, with the deadline %(day)s.") % values
    return gettext("Assigned to nobody, without a deadline.")


def in_the_list(assignment: Assignment | None) -> str:
    """Return the cell of the list of articles: the person, and the deadline beneath. Load with `article`, `person`."""
    if assignment is None or not (assignment.person or assignment.due_on):
        return "–"
    person = str(assignment.person) if assignment.person else "–"
    if not assignment.due_on:
        return person
    return format_html('{} <span class="due">{}</span>', person, deadline_of(assignment))


def deadline_of(assignment: Assignment) -> str:
    """Return the deadline as HTML: the day and how far away it is, marked if it is overdue. It must have one."""
    day = times.day(assignment.due_on)
    if not assignment.is_unfinished:
        return day
    words = times.deadline(assignment.due_on)
    if assignment.is_overdue:
        return format_html('{}, <strong class="overdue">{}</strong>', day, words)
    return f"{day}, {words}"


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL pattern of the panel's form. `view` adds the admin's sign-in check."""
    return [path("<path:object_id>/assign/", view(assigned), name="articles_article_assign")]


side_panels_wanted.connect(assignment_panel, dispatch_uid="assignment-beside-the-form")
