"""What the library's page and the editor's dialog ask for: pictures to choose from, and a new one taken in."""

from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from core.text import clean_line
from pictures import library
from pictures.models import Picture

ON_A_PAGE = 24
# Each upload costs a second or two of a processor: nobody works faster than this, and no script may.
MOST_UPLOADS, WITHIN = 60, 10 * 60  # seconds
TOO_FAST = f"More than {MOST_UPLOADS} pictures in ten minutes. Wait a little, then go on: what you typed stays."


class PictureForm(forms.ModelForm):
    """A picture for the library, with the words that it needs. A file that is there already is no error."""

    class Meta:
        model = Picture
        fields = ["image", "alternative_text", "caption", "credit"]

    def validate_unique(self) -> None:
        """Not asked here: `pictures.add` gives the picture that is there."""


def is_too_fast(request: HttpRequest) -> bool:
    """Whether this person has tried more uploads of late than anybody would by hand. Counts this one."""
    key = f"picture-uploads-{request.user.pk}"
    cache.add(key, 0, WITHIN)
    try:
        return cache.incr(key) > MOST_UPLOADS
    except ValueError:  # it has just run out
        return False


def described(picture: Picture) -> dict[str, object]:
    """A picture as the editor's dialog and the library's page know it."""
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


def take(request: HttpRequest) -> tuple[PictureForm, Picture | None, bool]:
    """Put what was sent into the library: the form, the picture where all was well, and whether it is new.

    Ask `is_too_fast` first: reading the form decodes the picture.
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
    """Take a picture in: 201 with the picture, or 200 with `known` where the library has that file already.

    400 with `error`, and `fields` with the messages by field; 403 for who may not add pictures; 429 for who adds
    too many at once.
    """
    if not request.user.has_perm("pictures.add_picture"):
        return JsonResponse({"error": "You may not add pictures.", "fields": {}}, status=403)
    if is_too_fast(request):
        return JsonResponse({"error": TOO_FAST, "fields": {}}, status=429)
    form, picture, is_new = take(request)
    if picture is None:
        messages = [message for found in form.errors.values() for message in found]
        return JsonResponse({"error": " ".join(messages), "fields": form.errors}, status=400)
    answer = described(picture)
    if not is_new:
        answer["known"] = f"The library has this picture already: “{picture}”. Nothing was added."
    return JsonResponse(answer, status=201 if is_new else 200)


@require_safe
def pick(request: HttpRequest) -> JsonResponse:
    """Pictures on offer whose words hold every word of `q`, newest first, `ON_A_PAGE` at a time: three queries."""
    if not request.user.has_perm("pictures.view_picture"):
        return JsonResponse({"pictures": [], "error": "You may not see the library."}, status=403)
    found = Picture.objects.on_offer().search(clean_line(request.GET.get("q", "")[:200]))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return JsonResponse(
        {
            "pictures": [described(picture) for picture in page],
            "page": page.number,
            "pages": page.paginator.num_pages,
            "total": page.paginator.count,
        }
    )
