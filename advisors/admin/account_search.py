"""Account autocompletion for editors who may ask for corrections but may not view accounts.

The admin's own autocompletion asks for the permission to view accounts, which only administrators have.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.sessions import signed_in
from advisors.corrections import asking
from advisors.models import AccountCorrection

ROUTE_NAME = "advisors_accountcorrection_accounts"


class AccountSearchView(AutocompleteJsonView):
    """A view that returns a page of the active accounts whose name or email address contains `term`, as JSON.

    Raise PermissionDenied for users who may not ask for corrections.
    """

    def process_request(self, request: HttpRequest) -> tuple[str, Any, Field, str]:
        """Return the term, the admin of accounts, a field that refers to them, and the name of their primary key.

        The parameters that name a model and a field are ignored, so that nothing but accounts can be searched.
        """
        field = AccountCorrection._meta.get_field("new_account")
        return request.GET.get("term", ""), admin.site.get_model_admin(User), field, User._meta.pk.attname

    def has_perm(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return asking.may_ask(signed_in(request))

    def get_queryset(self) -> QuerySet[User]:
        active = User.objects.filter(is_active=True).order_by("name", "pk")
        found, _may_repeat = self.model_admin.get_search_results(self.request, active, self.term)
        return found

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        return {"id": str(obj.pk), "text": name_and_address(obj)}


class AccountSelect(AutocompleteSelect):
    """The admin's autocompletion, except that it queries `AccountSearchView`."""

    def get_url(self) -> str:
        return reverse(f"{self.admin_site.name}:{ROUTE_NAME}")


class AccountChoiceField(forms.ModelChoiceField):
    """A field that finds an account by its name or email address. `field` is the name of the AccountCorrection field it
    fills.
    """

    def __init__(self, field: str, **words: Any) -> None:
        widget = AccountSelect(AccountCorrection._meta.get_field(field), admin.site)
        super().__init__(User.objects.all(), required=False, widget=widget, **words)

    def label_from_instance(self, obj: Model) -> str:
        return name_and_address(obj)


def name_and_address(account: Model) -> str:
    """Return the name and the email address of an account, which tell apart people of the same name."""
    if not isinstance(account, User) or not account.name:
        return str(account)
    return f"{account.name} ({account.email})"
