"""Read the web page that Google Docs or Word exports, alone or in an archive with its pictures. Pure.

In those of Google Docs, bold, italic and raised words are classes of a style sheet, and nested lists are written one
after the other.
"""

import base64
import re

from django.utils.translation import gettext as _
from lxml import html as lxml_html
from lxml.html import HtmlElement

from core.text import strip_controls
from manuscripts.reading import house_html
from manuscripts.reading.archives import Archive
from manuscripts.reading.marks import OWN
from manuscripts.reading.records import CannotReadManuscript, LeftOut, ReadManuscript
from manuscripts.reading.trees import depth_of, has_words, words

DEEPEST = 200
RULE = re.compile(r"\.([\w-]{1,60})\{([^{}]{0,2000})\}")
MEANINGS = (
    (re.compile(r"font-weight:\s?(?:bold|[6-9]00)"), "strong"),
    (re.compile(r"font-style:\s?italic"), "em"),
    (re.compile(r"vertical-align:\s?super"), "sup"),
    (re.compile(r"vertical-align:\s?sub\b"), "sub"),
    (re.compile(r"text-decoration:[^;]{0,40}line-through"), "del"),
)
LEVEL = re.compile(r"lst-[\w-]{1,60}-(\d)")
NUMBERING = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "lower-roman": "i", "upper-roman": "I"}
INLINE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,")
COMMENT_MARK, COMMENT = re.compile(r"#cmnt\d+"), re.compile(r"#cmnt_ref\d+")


def page_in(archive: Archive) -> str:
    """Return the name of the only web page of an archive, or ""."""
    pages = [name for name in archive.names if name.endswith((".html", ".htm")) and "/" not in name]
    return pages[0] if len(pages) == 1 else ""


def read(text: str, archive: Archive | None = None) -> ReadManuscript:
    """Return the manuscript in a web page. Raise CannotReadManuscript if it is nested too deeply or over a limit.

    Pictures are taken from the archive; those of other sites are left out.
    """
    made = ReadManuscript(format=_("web page"))
    try:
        page = lxml_html.document_fromstring(text or "<p></p>")
    except (ValueError, lxml_html.etree.ParserError) as error:
        raise CannotReadManuscript(_("There is nothing in it.")) from error
    for element in page.iter():  # not before: `&#57344;` and `&#1;` are characters only now
        element.text, element.tail = _clean(element.text), _clean(element.tail)
    if depth_of(page) > DEEPEST:
        raise CannotReadManuscript(_("Its tables or text boxes are nested too deeply to be read."))
    meanings = dict(RULE.findall(" ".join(style.text_content() for style in page.iter("style"))))
    body = page.find("body")
    root = body if body is not None else page
    root.tag = "div"
    _comments(root, made)
    for wrapper in list(root.iter("b")):  # of a paste: everything is in a <b> that is not bold
        if re.search(r"font-weight:\s?normal", wrapper.get("style", "")):
            wrapper.drop_tag()
    for element in list(root.iter("span", "li", "ol", "p", "a")):
        _give_meaning(element, meanings)
    _nest_lists(root)
    take_pictures(root, archive, made)
    house_html.into(made, root)
    return made


def _inline(address: str) -> bytes:
    """Return the picture that an address such as `data:image/png;base64,…` contains, or b""."""
    if not (match := INLINE.match(address)):
        return b""
    try:
        return base64.b64decode(address[match.end() :])
    except ValueError:
        return b""


def _clean(text: str | None) -> str | None:
    return OWN.sub("", strip_controls(text)) if text else text


def _give_meaning(element: HtmlElement, meanings: dict[str, str]) -> None:
    names = element.get("class", "").split()
    style = ";".join([*(meanings.get(name, "") for name in names), element.get("style", "")])
    if element.tag == "ol":
        kind = re.search(r"list-style-type:\s?([\w-]+)", style)
        if kind and kind[1] in NUMBERING:
            element.set("type", NUMBERING[kind[1]])
        return
    for name in ("title", "subtitle"):
        if element.tag == "p" and name in names:
            element.set("class", name)
    if element.tag != "span" or any(above.tag in house_html.HEADINGS for above in element.iterancestors()):
        return
    for pattern, tag in MEANINGS:
        if pattern.search(style) and has_words(element):
            made = lxml_html.fragment_fromstring(f"<{tag}></{tag}>")
            made.text, element.text = element.text, None
            made.extend(list(element))
            element.insert(0, made)


def _nest_lists(root: HtmlElement) -> None:
    for listed in list(root.iter("ul", "ol")):
        level = LEVEL.search(listed.get("class", ""))
        before = listed.getprevious()
        if level is None or level[1] == "0" or before is None or before.tag not in ("ul", "ol"):
            continue
        for _step in range(int(level[1]) - 1):
            inner = [one for one in (before[-1] if len(before) else before) if one.tag in ("ul", "ol")]
            before = inner[-1] if inner else before
        if len(before):
            before[-1].append(listed)


def _comments(root: HtmlElement, made: ReadManuscript) -> None:
    """Take the comments of Google Docs and of Word out of the text, and their marks."""
    for element in list(root.iter("span", "a", "div")):
        if "MsoCommentReference" in element.get("class", "") or "msocom" in element.get("class", ""):
            element.drop_tree()
        elif "mso-element:comment-list" in element.get("style", "").replace(" ", ""):
            made.left_out += [LeftOut("comment", words(one)) for one in element.iter("p") if words(one)]
            element.drop_tree()
    for link in list(root.iter("a")):
        if COMMENT_MARK.fullmatch(link.get("href", "")):
            above = link.getparent()
            (above if above is not None and above.tag == "sup" else link).drop_tree()
        elif COMMENT.fullmatch(link.get("href", "")):
            note = next((one for one in link.iterancestors("div", "p") if one is not root), link)
            link.drop_tree()
            if note is not link:
                made.left_out.append(LeftOut("comment", words(note)))
                note.drop_tree()


def take_pictures(root: HtmlElement, archive: Archive | None, made: ReadManuscript) -> None:
    """Take the pictures that lie in the archive or in their own address; those of other sites are left out, and noted.

    Google Docs writes them into their addresses in its Markdown.
    """
    for picture in root.iter("img"):
        description = " ".join((picture.get("alt") or "").split())[:250]
        content = _inline(picture.get("src", "")) or (archive.read(picture.get("src", "")) if archive else b"")
        if not content:
            made.left_out.append(LeftOut("picture", description))
            picture.set("src", "")
            continue
        picture.set("src", made.add_picture(content, description))
