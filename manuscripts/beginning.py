"""Begin an article from a manuscript: store the references that were confirmed, the pictures and the text."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.models import User
from articles import drafting
from articles.cited_sources.source_imports import ImportPlan, ImportState, store
from articles.models import Article, Author
from articles.typed_article import cleaned
from core.slugs import slug_of
from manuscripts.models import Manuscript, ManuscriptPicture
from manuscripts.proposals import Proposal
from manuscripts.reading.marks import STORED
from pictures import library
from sources.importers import ReadResult
from sources.models import Source

FIGURE = re.compile(r'<figure data-picture="([0-9]+)"></figure>')
MOST_SLUGS = 100
LONGEST_TITLE = 200


@dataclass(frozen=True)
class WantedPicture:
    """A picture that is to join the library: its description, whose it is, and its caption."""

    alternative_text: str
    credit: str
    caption: str = ""


def entries_of(proposal: Proposal) -> tuple[ReadResult, list[int]]:
    """Return the references of which something is known as entries to import, and the number of each, from 1."""
    numbered = [(number, one.record) for number, one in enumerate(proposal.references, start=1) if one.record]
    return ReadResult(entries=tuple(record for _number, record in numbered)), [number for number, _record in numbered]


def begin(
    *,
    manuscript: Manuscript,
    actor: User,
    title: str,
    plan: ImportPlan,
    chosen: Collection[int],
    same: Collection[int] = (),
    pictures: Mapping[int, WantedPicture] | None = None,
) -> Article:
    """Create and return the article, and delete the manuscript.

    `plan` is the plan for `entries_of(manuscript.proposal)`; `chosen` has the numbers of the rows that are to be
    sources, and `same` those of doubtful rows that are the source they resemble. Citations of other references become
    the words that stood there, and these references are listed at the end of the text. `pictures` has the pictures to
    keep, by number; the others are left out.

    Raise Manuscript.DoesNotExist for the manuscript of somebody else, NotPermitted if `actor` may not add an article, a
    source or a picture, and ValidationError if one of these cannot be stored. Nothing is stored then.
    """
    if manuscript.user_id != actor.pk:
        raise Manuscript.DoesNotExist
    proposal = manuscript.proposal
    numbers = entries_of(proposal)[1]
    with transaction.atomic():
        stored = [row.number for row in plan.rows if row.number in chosen and row.number not in same]
        if stored:
            store(plan, actor=actor, chosen=stored)
        cited: dict[str, Source] = {}
        for row in plan.rows:
            source = row.resembles if row.number in same else row.source if row.number in stored else None
            if source is not None and row.state != ImportState.UNFIT:
                cited[f"ref-{numbers[row.number]}"] = source
        html = _with_pictures(proposal.html, manuscript, actor, pictures or {})
        html = _with_sources(html, {name: source.key for name, source in cited.items()})
        body = cleaned("body", html + _not_taken(proposal, cited, html))
        own = Author.objects.filter(user=actor).first()
        article = drafting.begin(
            actor=actor,
            slug=_free_slug(title),
            content={"title": title, "body": body},
            authors=[own] if own else [],
            sources=dict.fromkeys(cited.values(), ""),
        )
        manuscript.delete()
    return article


def _with_sources(html: str, keys: Mapping[str, str]) -> str:
    """Return HTML whose citations name sources by key. Words come back where a reference did not become a source."""

    def replaced(match: re.Match[str]) -> str:
        names = match[1].split()
        found = list(dict.fromkeys(keys[name] for name in names if name in keys))
        mark = f'<sup data-cite="{" ".join(found)}"></sup>' if found else ""
        if len([name for name in names if name in keys]) == len(names):
            return mark
        was = match[2] or _("(reference missing)")
        return mark + (f"<sup>{was[1:]}</sup>" if was.startswith("^") else was)

    return STORED.sub(replaced, html)


def _not_taken(proposal: Proposal, cited: Mapping[str, Source], html: str) -> str:
    """Return the references that became no source, as HTML to stand at the end of the text, or "".

    The number in brackets is one that the editorial checks refuse, so the list is not published by mistake. A note
    whose words stand in the text is not repeated.
    """
    left = [
        f"<p>[{number}] {text}</p>"
        for number, one in enumerate(proposal.references, start=1)
        if f"ref-{number}" not in cited and (text := escape(one.text)) and text not in html
    ]
    return "".join([f"<h2>{escape(_('References that are no sources yet'))}</h2>", *left]) if left else ""


def _with_pictures(html: str, manuscript: Manuscript, actor: User, wanted: Mapping[int, WantedPicture]) -> str:
    """Return HTML with the wanted pictures, which are added to the library, and without the others."""
    made: dict[int, str] = {}
    for row in manuscript.pictures.filter(number__in=wanted):
        made[row.number] = _figure(row, actor, wanted[row.number])
    return FIGURE.sub(lambda match: made.get(int(match[1]), ""), html)


def _figure(row: ManuscriptPicture, actor: User, wanted: WantedPicture) -> str:
    try:
        picture, _is_new = library.add(
            actor=actor,
            file=ContentFile(bytes(row.content), name=f"{row.number}"),
            alternative_text=wanted.alternative_text,
            credit=wanted.credit,
            caption=wanted.caption,
        )
    except ValidationError as error:
        message = _("Picture %(number)s: %(reasons)s") % {"number": row.number, "reasons": " ".join(error.messages)}
        raise ValidationError(message) from error
    address = f"{settings.MEDIA_URL}{picture.image.name}"
    caption = picture.caption.strip().removesuffix(".")
    credit = f"<em>{escape(picture.credit)}</em>" if picture.credit else ""
    said = ". ".join(part for part in (escape(caption), credit) if part)
    below = f"<figcaption>{said}</figcaption>" if said else ""
    return f'<figure><img src="{escape(address)}" alt="{escape(picture.alternative_text)}">{below}</figure>'


def _free_slug(title: str) -> str:
    """Return the title as an address that no article has."""
    base = slug_of(title) or "article"
    candidates = [base, *(f"{base[:64]}-{number}" for number in range(2, MOST_SLUGS))]
    taken = set(Article.objects.filter(slug__in=candidates).values_list("slug", flat=True))
    return next(slug for slug in candidates if slug not in taken)
