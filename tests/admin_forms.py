"""A browser's handling of forms for tests: forms are read from a response, filled in, and submitted."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.models import Article

SILENT = {"file", "submit", "button", "image", "reset"}


@dataclass
class WebForm:
    """The values that a form would send, by name. `selects` has the names of the `select` elements."""

    address: str
    name: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    selects: set[str] = field(default_factory=set)

    def put(self, **values: Any) -> "WebForm":
        """Set the values of fields and return the form. Line breaks become CR LF, as browsers send them."""
        for name, value in values.items():
            self.data[name] = _crlf(value) if isinstance(value, str) else value
        return self

    def value(self, name: str) -> str:
        """Return the first value of a field as the page had it, with LF as line breaks."""
        return self.data[name][0].replace("\r\n", "\n")

    def add_row(self, prefix: str, **values: Any) -> "WebForm":
        """Add a row to a formset as the admin's “Add another” does, set its values, and return the form."""
        place = int(self.value(f"{prefix}-TOTAL_FORMS"))
        blank = f"{prefix}-__prefix__-"
        row = {name.removeprefix(blank): value for name, value in self.data.items() if name.startswith(blank)}
        for name, value in (row | values).items():
            self.data[f"{prefix}-{place}-{name}"] = value
        self.data[f"{prefix}-TOTAL_FORMS"] = [str(place + 1)]
        return self

    def send(self, client: Client, **values: Any) -> HttpResponse:
        """Set the values of fields, submit the form, and return the response."""
        self.put(**values)
        return client.post(self.address, self.data)


class _Reader(HTMLParser):
    """A parser that collects the forms of a page and the values that each would send."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here
        self.forms: list[WebForm] = []
        self.textarea = self.select = ""
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(WebForm(found.get("action") or self.here, found.get("id", "")))
        name = found.get("name", "")
        if not self.forms or "disabled" in found:
            return
        if tag == "input" and name and found.get("type") not in SILENT:
            if found.get("type") not in ("checkbox", "radio"):
                self._add(name, found.get("value", ""))
            elif "checked" in found:
                self._add(name, found.get("value", "on"))
        elif tag == "textarea":
            self.textarea = name
            self._add(name, "")
        elif tag == "select":
            self.select, self.options = name, []
            self.forms[-1].selects.add(name)
            self.many = "multiple" in found
        elif tag == "option" and self.select:
            self.options.append((found.get("value", ""), "selected" in found))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            values = self.forms[-1].data[self.textarea]
            values[-1] = _crlf(values[-1].removeprefix("\r\n").removeprefix("\n"))
            self.textarea = ""
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected]
            for value in chosen or [value for value, _ in self.options[:1] if not self.many]:
                self._add(self.select, value)
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.forms[-1].data[self.textarea][-1] += data

    def _add(self, name: str, value: str) -> None:
        self.forms[-1].data.setdefault(name, []).append(value)


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def forms_of(response: HttpResponse) -> list[WebForm]:
    """Return all forms of the page in a response."""
    reader = _Reader(response.request["PATH_INFO"])
    reader.feed(response.content.decode())
    reader.close()
    return reader.forms


def form_of(response: HttpResponse, which: str) -> WebForm:
    """Return the first form whose id is `which` or whose address ends with `which`; fail if there is none."""
    found = [form for form in forms_of(response) if form.name == which or form.address.endswith(which)]
    assert found, f"no form {which} on {response.request['PATH_INFO']} ({response.status_code})"
    return found[0]


def address(article: Article | None = None) -> str:
    """Return the address of the admin's form for an article or, without an `article`, for a new one."""
    if article is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[article.pk])


def article_form(client: Client, article: Article | None = None) -> WebForm:
    """Return the article's form as the user of `client` sees it."""
    response = client.get(address(article))
    assert response.status_code == 200
    return form_of(response, "article_form")


def verb_form(client: Client, article: Article, verb: str) -> WebForm:
    """Return the form of a workflow action (`verb`) on the article's page."""
    return form_of(client.get(address(article)), f"/do/{verb}/")


def picture(colour: str = "teal", name: str = "picture.png") -> SimpleUploadedFile:
    """Return a small PNG as an uploaded file."""
    file = BytesIO()
    Image.new("RGB", (8, 5), colour).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")
