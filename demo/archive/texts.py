"""Generated articles of the archive. Each article depends only on the seed and its number. Pure.

An article is complete as the site would store it: sanitised, numbered, rendered, with its digest. Nothing here queries
the database, so that several processes can generate articles. The texts are meaningless, and the editorial checks have
not been run on them.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.text import slugify

from articles.citations import number
from articles.digests import digest
from articles.models import Byline, Citation, SignedName
from articles.models.content import Content
from articles.rendering import Rendered, numbers_and_tips, render
from core.html import text_of
from demo.archive.words import EVERY, RARE, RARE_EVERY, SOME, SOME_EVERY, SUBJECTS, sentence, some_tail
from sources.models import Source
from sources.references import reference

MOST_VERSIONS = 3
KINDS = (
    ("randomised_trial", 30),
    ("systematic_review", 20),
    ("cohort", 18),
    ("narrative_review", 10),
    ("cross_sectional", 7),
    ("guideline", 5),
    ("government", 4),
    ("animal", 3),
    ("in_vitro", 3),
)
CITED = 8  # the approximate number of sources in an article
DISCLOSURE = "We sell products that contain some of what this text is about."


@dataclass(frozen=True)
class BylineAuthor:
    """An author as named in a byline, by the commitment to their name (articles.names.commitments)."""

    commitment: str
    credentials: str


@dataclass(frozen=True)
class GeneratedVersion:
    """One generated revision: content, digest, rendering, plain text (`words`) and citations.

    `cited` pairs the number of each cited source in the library with the citation.
    """

    content: Mapping[str, str]
    cited: Sequence[tuple[int, Citation]]
    digest: str
    rendered: Rendered
    words: str


@dataclass(frozen=True)
class GeneratedArticle:
    """A generated article with its versions, the last of which is the working copy.

    `byline` holds the indexes of its authors in `People.authors`.
    """

    number: int
    slug: str
    byline: Sequence[int]
    versions: Sequence[GeneratedVersion]


def library_size(articles: int) -> int:
    """Return the number of sources in the library of an archive with this number of articles."""
    return 40 + articles * 2 // 5


@lru_cache(maxsize=20_000)
def source(seed: int, place: int) -> Source:
    """Return the generated source with this number, without saving it."""
    dice = random.Random(f"{seed}/source/{place}")
    kinds, weights = zip(*KINDS, strict=True)
    names = [word.capitalize() for word in some_tail(dice, dice.randint(1, 6))]
    year = dice.randint(1994, 2026)
    return Source(
        key=f"{names[0].lower()}{year}-{place}",
        evidence=dice.choices(kinds, weights)[0],
        title=sentence(dice, dice.choice(SUBJECTS)).rstrip("."),
        authors="\n".join(f"{name}, {chr(65 + dice.randrange(26))}" for name in names),
        container=f"Journal of {dice.choice(SUBJECTS).capitalize()} Research",
        container_short=f"J {dice.choice(SUBJECTS).capitalize()} Res",
        year=year,
        volume=str(dice.randint(1, 60)),
        issue=str(dice.randint(1, 12)),
        pages=f"{place % 900 + 1}-{place % 900 + 9}",
        doi=f"10.5555/archive.{seed}.{place}",
    )


@lru_cache(maxsize=20_000)
def _cited_as(seed: int, place: int) -> tuple[dict[str, str], str]:
    """Return the fields of a citation of this source, except its number, and the tooltip for it on the page."""
    one = source(seed, place)
    frozen = {"key": one.key, "reference": reference(one), "link": one.link, "evidence": one.evidence}
    _, tips = numbers_and_tips([Citation(number=1, **frozen)])
    return frozen, tips[one.key]


def text(seed: int, serial: int, many: int, people: Sequence[BylineAuthor]) -> GeneratedArticle:
    """Return the article with the number `serial` in `many` versions (1 to 3). `people` are the possible authors."""
    dice = random.Random(f"{seed}/article/{serial}")
    first, second = dice.sample(SUBJECTS, 2)
    title = f"{first.capitalize()} and {second}: {' '.join(some_tail(dice, dice.randint(1, 3)))}"
    if serial % 50 == 1:
        title = f"{title}, the {EVERY}"
    byline = dice.sample(range(len(people)), dice.choice((1, 1, 1, 2)))
    library = library_size(serial)
    # Because of the square, some sources are cited much more often than others, as in reality.
    places = list(dict.fromkeys(int(library * dice.random() ** 2) for _ in range(dice.randint(CITED - 4, CITED + 5))))
    content = {
        "title": title,
        "standfirst": f"{sentence(dice, first)} {sentence(dice, second)}",
        "key_messages": "\n".join(sentence(dice) for _ in range(3)),
        "body": _body(dice, serial, [source(seed, place).key for place in places], (first, second)),
        "safety_note": f"<p>{sentence(dice)} {sentence(dice)}</p>",
        "disclosure": DISCLOSURE if dice.random() < 0.3 else "",
        "search_description": sentence(dice, first)[:150].strip(),
    }
    versions = []
    for place in range(many):
        if place:  # each later version has one paragraph more
            added = f"<p>{sentence(dice)} {sentence(dice)}</p>"
            content = {**content, "body": f"{content['body']}\n{added}"}
        versions.append(_version(seed, content, places, [people[who] for who in byline]))
    return GeneratedArticle(serial, f"{slugify(title)[:80].rstrip('-')}-{seed}-{serial}", byline, versions)


def _body(dice: random.Random, serial: int, keys: Sequence[str], subjects: tuple[str, str]) -> str:
    """Return a body in sections that cites every key. It has about 250 to 2,500 words; half of all bodies have under
    700.
    """
    paragraphs = max(5, min(50, round(dice.lognormvariate(2.55, 0.45))))
    known = [EVERY, *([RARE] if serial % RARE_EVERY == 7 else []), *([SOME] if serial % SOME_EVERY == 5 else [])]
    cited, parts = 0, []
    for place in range(paragraphs):
        if place and place % 4 == 0:
            parts.append(f"<h2>{sentence(dice, dice.choice(subjects)).rstrip('.')[:70].strip()}</h2>")
        said = []
        for _ in range(dice.randint(2, 5)):
            said.append(sentence(dice, *known))
            known = [dice.choice(subjects)] if dice.random() < 0.2 else []
        marks = keys[cited : cited + 2] if place < paragraphs - 1 else keys[cited:]
        cited += len(marks)
        mark = f'<sup data-cite="{" ".join(marks)}"></sup>' if marks else ""
        if place % 9 == 5:
            items = "".join(f"<li>{line}</li>" for line in said)
            parts.append(f"<p>{sentence(dice)}{mark}</p>\n<ul>{items}</ul>")
        else:
            parts.append(f"<p>{' '.join(said)}{mark}</p>")
    return "\n".join(parts)


def _version(
    seed: int, content: dict[str, str], places: Sequence[int], people: Sequence[BylineAuthor]
) -> GeneratedVersion:
    """Return a version with its citations, digest and rendering."""
    whole = {field.name: content.get(field.name, "") for field in Content._meta.get_fields()}
    known = {source(seed, place).key: place for place in places}
    numbers = number((whole["body"], whole["safety_note"]), known)
    cited, tips = [], {}
    for key, counted in numbers.items():
        frozen, tips[key] = _cited_as(seed, known[key])
        cited.append((known[key], Citation(number=counted, **frozen)))
    citations = [citation for _, citation in cited]
    bylines = [
        Byline(position=place, signed_name=SignedName(commitment=one.commitment), credentials=one.credentials)
        for place, one in enumerate(people)
    ]
    return GeneratedVersion(
        content=whole,
        cited=cited,
        digest=digest(whole, citations, bylines),
        rendered=render(whole["body"], whole["safety_note"], numbers, tips),
        words=f"{text_of(whole['body'])}\n{text_of(whole['safety_note'])}".strip(),
    )
