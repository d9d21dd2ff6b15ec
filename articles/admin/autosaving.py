"""The JSON view that stores the unsaved text of an article's form and returns it (static/js/forms/server_copy.js)."""

import json
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.sessions import signed_in
from articles.admin.editing_session import article_for
from articles.models import Autosave
from articles.open_forms import autosaves
from core import times
from core.text import whole_number

MAX_NAME = 40  # characters of the name that a page gives itself
MAX_VERSION = 2**31 - 1


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns. `view` wraps a view with the admin's permission check."""
    return [
        path("autosave/", view(autosave), name="articles_article_autosave_new"),
        path("<path:object_id>/autosave/", view(autosave), name="articles_article_autosave"),
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, object_id: str | None = None) -> JsonResponse:
    """Return the text that the user has typed into this form and not saved (GET), or store the posted text (POST).

    A GET returns `copy`, with the fields and their text, the age in seconds, the version and the digest, or null. A
    POST returns the `digest` and the time; status 409 with `copy` if another page of this user has stored other text,
    413 if the text is too long, and 400 for a malformed request. Raise PermissionDenied for a new article if the user
    may not add articles, and Http404 if they may not edit this one.
    """
    user = signed_in(request)
    if object_id is None and not user.has_perm("articles.add_article"):
        raise PermissionDenied
    article = None if object_id is None else article_for(user, object_id)
    if request.method == "GET":
        return JsonResponse({"copy": _copy(autosaves.kept(article=article, user=user))})
    window, base = request.POST.get("window", ""), whole_number(request.POST.get("base"))
    fields = _fields(request.POST.get("fields", ""))
    if fields is None or base is None or base > MAX_VERSION or not 0 < len(window) <= MAX_NAME or not window.isalnum():
        return JsonResponse({}, status=400)
    try:
        kept = autosaves.keep(
            article=article, actor=user, window=window, seen=request.POST.get("seen", ""), base=base, fields=fields
        )
    except autosaves.WrittenElsewhere as refusal:
        return JsonResponse({"copy": _copy(refusal.autosave)}, status=409)
    except autosaves.TooLongToKeep:
        return JsonResponse({}, status=413)
    return JsonResponse({"digest": kept.digest if kept else "", "at": times.clock(timezone.now())})


def _fields(text: str) -> dict[str, str] | None:
    """Return the posted JSON object of field names and texts, or None if it is something else."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_whole = isinstance(fields, dict) and all(isinstance(words, str) for words in fields.values())
    return fields if is_whole else None


def _copy(autosave: Autosave | None) -> dict[str, object] | None:
    if autosave is None:
        return None
    return {
        "window": autosave.window,
        "base": autosave.base,
        "fields": json.loads(autosave.typed),
        "digest": autosave.digest,
        "age": (timezone.now() - autosave.saved_at).total_seconds(),
    }
