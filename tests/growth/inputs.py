"""Repetitive texts of any length: what people paste by mistake, and what an attacker writes to block a worker."""

from collections.abc import Callable

Text = Callable[[int], str]


def repeated(unit: str, before: str = "", after: str = "") -> Text:
    """Return the unit repeated to about this many characters."""
    return lambda size: before + unit * max(1, size // len(unit)) + after


def nested(opening: str, closing: str, inside: str = "x") -> Text:
    """Return as many openings as closings, one inside the other."""
    return lambda size: (times := max(1, size // len(opening + closing))) and opening * times + inside + closing * times


def numbered(unit: str) -> Text:
    """Return the unit repeated with a different number each time."""
    return lambda size: "".join(unit.format(number) for number in range(max(1, size // len(unit.format(1000)))))


_CLASSES = "\u0301\u0316\u0334\u0327\u031b\u05b0\u05bf\u0651\u0f71\u1dce\u20d2\u3099\U0001d165\u0345"

KINDS: dict[str, Text] = {
    # Letters and marks
    "combining marks of two kinds by turns": repeated("\u0301\u0316", "e"),
    "combining marks of many classes": repeated(_CLASSES, "e"),
    "combining marks across tags": repeated("<em>" + "\u0301\u0316" * 15 + "</em>", "e"),
    "combining marks as entities": repeated("&#x301;&#x316;", "e"),
    "Hangul jamo": repeated("\u1112\u1161\u11ab"),
    "one endless word": repeated("a"),
    "one endless number": repeated("7"),
    # White space and invisible characters
    "spaces": repeated(" ", "a", "a"),
    "tabs": repeated("\t", "a", "a"),
    "no-break spaces": repeated("\xa0", "a", "a"),
    "short lines": repeated("a\n"),
    "soft hyphens": repeated("\xad", "a"),
    "bidirectional controls": repeated("\u202e\u202c", "a"),
    "zero-width joiners": repeated("a\u200d"),
    # Markup
    "nested tags": nested("<div>", "</div>"),
    "nested lists": nested("<ul><li>", "</li></ul>"),
    "unclosed tags": repeated("<em>"),
    "unclosed blocks": repeated("<blockquote><ul><li>"),
    "less-than signs": repeated("<"),
    "less-than signs and letters": repeated("<a "),
    "unclosed comments": repeated("<!--"),
    "ampersands": repeated("&"),
    "unfinished numeric entities": repeated("&#"),
    "entities": repeated("&amp;"),
    "attributes of one tag": repeated(' a="b"', "<p", ">"),
    "attributes that are never closed": repeated(' a="', "<p"),
    "equal headings": repeated("<h2>Sleep</h2>"),
    "equal headings with a number at their end": numbered("<h2>Sleep 2</h2><h2>Sleep {}</h2>"),
    "different links": numbered('<a href="https://example.org/{0}">link {0}</a> '),
    "citation marks": repeated('word<sup data-cite="abbasi2012"></sup> '),
    "citation marks after an accent": repeated('e<sup data-cite="abbasi2012"></sup>\u0301'),
    "one mark with many keys": lambda size: f'<sup data-cite="{numbered("key{} ")(size)}"></sup>',
    "typed citation marks that never end": repeated("[@a; "),
    "table rows": repeated("<tr><th>Dose</th><td>1 mg</td></tr>", "<table>", "</table>"),
    "list items": repeated("<li>Magnesium</li>", "<ul>", "</ul>"),
    # Sentences and figures
    "sentences": repeated("Magnesium helps sleep. "),
    "and and and": repeated("and "),
    "commas": repeated(","),
    "words and commas": repeated("a, "),
    "abbreviations": repeated("e.g. "),
    "dashes": repeated("-"),
    "quotation marks": repeated("“"),
    "quoted words": repeated("“a” "),
    "brackets": repeated("("),
    "backslashes": repeated("\\"),
    "groups of three digits": repeated("000 "),
    "doses": repeated("5000 mg "),
    "doses and names": repeated("magnesium 5000 mg and "),
    "percentages": repeated("50% "),
    "dates": repeated("2026-11-28 "),
    "names of products": repeated("Calm Magnesium "),
    "claims": repeated("treats insomnia "),
    "denied claims": repeated("does not cure insomnia "),
    "words before hearsay": repeated("what studies show "),
    "current affairs": repeated("currently "),
    "safety": repeated("no side effects "),
    # Addresses and identifiers
    "addresses": repeated("https://example.org/a "),
    "one endless host name of accents": repeated("e\u0301", "https://", ".example/"),
    "at signs": repeated("a@"),
    "DOIs": repeated("10.1000/abc "),
    "percent signs": repeated("%"),
    # Bibliographies
    "initials": repeated("A.", "", "1"),
    "words of one name": repeated("aaaa ", "", "1"),
    "authors and semicolons": repeated("Doe J; "),
    "nested braces": nested("{", "}"),
    "LaTeX commands": repeated("\\alpha "),
    "LaTeX mathematics": repeated("$"),
    "BibTeX entries that are never closed": repeated("@a{"),
    "BibTeX entries": numbered("@article{{k{0}, title={{A}}, year=2020}}\n"),
    "RIS tags": repeated("A1  - Doe, Jane\n"),
    "NBIB continuation lines": repeated("      more\n", "TI  - A\n"),
    "nested JSON": nested("[", "]", "1"),
    "XML entities": repeated("&a;", '<!DOCTYPE a [<!ENTITY a "b">]><a>', "</a>"),
}
