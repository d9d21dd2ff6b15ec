"""Structured data of the public pages: one JSON-LD graph per page, with stable identifiers.

Types and properties are those of schema.org (https://schema.org/docs/full.html); a test checks each pair of type and
property. `reviewedBy` and `lastReviewed` belong to the page (https://schema.org/WebPage), not to the Article. An
identifier is the URL of a page with a fragment, so that graphs of several pages can be joined.
"""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import Profile
from articles.models import Byline, Signatory
from articles.pages import ArticlePage, CitedSource, Recommended
from core.seo.json_ld import graph
from core.seo.social_cards import Card
from core.seo.structured_pages import breadcrumb
from core.seo.structured_parts import (
    LANGUAGE,
    address,
    day,
    job_properties,
    moment,
    once,
    organization,
    person,
    reference,
    website,
)
from pictures.sizes import size_of


def of_article(page: ArticlePage, slug: str, profiles: Mapping[int, str]) -> dict[str, Any]:
    """Return the graph of an article's page: page, article, people, organisation and breadcrumbs. Makes no query.

    `profiles` maps the primary key of a reviewer's account to the slug of their profile page. Reviewers without one get
    no URL.
    """
    url = address("website:article", slug)
    authors = [_author(byline) for byline in page.bylines]
    reviewers = {
        row.user_id: _reviewer(row, profiles.get(row.user_id, "")) for row in (*page.signatories, *page.renewed_by)
    }
    by_latest = page.renewed_by or page.signatories
    return graph(
        [
            {
                "@type": "MedicalWebPage",
                "@id": f"{url}#webpage",
                "url": url,
                "name": page.title,
                "description": page.description,
                "inLanguage": LANGUAGE,
                "isPartOf": reference(website()),
                "breadcrumb": {"@id": f"{url}#breadcrumb"},
                "mainEntity": {"@id": f"{url}#article"},
                "mainContentOfPage": {"@type": "WebPageElement", "cssSelector": "main article"},
                "primaryImageOfPage": _image(page),
                "lastReviewed": day(page.last_full_review),
                "reviewedBy": [reference(reviewers[row.user_id]) for row in by_latest],
                "datePublished": moment(page.published),
                "dateModified": moment(page.updated or page.published),
            },
            {
                "@type": "Article",
                "@id": f"{url}#article",
                "url": url,
                "headline": page.title,
                "abstract": page.standfirst,
                "inLanguage": LANGUAGE,
                "mainEntityOfPage": {"@id": f"{url}#webpage"},
                "image": _image(page),
                "datePublished": moment(page.published),
                "dateModified": moment(page.updated or page.published),
                "author": [reference(author) for author in authors],
                "publisher": reference(organization()),
                "publishingPrinciples": organization().get("publishingPrinciples"),
                "articleSection": [topic.name for topic in page.topics],
                "about": [{"@type": "Thing", "name": topic.name} for topic in page.topics],
                "wordCount": page.words,
                "timeRequired": f"PT{page.minutes}M",
                "citation": [_citation(source) for source in page.sources],
                "correction": [
                    {
                        "@type": "CorrectionComment",
                        "text": f"Editors’ note: {note}",
                        "datePublished": moment(at),
                        **({"dateModified": moment(corrected)} if corrected else {}),
                    }
                    for at, note, corrected in page.corrections
                ],
                "mentions": [_mention(product) for product in page.products],
                "isAccessibleForFree": True,
            },
            *once([*authors, *reviewers.values()]),
            organization(),
            website(),
            breadcrumb(url, page.title, _topic_of(page)),
        ]
    )


def of_version(page: ArticlePage, slug: str, number: int) -> dict[str, Any]:
    """Return the graph of one version at its permanent URL: its title, authors and date.

    The version is an example of the article (https://schema.org/exampleOfWork). Only the article's own page has the
    other properties, so that programs take them from the current version.
    """
    article, url = address("website:article", slug), address("website:version", slug, str(number))
    authors = [_author(byline) for byline in page.bylines]
    name = f"Version {number} of “{page.title}”"
    return graph(
        [
            {
                "@type": "WebPage",
                "@id": f"{url}#webpage",
                "url": url,
                "name": name,
                "inLanguage": LANGUAGE,
                "isPartOf": reference(website()),
                "breadcrumb": {"@id": f"{url}#breadcrumb"},
                "mainEntity": {"@id": f"{url}#article"},
            },
            {
                "@type": "Article",
                "@id": f"{url}#article",
                "url": url,
                "headline": page.title,
                "version": number,
                "inLanguage": LANGUAGE,
                "datePublished": moment(page.updated or page.published),
                "author": [reference(author) for author in authors],
                "publisher": reference(organization()),
                "exampleOfWork": {"@type": "Article", "@id": f"{article}#article", "url": article},
            },
            *once(authors),
            organization(),
            website(),
            breadcrumb(url, name, [(page.title, reverse("website:article", args=[slug]))]),
        ]
    )


def of_person(profile: Profile, path: str, trail: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the graph of the profile page of an author or expert at `path`.

    `trail` has (name, path) of the breadcrumbs between the homepage and this page.
    """
    url = f"{settings.SITE_URL}{path}"
    node = {
        **person(profile.name, profile.credentials, f"{url}#person", url),
        **job_properties(profile.job_title, profile.affiliation),
        "description": profile.biography,
        "image": f"{settings.SITE_URL}{profile.photo.url}" if profile.photo else "",
        "sameAs": [f"https://orcid.org/{profile.orcid}"] if profile.orcid else [],
    }
    page = {"@type": "ProfilePage", "@id": f"{url}#webpage", "url": url, "name": profile.name_with_credentials}
    about = {"mainEntity": reference(node), "isPartOf": reference(website()), "inLanguage": LANGUAGE}
    about["breadcrumb"] = {"@id": f"{url}#breadcrumb"}
    way = breadcrumb(url, profile.name_with_credentials, trail)
    return graph([{**page, **about}, node, organization(), website(), way])


def card_of(page: ArticlePage, slug: str) -> Card:
    """Return the social card of an article, which other sites show for a link to the article."""
    width, height = (size_of(page.hero.name) if page.hero else None) or (None, None)
    return Card(
        title=page.title,
        path=reverse("website:article", args=[slug]),
        description=page.description,
        kind="article",
        image=page.hero.url if page.hero else "",
        image_alt=page.hero_alt,
        width=width,
        height=height,
        published=page.published,
        modified=page.updated,
    )


def _author(byline: Byline) -> dict[str, Any]:
    """Return the node of an author, with the name and credentials that the byline has."""
    author = byline.author
    url = address("website:author", author.slug)
    node = person(
        byline.name, byline.credentials, f"{url or f'{settings.SITE_URL}/authors/{author.slug}/'}#person", url
    )
    orcid = [f"https://orcid.org/{author.orcid}"] if author.orcid else []
    return {**node, **job_properties(author.job_title, author.affiliation), "sameAs": orcid}


def _reviewer(signed: Signatory, slug: str) -> dict[str, Any]:
    """Return the node of a reviewer, with the position that they had when they signed, and their present name."""
    url = address("experts:expert", slug) if slug else ""
    identifier = f"{url}#person" if url else f"{settings.SITE_URL}#reviewer-{signed.position}"
    return {
        **person(signed.name, signed.credentials, identifier, url),
        **job_properties(signed.job_title, signed.affiliation),
    }


def _image(page: ArticlePage) -> dict[str, Any] | None:
    """Return the node of the picture at the head of the article, or None if the article has none."""
    if not page.hero:
        return None
    width, height = size_of(page.hero.name) or (None, None)
    return {
        "@type": "ImageObject",
        "url": f"{settings.SITE_URL}{page.hero.url}",
        "width": width,
        "height": height,
        "caption": page.hero_caption or page.hero_alt,
        "creditText": page.hero_credit,
    }


def _citation(source: CitedSource) -> dict[str, Any]:
    """Return the node of a source, named by its frozen reference as plain text."""
    return {"@type": "CreativeWork", "name": unescape(strip_tags(source.reference)), "url": source.link}


def _mention(product: Recommended) -> dict[str, Any]:
    """Return the node of a recommended product. It has no offer, because the page sells nothing."""
    url = address("products:product", product.slug)
    identifier = f"{url or f'{settings.SITE_URL}/products/{product.slug}/'}#product"
    return {"@type": "Product", "@id": identifier, "name": product.name, "url": url or product.shop_url}


def _topic_of(page: ArticlePage) -> list[tuple[str, str]]:
    """Return (name, path) of the article's first topic in a list, or an empty list if the article has no topics."""
    return [(topic.name, reverse("website:topic", args=[topic.slug])) for topic in page.topics[:1]]
