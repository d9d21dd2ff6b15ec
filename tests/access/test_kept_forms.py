"""What is typed into a form of the admin is not lost: each form with text has the scripts that keep it.

`session.js` asks before a save whether the person is still signed in, and `local_copy.js` keeps a copy in the browser.
A form of a few words beside others only asks: it has the class verb-form or the attribute data-session-check.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product

import pytest
from django.test import TestCase, override_settings

from tests.access.asking import look
from tests.access.scene import build
from tests.access.walking import room_of, routes
from tests.mailing import QUEUE

pytestmark = pytest.mark.access
TEXT_INPUTS = {"text", "url", "number", "email", "date"}
# Routes whose forms are not kept, and why.
NOT_KEPT = {
    "admin/accounts/user/<id>/password/": "a password is not to be kept in the browser",
    "admin/advisors/checklistitem/": "the list has only the order of its rows, which is chosen again in a moment",
}


@dataclass
class PostForm:
    """A form that is sent by POST: its id, whether only the session is checked, and its fields for text."""

    id: str
    only_asks: bool
    names: list[str] = field(default_factory=list)


class _PageReader(HTMLParser):
    """A parser that collects the POST forms of a page, its scripts, and the id of the form that the scripts keep."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PostForm] = []
        self.current: PostForm | None = None
        self.scripts = ""
        self.kept: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self.scripts += given.get("src", "") + " "
        elif given.get("id") == "desk-facts":
            self.kept = given["data-form"]
        elif tag == "form":
            form = PostForm(given.get("id", ""), "verb-form" in given.get("class", "") or "data-session-check" in given)
            self.current = form if given.get("method", "").lower() == "post" else None
            self.forms += [self.current] if self.current else []
        elif self.current and given.get("name") and not {"hidden", "readonly"} & given.keys():
            takes_text = tag == "textarea" or (tag == "input" and given.get("type", "text") in TEXT_INPUTS)
            self.current.names += [given["name"]] if takes_text else []

    def handle_endtag(self, tag: str) -> None:
        self.current = None if tag == "form" else self.current


def problems(html: str) -> list[str]:
    """Return a sentence for each form of a page whose text could be lost."""
    page = _PageReader()
    page.feed(html)
    found = []
    for form in (form for form in page.forms if form.names):
        is_kept = bool(form.id) and form.id == page.kept
        if page.kept is None or "js/forms/session" not in page.scripts or "jsi18n" not in page.scripts:
            found.append(f"the form with {form.names[0]} has no session check")
        elif is_kept and "js/forms/local_copy" not in page.scripts:
            found.append(f"the form with {form.names[0]} has no local copy")
        elif not is_kept and not form.only_asks:
            found.append(f"the form with {form.names[0]} is not the one that is kept: {page.kept!r}")
    return found


@override_settings(EMAIL_BACKEND=QUEUE)
class KeptForms(TestCase):
    """The forms of the admin, at each stage of the articles in the scene, as a superuser and a writer see them."""

    def test_every_form_of_the_admin_keeps_what_is_typed(self) -> None:
        scene = build()
        wrong = set()
        for route in sorted(routes()):
            if not room_of(route).startswith("admin") or route in NOT_KEPT:
                continue
            for stage, role in product(scene.stages_of(route), ("super", "own")):
                answer = look(scene, role, "get", scene.address(route, stage))
                if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
                    wrong |= {f"{route}: {problem}" for problem in problems(answer.content.decode())}
        assert "\n".join(sorted(wrong)) == ""
