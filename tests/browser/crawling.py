"""Ask a site for its pages over HTTP, without a browser, and read their links, fragments and heads."""

import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit


@dataclass
class Answer:
    """The response of the site."""

    address: str
    status: int
    kind: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Said:
    """What the crawl reads on a page."""

    links: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    headings: int = 0
    title: str = ""
    titles: int = 0
    meta: list[tuple[str, str]] = field(default_factory=list)
    canonical: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    def named(self, name: str) -> list[str]:
        """Return the contents of the meta elements with this name or property."""
        return [content for key, content in self.meta if key == name]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said, self._in_title = Said(), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given, said = dict(attrs), self.said
        if identifier := given.get("id"):
            (said.doubled if identifier in said.anchors else said.anchors).add(identifier)
        said.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag in ("script", "style") and "src" not in given and given.get("type") != "application/ld+json":
            said.inline.append(tag)
        if tag == "h1":
            said.headings += 1
        elif tag == "title":
            # SVG images have titles too; the first title of the document is the page's.
            self._in_title, said.titles = not said.titles, said.titles + 1
        elif tag == "meta":
            said.meta.append((given.get("name") or given.get("property") or "", given.get("content") or ""))
        elif tag == "link" and given.get("rel") == "canonical":
            said.canonical.append(given.get("href") or "")
        if tag in ("a", "area") or (tag == "link" and given.get("rel") == "alternate"):
            said.links += [given["href"]] if given.get("href") else []
        elif tag == "link":
            said.files += [given["href"]] if given.get("href") else []
        said.files += [given["src"]] if given.get("src") else []
        said.files += [part.split()[0] for part in (given.get("srcset") or "").split(",") if part.strip()]

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.said.title += data


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def get(address: str, **headers: str) -> Answer:
    """Return the response that a visitor gets; redirects are not followed."""
    request = urllib.request.Request(address, headers=headers)
    try:
        answer = _opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        given = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(address, answer.status, given.get("content-type", ""), given, answer.read())


def read(text: str) -> Said:
    """Return what the crawl needs from an HTML page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.said


@dataclass
class Crawl:
    """Every address of a site that was found, its response, and the first page that linked to it."""

    answers: dict[str, Answer] = field(default_factory=dict)
    pages: dict[str, Said] = field(default_factory=dict)
    found_on: dict[str, str] = field(default_factory=dict)
    fragments: set[tuple[str, str, str]] = field(default_factory=set)

    def dead_fragments(self) -> list[tuple[str, str, str]]:
        """Return (page, address, fragment) for each link to an anchor that the target page does not have."""
        return sorted(
            row
            for row in self.fragments
            if row[1] in self.pages and unquote(row[2]) not in self.pages[row[1]].anchors | {"top"}
        )


def crawl(site: str, starts: Iterable[str]) -> Crawl:
    """Follow every link within the site from these full addresses on, and request every file."""
    done = Crawl(found_on=dict.fromkeys(starts, "the start"))
    waiting = deque(done.found_on)
    while waiting:
        address = waiting.popleft()
        answer = done.answers[address] = get(address)
        if not answer.kind.startswith("text/html"):
            continue
        said = done.pages[address] = read(answer.text)
        for link in (*said.links, *said.files, *said.canonical):
            target, fragment = urldefrag(urljoin(address, link))
            if urlsplit(target)[:2] != urlsplit(site)[:2]:
                continue
            if fragment:
                done.fragments.add((address, target, fragment))
            if target not in done.found_on:
                done.found_on[target] = address
                waiting.append(target)
    return done
