"""STR: is it whole, and is it built so that everybody can read it."""

from collections.abc import Iterator
from html.parser import HTMLParser

from articles.preflight.draft import Draft
from articles.preflight.findings import Finding, Level
from betterment.html import text_of


class _Pictures(HTMLParser):
    """Collects the pictures that have no alternative text."""

    def __init__(self) -> None:
        super().__init__()
        self.without_alt: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "img" and not (attributes.get("alt") or "").strip():
            self.without_alt.append(attributes.get("src") or "")


def whole(draft: Draft) -> Iterator[Finding]:
    """STR04: nothing to review yet."""
    for name, value, hint in (
        ("a title", draft.title.strip(), "Give it one."),
        ("a standfirst", draft.standfirst.strip(), "Say in a sentence or two what the reader will know."),
        ("a text", text_of(draft.body).strip(), "Write the body first."),
        ("an author", draft.authors, "Put at least one author on the byline."),
    ):
        if not value:
            yield Finding("STR04", Level.BLOCKER, f"The article has not got {name} yet.", hint)


def pictures_described(draft: Draft) -> Iterator[Finding]:
    """STR02: an image without alternative text."""
    hint = "Describe what one sees, for those who do not see it."
    if draft.hero and not draft.hero_alt.strip():
        yield Finding("STR02", Level.BLOCKER, "The picture at the top has no alternative text.", hint)
    for html in (draft.body, draft.safety_note):
        pictures = _Pictures()
        pictures.feed(html)
        for address in pictures.without_alt:
            yield Finding("STR02", Level.BLOCKER, "A picture has no alternative text.", hint, address)


CHECKS = (whole, pictures_described)
