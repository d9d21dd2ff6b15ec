"""JSON views for an open form: whether its writer is signed in, who else has it open, and who has saved since."""

from django.contrib import admin
from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from articles.models import Article
from articles.permissions import may
from articles.presence import arrive, newer
from core.text import clean_line, whole_number

LONGEST_SLUG = 200  # characters; no slug of an article is longer


def article_for(user: User, object_id: str) -> Article:
    """Return the article. Raises Http404 if there is none, or if this person may not edit it."""
    article = Article.objects.filter(pk=whole_number(object_id)).select_related("saved_by").first()
    if article is None or not may(user, "edit", article):
        raise Http404
    return article


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Return who is signed in, with the CSRF token for their next POST.

    With `?slug=`, `begun` tells whether they have begun an article with that address, so that the page knows whether a
    new text that it sent has arrived.
    """
    user = request.user
    if not admin.site.has_permission(request):
        return JsonResponse({"signed_in": False})
    answer = {"signed_in": True, "user": user.pk, "name": str(user), "csrf": get_token(request)}
    if slug := clean_line(request.GET.get("slug", "")[:LONGEST_SLUG]):
        answer["begun"] = Article.objects.filter(created_by=user, slug=slug).exists()
    return JsonResponse(answer)


@require_POST
def presence(request: HttpRequest, object_id: str) -> JsonResponse:
    """Record that this person has the form open, which its page posts regularly, and return what has changed.

    `others` are the names of the others who have it open, `newer` says who has saved since the posted `version`, and
    `locked` whether the text is locked because the board is reading it.
    """
    article = article_for(request.user, object_id)
    seen = whole_number(request.POST.get("version"))
    return JsonResponse(
        {
            "others": arrive(article=article, user=request.user, at=timezone.now()),
            "newer": None if seen is None else newer(article=article, user=request.user, seen_version=seen),
            "locked": article.is_locked,
        }
    )
