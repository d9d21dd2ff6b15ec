"""The only HTML sanitiser: all HTML that is stored passes through `sanitise`.

`sanitise` repeats three steps until nothing changes. `core.markup` limits the input and reduces it to allowed tags,
because the time that nh3 needs grows faster than its input. nh3 parses as a browser does and checks tags, attributes
and URLs against one allow-list. Then empty paragraphs are removed.
"""

import re
from html import unescape

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.markup import ALLOWED, LONGEST, REMOVED, Tag, breaks_line, reduce, refuse_length, tokens
from core.text import clean_line, strip_controls

MAX_PASSES = 12

# The largest value of each numeric attribute, and the greatest length of each textual one.
_NUMBERS = {"width": 10_000, "height": 10_000, "colspan": 100, "rowspan": 1_000, "start": 9_999}
_WORDS = {"alt": 500, "title": 200}
_NUMBERINGS = {"a", "A", "i", "I"}  # "1" is what a list has without the attribute
_SCOPES = {"col", "row", "colgroup", "rowgroup"}
_MOST_KEYS = 50
_LONGEST_ADDRESS = 2_000
_LONGEST_HOST = 253  # RFC 1035, 2.3.4; no name in use is longer in Unicode than in ASCII

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
# White space, control, invisible and bidirectional characters, and the backslash, which browsers read as "/".
_NOT_IN_ADDRESS = re.compile(r"[\s\\\x00-\x20\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_HTTP = re.compile(r"(https?)://([^/?#:]+)(?::([0-9]{1,5})|:)?((?:[/?#].*)?)", re.IGNORECASE)
_MAIL = re.compile(r"mailto:([\w.+%-]+)@([^@?/]+)(\?subject=[^&#]*)?", re.IGNORECASE | re.ASCII)
# A name with a dot whose last label consists of letters. This excludes numeric addresses in every base (inet_aton reads
# 0x7f.1 and 017700000001 as addresses) and names of the local network.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_MEDIA_NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*+</p>\n?")
_SPACING = "\t\n "
_WORD = re.compile(r"\w[\w'’.,-]*")


def _host(name: str) -> str | None:
    """Return a host name in lower case, IDNA-encoded, or None if it is not a public name."""
    if len(name) > _LONGEST_HOST:  # the codec would normalise a long name before it checks the length
        return None
    try:
        name = name.encode("idna").decode().lower()
    except UnicodeError:
        return None
    return name if len(name) <= 253 and _HOST.fullmatch(name) else None


def clean_link(value: str) -> str | None:
    """Return the URL for an href attribute, normalised, or None if it is not allowed.

    A URL may be an http or https URL with a public host name, a mailto URL, a path of this site, or a fragment of this
    page.
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
    """Return the URL if it is that of a picture on this site, otherwise None.

    A picture on another host would let that host see who reads the page.
    """
    value = value.strip("\t\n\f\r ")
    if not value.startswith(settings.MEDIA_URL):
        return None
    return value if _MEDIA_NAME.fullmatch(value, len(settings.MEDIA_URL)) else None


def _clean_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the cleaned value of an allowed attribute, or None to remove it. nh3 calls this."""
    if name == "href":
        return clean_link(value)
    if name == "src":
        return _clean_picture(value)
    if name == "data-cite":
        # If no valid key is left, the attribute stays as "", so that the next pass can tell it from a plain <sup>.
        keys = [key for key in value.split() if _KEY.fullmatch(key)]
        return " ".join(list(dict.fromkeys(keys))[:_MOST_KEYS])
    if name in _NUMBERS:
        number = value.strip("\t\n ")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        return str(int(number)) if is_number and 0 < int(number) <= _NUMBERS[name] else None
    if name == "scope":
        return value.lower() if value.lower() in _SCOPES else None
    if name == "type":  # of a numbered list; case distinguishes a from A
        return value if value in _NUMBERINGS else None
    if name in _WORDS:
        words = clean_line(value)[: _WORDS[name]].strip()
        return words if words or name == "alt" else None
    return value if (tag, name) == ("aside", "class") else None


_CLEANER = nh3.Cleaner(
    tags=set(ALLOWED),
    clean_content_tags=set(REMOVED),
    # Without "*" and the prefixes, nh3 would allow title and lang on all tags, and data- attributes.
    attributes={"*": set()} | {tag: set(names) - {"class"} for tag, names in ALLOWED.items()},
    generic_attribute_prefixes=set(),
    allowed_classes={"aside": {"note"}},
    attribute_filter=_clean_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,  # added when links are rendered; adding it here would change the digest
    strip_comments=True,
)


def _clean_once(html: str) -> str:
    return _EMPTY_PARAGRAPH.sub("", _CLEANER.clean(reduce(strip_controls(html)))).strip()


def sanitise(html: str) -> str:
    """Return `html` reduced to the allowed tags, attributes and URLs, so that it is safe to store and to show.

    Unknown tags are removed and their text is kept. Scripts, drawings, frames and the like are removed with their
    content. Pictures from other hosts, forbidden links and empty paragraphs are removed as well. Sanitising the result
    again does not change it, so a digest of the result stays valid.

    Raise ValidationError, with a message that tells a writer what to do, for HTML that is too long, too deeply nested
    or has too many attributes (html_long, html_deep, html_attributes), or that still changes after MAX_PASSES passes
    (html_unstable).
    """
    # Checked before any other work; twice the limit of `reduce`, because line breaks may still have two characters.
    refuse_length(html, 2 * LONGEST)
    for _pass in range(MAX_PASSES):
        cleaned = _clean_once(html)
        if cleaned == html:
            return html
        html = cleaned
    raise ValidationError(
        _(
            "The markup of this text is too tangled to be read safely. Paste it again as plain text, then set "
            "headings, lists and tables here."
        ),
        code="html_unstable",
    )


def as_html(html: str) -> SafeString:
    """Return stored HTML for use in a page, sanitised once more in case somebody has written directly to the table.

    Raise ValidationError for HTML that `sanitise` refuses: too long, too deeply nested, too many attributes, or
    unstable.
    """
    return mark_safe(sanitise(html))


def differs_only_in_spacing(one: str, other: str) -> bool:
    """Return whether two pieces of HTML differ only in white space next to block-level tags, which is not displayed.

    Rich-text editors break and indent lines there. Raise ValidationError (html_attributes) for HTML with too many
    attributes.
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
    """Return the text of `html` with entities decoded and each block, table cell and line on a line of its own.

    The content of citation markers is left out, because their numbers change. Raise ValidationError (html_attributes)
    for HTML with too many attributes.
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
    """Return the number of words in the text of `html`. Raise ValidationError (html_attributes) for too many
    attributes.
    """
    return len(_WORD.findall(text_of(html)))
