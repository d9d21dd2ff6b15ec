"""A writer who is interrupted again and again, each time in the middle of something: not a word is lost.

INTERRUPTIONS sets how often (`make endure` asks for 200), and INTERRUPTIONS_SEED repeats a day.
"""

import os
import random
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.test_local_copy import COPIES, FORM, save, saved, until

COUNT = int(os.environ.get("INTERRUPTIONS", "8"))
SEED = int(os.environ.get("INTERRUPTIONS_SEED", "23"))
BODY = "#cke_id_body iframe"
STORED = """
import json
from articles.models import Article
article = Article.objects.get(pk=1)
print(json.dumps([article.title, article.standfirst, article.body]))
"""


class Day:
    """A day of writing: what has been typed, and the page in which it is written."""

    def __init__(self, open_window: Callable[[], Page], rng: random.Random) -> None:
        self.open_window, self.rng = open_window, rng
        self.page = open_window()
        self.count = 0
        self.in_the_body: list[str] = []
        self.in_short_fields: dict[str, str] = {}  # which hold no more than a few words, so each replaces the last

    @property
    def typed(self) -> list[str]:
        """Return the words that have to be there."""
        return [*self.in_the_body, *self.in_short_fields.values()]

    def open(self) -> None:
        """Open the form, put back what is offered, and fail unless all words that were typed stand in it."""
        self.page.goto(FORM.format(1))
        self.page.wait_for_selector(BODY)
        expect(self.page.locator("#notice-copy")).to_have_count(1)  # it is there once copies were looked for
        back = self.page.get_by_role("button", name="Put them back")
        if back.count():
            back.click()
            expect(self.page.locator("#notice-copy")).to_contain_text("Your words are back")
        standing = self.page.evaluate(
            "[id_title.value, id_standfirst.value, CKEDITOR.instances.id_body.getData()].join(' ')"
        )
        assert [word for word in self.typed if word not in standing] == [], f"lost (seed {SEED})"

    def new_word(self) -> str:
        self.count += 1
        return f"w{self.count}x{self.rng.randrange(10**6)}"

    def type(self, word: str) -> None:
        """Type a word in one of three fields, and pause until it is kept in this browser."""
        field = self.rng.choice(["#id_title", "#id_standfirst", BODY, BODY])
        if field == BODY:
            self.page.frame_locator(BODY).locator("body").press("Control+End")
            self.page.keyboard.type(f" {word}")
            self.in_the_body.append(word)
        else:
            self.page.fill(field, f"About {word}")
            self.in_short_fields[field] = word
        until(self.page, f"{COPIES}.some(key => localStorage[key].includes('{word}'))")

    def keep_on_the_server(self) -> None:
        """Type a word, and pause until it is kept on the server."""
        word = self.new_word()

        def is_kept(answer: Response) -> bool:
            return answer.url.endswith("/autosave/") and answer.ok and word in (answer.request.post_data or "")

        with self.page.expect_response(is_kept):
            self.type(word)

    def save(self) -> None:
        save(self.page)
        saved(self.page)

    def crash(self) -> None:
        """End the tab without a word of farewell, and open another in the same browser."""
        context = self.page.context
        self.page.close(run_before_unload=False)
        self.page = undisturbed(context.new_page())

    def go_on_elsewhere(self) -> None:
        """Take up another device: nothing is there but what the server has."""
        self.page.context.close()
        self.page = self.open_window()


def undisturbed(page: Page) -> Page:
    """Let the page be left whatever stands in it."""
    page.on("dialog", lambda dialog: dialog.accept())
    return page


@pytest.fixture
def day(person, reader, sessions) -> Day:
    """Return a day of the writer's, who is signed in on every device."""
    person("writer").context.close()

    def window() -> Page:
        page = reader()
        page.context.add_cookies(sessions["writer"])
        return undisturbed(page)

    return Day(window, random.Random(SEED))


def test_not_a_word_is_lost_in_a_day_of_interruptions(day, asked):
    day.open()
    for _ in range(COUNT):
        for _ in range(day.rng.randrange(1, 4)):
            day.type(day.new_word())
        what = day.rng.random()
        if what < 0.2:
            day.save()
        elif what < 0.5:
            day.keep_on_the_server()
        if 0.3 < what < 0.5:
            day.go_on_elsewhere()
        elif what < 0.7:
            day.crash()
        else:
            day.page.goto("/admin/")  # another page, by a link or by Back
        day.open()
    day.save()
    stored = asked(STORED)
    assert [word for word in day.typed if word not in stored] == []
