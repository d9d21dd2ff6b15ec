"""Small operations on a tree of HTML. Pure."""

from lxml import etree
from lxml.html import HtmlElement


def words(element: HtmlElement) -> str:
    """Return the text of an element on one line. A line break parts words."""
    if next(element.iter("br"), None) is None:
        return " ".join(element.text_content().split())
    parts: list[str] = []
    for event, one in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        if event == "start":
            parts.append(" " if one.tag == "br" else one.text or "")
        elif one is not element:
            parts.append(one.tail or "")
    return " ".join("".join(parts).split())


def has_words(element: HtmlElement) -> bool:
    """Return whether an element has any text but spaces, without reading more of it than needed."""
    return any(text.strip() for text in element.itertext())


def replace_with_text(element: HtmlElement, text: str) -> None:
    """Put text in place of an element; what follows it stays."""
    parent, before = element.getparent(), element.getprevious()
    said = text + (element.tail or "")
    if before is not None:
        before.tail = (before.tail or "") + said
    else:
        parent.text = (parent.text or "") + said
    parent.remove(element)


def depth_of(root: HtmlElement) -> int:
    """Return how many elements lie in one another at most."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest
