"""Turn the HTML that a converter made of a manuscript into the elements that an article may have. Pure.

The page of an article has its title as h1, so the headings of the text begin with h2. Nothing that a reader would see
is lost without being noted, and no two words are joined.
"""

import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import html as lxml_html
from lxml.html import HtmlElement

from core.text import clean_line
from manuscripts.reading.footnotes import put_notes_into_the_text
from manuscripts.reading.marks import with_citations, with_names, without_marks
from manuscripts.reading.records import LeftOut, ReadManuscript
from manuscripts.reading.reference_marks import mark_references
from manuscripts.reading.trees import drop_tags, words

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = {
    *HEADINGS,
    *("p", "ul", "ol", "li", "table", "blockquote", "figure", "aside", "hr", "div", "pre", "dl", "section"),
}
LONGEST_TITLE = 2_000  # characters; anything longer is no title and stays in the text
RENAMED = {"b": "strong", "i": "em", "pre": "p"}
# Elements without a meaning for the text, whose content stays.
TRANSPARENT = (
    *("span", "font", "u", "ins", "section", "article", "header", "footer", "main", "center", "label", "small", "big"),
    *("code", "kbd", "samp", "cite", "q", "abbr", "mark", "time", "details", "summary", "dl", "input", "tt", "nav"),
)
DELETED = ("s", "strike", "del")
DROPPED = (
    *("colgroup", "style", "script", "meta", "link", "title", "template", "noscript", "iframe", "object", "svg"),
    "head",
)
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_cid|mc_eid|igshid|_hsenc|_hsmi", re.IGNORECASE)
GOOGLE = re.compile(r"(?:[\w-]{1,63}\.){0,5}google\.[a-z.]{2,6}")
ZOTERO_LINK = re.compile(r"https://www\.zotero\.org/google-docs/")
WITHOUT_FIGURES = ("p", "strong", "em", "sup", "sub", "a", *HEADINGS)
KEPT = {
    "a": ("href", "title"),
    "ol": ("start", "type"),
    "th": ("colspan", "rowspan", "scope"),
    "td": ("colspan", "rowspan"),
    "figure": ("data-picture",),
    "sup": ("data-cite",),
}


def parse(html: str) -> HtmlElement:
    """Return a tree whose root is a <div> around these pieces of HTML."""
    return lxml_html.fragment_fromstring(html or "<p></p>", create_parent="div")


def into(made: ReadManuscript, root: HtmlElement, *, is_whole: bool = True) -> None:
    """Fill in the title, the HTML and what was left out, from the tree of the text, which is changed.

    If the text is not a whole manuscript, neither a title nor a list of references is looked for.
    """
    for element in list(root.iter(*DROPPED)):
        element.drop_tree()
    for comment in [one for one in root.iter() if not isinstance(one.tag, str)]:
        comment.drop_tree()
    _leave_deleted_out(root, made.left_out)
    _rename(root)
    put_notes_into_the_text(root, made, finds_references=is_whole)
    _links(root, made.left_out)
    for element in list(root.iter(*TRANSPARENT)):
        if element is not root:
            element.drop_tag()
    _boxes(root)
    _captions(root, made)
    if is_whole:
        made.title = made.title or _title(root)
        mark_references(root, made)
    _headings(root)
    _lists(root)
    _tables(root)
    _spaces(root)
    _attributes(root)
    made.html = with_citations(inner_html(root))


def inner_html(root: HtmlElement) -> str:
    """Return the HTML of the content of an element, one block on each line."""
    parts = [_escaped(root.text or "")]
    parts += [lxml_html.tostring(child, encoding="unicode") for child in root]
    return "\n".join(part for part in parts if part.strip())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _leave_deleted_out(root: HtmlElement, left_out: list[LeftOut]) -> None:
    for element in list(root.iter(*DELETED)):
        if any(above.tag in DELETED for above in element.iterancestors()):
            continue
        if found := words(element):
            left_out.append(LeftOut("deleted", found))
    for element in list(root.iter(*DELETED)):
        element.drop_tree()


def _rename(root: HtmlElement) -> None:
    for name, other in RENAMED.items():
        for element in root.iter(name):
            element.tag = other
    for term in root.iter("dt", "dd"):
        term.tag = "p"


def _links(root: HtmlElement, left_out: list[LeftOut]) -> None:
    for link in list(root.iter("a")):
        href = address(link.get("href", "").strip())
        if ZOTERO_LINK.match(href):
            link.drop_tag()
        elif re.match(r"https?:|mailto:|/(?!/)", href, re.IGNORECASE):
            link.set("href", href)
        else:
            if href and not href.startswith("#") and words(link):
                left_out.append(LeftOut("link", f"{words(link)} ({href[:200]})"))
            link.drop_tag()


def address(href: str) -> str:
    """Return the address that a link leads to, without Google's redirect and without parameters that track readers."""
    try:
        parts = urlsplit(href)
        if parts.scheme not in ("http", "https"):
            return href
        query = parse_qsl(parts.query, keep_blank_values=True)
        if parts.path == "/url" and GOOGLE.fullmatch(parts.hostname or ""):
            inner = next((value for name, value in query if name in ("q", "url")), "")
            if re.match(r"https?:", inner):
                return address(inner)
    except ValueError:
        return href
    if not any(TRACKING.fullmatch(name) for name, _value in query):
        return href
    kept = [(name, value) for name, value in query if not TRACKING.fullmatch(name)]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _boxes(root: HtmlElement) -> None:
    """Let no <div> remain: one that holds blocks is unwrapped, any other is a paragraph."""
    for box in reversed(list(root.iter("div"))):
        if box is root:
            continue
        if any(one.tag in BLOCKS for one in box.iterdescendants()):
            box.drop_tag()
        else:
            box.tag = "p"
    for name in ("li", "td", "th"):
        for element in root.iter(name):
            paragraphs = list(element)
            if len(paragraphs) == 1 and paragraphs[0].tag == "p" and not (element.text or "").strip():
                paragraphs[0].drop_tag()


def _captions(root: HtmlElement, made: ReadManuscript) -> None:
    """Give tables and pictures the captions that stand beside them. That of a picture left out stays in the text."""
    for picture in list(root.iter("img")):
        if not (picture.get("src") or "").startswith("picture:"):
            picture.drop_tree()
    for paragraph in list(root.iter("p")):
        if paragraph.get("class") != "caption":
            continue
        after, before = paragraph.getnext(), paragraph.getprevious()
        table = next((one for one in (after, before) if one is not None and one.tag == "table"), None)
        picture = next((one for one in map(_picture_in, (before, after)) if one is not None), None)
        if table is not None and table.find("caption") is None:
            caption = lxml_html.fragment_fromstring("<caption></caption>", create_parent="table")[0]
            caption.text, caption[:] = paragraph.text, list(paragraph)
            table.insert(0, caption)
            paragraph.getparent().remove(paragraph)
        elif picture is not None and not picture.get("data-caption"):  # a second caption stays in the text
            picture.set("data-caption", words(paragraph))
            paragraph.getparent().remove(paragraph)
    for picture in list(root.iter("img")):
        _set_apart(picture, made)


def _picture_in(element: HtmlElement | None) -> HtmlElement | None:
    """Return the only picture of an element that has no words, or None."""
    if element is None:
        return None
    if element.tag == "img":
        return element
    pictures = list(element.iter("img"))
    return pictures[0] if len(pictures) == 1 and not words(element) else None


def _set_apart(picture: HtmlElement, made: ReadManuscript) -> None:
    """Put a picture into a <figure> before the block in which it stands, and keep its caption with it."""
    number = (picture.get("src") or "").removeprefix("picture:")
    if number.isdigit():
        place = int(number) - 1
        made.pictures[place] = replace(
            made.pictures[place], caption=clean_line(with_names(picture.get("data-caption", "")))
        )
        block = picture
        while (above := block.getparent()) is not None and above.tag in WITHOUT_FIGURES:
            block = above
        block.addprevious(lxml_html.fragment_fromstring(f'<figure data-picture="{number}"></figure>'))
    picture.drop_tree()


def _title(root: HtmlElement) -> str:
    """Take the title out of the text and return it: a paragraph with the style Title, or a first heading of its own.

    Return "" if there is none.
    """
    for paragraph in list(root.iter("p")):
        if paragraph.get("class") == "title" and 0 < len(words(paragraph)) <= LONGEST_TITLE:
            return _taken(paragraph)
    firsts = list(root.iter("h1"))
    blocks = [one for one in root if words(one)]
    if (
        len(firsts) == 1
        and blocks
        and blocks[0] is firsts[0]
        and len(words(firsts[0])) <= LONGEST_TITLE
        and next(root.iter(*HEADINGS[1:], "p", "li", "td"), None) is not None
    ):
        return _taken(firsts[0])
    return ""


def _taken(element: HtmlElement) -> str:
    """Remove an element from the text and return its words on one line."""
    found = without_marks(words(element))
    element.drop_tree()
    return clean_line(found)


def _headings(root: HtmlElement) -> None:
    """Renumber the levels that are used from h2 down. Headings are not bold, and empty ones are dropped."""
    for heading in list(root.iter(*HEADINGS)):
        if not words(heading):
            heading.drop_tree()
            continue
        for bold in list(heading.iter("strong")):
            bold.drop_tag()
    used = sorted({heading.tag for heading in root.iter(*HEADINGS)})
    names = {name: f"h{min(place + 2, 4)}" for place, name in enumerate(used)}
    for heading in list(root.iter(*HEADINGS)):
        heading.tag = names[heading.tag]


def _tables(root: HtmlElement) -> None:
    """Let a first row whose cells are bold throughout be a header row, and say what headers are for."""
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        if len(rows) > 1 and table.find(".//th") is None and _is_bold(rows[0]) and not _is_bold(rows[1]):
            head = lxml_html.fragment_fromstring("<table><thead></thead></table>")[0]
            table.insert(1 if table.find("caption") is not None else 0, head)
            head.append(rows[0])
            for cell in rows[0]:
                cell.tag = "th"
                for bold in list(cell.iter("strong")):
                    bold.drop_tag()
    for cell in root.iter("th"):
        if next(cell.iterancestors("thead"), None) is not None:
            cell.set("scope", "col")


def _is_bold(row: HtmlElement) -> bool:
    """Return whether every cell of a row has words, and all of them are bold."""
    return all(
        words(cell) and words(cell) == " ".join(words(bold) for bold in cell.iter("strong")) for cell in row
    ) and bool(len(row))


def _lists(root: HtmlElement) -> None:
    """Put a list that lies directly in another one into the item before it."""
    for inner in list(root.iter("ul", "ol")):
        above, before = inner.getparent(), inner.getprevious()
        if above is not None and above.tag in ("ul", "ol") and before is not None and before.tag == "li":
            before.append(inner)


def _spaces(root: HtmlElement) -> None:
    """Keep a space that alone is bold or italic as a space, and drop empty formatting."""
    empty = [one for one in root.iter("strong", "em", "sup", "sub") if not len(one) and not (one.text or "").strip()]
    drop_tags([*root.iterchildren("br"), *empty])


def _attributes(root: HtmlElement) -> None:
    for element in root.iter():
        kept = KEPT.get(element.tag, ())
        for name in list(element.attrib):
            if name not in kept:
                del element.attrib[name]
