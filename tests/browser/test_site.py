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
    *(f"{ARTICLE}cite/", f"{ARTICLE}sources/abbasi2012/", "/signed-records/"),
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


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_page_scrolls_sideways_on_a_phone_or_a_computer(reader, width):
    page = reader(viewport={"width": width, "height": 640})
    wide = {}
    for address in PAGES:
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: seen for address, seen in wide.items() if seen > width} == {}


def test_a_reader_copies_a_reference_in_the_style_of_their_choice(reader):
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{ARTICLE}sources/abbasi2012/")
    page.get_by_role("button", name="Copy the APA 7 reference").click()
    page.get_by_text("Copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#reference-apa").inner_text()


def test_a_copied_reference_of_the_article_has_today_s_date_in_the_form_of_its_style(reader):
    page = reader(permissions=["clipboard-read", "clipboard-write"])
    page.clock.set_fixed_time("2026-09-05T12:00:00Z")
    page.goto(f"{ARTICLE}cite/")
    for style, words in {"AMA": "Accessed September 5, 2026. http", "Vancouver": "[cited 2026 Sep 5]"}.items():
        page.get_by_role("button", name=f"Copy the {style} reference").click()
        page.locator(".cite", has=page.get_by_role("heading", name=style)).get_by_text("Copied.").wait_for()
        assert words in page.evaluate("navigator.clipboard.readText()")


def test_the_copy_buttons_are_large_enough_for_a_finger(reader):
    page = reader(viewport={"width": 390, "height": 844})
    page.goto(f"{ARTICLE}cite/")
    boxes = [button.bounding_box() for button in page.get_by_role("button", name="Copy").all()]
    assert len(boxes) == 3 and all(min(box["width"], box["height"]) >= 44 for box in boxes)


def test_a_reference_is_selected_where_the_browser_does_not_let_a_page_copy(reader):
    page = reader()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(f"{ARTICLE}cite/")
    page.get_by_role("button", name="Copy the Vancouver reference").click()
    page.get_by_text("press Ctrl+C").wait_for()
    assert page.evaluate("String(getSelection())") == page.locator("#reference-vancouver").inner_text()


def test_without_a_script_the_references_are_there_and_no_button_is(reader):
    page = reader(java_script_enabled=False)
    page.goto(f"{ARTICLE}sources/abbasi2012/")
    assert page.locator(".citation").count() == 3 and page.get_by_role("button", name="Copy").count() == 0
    page.goto(f"{ARTICLE}cite/")
    assert "Accessed [the day on which you read it]." in page.locator("#reference-ama").inner_text()
    assert page.get_by_role("button", name="Copy").count() == 0


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
