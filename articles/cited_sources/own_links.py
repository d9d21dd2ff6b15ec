"""Check links to our own articles against the database, without a request."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from articles.models import Article
from sources.models import Link, LinkState

PREFIX = "/articles/"
_ARTICLE = re.compile(r"/articles/([-\w]+)/?\Z")


def own_path(address: str) -> str:
    """Return the path of our own article that this URL leads to, or "" if it leads elsewhere. Pure."""
    try:
        asked, site = urlsplit(address), urlsplit(settings.SITE_URL)
    except ValueError:
        return ""
    if asked.netloc and asked.netloc.lower() != site.netloc.lower():
        return ""
    found = _ARTICLE.match(unquote(asked.path)) if asked.scheme in ("", "http", "https") else None
    return f"{PREFIX}{found[1]}/" if found else ""


def check_own(paths: Iterable[str]) -> None:
    """Set the state of the links with these paths: alive if readers see the article, else dead."""
    now, wanted = timezone.now(), {path.removeprefix(PREFIX).strip("/"): path for path in paths}
    seen = set(Article.objects.visible(now).filter(slug__in=wanted).values_list("slug", flat=True))
    for state, slugs in ((LinkState.ALIVE, wanted.keys() & seen), (LinkState.DEAD, wanted.keys() - seen)):
        links = Link.objects.filter(url__in=[wanted[slug] for slug in slugs])
        links.exclude(state=state).update(state=state, looked_at=None, looked_by=None)
        links.update(checked_at=now)
