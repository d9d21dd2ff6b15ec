"""Parse untrusted XML: entities are refused, depth is limited, and nothing is fetched. Pure."""

import re
from xml.etree import ElementTree
from xml.parsers import expat

MOST_DEPTH = 100


class UnsafeXml(Exception):
    """Raised for bytes that are not XML, and for XML that declares entities or is nested too deeply.

    Entities could expand to gigabytes or read local files.
    """


def parse_text(text: str) -> ElementTree.Element:
    """Return the root element of decoded XML, whatever encoding it declares. Raise UnsafeXml if `parse` refuses it."""
    return parse(re.sub(r"\A\s*<\?xml[^>]{0,200}\?>", "", text).encode("utf-8", "replace"))


def parse(text: bytes) -> ElementTree.Element:
    """Return the root element of an XML document. An external DTD is ignored and never fetched.

    Raise UnsafeXml for bytes that are not XML, for entity declarations, and for more than MOST_DEPTH levels.
    """
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

    # The first pass builds no tree. It finds declarations before anything can be expanded.
    looker = expat.ParserCreate()
    looker.StartElementHandler, looker.EndElementHandler = begin, end
    looker.EntityDeclHandler = looker.UnparsedEntityDeclHandler = refuse
    try:
        looker.Parse(text, True)
        return ElementTree.fromstring(text)
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnsafeXml(f"It is not valid XML: {error}.") from error
