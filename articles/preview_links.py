"""Create, revoke and open links that let anybody read one revision before it is published."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from articles.exceptions import NotPermitted
from articles.models import PreviewLink, Publication, Revision
from articles.pages import page_of
from articles.permissions import may
from core import times

DAYS, MOST_DAYS = 14, 90
TOKEN_BYTES = 32
# No cache stores the page, no search engine lists it, and no other site receives its URL as a referrer.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def token_hash(token: str) -> str:
    """Return the hash of a token. Links are looked up by the hash, so response times reveal nothing about tokens."""
    return hashlib.sha256(token.encode()).hexdigest()


def share(*, revision: Revision, actor: User, days: int = DAYS, note: str = "") -> tuple[PreviewLink, str]:
    """Create a link to a revision that lasts `days` days; return the link and its token, which is not stored.

    Raise NotPermitted if `actor` may not edit the article, and ValidationError unless `days` is 1 to `MOST_DAYS`.
    """
    if not may(actor, "edit", revision.article):
        raise NotPermitted(_("%(name)s may not share “%(article)s”.") % {"name": actor, "article": revision.article})
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(_("A link lasts from 1 to %(most)s days."), code="days", params={"most": MOST_DAYS})
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
    """Revoke a link. Return False if it was already revoked. Raise NotPermitted if `actor` may not edit the article."""
    if not may(actor, "edit", link.revision.article):
        raise NotPermitted(_("%(name)s may not revoke this link.") % {"name": actor})
    open_links = PreviewLink.objects.filter(pk=link.pk, revoked_at=None)
    return bool(open_links.update(revoked_at=timezone.now(), revoked_by=actor))


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show the revision behind a link, as readers would get it.

    The response is the same (404) for a link that never existed, has expired or was revoked, so it reveals nothing.
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
    if is_live:
        banner = _("Preview of revision %(number)s, which is published now. This link ends on %(time)s.")
    else:
        banner = _("Preview of revision %(number)s, not published. This link ends on %(time)s.")
    return banner % {"number": revision.number, "time": times.zoned(link.expires_at)}
