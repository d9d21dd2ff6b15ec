"""The board's desk in a browser: a round on a phone with only the link, two rounds, and words that are never lost."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SESSION_COOKIE, sign_in_on
from tests.browser.test_accessibility import violations

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
WIDE = {"viewport": {"width": 1280, "height": 900}}
MELATONIN, THEANINE = "melatonin-for-jet-lag", "l-theanine-and-attention"
PREPARE = """
import json
from advisors import invitations
from advisors.models import ChecklistItem, Review
ChecklistItem.objects.get_or_create(question="Do the claims match their sources?")
rows = Review.objects.waiting().select_related("advisor__user", "submission__article")
print(json.dumps([
    [row.submission.article.slug, row.advisor.user.email.split("@")[0], row.pk, invitations.issue(row)] for row in rows
]))
"""
STATE = "from advisors.models import Review; r = Review.objects.get(pk={}); print(r.response, r.verdict, r.conflict)"


@pytest.fixture(scope="module")
def waiting(asked) -> dict[tuple[str, str], tuple[int, str]]:
    """Return the open reviews by article and advisor: their keys, and a token for each."""
    return {(slug, name): (key, token) for slug, name, key, token in json.loads(asked(PREPARE))}


def select(page: Page, words: str) -> None:
    """Select these words in the text, as with a finger or a mouse."""
    page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
                walker.currentNode.parentElement.scrollIntoView({ block: "center" });
                return;
            }
            throw new Error("not in the text");
        }""",
        words,
    )


def words_of(page: Page, place: int) -> str:
    """Return some words of a paragraph of the text."""
    paragraph = page.locator(".column > .prose > p").nth(place).inner_text()
    return " ".join(re.split(r"\s+", paragraph)[2:5])


def answer_all(page: Page, verdict: str) -> None:
    page.get_by_role("group", name="Do you have a conflict").get_by_label("None", exact=True).check()
    for question in page.locator(".checklist fieldset").all():
        question.get_by_label("Yes", exact=True).check()
    page.get_by_label(verdict).check()


def test_a_whole_round_on_a_phone_by_token_alone(reader, waiting, asked):
    key, token = waiting[MELATONIN, "advisor3"]
    page = reader(**PHONE)
    page.goto(f"/board/r/{token}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Melatonin")
    page.reload()
    assert asked(STATE.format(key)).strip() == ""
    page.get_by_role("button", name="Accept").tap()
    expect(page).to_have_url(re.compile(f"/board/reviews/{key}/$"))
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    # A source opens next to the citation.
    page.locator(".mark a").first.tap()
    expect(page.locator(".source-here")).to_be_visible()
    page.locator(".source-here .close").tap()

    # A comment on selected words is saved as it is typed, and appears on another device.
    chosen = words_of(page, 1)
    select(page, chosen)
    page.get_by_role("button", name="Comment on these words").tap()
    expect(page.get_by_label("Passage", exact=True)).to_have_value(chosen)
    page.get_by_label("Comment", exact=True).fill("In whom was this?")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    other = reader(**PHONE)
    other.goto(f"/board/r/{token}/")
    other.get_by_role("button", name="Open the review").tap()
    expect(other.get_by_label("Comment", exact=True)).to_have_value("In whom was this?")
    page.get_by_role("button", name="Save this comment").tap()
    expect(page.locator(".thread").first).to_contain_text("In whom was this?")

    page.get_by_role("link", name="Verdict").tap()
    answer_all(page, "I request changes")
    page.get_by_role("button", name="Give the verdict").dblclick()
    expect(page.locator(".given")).to_contain_text("You requested changes")
    expect(page.locator(".digest")).to_have_text(re.compile(r"^[0-9a-f]{64}$"))
    assert asked(STATE.format(key)) == "accepted changes none"
    assert page.goto("/board/").status == 403
    assert SESSION_COOKIE not in [cookie["name"] for cookie in page.context.cookies()]
    assert [error for error in page.errors if "403" not in error] == []


def test_the_second_round_opens_on_the_difference_and_takes_one_look(person, waiting, asked):
    key, _ = waiting[THEANINE, "advisor3"]
    page = person("advisor3", **WIDE)
    page.goto("/board/")
    page.get_by_role("link", name="L-theanine").first.click()
    expect(page.locator(".cmp ins").first).to_be_visible()
    expect(page.locator(".cmp-fold").first).not_to_have_attribute("open", "")
    page.get_by_role("link", name="The whole text").click()
    expect(page.locator(".cmp")).to_have_count(0)
    expect(page.locator(".column > .prose")).to_have_count(1)
    page.get_by_role("link", name="What changed").click()
    answer_all(page, "I approve it")
    page.get_by_role("button", name="Give the verdict").click()
    expect(page.locator(".given")).to_contain_text("You approved this revision")
    assert asked(STATE.format(key)) == "accepted approve none"
    assert page.errors == []


@pytest.fixture
def desk_of_helene(person, waiting, asked):
    """Return the first advisor's review of the text on jet lag, put back before the board, in a wide window."""
    asked(AGAIN)
    (key,) = re.findall(r"\d+", asked(HELENE))
    page = person("advisor1", **WIDE)
    page.goto(f"/board/reviews/{key}/")
    if page.get_by_role("button", name="Accept").count():
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_role("button", name="Give the verdict")).to_be_visible()
        page.goto(f"/board/reviews/{key}/?view=whole")
    return page


AGAIN = """
from accounts.models import User
from articles import workflow
from articles.models import Article
article = Article.objects.get(slug="melatonin-for-jet-lag")
if article.is_locked and article.stage == "changes_requested":
    editor = User.objects.get(email="editor@example.org")
    workflow.end_round(article=article, actor=editor, reason="It cannot wait.")
if article.stage == "changes_requested":
    workflow.submit(article=article, actor=User.objects.get(email="writer2@example.org"))
"""
HELENE = """
from advisors.models import Review
reviews = Review.objects.waiting().filter(advisor__user__email="advisor1@example.org")
print(reviews.get(submission__article__slug="melatonin-for-jet-lag").pk)
"""


def test_a_block_is_commented_on_with_the_keyboard_alone(desk_of_helene):
    page = desk_of_helene
    page.locator(".prose > .remark-here").nth(2).focus()
    expect(page.locator(".prose > .remark-here").nth(2)).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    page.keyboard.type("Said by keyboard.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".thread", has_text="Said by keyboard.")).to_be_visible()
    expect(page.locator(".thread", has_text="Said by keyboard.")).to_have_attribute("data-block", "2")
    assert page.errors == []


def test_words_stay_where_the_sign_in_has_run_out(desk_of_helene):
    page = desk_of_helene
    page.context.clear_cookies(name=SESSION_COOKIE)
    page.get_by_label("Remarks on the whole").fill("A long and careful thought.")
    expect(page.locator("#trouble")).to_contain_text("no longer signed in")
    page.get_by_role("button", name="Give the verdict").click()
    expect(page.get_by_label("Remarks on the whole")).to_have_value("A long and careful thought.")
    tab = page.context.new_page()
    tab.goto("/admin/login/")
    sign_in_on(tab, "advisor1")
    tab.wait_for_url("**/admin/")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.reload()
    expect(page.get_by_label("Remarks on the whole")).to_have_value("A long and careful thought.")


def test_two_windows_are_told_of_each_other(desk_of_helene):
    page = desk_of_helene
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Remarks on the whole").fill("From the first window.")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    other.get_by_label("Remarks on the whole").fill("From the second window.")
    expect(other.locator("#trouble")).to_contain_text("From the first window.")
    other.get_by_role("button", name="Keep what is on this page").click()
    expect(other.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))


def test_too_many_words_are_counted_and_none_is_cut(desk_of_helene):
    page = desk_of_helene
    words = "A word." * 800
    page.get_by_label("Comment", exact=True).fill(words)
    expect(page.locator("#remark .count").nth(1)).to_have_text(
        "600 characters too many: nothing is cut, shorten it yourself"
    )
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    page.get_by_role("button", name="Save this comment").click()
    expect(page.get_by_role("alert").first).to_contain_text("This could not be done")
    expect(page.locator("#remark .errorlist")).to_contain_text("may have 5000 at most")
    expect(page.get_by_label("Comment", exact=True)).to_have_value(words)
    page.get_by_label("Comment", exact=True).fill("")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))
    assert set(page.errors) == {"Failed to load resource: the server responded with a status of 400 (Bad Request)"}


def test_a_comment_and_a_reply_are_saved_while_the_page_stays_where_it_is(desk_of_helene):
    page = desk_of_helene
    page.goto(page.url)
    page.evaluate("window.sameVisit = true")
    page.get_by_label("Yes", exact=True).first.check()
    button = page.locator(".prose > .remark-here").nth(5)
    button.click()
    page.get_by_label("Comment", exact=True).fill("Which trial says so?")
    page.get_by_role("button", name="Save this comment").click()
    page.get_by_label("Remarks on the whole").fill("Typed while the comment was on its way.")
    thread = page.locator(".thread", has_text="Which trial says so?")
    expect(thread).to_have_attribute("data-block", "5")
    expect(button).to_have_text("Comment (1)")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("")
    expect(page.locator("#kept")).to_have_text(re.compile(r"Saved \d\d:\d\d"))

    thread.locator("summary").click()
    thread.get_by_label("Your answer").fill("The first of the two.")
    thread.get_by_role("button", name="Send the answer").click()
    expect(thread.locator(".reply")).to_contain_text("The first of the two.")
    thread.get_by_role("button", name="Resolved").click()
    expect(thread.locator(".state")).to_contain_text("Resolved")
    assert page.evaluate("window.sameVisit && scrollY > 500")

    page.reload()
    expect(page.get_by_label("Yes", exact=True).first).to_be_checked()
    expect(page.get_by_label("Remarks on the whole")).to_have_value("Typed while the comment was on its way.")
    assert page.errors == []


def test_a_comment_without_script(person, desk_of_helene):
    page = person("advisor1", java_script_enabled=False, **PHONE)
    page.goto(desk_of_helene.url)
    page.get_by_label("Where").select_option("2")
    page.get_by_label("Comment", exact=True).fill("Without script.")
    page.get_by_role("button", name="Save this comment").click()
    expect(page.locator(".thread", has_text="Without script.")).to_have_attribute("data-block", "2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [PHONE, WIDE], ids=["phone", "wide"])
def test_axe_finds_nothing(person, reader, waiting, desk_of_helene, screen, scheme):
    page = person("advisor1", color_scheme=scheme, bypass_csp=True, **screen)
    given = waiting[THEANINE, "advisor3"][0]
    for address in ("/board/", "/board/profile/", "/board/disclosure/", desk_of_helene.url):
        page.goto(address)
        assert (address, violations(page)) == (address, [])
    page = person("advisor3", color_scheme=scheme, bypass_csp=True, **screen)
    page.goto(f"/board/reviews/{given}/")
    assert violations(page) == []
    page = reader(color_scheme=scheme, bypass_csp=True, **screen)
    for token in ("nonsense", waiting[MELATONIN, "advisor1"][1]):
        page.goto(f"/board/r/{token}/")
        assert violations(page) == []
