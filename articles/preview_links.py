"""Links at which anybody may read one revision before it is published: made, revoked, and the page behind them."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from articles.exceptions import NotPermitted
from articles.models import PreviewLink, Publication, Revision
from articles.pages import page_of
from articles.permissions import may
from core import times

DAYS, MOST_DAYS = 14, 90
TOKEN_BYTES = 32
# Nobody keeps the page, no search engine lists it, and the address travels to nobody as a referrer.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def token_hash(token: str) -> str:
    """What is kept of a token and what it is looked up by, so that no answer takes longer for a better guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def share(*, revision: Revision, actor: User, days: int = DAYS, note: str = "") -> tuple[PreviewLink, str]:
    """A new link to a revision and its token, which is known to nobody afterwards.

    Raises NotPermitted, and ValidationError for fewer days than one or more than `MOST_DAYS`.
    """
    if not may(actor, "edit", revision.article):
        raise NotPermitted(f"{actor} may not share “{revision.article}”.")
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError("A link lasts from 1 to %(most)s days.", code="days", params={"most": MOST_DAYS})
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    link = PreviewLink(
        revision=revision,
        token_hash=token_hash(token),
        note=note,
        created_by=actor,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    link.full_clean(exclude=["revoked_at", "revoked_by"])
    link.save()
    return link, token


def revoke(*, link: PreviewLink, actor: User) -> bool:
    """End a link for good; False where somebody has done so already. Raises NotPermitted."""
    if not may(actor, "edit", link.revision.article):
        raise NotPermitted(f"{actor} may not revoke this link.")
    open_links = PreviewLink.objects.filter(pk=link.pk, revoked_at=None)
    return bool(open_links.update(revoked_at=timezone.now(), revoked_by=actor))


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The revision behind a link, as readers would get it.

    A link that was never made, has expired or was revoked gets one and the same answer, which names nothing.
    """
    links = PreviewLink.objects.usable().select_related("revision__rendering")
    link = links.filter(token_hash=token_hash(token)).first()
    if link is None:
        response = render(request, "articles/preview_gone.html", status=404)
    else:
        revision = link.revision
        page = page_of(revision, approval=revision.approvals.first())
        context = {"page": page, "banner": _banner(link, revision)}
        response = render(request, "articles/article_page.html", context)
    for header, value in HEADERS.items():
        response.headers[header] = value
    return response


def _banner(link: PreviewLink, revision: Revision) -> str:
    is_live = Publication.objects.visible().filter(approval__revision=revision).exists()
    state = "which is published now" if is_live else "not published"
    return f"Preview of revision {revision.number}, {state}. This link ends on {times.zoned(link.expires_at)}."
