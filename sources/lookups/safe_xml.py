"""XML from outside: no entities, no endless depth, nothing fetched. Pure."""

from xml.etree import ElementTree
from xml.parsers import expat

MOST_DEPTH = 100


class UnsafeXml(Exception):
    """Raised for what is no XML, and for XML that declares entities (bombs, files of ours) or nests too deeply."""


def parse(text: bytes) -> ElementTree.Element:
    """The root element. Raises UnsafeXml. External declarations (DOCTYPE … "http…dtd") are read past, never fetched."""
    depth = 0

    def begin(name: str, attributes: dict) -> None:
        nonlocal depth
        depth += 1
        if depth > MOST_DEPTH:
            raise UnsafeXml(f"More than {MOST_DEPTH} elements inside one another.")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*declaration: object) -> None:
        raise UnsafeXml("It declares entities.")

    # A first pass that builds nothing: a declaration comes before whatever it would blow up.
    looker = expat.ParserCreate()
    looker.StartElementHandler, looker.EndElementHandler = begin, end
    looker.EntityDeclHandler = looker.UnparsedEntityDeclHandler = refuse
    try:
        looker.Parse(text, True)
        return ElementTree.fromstring(text)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnsafeXml(f"It is no XML: {error}.") from error
