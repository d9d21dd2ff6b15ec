"""JSON views for an open form: the user's session, who else has the form open, and saves since it was opened."""

from django.contrib import admin
from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.sessions import signed_in
from articles.models import Article
from articles.open_forms.presence import arrive, newer
from articles.permissions import may
from core.text import clean_line, whole_number

LONGEST_SLUG = 200  # characters; no slug of an article is longer
LONGEST_PLACE = 200  # characters of the name of a field and the heading of a section


NOT_YOURS = _("There is no such article, or you may not open it. Ask an editor.")


def article_for(user: User, object_id: str) -> Article:
    """Return the article. Raise Http404 if the article does not exist or the user may not edit it."""
    article = Article.objects.filter(pk=whole_number(object_id) or 0).select_related("saved_by").first()
    if article is None or not may(user, "edit", article):
        raise Http404
    return article


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Return whether the user is signed in and, if so, who they are, with a CSRF token for their next POST.

    With `?slug=`, `begun` says whether this user has created an article with that slug, so that a page whose save got
    no response can tell whether a new article was saved.
    """
    if not admin.site.has_permission(request):
        return JsonResponse({"signed_in": False})
    user = signed_in(request)
    answer = {"signed_in": True, "user": user.pk, "name": str(user), "csrf": get_token(request)}
    if slug := clean_line(request.GET.get("slug", "")[:LONGEST_SLUG]):
        answer["begun"] = Article.objects.filter(created_by=user, slug=slug).exists()
    return JsonResponse(answer)


@require_POST
def presence(request: HttpRequest, object_id: str) -> JsonResponse:
    """Record that the user has the form open, and return changes made by others. The page posts this regularly.

    `others` lists the other people who have the form open and, from their posted `typing_in`, where they type. `newer`
    describes the last save if it is later than the posted `version`, and `locked` is true while the board is reviewing
    the text. Raise Http404 if the user may not edit the article.
    """
    user = signed_in(request)
    article = article_for(user, object_id)
    seen = whole_number(request.POST.get("version"))
    typing_in = clean_line(request.POST.get("typing_in", "")[:LONGEST_PLACE])
    return JsonResponse(
        {
            "others": arrive(article=article, user=user, at=timezone.now(), typing_in=typing_in),
            "newer": None if seen is None else newer(article=article, user=user, seen_version=seen),
            "locked": article.is_locked,
        }
    )
