"""The base of read-only lists whose rows each have a page on which somebody decides: one form, two or more answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from articles.exceptions import InvalidTransition, NotPermitted
from core.admin.lookups import DeclaredLookups
from core.text import whole_number

# By the answer that a button sends: the function that takes the words of the form, and what is said once it is done.
Answers = Mapping[str, tuple[Callable[[str], object], str]]


class DecisionPagesAdmin(DeclaredLookups, admin.ModelAdmin):
    """A list without forms. `decision_page` returns the page of a row, for users who may view the model."""

    list_per_page = 50
    actions = None

    def decision_page(self, request: HttpRequest, number: int) -> HttpResponse:
        """Return the page of the row with this primary key; subclasses define it."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Return the page of a row.

        Raise Http404 if `object_id` is not a number, and PermissionDenied for users who may not view the model.
        """
        number = whole_number(object_id)
        if number is None:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.decision_page(request, number)


@dataclass(frozen=True)
class Decided:
    """The result of a posted answer: either it was carried out (`is_done`), or the page is shown again with `status`.

    `refused` is the reason to show there; it is empty if the form itself is invalid and has errors of its own.
    """

    is_done: bool = False
    refused: str = ""
    status: int = 400


def decide(request: HttpRequest, form: forms.Form, answers: Answers, unanswered: str) -> Decided:
    """Carry out the posted `answer`, a key of `answers`, with the value of the form's only field, and return the
    result.

    On success, the user gets a message. `unanswered` is the reason to show for an answer that is not in `answers`. A
    refusal has status 403 if the user lacks the permission, otherwise 400.
    """
    if (answer := request.POST.get("answer", "")) not in answers:
        return Decided(refused=unanswered)
    if not form.is_valid():
        return Decided()
    act, said = answers[answer]
    (words,) = form.cleaned_data.values()
    try:
        act(words)
    except NotPermitted as error:
        return Decided(refused=str(error), status=403)
    except InvalidTransition as error:
        return Decided(refused=str(error))
    messages.success(request, said)
    return Decided(is_done=True)
