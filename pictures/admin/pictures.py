"""The picture library in the admin: the list with filters, the page of a picture, and the upload form."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin.history import HistoryAdmin
from pictures import library
from pictures.admin.uploads import PictureForm, add_from_request, is_too_fast, pick, too_fast, upload
from pictures.files import MOST_BYTES
from pictures.models import Picture, PictureQuerySet
from pictures.renditions import rendition_widths
from pictures.signals import PictureUses, used_names_wanted, uses_wanted

MOST_USES = 50


class ShelfFilter(admin.SimpleListFilter):
    """Hide archived pictures unless the user chooses to see them."""

    title = _("archive")
    parameter_name = "shelf"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("archive", gettext("In the archive")), ("all", gettext("All"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield first | {"display": gettext("Available")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "archive":
            return queryset.filter(is_archived=True)
        return queryset if self.value() == "all" else cast(PictureQuerySet, queryset).available()


class MineFilter(admin.SimpleListFilter):
    """Show only the pictures that the user has uploaded."""

    title = _("added by")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("me", gettext("Me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return cast(PictureQuerySet, queryset).uploaded_by(request.user) if self.value() == "me" else queryset


class UseFilter(admin.SimpleListFilter):
    """Show only the pictures that an article uses, or only those that no article uses."""

    title = _("used")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("unused", gettext("In no article")), ("used", gettext("In an article"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in {"unused", "used"}:
            return queryset
        answers: list[tuple[object, set[str]]]
        answers = used_names_wanted.send(  # type: ignore[assignment]  # the stubs expect text
            sender=Picture, user=request.user
        )
        used = {name for _receiver, names in answers for name in names}
        return queryset.filter(image__in=used) if self.value() == "used" else queryset.exclude(image__in=used)


@admin.register(Picture)
class PictureAdmin(HistoryAdmin):
    """The admin of pictures: writers add pictures and edit their own, and editors edit all.

    A picture that an article has shown is never deleted.
    """

    list_display = ("alternative_text", "credit", "uploaded_by", "uploaded_at")
    list_filter = (ShelfFilter, MineFilter, UseFilter)
    list_select_related = ("uploaded_by",)
    list_per_page = 36
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("alternative_text", "caption", "credit")
    fields = ("alternative_text", "caption", "credit", "is_archived")
    view_on_site = False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("upload/", view(upload), name="pictures_picture_upload"),
            path("pick/", view(pick), name="pictures_picture_pick"),
            *super().get_urls(),
        ]

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request)
        return library.may_edit(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.is_used)

    def get_actions(self, request: HttpRequest) -> dict:
        return {}

    # Pages

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        context = {"title": gettext("Pictures"), "form": PictureForm(), "most_bytes": MOST_BYTES}
        return super().changelist_view(request, context | (extra_context or {}))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None) -> HttpResponse:
        """Show and process the upload form for browsers without JavaScript. Files are stored as by the view `upload`.

        Respond 400 to an invalid form, and 429 to a user who is over the upload limit. Raise PermissionDenied if the
        user may not add pictures.
        """
        if not self.has_add_permission(request):
            raise PermissionDenied
        form, status = PictureForm(), 200
        if request.method == "POST" and is_too_fast(request):
            messages.error(request, too_fast())
            form, status = PictureForm(initial=request.POST.dict()), 429
        elif request.method == "POST":
            form, picture, is_new = add_from_request(request)
            if picture:
                self._add_message(request, picture, is_new)
                return redirect("admin:pictures_picture_change", picture.pk)
            status = 400
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Add a picture"),
            "form": form,
            "opts": self.opts,
        }
        return render(request, "admin/pictures/picture/add.html", context, status=status)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        picture = kwargs.get("obj")
        if picture:
            context |= _uses(request, picture) | _facts(picture) | {"show_save_and_add_another": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def _add_message(self, request: HttpRequest, picture: Picture, is_new: bool) -> None:
        """Tell the user that the picture was added or, unless `is_new`, that it was in the library already."""
        if is_new:
            messages.success(request, gettext("The picture is in the library."))
        else:
            messages.info(request, gettext("The library has this picture already: here it is. Nothing was added."))


def _uses(request: HttpRequest, picture: Picture) -> dict[str, object]:
    """Return the template context with the uses of the picture that the user may see, about MOST_USES at most.

    Set `picture.is_used` if there are any.
    """
    wanted: list[tuple[object, PictureUses]]
    wanted = uses_wanted.send(  # type: ignore[assignment]  # the stubs expect text
        sender=Picture, picture=picture, user=request.user, most=MOST_USES
    )
    answers = [answer for _receiver, answer in wanted]
    uses = [use for answer in answers for use in answer.uses]
    if uses:
        picture.is_used = True
    return {
        "uses": uses,
        "more_uses": len(uses) >= MOST_USES,
        "sees_all_uses": all(answer.sees_all for answer in answers),
    }


def _facts(picture: Picture) -> dict[str, object]:
    """Return the template context with the format, the size in bytes and the widths of the renditions in pixels.

    The size is None if the file is missing.
    """
    try:
        size = picture.image.size
    except OSError:
        size = None
    kind = PurePath(picture.image.name).suffix[1:].upper().replace("JPG", "JPEG")
    return {"kind": kind, "size": size, "copies": rendition_widths(picture.width)}
