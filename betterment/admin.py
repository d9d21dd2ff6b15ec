"""The project's admin site: Django's own, with the name of the publication and a dashboard as its first page.

Users sign in and change their own password only under /account/, where attempts are limited.
"""

from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

from core.admin import dashboard
from core.admin.conflicts import delete_unchanged
from core.admin.search import pages as search_pages
from core.house.memory import house
from core.http import View
from core.origins import is_local_path
from core.public import public
from core.text import whole_number
from inbox import pages as inbox_pages

SCRIPT_MESSAGES_MAX_AGE = 60 * 60  # seconds; a message that is missing in an older copy is shown in English


class ChoicesView(AutocompleteJsonView):
    """Django's view of the choices for an autocomplete field. A ModelAdmin may say more of each in `choice_text`."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Return the key of a choice and the text by which people choose it."""
        described = getattr(self.model_admin, "choice_text", str)
        return {**super().serialize_result(obj, to_field_name), "text": described(obj)}


class BettermentAdminSite(admin.AdminSite):
    index_title = _("The newsroom")
    site_url = "/"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.add_action(delete_unchanged, "delete_selected")  # in place of Django's

    @property
    def site_header(self) -> str:
        """Return the name of the publication, which is shown at the top of every page."""
        return house().name

    site_title = site_header

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {"panels": dashboard.panels(request.user), **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's URLs, with our own `view_on_site` and `jsi18n`, the search and the inbox."""
        own = {
            "view_on_site": path(
                "r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site"
            ),
            "jsi18n": path("jsi18n/", self.i18n_javascript, name="jsi18n"),
        }
        djangos = [own.get(getattr(url, "name", None), url) for url in super().get_urls()]
        return [*search_pages.paths(self), *inbox_pages.paths(self), *djangos]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Return the choices for a field, in the words of their ModelAdmin (`choice_text`) if it has some."""
        return ChoicesView.as_view(admin_site=self)(request)

    @method_decorator(public(max_age=SCRIPT_MESSAGES_MAX_AGE, parameters=()))
    def i18n_javascript(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponseBase:
        """Return the script that defines `gettext` and the translations of all apps for other scripts.

        Django's own view has only the messages of the admin. This one needs no sign-in, so that every browser may cache
        the script and pages outside the admin can load it too.
        """
        return JavaScriptCatalog.as_view()(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Return the view wrapped as Django does. It also responds 404 to three kinds of parameters that would crash.

        A filter by numbers too large for any column (`pk__in=`) would raise OverflowError on SQLite and DataError on
        PostgreSQL, a filter by a NUL character ValueError on PostgreSQL, and an empty `_to_field` FieldDoesNotExist.
        """

        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("__" in name and "\x00" in "".join(values) for name, values in request.GET.lists()):
                raise Http404("There is no such row.")
            lists = (values for name, values in request.GET.lists() if name.endswith("__in"))
            named = [key for values in lists for key in ",".join(values).split(",") if key.isdecimal()]
            if any(whole_number(key) is None for key in named):
                raise Http404("There is no such row.")
            if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
                raise Http404("There is no such field.")
            return view(request, *args, **kwargs)

        return super().admin_view(checked, cacheable)

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """Redirect to the page of a row. Raise Http404 if the row has none, or if the user may not view the row.

        Django's own view discloses the URL of every draft to everybody who may enter the admin.
        """
        kind = ContentType.objects.filter(pk=whole_number(content_type_id)).first()
        page = self._registry.get(kind.model_class()) if kind else None
        row = page.get_object(request, object_id) if page else None
        if row is None or not hasattr(row, "get_absolute_url") or not page.has_view_permission(request, row):
            raise Http404("There is no such page, or you may not see it.")
        return redirect(row.get_absolute_url())

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Redirect to the sign-in page, which leads to the requested page of this site (`next`) after signing in.

        Redirect a user who may enter the admin directly to the requested page. Raise PermissionDenied for any other
        signed-in user.
        """
        after = request.GET.get(REDIRECT_FIELD_NAME) or request.POST.get(REDIRECT_FIELD_NAME) or ""
        if not is_local_path(after):
            after = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(after)  # redirect() would first try it as the name of a view
        if request.user.is_authenticated:
            raise PermissionDenied(gettext("You are signed in, but not as somebody who may enter the newsroom."))
        return redirect_to_login(after)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Redirect to the page on which users change their own password."""
        return redirect("account_change_password")
