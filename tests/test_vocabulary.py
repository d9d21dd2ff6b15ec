"""The words on the admin's pages: labels that people can read, and one word for one thing."""

import re
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, TestCase, override_settings
from django.urls import reverse

from newsletter.consent import CURRENT, WORDS
from tests.access.scene import build
from tests.access.test_table import QUICK
from tests.mailing import QUEUE

pytestmark = pytest.mark.sqlite_is_enough

# Names of columns and fields, which mean nothing to users. DOI, PMID and so on are words.
RAW = re.compile(r"\b(?:Url|Urls|Pk|Id|Doi|Pmid|Pmcid|Isbn|Orcid|Slug|Html|Utc)\b|\w_\w")
# Words that the newsroom does not use: it says reviewers and email, and its labels are complete by themselves.
ABANDONED = {
    "panel": re.compile(r"\bpanels?\b", re.IGNORECASE),
    "letter": re.compile(r"\bletters?\b", re.IGNORECASE),
    "diary": re.compile(r"\bdiar(?:y|ies)\b", re.IGNORECASE),
    "at hand": re.compile(r"\bat hand\b", re.IGNORECASE),
    "e-mail": re.compile(r"\be-mails?\b", re.IGNORECASE),
    "It:": re.compile(r"(?:^|\s)It:"),
    "What came of it": re.compile("What came of it", re.IGNORECASE),
    "Said by": re.compile(r"\bsaid by\b", re.IGNORECASE),
    "trailing zeros": re.compile(r"\b\d+\.\d*0 (?:g|mg|µg)\b|\b\d+\.000\b"),
}
LABELS = {"label", "th", "legend", "summary", "dt", "h1", "h2", "h3", "button"}
# Words to which somebody has agreed stay as they were.
GIVEN = (WORDS[CURRENT],)
SILENT = {"script", "style", "template", "svg", "textarea", "code", "q", "blockquote", "iframe"}
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "use", "path"}


class Page(HTMLParser):
    """The text of a page. `labels` are its headings, column titles and the labels of fields; `words` is all text, with
    that for screen readers and the values of fields, without quoted text.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.labels: list[str] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(html)

    @property
    def words(self) -> str:
        words = re.sub(r"\s+", " ", " ".join(self.said))
        for given in GIVEN:
            words = words.replace(given, "")
        return words

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not SILENT & set(self._open) and given.get("type") != "hidden":
            self.said += [given[name] for name in ("aria-label", "title", "placeholder") if given.get(name)]
            if tag == "input" and given.get("type") in ("number", "submit"):
                self.said.append(given.get("value") or "")
        if tag not in VOID:
            self._open.append(tag)
            if tag in LABELS:
                self.labels.append("")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if SILENT & set(self._open):
            return
        self.said.append(data)
        if LABELS & set(self._open) and self.labels:
            self.labels[-1] += data


class Words(TestCase):
    """Each list, its form to add, and its form to change, as an editor and as a superuser see them."""

    pages: dict[str, Page]

    @classmethod
    def setUpTestData(cls) -> None:
        with (
            tempfile.TemporaryDirectory() as media,
            override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=QUICK, EMAIL_BACKEND=QUEUE),
        ):
            scene = build()
            cls.pages = {}
            for role in ("editor", "super"):
                client = scene.client(role)
                found = {f"{role} {address}": read(client, address) for address in addresses()}
                cls.pages |= {name: page for name, page in found.items() if page}

    def test_the_walk_reaches_lists_and_forms_of_both(self) -> None:
        for role in ("editor", "super"):
            seen = [name for name in self.pages if name.startswith(role)]
            assert len([name for name in seen if name.endswith("/change/")]) >= 12, seen
            assert len([name for name in seen if name.endswith("/add/")]) >= 8, seen
        assert any("title" in label.lower() for label in self.pages["editor /admin/articles/article/add/"].labels)

    def test_no_label_is_the_name_of_a_column(self) -> None:
        found = {
            (name, label.strip()) for name, page in self.pages.items() for label in page.labels if RAW.search(label)
        }
        assert not found, sorted(found)

    def test_no_page_uses_a_word_that_was_given_up(self) -> None:
        found = []
        for name, page in self.pages.items():
            for word, pattern in ABANDONED.items():
                found += [
                    f"{name}: {word}: …{page.words[max(0, hit.start() - 40) : hit.end() + 40]}…"
                    for hit in pattern.finditer(page.words)
                ]
        assert not found, "\n".join(found)


def addresses() -> Iterator[str]:
    """Yield the dashboard and, of each registered model, the list, the form to add, and a form of each kind of row."""
    yield reverse("admin:index")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        for row in rows(model):
            yield reverse(f"{name}_change", args=[row.pk])


def rows(model: type[Model]) -> list[Model]:
    """Return rows to read: one at each stage for a model with stages, otherwise the first."""
    first = model._default_manager.order_by("pk")
    return list(first[: 2 if model._meta.label == "articles.Article" else 1])


def read(client: Client, address: str) -> Page | None:
    """Return the page at which a browser ends, or None if this person gets none."""
    answer = client.get(address)
    return Page(answer.content.decode()) if answer.status_code == 200 else None
