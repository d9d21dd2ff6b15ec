"""Small operations on a tree of HTML. Pure."""

from collections.abc import Iterable

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


def drop_tags(elements: Iterable[HtmlElement]) -> None:
    """Remove these elements, which have no children; the text in them and after them stays.

    The text between what remains is joined once. lxml's own `drop_tag` joins it anew for each element, which takes a
    time that grows with the square of their number.
    """
    by_parent: dict[HtmlElement, set[HtmlElement]] = {}
    for element in elements:
        by_parent.setdefault(element.getparent(), set()).add(element)
    for parent, dropped in by_parent.items():
        before: HtmlElement | None = None
        parts = [parent.text or ""]
        for child in list(parent):
            if child in dropped:
                parts += [child.text or "", child.tail or ""]
                parent.remove(child)
            else:
                _join(parent, before, parts)
                before, parts = child, [child.tail or ""]
        _join(parent, before, parts)


def _join(parent: HtmlElement, before: HtmlElement | None, parts: list[str]) -> None:
    """Put this text after an element, or at the beginning of its parent."""
    if before is None:
        parent.text = "".join(parts)
    else:
        before.tail = "".join(parts)


def depth_of(root: HtmlElement) -> int:
    """Return how many elements lie in one another at most."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest
