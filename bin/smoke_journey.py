"""Take an article from the writer's form to the reader's page, in Chromium, on the production server over TLS.

Everything is set as in production: hashed scripts, the content security policy, `__Host-` cookies, the second factor.
bin/smoke_production calls this with the server's URL, on a fresh demonstration.
"""

import base64
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser.conftest import PASSWORD, sign_in_on  # noqa: E402
from tests.browser.test_tour import SAVED, TITLE, answer_and_approve, open_article, verb, write_at_the_end  # noqa: E402

ADDRESS = "/articles/ashwagandha-and-stress/"
WORDS = "We read every one of these trials ourselves."


@contextmanager
def person(browser: Browser, site: str, name: str) -> Iterator[Page]:
    """Context manager: yield a page of a new browser window in which this user of the demonstration is signed in.

    Raise AssertionError at the end if a script on a page has failed.
    """
    window = browser.new_context(base_url=site, ignore_https_errors=True)
    page = window.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/account/sign-in/?next=/board/" if name.startswith("advisor") else "/account/sign-in/")
    sign_in_on(page, name)
    page.wait_for_url(lambda url: "sign-in" not in url)
    yield page
    assert errors == [], errors
    window.close()


def set_up_second_factor(page: Page) -> None:
    """Set up an authenticator app as the second factor of an editor who has none yet, and expect ten recovery codes."""
    page.goto("/account/codes/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator("code").text_content()
    app = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    page.get_by_label("The code that your app shows now").fill(app.generate(int(time.time())).decode())
    page.get_by_role("button", name="Use this app").click()
    expect(page.locator(".codes li")).to_have_count(10)


def write(page: Page) -> None:
    """Add a cited sentence to the draft, save it, and submit it to the board."""
    open_article(page)
    write_at_the_end(page, WORDS)
    page.locator(".cke_button__citation").first.click()
    page.locator("#cite-results input").first.check()
    page.locator("#cite-done").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#save-status")).to_have_text(SAVED)
    verb(page, "Submit to the board")
    expect(page.locator(".stepper .here")).to_have_text("In review")


def approve(page: Page) -> None:
    """Accept the review at the review desk, answer every question of the checklist, and approve."""
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("button", name="Accept").click()
    answer_and_approve(page)


def publish(page: Page) -> None:
    """Publish the approved article as an editor, who first has to set up a second factor."""
    page.goto("/admin/")
    expect(page.locator("body")).to_contain_text("Set up a second factor first")
    set_up_second_factor(page)
    open_article(page)
    verb(page, "Publish now")
    expect(page.locator(".stepper .here")).to_have_text("Published")


def read(browser: Browser, site: str) -> None:
    """Check that the reader's page shows the cited sentence and a reviewer's name, and sets no cookie."""
    window = browser.new_context(base_url=site, ignore_https_errors=True)
    page = window.new_page()
    page.goto(ADDRESS)
    expect(page.locator("p", has_text=WORDS).locator("[role=doc-noteref]")).to_have_count(1)
    expect(page.locator("#experts")).to_contain_text("Tobias Wrenfield")
    assert window.cookies() == [], window.cookies()


def withdraw(page: Page) -> None:
    """Withdraw the article with a notice for readers."""
    open_article(page)
    page.locator("details.verb summary", has_text="Withdraw").click()
    sheet = page.locator("details.verb", has=page.locator("summary", has_text="Withdraw"))
    sheet.get_by_role("textbox").first.fill("A dose was wrong.")
    sheet.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".messagelist")).to_contain_text("Withdrawn")


def wait_until_withdrawn(page: Page) -> None:
    """Request the article's page until it answers 410. Raise AssertionError if it does not within ten seconds.

    Every worker notices a change within a second.
    """
    deadline = time.monotonic() + 10
    while (status := page.request.get(ADDRESS).status) != 410:
        assert time.monotonic() < deadline, f"{ADDRESS} answers {status}, ten seconds after its withdrawal"
        time.sleep(0.1)


def main(site: str) -> None:
    """Take an article through its whole life in a browser: write, approve, publish, read and withdraw it.

    `site` is the server's URL. Raise AssertionError or Playwright's TimeoutError at the first step that fails.
    """
    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        with person(browser, site, "writer") as page:
            write(page)
        for advisor in ("advisor2", "advisor3"):
            with person(browser, site, advisor) as page:
                approve(page)
        with person(browser, site, "editor") as page:
            publish(page)
            read(browser, site)
            withdraw(page)
            wait_until_withdrawn(page)
        browser.close()
    sys.stdout.write("In Chromium over TLS: signed in, saved, submitted, approved twice, published, read, withdrawn.\n")


if __name__ == "__main__":
    main(sys.argv[1])
