"""Read the citation markers in a text and number the cited sources. Pure.

A marker names sources by key and contains no number, as in `<sup data-cite="abbasi2012 boyle2017"></sup>`. Numbers
follow the order of first use. The preview, the page, the checks and the exports use this module, so numbers agree.
"""

import re
from collections.abc import Collection, Iterable
from html.parser import HTMLParser

STORED_MARK = re.compile(r'<sup data-cite="([^"]*)">')
TYPED_MARK = re.compile(r"\[@([a-z][a-z0-9-]*(?:[;,\s]+@?[a-z][a-z0-9-]*)*)\]")


class _MarkReader(HTMLParser):
    """Collects the keys of every citation marker, in reading order."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        keys = dict(attrs).get("data-cite") if tag == "sup" else None
        if keys:
            self.marks.append(keys.split())


def marks_in(html: str) -> list[list[str]]:
    """Return the keys of each citation marker in HTML, in reading order: [["abbasi2012", "mah2021"], ["boyle2017"]]."""
    reader = _MarkReader()
    reader.feed(html)
    reader.close()
    return reader.marks


def number(texts: Iterable[str], known: Collection[str]) -> dict[str, int]:
    """Return the number of each cited key, counted from 1 in the order of first use over several HTML texts.

    A key that is not among the `known` ones gets no number.
    """
    numbers: dict[str, int] = {}
    for text in texts:
        for keys in marks_in(text):
            for key in keys:
                if key in known and key not in numbers:
                    numbers[key] = len(numbers) + 1
    return numbers


def with_key(html: str, old: str, new: str) -> str:
    """Return HTML with key `old` replaced by `new` in every marker. Adjacent markers that become equal are joined."""

    def renamed(mark: re.Match[str]) -> str:
        keys = dict.fromkeys(new if key == old else key for key in mark[1].split())
        return f'<sup data-cite="{" ".join(keys)}">' if old in mark[1].split() else mark[0]

    moved = STORED_MARK.sub(renamed, html)
    if moved == html:
        return html
    names_it = rf'<sup data-cite="((?:[^"]* )?{re.escape(new)}(?: [^"]*)?)">[^<]*</sup>'
    twice = re.compile(rf'({names_it})(?:\s*<sup data-cite="\2">[^<]*</sup>)+')
    return twice.sub(r"\1", moved)


def marks_from_typing(html: str) -> str:
    """Return HTML with typed citations, `[@abbasi2012]` or `[@abbasi2012; mah2021]`, replaced by stored markers."""

    def as_mark(match: re.Match[str]) -> str:
        keys = re.findall(r"[a-z][a-z0-9-]*", match.group(1))
        return f'<sup data-cite="{" ".join(dict.fromkeys(keys))}"></sup>'

    return TYPED_MARK.sub(as_mark, html)
