"""The JSON view that stores the unsaved text of an article's form and returns it (static/js/forms/server_copy.js)."""

import json
import re
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions import signed_in
from articles.admin.editing_session import article_for
from articles.models import Autosave
from articles.open_forms import autosaves
from articles.revision_comparison import KINDS
from comparison.aligning import align
from comparison.marking import Sides
from comparison.showing import side_by_side
from comparison.versions import FieldChange, FieldKind, read
from core import times
from core.text import whole_number

BEGUN = re.compile(r"[a-z0-9]{0,40}")
MOST_OTHERS = 20  # other new articles that are offered
MOST_TEXTS = 700  # fields and rows of one form
MAX_NAME = 40  # characters of the name that a page gives itself
MAX_VERSION = 2**31 - 1


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns. `view` wraps a view with the admin's permission check."""
    return [
        path("autosave/", view(autosave), name="articles_article_autosave_new"),
        path("autosave/differences/", view(compare_typed), name="articles_article_autosave_differences"),
        path("<path:object_id>/autosave/", view(autosave), name="articles_article_autosave"),
    ]


@never_cache
@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, object_id: str | None = None) -> JsonResponse:
    """Return the text that the user has typed into this form and not saved (GET), or store the posted text (POST).

    `?begun=` names the form of a new article. A GET returns `copy`, with the fields and their text, the age in seconds,
    the version and the digest, or null; for a new article also `others`, the other new articles of this user. A
    POST returns the `digest` and the time; status 409 with `copy` if another page of this user has stored other text,
    413 if the text is too long, and 400 for a malformed request. Raise PermissionDenied for a new article if the user
    may not add articles, and Http404 if they may not edit this one.
    """
    user = signed_in(request)
    if object_id is None and not user.has_perm("articles.add_article"):
        raise PermissionDenied
    article = None if object_id is None else article_for(user, object_id)
    begun = request.GET.get("begun", "") if article is None else ""
    if not BEGUN.fullmatch(begun):
        return JsonResponse({}, status=400)
    if request.method == "GET":
        answer: dict[str, object] = {"copy": _copy(autosaves.kept(article=article, user=user, begun=begun))}
        if article is None:
            others = autosaves.begun_articles(user).exclude(begun=begun)[:MOST_OTHERS]
            answer["others"] = [{"begun": one.begun, "title": one.title, "age": _age(one)} for one in others]
        return JsonResponse(answer)
    window, base = request.POST.get("window", ""), whole_number(request.POST.get("base"))
    fields = _fields(request.POST.get("fields", ""))
    if fields is None or base is None or base > MAX_VERSION or not 0 < len(window) <= MAX_NAME or not window.isalnum():
        return JsonResponse({}, status=400)
    try:
        kept = autosaves.keep(
            article=article,
            actor=user,
            window=window,
            seen=request.POST.get("seen", ""),
            base=base,
            fields=fields,
            begun=begun,
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
        "age": _age(autosave),
    }


def _age(autosave: Autosave) -> float:
    return (timezone.now() - autosave.saved_at).total_seconds()


@require_POST
def compare_typed(request: HttpRequest) -> HttpResponse:
    """Return as HTML how unsaved texts differ from those in the form, passage by passage.

    `texts` is a JSON list of objects with the `name` of a field, its `label`, and both texts (`now`, `unsaved`).
    Respond 400 if it is something else. Raise PermissionDenied for users who may not change articles.
    """
    if not signed_in(request).has_perm("articles.change_article"):
        raise PermissionDenied
    posted = request.POST.get("texts", "")
    try:
        texts = json.loads(posted) if len(posted) <= 2 * autosaves.MAX_CHARACTERS else None
    except (ValueError, RecursionError):
        texts = None
    if not isinstance(texts, list) or len(texts) > MOST_TEXTS or not all(_is_text(text) for text in texts):
        return HttpResponse(status=400)
    names = Sides(_("In the form now"), _("Unsaved"), _("only in the form"), _("only unsaved"))
    shown = []
    for text in texts:
        kind = KINDS.get(text["name"], FieldKind.TEXT)
        changes = align(read(text["now"], kind), read(text["unsaved"], kind), moves=False)
        shown.append((text["label"], side_by_side(FieldChange(text["name"], changes), names)))
    return render(request, "admin/articles/article/_unsaved.html", {"shown": shown})


def _is_text(text: object) -> bool:
    return isinstance(text, dict) and all(isinstance(text.get(key), str) for key in ("name", "label", "now", "unsaved"))
