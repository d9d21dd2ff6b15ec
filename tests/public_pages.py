"""All URL patterns of the site by name, and the paths of the public ones in the demonstration content.

All tests of whole pages use this list. `tests/test_public_pages.py` compares it with the URL resolver, so it fails if a
pattern is missing here. The content is that of `tests.demonstration`, with a correction and a withdrawal.
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from sources.exporters import FORMATS
from tests.demonstration import CORRECTED, WITHDRAWN

# Pages that respond 200 to everybody.
PAGES: dict[str, list[str]] = {
    "website:home": ["/"],
    "website:search": ["/search/", "/search/?q=sleep", "/search/?q=zzz+nothing"],
    "website:topics": ["/topics/"],
    "website:topic": ["/topics/sleep/"],
    "website:authors": ["/authors/"],
    "website:author": ["/authors/amira-okafor/"],
    "website:article": ["/articles/magnesium-and-sleep/", f"/articles/{CORRECTED}/"],
    "website:record": [f"/articles/{CORRECTED}/record/", f"/articles/{WITHDRAWN}/record/"],
    "website:version": [f"/articles/{CORRECTED}/versions/1/", f"/articles/{CORRECTED}/versions/2/"],
    "website:report": [f"/articles/{CORRECTED}/report/"],
    "website:report_sent": [f"/articles/{CORRECTED}/report/sent/"],
    "website:cite": [f"/articles/{CORRECTED}/cite/"],
    "website:cite_source": ["/articles/magnesium-and-sleep/sources/abbasi2012/"],
    "website:corrections": ["/corrections/"],
    "experts:experts": ["/experts/"],
    "experts:expert": ["/experts/tobias-wrenfield/"],
    "products:products": ["/products/"],
    "products:product": ["/products/sleep-gummies-melatonin/"],
    "policies:policies": ["/policies/"],
    "policies:policy": ["/policies/editorial-policy/"],
    "audit:how_to_check": ["/signed-records/"],
    "newsletter:sign_up": ["/newsletter/"],
    "newsletter:asked": ["/newsletter/asked/"],
}

# Paths that respond with an error page, each with its status.
REFUSALS: dict[str, int] = {
    f"/articles/{WITHDRAWN}/": 410,
    f"/articles/{WITHDRAWN}/versions/1/": 410,
    "/articles/no-such-article/": 404,
    "/preview/no-such-token/": 404,
    "/newsletter/confirm/no-such-token/": 410,
    "/newsletter/unsubscribe/no-such-token/": 410,
}

# Files for machines or for download, which are not HTML.
FILES: dict[str, list[str]] = {
    "website:sources": [f"/articles/{CORRECTED}/sources.{ending}" for ending in FORMATS],
    "website:feed_atom": ["/feeds/articles.atom"],
    "website:feed_json": ["/feeds/articles.json"],
    "website:topic_feed_atom": ["/feeds/topics/sleep.atom"],
    "website:topic_feed_json": ["/feeds/topics/sleep.json"],
    "website:sitemap": ["/sitemap.xml"],
    "website:sitemap_articles": ["/sitemaps/articles-1.xml"],
    "website:sitemap_pages": ["/sitemaps/pages.xml"],
    "website:robots": ["/robots.txt"],
    "audit:record": [f"/articles/{CORRECTED}/versions/1/record.json", f"/articles/{WITHDRAWN}/versions/1/record.json"],
    "audit:content": [f"/articles/{CORRECTED}/versions/2/content.json"],
    "audit:body": [f"/articles/{CORRECTED}/versions/2/body.html"],
    "audit:names": [f"/articles/{CORRECTED}/versions/2/names.json"],
    "audit:checkpoint": ["/log/checkpoint.txt"],
    "audit:keys": ["/.well-known/signing-keys.json"],
    "audit:program": ["/verify.py"],
}

# URL patterns of addresses that are not pages for readers, each with the reason.
NOT_FOR_READERS: dict[str, str] = {
    "website:shared_preview": "opens to who has the link",
    "newsletter:confirm": "opens to who has the email",
    "newsletter:unsubscribe": "opens to who has the email",
    "website:house_colours": "a stylesheet; the pages that load it name it",
    "website:house_mark": "a picture; the pages that show it name it",
    "website:house_logo": "a picture; the pages that show it name it",
    "audit:consistency": "a proof between two seals; its address has the sizes that they say",
    "media": "a picture's file; the pages that show it name it",
    "board:*": "the board's desk",
    "admin:*": "the newsroom",
    "account:*": "signing in",
}

# Public pages that search engines should not list.
NOT_LISTED = {
    *("/search/?q=sleep", "/search/?q=zzz+nothing", "/newsletter/asked/"),
    *(f"/articles/{CORRECTED}/versions/1/", f"/articles/{CORRECTED}/versions/2/"),
    *(f"/articles/{CORRECTED}/report/", f"/articles/{CORRECTED}/report/sent/"),
}


def addresses() -> list[str]:
    """Return the paths of all HTML pages that respond 200, in the order of PAGES."""
    return [address for rows in PAGES.values() for address in rows]


def names() -> set[str]:
    """Return the names of all URL patterns; for the admin, the review desk and accounts, one name such as "admin:*"."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        inner = f"{space}{pattern.namespace}:" if getattr(pattern, "namespace", None) else space
        if inner and f"{inner.split(':')[0]}:*" in NOT_FOR_READERS:
            yield f"{inner.split(':')[0]}:*"
        elif isinstance(pattern, URLResolver) and str(pattern.pattern) == "account/":
            yield "account:*"
        elif isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"
