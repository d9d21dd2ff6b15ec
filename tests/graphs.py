"""Helpers for tests of JSON-LD: the graph of a page, its nodes, and names in it that schema.org does not define."""

import json
import re
from pathlib import Path

# The types of schema.org that the site uses, each with all its properties except superseded ones.
VOCABULARY = json.loads((Path(__file__).parent / "website" / "schema_org.json").read_text(encoding="utf-8"))["types"]


def graphs_in(html: str) -> list[list[dict]]:
    """Return the graph of each JSON-LD script in the HTML of a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(text)["@graph"] for text in found]


def graph_of(client, address: str) -> list[dict]:
    """Return the graph of the page at this address; fail unless the page has exactly one."""
    (graph,) = graphs_in(client.get(address).content.decode())
    return graph


def nodes(value) -> list[dict]:
    """Return all JSON objects in a graph, at any depth."""
    if isinstance(value, list):
        return [node for item in value for node in nodes(item)]
    if isinstance(value, dict):
        return [value, *(node for item in value.values() for node in nodes(item))]
    return []


def strange(value) -> list[tuple[str, str]]:
    """Return the pairs of type and property that schema.org does not define."""
    return [
        (node.get("@type", "nothing"), key)
        for node in nodes(value)
        for key in node
        if set(node) != {"@id"} and not key.startswith("@") and key not in VOCABULARY.get(node.get("@type"), ())
    ]


def of_type(graph: list[dict], name: str) -> dict:
    """Return the top-level node of this type; fail unless the graph has exactly one."""
    (node,) = [node for node in graph if node["@type"] == name]
    return node


def loose_ends(graph: list[dict]) -> set[str]:
    """Return the identifiers that a graph refers to without having their node, and those that two nodes share."""
    named = [node["@id"] for node in nodes(graph) if "@id" in node and set(node) != {"@id"}]
    pointed = {node["@id"] for node in nodes(graph) if set(node) == {"@id"}}
    return (pointed - set(named)) | {name for name in named if named.count(name) > 1}
