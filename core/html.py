"""The one sanitiser: everything that is kept as HTML goes through `sanitise`.

Until nothing changes: `core.markup` bounds the input and reduces it (nh3's cost grows faster than its
input, so what is too deep must never reach it); nh3 parses as a browser does and judges tags, attributes and
addresses against one allow-list; paragraphs that hold nothing go.
"""

import re
from html import unescape

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe

from core.markup import DROPPED, KEPT, LONGEST, Tag, breaks_line, reduce, refuse_length, tokens
from core.text import clean_line, strip_controls

MOST_PASSES = 12

# The largest value of each attribute that is a number, and the longest of each that is words.
_NUMBERS = {"width": 10_000, "height": 10_000, "colspan": 100, "rowspan": 1_000, "start": 9_999}
_WORDS = {"alt": 500, "title": 200}
_SCOPES = {"col", "row", "colgroup", "rowgroup"}
_MOST_KEYS = 50
_LONGEST_ADDRESS = 2_000
_LONGEST_HOST = 253  # RFC 1035, 2.3.4; no name in use is longer in Unicode than in ASCII

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
# White space, controls, what is invisible or turns the reading direction, and what browsers read as "/".
_NOT_IN_ADDRESS = re.compile(r"[\s\\\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_HTTP = re.compile(r"(https?)://([^/?#:]+)(?::([0-9]{1,5})|:)?((?:[/?#].*)?)", re.IGNORECASE)
_MAIL = re.compile(r"mailto:([\w.+%-]+)@([^@?/]+)(\?subject=[^&#]*)?", re.IGNORECASE | re.ASCII)
# A name with a dot whose last label is letters: no number is one, in whichever base (inet_aton reads
# 0x7f.1 and 017700000001 as addresses), and neither is a name of the local network.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_MEDIA_NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*+</p>\n?")
_SPACING = "\t\n "
_WORD = re.compile(r"\w[\w'’.,-]*")


def _host(name: str) -> str | None:
    """A host as ASCII in small letters; None where it is no public name."""
    if len(name) > _LONGEST_HOST:  # the codec normalises all of it before it looks at its length
        return None
    try:
        name = name.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return name if len(name) <= 253 and _HOST.fullmatch(name) else None


def clean_link(value: str) -> str | None:
    """Return the address as it may stand in a link, or None where it may not.

    Allowed: http and https to a public host name, mailto, a path of this site, a fragment of this page.
    """
    value = value.strip("\t\n\f\r ")
    if len(value) > _LONGEST_ADDRESS or _NOT_IN_ADDRESS.search(value):
        return None
    if value.startswith(("#", "/")):
        return None if value == "#" or value.startswith("//") else value
    if mail := _MAIL.fullmatch(value):
        host = _host(mail[2])
        return f"mailto:{mail[1]}@{host}{mail[3] or ''}" if host else None
    if http := _HTTP.fullmatch(value):
        host = _host(http[2])
        if host and int(http[3] or 1) in range(1, 65_536):
            port = f":{http[3]}" if http[3] else ""
            return f"{http[1].lower()}://{host}{port}{http[4]}"
    return None


def _clean_picture(value: str) -> str | None:
    """Return the address of a picture of our own, or None: any other would tell a third party who reads."""
    value = value.strip("\t\n\f\r ")
    if not value.startswith(settings.MEDIA_URL):
        return None
    return value if _MEDIA_NAME.fullmatch(value, len(settings.MEDIA_URL)) else None


def _clean_attribute(tag: str, name: str, value: str) -> str | None:
    """nh3's callback for each attribute that is allowed at all; None takes the attribute away."""
    if name == "href":
        return clean_link(value)
    if name == "src":
        return _clean_picture(value)
    if name == "data-cite":
        # Stays as "" where no key is left, by which the next pass knows that this was no plain <sup>.
        keys = [key for key in value.split() if _KEY.fullmatch(key)]
        return " ".join(list(dict.fromkeys(keys))[:_MOST_KEYS])
    if name in _NUMBERS:
        number = value.strip("\t\n ")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        return str(int(number)) if is_number and 0 < int(number) <= _NUMBERS[name] else None
    if name == "scope":
        return value.lower() if value.lower() in _SCOPES else None
    if name in _WORDS:
        words = clean_line(value)[: _WORDS[name]].strip()
        return words if words or name == "alt" else None
    return value if (tag, name) == ("aside", "class") else None


_CLEANER = nh3.Cleaner(
    tags=set(KEPT),
    clean_content_tags=set(DROPPED),
    # "*" and the prefixes have to be named, or nh3 keeps title and lang on all tags, and data- attributes.
    attributes={"*": set()} | {tag: set(names) - {"class"} for tag, names in KEPT.items()},
    generic_attribute_prefixes=set(),
    allowed_classes={"aside": {"note"}},
    attribute_filter=_clean_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,  # written where links are rendered; here it would only get in the way of an equal digest
    strip_comments=True,
)


def _clean_once(html: str) -> str:
    return _EMPTY_PARAGRAPH.sub("", _CLEANER.clean(reduce(strip_controls(html)))).strip()


def sanitise(html: str) -> str:
    """Return `html` as it may be kept and shown: allow-listed tags, attributes and addresses.

    Unknown tags go and their text stays; scripts, drawings, frames and the like go with their content, and
    so do pictures that are not ours, links to where no link may lead, and empty paragraphs. Sanitising twice
    is sanitising once, so a digest taken of the result holds.

    Raises ValidationError, with a message that tells a writer what to do, for HTML that is longer, deeper or
    has more attributes than we read (html_long, html_deep, html_attributes), or that never comes to rest
    (html_unstable).
    """
    # Before any work, and no more strictly than `reduce` once browsers' line ends of two characters are one.
    refuse_length(html, 2 * LONGEST)
    for _ in range(MOST_PASSES):
        cleaned = _clean_once(html)
        if cleaned == html:
            return html
        html = cleaned
    raise ValidationError(
        "The markup of this text is too tangled to be read safely. Paste it again as plain text, then set "
        "headings, lists and tables here.",
        code="html_unstable",
    )


def as_html(html: str) -> SafeString:
    """What was kept as HTML, for a page: sanitised once more on its way out, whatever stood in the table.

    Raises as `sanitise`.
    """
    return mark_safe(sanitise(html))


def differs_only_in_spacing(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space beside the tags of blocks, which no browser shows.

    Editors break and indent lines there as they please. Raises as `text_of`.
    """
    return _without_spacing(one) == _without_spacing(other)


def _without_spacing(html: str) -> list[str | Tag]:
    pieces: list[str | Tag] = []
    after_block = True
    for token in tokens(strip_controls(html)):
        is_block = not isinstance(token, str) and breaks_line(token)
        if is_block and pieces and isinstance(pieces[-1], str):
            pieces[-1] = pieces[-1].rstrip(_SPACING)
        pieces.append(token.lstrip(_SPACING) if isinstance(token, str) and after_block else token)
        after_block = is_block
    return [piece for piece in pieces if piece != ""]


def text_of(html: str) -> str:
    """Return the words of `html`, entities decoded, every block, table cell or line on a line of its own.

    The content of citation marks is left out: it is a number of the moment. Raises as `sanitise` for HTML
    with too many attributes.
    """
    pieces: list[str] = []
    in_mark = False
    for token in tokens(strip_controls(html)):
        if isinstance(token, str):
            if not in_mark:
                pieces.append(unescape(token.replace("\n", " ")))
        elif token.name == "sup":
            in_mark = not token.is_end and bool(token.attributes.get("data-cite"))
        elif breaks_line(token):
            in_mark = False
            pieces.append("\n")
    lines = (clean_line(line) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def word_count(html: str) -> int:
    """Return how many words a reader reads. Raises as `text_of`."""
    return len(_WORD.findall(text_of(html)))
