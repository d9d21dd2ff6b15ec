"""Say in words what a manuscript had, and what was left out."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from manuscripts.proposals import Proposal

MOST_QUOTED = 12
LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Group:
    """Things of one kind that were left out or changed: a sentence, and the first of them."""

    sentence: str
    quotes: list[str]
    more: int


@dataclass(frozen=True)
class Facts:
    """What was read: the counts as one sentence, and what was left out by kind."""

    summary: str
    groups: list[Group]


def _sentence(kind: str, count: int) -> str:
    """Return what happened to this number of things of a kind (manuscripts.reading.records.LeftOut)."""
    said = {
        "comment": ngettext("%(count)s comment was left out.", "%(count)s comments were left out.", count),
        "deleted": ngettext(
            "%(count)s passage that is deleted or struck out was left out.",
            "%(count)s passages that are deleted or struck out were left out.",
            count,
        ),
        "hidden": ngettext("%(count)s hidden passage was left out.", "%(count)s hidden passages were left out.", count),
        "picture": ngettext(
            "%(count)s picture was left out: it is not in the file, or no browser shows its kind.",
            "%(count)s pictures were left out: they are not in the file, or no browser shows their kind.",
            count,
        ),
        "link": ngettext(
            "%(count)s link was left out, because readers could not follow it. Its words stayed.",
            "%(count)s links were left out, because readers could not follow them. Their words stayed.",
            count,
        ),
        "footnote": ngettext(
            "%(count)s footnote stands in parentheses now.", "%(count)s footnotes stand in parentheses now.", count
        ),
        "formula": ngettext(
            "%(count)s formula became plain text. Compare it.",
            "%(count)s formulas became plain text. Compare them.",
            count,
        ),
        "locator": ngettext(
            "%(count)s citation named a page or had words of its own, which numbers cannot show.",
            "%(count)s citations named a page or had words of their own, which numbers cannot show.",
            count,
        ),
        "bibliography": gettext("The list of references was left out: the site makes its own."),
        "contents": gettext("The table of contents was left out: the site makes its own."),
    }
    return said[kind] % {"count": count} if "%" in said[kind] else said[kind]


def in_words(proposal: Proposal) -> Facts:
    """Return what a person should know of a manuscript that was read."""
    html = proposal.html
    words = len(re.sub(r"<[^>]*>", " ", html).split())
    counts = (
        (words, ngettext("%(count)s word", "%(count)s words", words)),
        (n := len(re.findall(r"<h[2-4]\b", html)), ngettext("%(count)s heading", "%(count)s headings", n)),
        (n := html.count("<table"), ngettext("%(count)s table", "%(count)s tables", n)),
        (n := html.count("<figure"), ngettext("%(count)s picture", "%(count)s pictures", n)),
        (n := len(proposal.references), ngettext("%(count)s reference", "%(count)s references", n)),
    )
    summary = ", ".join(said % {"count": f"{count:,}"} for count, said in counts if count)
    groups = []
    for kind in dict.fromkeys(one.kind for one in proposal.left_out):
        found = [one for one in proposal.left_out if one.kind == kind]
        quotes = [one.words[:LONGEST_QUOTE] for one in found if one.words]
        if kind in ("bibliography", "contents"):
            quotes = []
        groups.append(Group(_sentence(kind, len(found)), quotes[:MOST_QUOTED], max(len(quotes) - MOST_QUOTED, 0)))
    return Facts(summary, groups)
