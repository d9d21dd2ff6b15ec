"""Views that confirm, turn down or withdraw proposed reviewers, from the dashboard and from an article's page.

Each redirects to the page from which its form was sent, with a message that says what was done or why nothing was. Each
raises Http404 if the article is unknown or the user may not edit it.
"""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.sessions import signed_in
from advisors import proposals
from advisors.models import PanelMember
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Stage
from articles.permissions import may
from core.text import whole_number

MOST = 100  # proposals on which one request can decide


def paths(view: Callable) -> list[URLPattern]:
    """Return the URL patterns. `view` wraps a view with the admin's permission check."""
    return [
        path("proposals/<int:article_id>/confirm/", view(confirm), name="advisors_advisor_confirm"),
        path("proposals/<int:article_id>/turn-down/", view(turn_down), name="advisors_advisor_turn_down"),
        path("proposals/<int:article_id>/withdraw/", view(withdraw), name="advisors_advisor_withdraw"),
    ]


@require_POST
def confirm(request: HttpRequest, article_id: int) -> HttpResponse:
    """Confirm the posted proposals, so that the advisors are on the panel, and redirect.

    Raise PermissionDenied for anybody but an editor, and Http404 if the user may not edit the article.
    """

    def act(article: Article, keys: Sequence[int]) -> str:
        found, asked = proposals.confirm(article=article, members=keys, actor=signed_in(request))
        return _confirmed(article, found, bool(asked))

    return _act(request, article_id, act)


@require_POST
def turn_down(request: HttpRequest, article_id: int) -> HttpResponse:
    """Turn down the posted proposals, and redirect.

    Raise PermissionDenied for anybody but an editor, and Http404 if the user may not edit the article.
    """

    def act(article: Article, keys: Sequence[int]) -> str:
        reason = request.POST.get("reason", "")
        found = proposals.turn_down(article=article, members=keys, actor=signed_in(request), reason=reason)
        return _("you turned down %(names)s. An email tells whoever proposed this.") % {"names": _names(found)}

    return _act(request, article_id, act)


@require_POST
def withdraw(request: HttpRequest, article_id: int) -> HttpResponse:
    """Withdraw the posted proposals, and redirect.

    Raise PermissionDenied if a proposal was made by somebody else and the user is not an editor, and Http404 if the
    user may not edit the article.
    """

    def act(article: Article, keys: Sequence[int]) -> str:
        found = proposals.withdraw(article=article, members=keys, actor=signed_in(request))
        said = ngettext("%(names)s is no longer proposed.", "%(names)s are no longer proposed.", len(found))
        return said % {"names": _names(found)}

    return _act(request, article_id, act)


def _act(request: HttpRequest, article_id: int, act: Callable[[Article, Sequence[int]], str]) -> HttpResponse:
    """Call `act` with the article and the posted keys, and redirect to the page from which the form was sent.

    A message on that page gives the sentence that `act` returns, or the reason why nothing was changed. Raise Http404
    if the article is unknown or the user may not edit it, and PermissionDenied if `act` raises NotPermitted.
    """
    article = Article.objects.filter(pk=article_id).first()
    if article is None or not may(signed_in(request), "edit", article):
        raise Http404
    named = map(whole_number, request.POST.getlist("member")[:MOST])
    keys = [key for key in named if key is not None]
    try:
        messages.success(request, f"{article}: {act(article, keys)}")
    except NotPermitted as error:
        raise PermissionDenied from error
    except InvalidTransition as error:
        messages.warning(request, f"{article}: {error}")
    if request.POST.get("back") == "start":
        return redirect("admin:index")
    return redirect(f"{reverse('admin:articles_article_change', args=[article.pk])}#board")


def _names(members: Sequence[PanelMember]) -> str:
    return get_text_list([str(member) for member in members], _("and"))


def _confirmed(article: Article, members: Sequence[PanelMember], has_been_asked: bool) -> str:
    """Return a sentence saying who was confirmed, and that they have been asked for a review or when they will be."""
    if has_been_asked:
        said = ngettext(
            "%(names)s is confirmed as reviewer and asked at once, since the text is before the board.",
            "%(names)s are confirmed as reviewers and asked at once, since the text is before the board.",
            len(members),
        )
    elif article.stage in (Stage.DRAFT, Stage.CHANGES_REQUESTED):
        said = ngettext(
            "%(names)s is confirmed as reviewer, and will be asked when the text is submitted.",
            "%(names)s are confirmed as reviewers, and will be asked when the text is submitted.",
            len(members),
        )
    else:
        said = ngettext(
            "%(names)s is confirmed as reviewer, and will be asked when the text next comes before the board.",
            "%(names)s are confirmed as reviewers, and will be asked when the text next comes before the board.",
            len(members),
        )
    return said % {"names": _names(members)}
