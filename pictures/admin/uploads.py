"""JSON views for choosing and uploading pictures, used by the page of the library and the dialog of the editor."""

from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.text import clean_line
from pictures import library
from pictures.models import Picture

ON_A_PAGE = 24
# An upload takes a second or two of CPU time. The limit is above what a person can do by hand.
MOST_UPLOADS, WITHIN = 60, 10 * 60  # seconds


class PictureForm(forms.ModelForm):
    """The form for a new picture and its texts. A file that is in the library already is not an error."""

    class Meta:
        model = Picture
        fields = ["image", "alternative_text", "caption", "credit"]

    def validate_unique(self) -> None:
        """Do nothing, because `pictures.library.add` returns the existing picture if the library has the file."""


def is_too_fast(request: HttpRequest) -> bool:
    """Count an upload by this user; return whether they have made more than MOST_UPLOADS in WITHIN seconds."""
    key = f"picture-uploads-{request.user.pk}"
    cache.add(key, 0, WITHIN)
    try:
        return cache.incr(key) > MOST_UPLOADS
    except ValueError:  # the key has just expired
        return False


def too_fast() -> str:
    """Return the message for a user who is over the upload limit."""
    return _("More than %(limit)s pictures in ten minutes. Wait a little, then go on: what you typed is kept.") % {
        "limit": MOST_UPLOADS
    }


def as_json(picture: Picture) -> dict[str, object]:
    """Return the fields of a picture that the editor's dialog and the library's page read as JSON."""
    return {
        "id": picture.pk,
        "url": picture.url,
        "thumbnail": picture.thumbnail_url,
        "alt": picture.alternative_text,
        "caption": picture.caption,
        "credit": picture.credit,
        "width": picture.width,
        "height": picture.height,
        "page": picture.get_absolute_url(),
    }


def add_from_request(request: HttpRequest) -> tuple[PictureForm, Picture | None, bool]:
    """Add the uploaded picture to the library; return the form, the picture (None on errors), and whether it is new.

    Call `is_too_fast` first, because validating the form decodes the picture, which takes seconds. Raise NotPermitted
    if the user may not add pictures.
    """
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, None, False
    words = {name: form.cleaned_data[name] for name in ("alternative_text", "caption", "credit")}
    try:
        picture, is_new = library.add(actor=request.user, file=form.cleaned_data["image"], **words)
    except ValidationError as error:
        form.add_error("image", error)
        return form, None, False
    return form, picture, is_new


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Add a picture. Respond 201 with the picture, or 200 with the message `known` if the library has the file already.

    Respond 400 with `error` and `fields` (messages by field) to an invalid form, 403 if the user may not add pictures,
    and 429 if they are over the upload limit.
    """
    if not request.user.has_perm("pictures.add_picture"):
        return JsonResponse({"error": _("You may not add pictures."), "fields": {}}, status=403)
    if is_too_fast(request):
        return JsonResponse({"error": too_fast(), "fields": {}}, status=429)
    form, picture, is_new = add_from_request(request)
    if picture is None:
        messages = [str(message) for found in form.errors.values() for message in found]
        return JsonResponse({"error": " ".join(messages), "fields": form.errors}, status=400)
    answer = as_json(picture)
    if not is_new:
        answer["known"] = _("The library has this picture already: “%(picture)s”. Nothing was added.") % {
            "picture": picture
        }
    return JsonResponse(answer, status=201 if is_new else 200)


@require_safe
def pick(request: HttpRequest) -> JsonResponse:
    """Respond in JSON with the available pictures whose texts contain every word of `q`, the newest first.

    There are ON_A_PAGE pictures on a page. Respond 403 if the user may not see the library.
    """
    if not request.user.has_perm("pictures.view_picture"):
        return JsonResponse({"pictures": [], "error": _("You may not see the library.")}, status=403)
    found = Picture.objects.available().search(clean_line(request.GET.get("q", "")[:200]))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return JsonResponse(
        {
            "pictures": [as_json(picture) for picture in page],
            "page": page.number,
            "pages": page.paginator.num_pages,
            "total": page.paginator.count,
        }
    )
