"""Remove HTML from titles and names that come from other programs and services. Pure."""

import html
import re

from core.text import clean_line

# Tags that occur in titles. Other text in angle brackets is left as it is.
_NAMES = r"(?:jats:|mml:)?(?:i|b|em|strong|sub|sup|sc|scp|span|italic|bold|u|p|title|tex)"
_TAG = re.compile(rf"</?{_NAMES}(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
# Character references. An ampersand may have been escaped several times (“&amp;amp;lt;”).
_ESCAPED = re.compile(r"&(?:(?:amp|#0{0,4}38|#x0{0,4}26);)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_MOST_ROUNDS = 6
# White space that pretty-printing puts around tags: before a subscript, inside a tag, before punctuation.
_BEFORE_SCRIPT = re.compile(r"\s*\n\s*(?=<(?:jats:)?su[bp]>)", re.IGNORECASE)
_AFTER_BEGIN = re.compile(rf"(<{_NAMES}>)\s+", re.IGNORECASE)
_BEFORE_END = re.compile(rf"\s+(</{_NAMES}>)", re.IGNORECASE)
_BEFORE_PUNCTUATION = re.compile(r"(</[a-z:]{1,12}>)\s*\n\s*(?=[-,.;:)\]?!/])", re.IGNORECASE)
_AFTER_BRACKET = re.compile(r"(?<=[(\[/-])\s*\n\s*(?=<[a-z])", re.IGNORECASE)


def plain(text: str, *, any_tag: bool = False) -> str:
    """Return the text as one clean line without HTML tags, and with character references replaced. Idempotent.

    Only tags that are usual in titles are removed or, with `any_tag`, all tags.
    """
    if "&" not in text and "<" not in text:
        return clean_line(text)
    tags = _ANY_TAG if any_tag else _TAG
    for _round in range(_MOST_ROUNDS):
        before = text
        text = _ENTITY.sub(lambda match: html.unescape(match.group()), _ESCAPED.sub("&", text))
        if "<" in text:
            text = tags.sub("", _without_printing(text) if "\n" in text else text)
        if text == before:
            return clean_line(text)
    return clean_line(re.sub(r"[<&]", "", text))  # nested more deeply than any program writes it


def unescaped(text: str) -> str:
    """Return an identifier with HTML character references replaced, such as “&lt;” in an old DOI."""
    return html.unescape(_ESCAPED.sub("&", text)) if "&" in text and ";" in text else text


def _without_printing(text: str) -> str:
    """Return the text without the white space that pretty-printing put around tags."""
    text = _AFTER_BRACKET.sub("", _BEFORE_PUNCTUATION.sub(r"\1", _BEFORE_SCRIPT.sub("", text)))
    return _BEFORE_END.sub(r"\1", _AFTER_BEGIN.sub(r"\1", text))
