"""The pages around the articles in Chromium: accessible in both colour schemes, usable at phone width, and without
scripts.
"""

import re

import pytest

from tests.browser.test_accessibility import violations

ARTICLE = "/articles/magnesium-and-sleep/"
PAGES = [
    *("/products/", "/products/sleep-gummies-melatonin-free/", "/policies/", "/policies/how-we-review/"),
    *("/authors/", "/authors/amira-okafor/", "/topics/", "/topics/sleep/", "/corrections/"),
    *("/newsletter/", "/newsletter/asked/", f"{ARTICLE}report/", f"{ARTICLE}report/sent/"),
]
NO_SCRIPT = [pytest.param(True, id="with script"), pytest.param(False, id="without script")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(reader, scheme):
    page = reader(color_scheme=scheme, bypass_csp=True)
    found = {}
    for address in PAGES:
        page.goto(address)
        found[address] = violations(page)
    assert {address: problems for address, problems in found.items() if problems} == {}


def test_nothing_is_wider_than_a_small_phone(reader):
    page = reader(viewport={"width": 320, "height": 640})
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in wide.items() if width > 320} == {}


@pytest.mark.parametrize("has_script", NO_SCRIPT)
def test_signing_up_confirming_and_leaving(reader, asked, has_script):
    address = f"reader{int(has_script)}@example.org"
    page = reader(java_script_enabled=has_script)
    page.goto("/newsletter/")
    page.get_by_label("Your email address").fill(address)
    page.get_by_role("button", name="Sign up").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Check your inbox"

    links = asked(
        "from newsletter.models import Subscriber; from newsletter.tokens import confirm_link, unsubscribe_link\n"
        f"one = Subscriber.objects.get(address='{address}'); print(confirm_link(one), unsubscribe_link(one))"
    ).split()
    confirm, leave = (link[link.index("/newsletter/") :] for link in links)
    page.goto(confirm)
    page.get_by_role("button", name="Yes, send me the newsletter").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You are on the list"
    page.goto(leave)
    page.get_by_role("button", name="Send me no more emails").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You have left"
    assert page.context.cookies() == []


@pytest.mark.parametrize("has_script", NO_SCRIPT)
def test_the_form_below_an_article_works_and_says_what_was_wrong(reader, has_script):
    page = reader(java_script_enabled=has_script)
    page.goto(ARTICLE)
    # An address that browsers accept and no mail server does.
    page.get_by_label("Your email address").fill("reader@localhost")
    page.get_by_role("button", name="Sign up").click()
    assert "Please check it" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Your email address").input_value() == "reader@localhost"


@pytest.mark.parametrize("has_script", NO_SCRIPT)
def test_reporting_an_error_by_keyboard(reader, asked, has_script):
    page = reader(java_script_enabled=has_script)
    page.goto(f"{ARTICLE}report/")
    page.get_by_label("What is wrong").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#reportMessageError").inner_text() == "Please say what is wrong."
    page.get_by_label("What is wrong").fill(f"A number is wrong ({has_script}).")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile("report/sent/$"))
    assert page.context.cookies() == []
    assert f"A number is wrong ({has_script})." in asked(
        "from website.models import ErrorReport; print(*ErrorReport.objects.values_list('message', flat=True))"
    )


def test_editors_write_a_policy_and_a_product_s_description_without_typing_markup(person, reader):
    page = person("editor")
    forms = {"/admin/policies/policy/1/change/": "id_body", "/admin/products/product/1/change/": "id_description"}
    for address, name in forms.items():
        page.goto(address)
        page.wait_for_function(f"() => window.CKEDITOR?.instances.{name}?.status == 'ready'")
        words = "<p>Said <strong>anew</strong>.</p><script>alert(1)</script>"
        page.evaluate(f"words => new Promise(done => CKEDITOR.instances.{name}.setData(words, done))", words)
        with page.expect_navigation():
            page.click("input[name=_continue]")
        assert page.locator(f"#{name}").input_value() == "<p>Said <strong>anew</strong>.</p>"
        assert page.errors == []
    other = reader()
    other.goto("/policies/about/")
    assert other.locator(".prose-like strong").inner_text() == "anew"
