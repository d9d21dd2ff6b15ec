"""Bibliographic text in AMA style (AMA Manual of Style, 11th ed., chapter 3). Pure: a source in, text out."""

import re
from html import escape

from articles.models.sources import Source, Work

# AMA 3.7: up to six authors are all named; of more, the first three and "et al".
ALL_NAMED, NAMED_OF_MANY = 6, 3


def author(name: str) -> str:
    """“Abbasi, Behnood” as “Abbasi B”; a body in braces as it is: “{NICE}” → “NICE”."""
    if name.startswith("{") and name.endswith("}"):
        return name[1:-1].strip()
    family, _, given = name.partition(",")
    initials = "".join(part[0].upper() for part in re.split(r"[\s.\-‐]+", given) if part)
    return f"{family.strip()} {initials}".strip()


def authors(names: list[str]) -> str:
    """The list of authors as AMA has it, without a closing full stop."""
    shown = [author(name) for name in names]
    if len(shown) > ALL_NAMED:
        return ", ".join(shown[:NAMED_OF_MANY]) + ", et al"
    return ", ".join(shown)


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."


def _locator(source: Source) -> str:
    """“2012;17(12):1161-1169”, as far as it is known."""
    issue = f"({source.issue})" if source.issue else ""
    volume, pages = f"{source.volume}{issue}", source.pages.replace("–", "-")
    place = ":".join(part for part in (volume, pages) if part)
    return ";".join(part for part in (str(source.year or ""), place) if part)


def reference(source: Source) -> str:
    """One reference as HTML whose only tag is `em`; everything typed by people is escaped."""
    parts = [_sentence(escape(authors(source.author_list)))]
    title = escape(source.title)
    container = f"<em>{escape(source.container)}</em>" if source.container else ""
    if source.work == Work.JOURNAL_ARTICLE:
        parts += [_sentence(title), f"{container}." if container else "", _sentence(escape(_locator(source)))]
    elif source.work == Work.WEB_PAGE:
        site = container.removeprefix("<em>").removesuffix("</em>") or escape(source.publisher)
        parts += [_sentence(title), _sentence(site), _sentence(str(source.year or ""))]
        if source.accessed_on:
            day = source.accessed_on
            parts.append(f"Accessed {day:%B} {day.day}, {day.year}.")
        parts.append(escape(source.url))
    else:
        if source.work == Work.CHAPTER and container:
            parts.append(f"{_sentence(title)} In: {container}.")
        else:
            parts.append(f"<em>{title}</em>{'' if source.title[-1:] in '.?!' else '.'}")
        imprint = "; ".join(part for part in (escape(source.publisher), str(source.year or "")) if part)
        pages = f":{escape(source.pages)}" if source.pages else ""
        parts.append(_sentence(imprint + pages))
    if source.doi:
        parts.append(f"doi:{escape(source.doi)}")
    return " ".join(part for part in parts if part)
