"""What an open form asks while somebody writes: are they still signed in, who else is here, has somebody saved."""

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

LONGEST_SLUG = 200  # characters; more are no slug of an article


def article_for(user: User, object_id: str) -> Article:
    """The article where this person may edit it; for everybody else it does not exist."""
    article = Article.objects.filter(pk=whole_number(object_id)).select_related("saved_by").first()
    if article is None or not may(user, "edit", article):
        raise Http404
    return article


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in here, with the token for their next POST.

    `?slug=` asks besides whether they have begun an article with that address: a new text that was sent has arrived.
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
    """The beat of an open form: notes that this person is here, and answers with what has changed around them.

    `version` is the one that the form was opened at: `newer` says who has saved since. `locked`: the board reads.
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
