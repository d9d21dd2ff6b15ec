"""Feeds of the latest articles of the whole site and of each topic, as Atom (RFC 4287) and JSON Feed 1.1.

Entries come from `Publication.objects.visible()`. The identifier of an entry never changes: it is a tag URI (RFC 4151)
made of FEED_AUTHORITY and the article's slug.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from articles.models import Publication, Topic
from articles.pages import teasers
from core.house.memory import house
from core.language import language_tag
from core.public import public
from core.text import clean_line, clean_prose
from website.browse import live_topics
from website.newest_lists import newest_on

LATEST = 20


@dataclass(frozen=True)
class FeedEntry:
    """One article in a feed.

    `authors` and `topics` hold names. `published` is when readers could first open the article, and `updated` when its
    present version began; both are timezone-aware.
    """

    identifier: str
    url: str
    title: str
    summary: str
    authors: Sequence[str]
    topics: Sequence[str]
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class Feed:
    """The latest articles of the site or of one topic.

    `home` is the URL of the page that the feed belongs to; `atom` and `json` are the URLs of the feed itself.
    """

    identifier: str
    title: str
    home: str
    atom: str
    json: str
    entries: Sequence[FeedEntry]

    @property
    def updated(self) -> datetime:
        """Return the latest time at which an entry was updated, or 1 January 2026 (UTC) for an empty feed."""
        return max((entry.updated for entry in self.entries), default=datetime(2026, 1, 1, tzinfo=UTC))


@require_safe
@public(max_age=300, parameters=())
def latest(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the feed of the newest articles of the site, at most LATEST. `ending` is "atom" or "json"."""
    return _answer(feed_of(None), ending)


@require_safe
@public(max_age=300, parameters=())
def of_topic(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """Return the feed of the newest articles on a topic, at most LATEST. `ending` is "atom" or "json".

    Raise Http404 if no article on the topic is published.
    """
    return _answer(feed_of(get_object_or_404(live_topics(timezone.now()), slug=slug)), ending)


def feed_of(topic: Topic | None, at: datetime | None = None) -> Feed:
    """Return the feed of a topic or, if `topic` is None, of the whole site. Makes at most six queries.

    `at` is a timezone-aware time, by default the present.
    """
    at = at or timezone.now()
    read = Publication.objects.filter(
        article=OuterRef("article"), cancelled_at=None, starts_at__lte=OuterRef("starts_at")
    ).order_by("starts_at")
    rows = teasers(at).annotate(first=Subquery(read.values("starts_at")[:1])).prefetch_related("article__topics")
    if topic:
        rows = newest_on(topic, rows, at)
    entries = [_entry(row) for row in rows[:LATEST]]
    if topic is None:
        return Feed(
            identifier=_tag("articles"),
            title=house().name,
            home=_address("website:home"),
            atom=_address("website:feed_atom"),
            json=_address("website:feed_json"),
            entries=entries,
        )
    return Feed(
        identifier=_tag(f"topic/{topic.slug}"),
        title=clean_line(f"{house().name}: {topic.name}"),
        home=_address("website:topic", topic.slug),
        atom=_address("website:topic_feed_atom", topic.slug),
        json=_address("website:topic_feed_json", topic.slug),
        entries=entries,
    )


def _tag(name: str) -> str:
    """Return a tag URI (RFC 4151) for `name`.

    If the site moves to another host name, FEED_AUTHORITY has to keep the old one: otherwise feed readers would show
    every entry as new.
    """
    return f"tag:{settings.FEED_AUTHORITY},2026:{name}"


def _address(name: str, *args: str) -> str:
    """Return the absolute URL of the page with this URL name."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _entry(row: Publication) -> FeedEntry:
    """Return the feed entry of a publication.

    The publication must be annotated with `slug` and with `first`, the start of the article's first publication.
    """
    revision = row.approval.revision
    return FeedEntry(
        identifier=_tag(f"article/{row.slug}"),
        url=_address("website:article", row.slug),
        # The model fields clean their values too, but a single control character would make the whole feed invalid.
        title=clean_line(revision.title) or "Untitled",
        summary=clean_prose(revision.standfirst),
        authors=[clean_line(byline.name) for byline in revision.bylines.all()],
        topics=[clean_line(topic.name) for topic in row.article.topics.all()],
        published=row.first or row.starts_at,
        updated=row.starts_at,
    )


def atom(feed: Feed) -> str:
    """Return the feed as an Atom document (RFC 4287)."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language_tag()}">',
        f"<id>{escape(feed.identifier)}</id><title>{escape(feed.title)}</title>",
        f"<updated>{feed.updated.isoformat()}</updated>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(feed.atom)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(feed.home)}/>',
        f"<author><name>{escape(house().name)}</name></author>",
    ]
    for entry in feed.entries:
        lines += [
            f"<entry><id>{escape(entry.identifier)}</id><title>{escape(entry.title)}</title>",
            f'<link rel="alternate" type="text/html" href={quoteattr(entry.url)}/>',
            f"<published>{entry.published.isoformat()}</published><updated>{entry.updated.isoformat()}</updated>",
            *(f"<author><name>{escape(name)}</name></author>" for name in entry.authors),
            *(f"<category term={quoteattr(name)}/>" for name in entry.topics),
            f"<summary>{escape(entry.summary)}</summary></entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def json_feed(feed: Feed) -> dict[str, object]:
    """Return the feed as the content of a JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/)."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.json,
        "language": language_tag(),
        "items": [
            {
                "id": entry.identifier,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.summary or entry.title,
                "date_published": entry.published.isoformat(),
                "date_modified": entry.updated.isoformat(),
                "authors": [{"name": name} for name in entry.authors] or [{"name": house().name}],
                "tags": list(entry.topics),
            }
            for entry in feed.entries
        ],
    }


def _answer(feed: Feed, ending: str) -> HttpResponse:
    """Return the response with the feed and a Last-Modified header (RFC 9110, 8.8.2).

    The decorator `public` adds the ETag and answers conditional requests.
    """
    if ending == "atom":
        response = HttpResponse(atom(feed), content_type="application/atom+xml; charset=utf-8")
    else:
        ascii_too = {"ensure_ascii": True}
        response = JsonResponse(json_feed(feed), content_type="application/feed+json", json_dumps_params=ascii_too)
    if feed.entries:
        response.headers["Last-Modified"] = http_date(int(feed.updated.timestamp()))
    return response
