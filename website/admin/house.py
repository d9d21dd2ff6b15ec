"""The house settings in the admin: a list of the versions, and a form that makes the next version.

No role has permissions on house settings, so only superusers can use these pages.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import search
from core.admin.lookups import DeclaredLookups
from core.admin.search import SearchedPage
from core.house.contrast import GROUNDS, ON_DEEP, ratio
from core.house.defaults import COLOUR_FIELDS, COLOURS
from core.house.publishing import StaleHouse, publish
from core.house.values import House
from core.house.versions import FIELDS
from core.models import HouseVersion
from core.text import whole_number
from website.admin.house_form import HouseForm, label_of

SECTIONS = (
    (_("Name and logo"), {"fields": ("name", "new_logo", "drawn_mark")}),
    (_("Texts"), {"fields": ("about", "motto", "advice_heading", "advice")}),
    (_("Legal statements"), {"fields": ("fda_one", "fda_many", "consent")}),
    (_("Email"), {"fields": ("sender_name", "sender_address", "contact")}),
    (
        _("Colours"),
        {
            "fields": tuple((name, f"{name}_dark") for name in COLOURS),
            "description": _(
                "For light and dark screens. Text has to reach a contrast of 4.5:1 on every background of the pages."
            ),
        },
    ),
)
READ_ONLY = ("number", "made_at", "made_by", "changes", "logo_shown", "contrasts", "go_back")


@admin.register(HouseVersion)
class HouseAdmin(DeclaredLookups, admin.ModelAdmin):
    """The versions of the house settings. “Add” opens the values in force, and saving them makes a new version."""

    form = HouseForm
    list_display = ("number", "made_at", "made_by", "what_changed")
    list_select_related = ("made_by",)
    list_per_page = 50
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[HouseVersion]:
        return HouseVersion.objects.all()

    def has_change_permission(self, request: HttpRequest, obj: HouseVersion | None = None) -> bool:
        """Return False, because a version never changes. A new version is made instead."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HouseVersion | None = None) -> bool:
        """Return False, because every version stays on record."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: HouseVersion | None = None) -> Any:
        if obj is None:
            return (*SECTIONS, (None, {"fields": ("base", "source"), "classes": ("hidden",)}))
        about = _("A dash stands for the default.")
        return ((None, {"fields": READ_ONLY}), (_("Own values"), {"fields": FIELDS, "description": about}))

    def get_readonly_fields(self, request: HttpRequest, obj: HouseVersion | None = None) -> tuple[str, ...]:
        return () if obj is None else (*READ_ONLY, *FIELDS)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, object]:
        """Return the values in force or, to restore an earlier version, the values of the version in `?from=`."""
        newest = HouseVersion.objects.newest()
        chosen = HouseVersion.objects.filter(number=whole_number(request.GET.get("from"))).defer("logo").first()
        return HouseForm.initial_of(chosen or newest, newest)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Show or process the form.

        If somebody else saves a version between validation and saving, validate again, so that the form shows their
        changes.
        """
        labels = {"show_save_and_add_another": False, "show_save_and_continue": False}
        if object_id is None:
            labels["title"] = _("Change the house settings")
        extra_context = {**labels, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleHouse:
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request: HttpRequest, form: HouseForm, change: bool) -> HouseVersion:
        """Return the form's instance without saving the form, because `save_model` publishes the values."""
        return form.instance

    def save_model(self, request: HttpRequest, obj: HouseVersion, form: HouseForm, change: bool) -> None:
        """Publish a new version and copy it into `obj`. Raise StaleHouse if somebody else has just saved a version."""
        version = publish(by=request.user, base=form.cleaned_data["base"], values=form.values())
        obj.__dict__.update({name: value for name, value in version.__dict__.items() if name != "_state"})
        obj._state.adding, obj._state.db = False, version._state.db

    def save_related(self, request: HttpRequest, form: HouseForm, formsets: list, change: bool) -> None:
        """Do nothing, because a version has no related rows."""

    def response_add(
        self, request: HttpRequest, obj: HouseVersion, post_url_continue: str | None = None
    ) -> HttpResponseRedirect:
        """Add a message with the number of the new version and the changed fields, and redirect to the list."""
        words = gettext("Version %(number)s is in force. Changed: %(changed)s.")
        messages.success(request, words % {"number": obj.number, "changed": self.what_changed(obj)})
        return HttpResponseRedirect(reverse("admin:core_houseversion_changelist"))

    @admin.display(description=_("changed"))
    def what_changed(self, version: HouseVersion) -> str:
        """Return the labels of the fields that differ from the version before, separated by commas."""
        return ", ".join(label_of(name) for name in version.changed.split()) or gettext("nothing")

    @admin.display(description=_("changed"))
    def changes(self, version: HouseVersion) -> str:
        """Return HTML with the label, the old value and the new value of each changed field."""
        before = HouseVersion.objects.filter(number=version.number - 1).defer("logo").first()
        then, now = before.house if before else House(), version.house
        lines = [
            (label_of(name), *((_logo(then), _logo(now)) if name == "logo" else (then.value(name), now.value(name))))
            for name in version.changed.split()
        ]
        return format_html_join("", "{}: “{}” → “{}”<br>", lines) or gettext("nothing")

    @admin.display(description=_("logo"))
    def logo_shown(self, version: HouseVersion) -> str:
        """Return the logo as an `img` element, or a phrase if the version has no logo."""
        if not version.logo_extension:
            return gettext("the built-in drawing")
        address = reverse("website:house_logo", args=[version.number, version.logo_extension])
        return format_html('<img src="{}" alt="" height="48">', address)

    @admin.display(description=_("contrasts"))
    def contrasts(self, version: HouseVersion) -> str:
        """Return HTML with the lowest contrast ratio of each colour to those beside it (GROUNDS, or ON_DEEP)."""
        colours = version.house.colours
        lines = []
        for name in COLOUR_FIELDS:
            place = int(name.endswith("_dark"))
            others = ON_DEEP if name.startswith("deep") else GROUNDS
            lowest = min(ratio(colours[name], values[place]) for values in others.values())
            lines.append((label_of(name), f"{int(lowest * 100) / 100:.2f}"))
        return format_html_join("", "{}: {}:1<br>", lines)

    @admin.display(description=_("go back"))
    def go_back(self, version: HouseVersion) -> str:
        """Return a link to the form, filled with the values of this version."""
        address = f"{reverse('admin:core_houseversion_add')}?from={version.number}"
        return format_html('<a href="{}">{}</a>', address, gettext("Make a new version from this one"))


def _logo(house: House) -> str:
    """Return the format of the logo and its size in pixels, or a phrase if there is no logo."""
    if not house.logo:
        return gettext("the built-in drawing")
    return f"{house.logo.extension.upper()}, {house.logo.width} × {house.logo.height}"


search.add_pages(
    SearchedPage(
        _("House settings"),
        "admin:core_houseversion_add",
        "core.add_houseversion",
        _("name logo colours texts statements consent sender contact"),
    )
)
