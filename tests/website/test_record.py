"""The public record shows what readers could once read, and nothing that they never could or no longer may."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import workflow
from articles.models import ChangeKind, Reason
from tests import newsroom

CANARY = "Xylocanary"


def body(words: str) -> str:
    return f'<h2>The trials</h2><p>{words}<sup data-cite="doe2020"></sup></p>'


def publish_again(cast, article, note: str = "A number was wrong.", kind=ChangeKind.CORRECTION, **fields: str):
    """Approve and publish a new version of a published article."""
    newsroom.rewrite(cast, article, **fields)
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    return workflow.publish(article=article, actor=cast.editor, change_note=note, kind=kind)


def place(article, what: str = "record/") -> str:
    return f"{article.get_absolute_url()}{what}"


def get(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    assert "cookie" not in answer.headers.get("Vary", "").lower() and not answer.cookies
    return answer.content.decode()


@pytest.fixture
def corrected(cast):
    """Return an article that was corrected once."""
    article = newsroom.published(cast)
    publish_again(cast, article, body=body("Sleep was longer by 16 minutes."))
    return article


def test_the_record_says_what_changed_why_and_who_approved_it(client, corrected):
    html = get(client, place(corrected))

    assert "Version 2" in html and "Version 1" in html
    assert "A number was wrong." in html and "Correction" in html and "First publication" in html
    assert re.search(r"<del>(<[^>]*>|[^<])*17", html) and re.search(r"<ins>(<[^>]*>|[^<])*16", html)
    assert html.count("Dr Ada, PhD") == 2


def test_the_article_leads_to_its_record_and_the_record_back(client, corrected):
    assert f'href="{place(corrected)}"' in get(client, corrected.get_absolute_url())
    assert f'href="{corrected.get_absolute_url()}"' in get(client, place(corrected))


def test_an_earlier_version_stays_at_its_address_and_says_that_it_is_one(client, corrected):
    html = get(client, place(corrected, "versions/1/"))

    assert "17 minutes" in html and "16 minutes" not in html
    assert "An earlier version, 1 of 2." in html
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{corrected.get_absolute_url()}">' in html
    assert html.count('rel="canonical"') == html.count("<h1") == 1
    assert "Next review due" not in html


def test_the_current_version_has_an_address_too(client, corrected):
    html = get(client, place(corrected, "versions/2/"))

    assert "16 minutes" in html and "the current one" in html


@pytest.mark.parametrize("number", ["0", "3", "9" * 40])
def test_a_version_that_there_is_not(client, corrected, number):
    get(client, place(corrected, f"versions/{number}/"), status=404)


@pytest.mark.parametrize("stage", ["draft", "in_review", "changes_requested", "approved"])
def test_what_was_never_published_has_no_record(client, cast, stage):
    article = getattr(newsroom, stage)(cast)

    for what in ("record/", "versions/1/"):
        get(client, place(article, what), status=404)


def test_neither_a_draft_nor_a_scheduled_version_shows(client, cast, corrected):
    before = get(client, place(corrected))
    newsroom.rewrite(cast, corrected, title=CANARY, body=body(CANARY))
    assert get(client, place(corrected)) == before
    newsroom.approve(newsroom.submit(cast, corrected))
    at = timezone.now() + timedelta(days=2)
    workflow.schedule(article=corrected, actor=cast.editor, at=at, change_note=CANARY, kind=ChangeKind.CORRECTION)

    # It does not even show that the current version will end.
    assert get(client, place(corrected)) == before
    get(client, place(corrected, "versions/3/"), status=404)
    assert CANARY not in get(client, "/corrections/")
    with time_machine.travel(at, tick=False):
        assert CANARY in get(client, place(corrected))
        assert CANARY in get(client, "/corrections/")


def test_a_scheduled_version_that_was_called_off_takes_no_number(client, cast, corrected):
    newsroom.rewrite(cast, corrected, title=CANARY)
    newsroom.approve(newsroom.submit(cast, corrected))
    workflow.schedule(article=corrected, actor=cast.editor, at=timezone.now() + timedelta(days=2))
    workflow.unschedule(article=corrected, actor=cast.editor)

    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        html = get(client, place(corrected))
    assert CANARY not in html and "Version 3" not in html


def test_the_words_of_a_withdrawn_article_are_not_shown_and_its_notice_is(client, cast):
    article = newsroom.published(cast, body=body(f"{CANARY} helps."))
    publish_again(cast, article, body=body(f"{CANARY} may help."))
    workflow.withdraw(article=article, actor=cast.editor, notice="The trial was made up. <script>alert(1)</script>")
    html = get(client, place(article))

    assert "The trial was made up." in html and "<script>" not in html
    assert CANARY not in html and "versions/1/" not in html
    for number in (1, 2):
        gone = get(client, place(article, f"versions/{number}/"), status=410)
        assert CANARY not in gone and "The trial was made up." in gone
    assert "The trial was made up." in get(client, "/corrections/")
    assert CANARY not in get(client, "/corrections/")


def test_a_withdrawn_version_stays_withdrawn_when_another_takes_its_place(client, cast):
    article = newsroom.published(cast, body=body("Sleep was longer by 17 minutes."))
    publish_again(cast, article, body=body(f"{CANARY} helps."))
    workflow.withdraw(article=article, actor=cast.editor, notice="The trial was made up.")
    publish_again(cast, article, body=body("Sleep was longer by 15 minutes."))
    html = get(client, place(article))

    assert CANARY not in html and "The changes are not shown" in html
    assert "17 minutes" in get(client, place(article, "versions/1/"))
    gone = get(client, place(article, "versions/2/"), status=410)
    assert CANARY not in gone and "Read the current version" in gone
    assert "15 minutes" in get(client, place(article, "versions/3/"))


def test_what_came_back_can_be_read_again(client, cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="We look into it.")
    workflow.reinstate(article=article, actor=cast.editor, reason="All is well.")
    html = get(client, place(article))

    assert "We look into it." in html and "All is well." in html and "are the same as in the version before" in html
    for number in (1, 2):
        assert "17 minutes" in get(client, place(article, f"versions/{number}/"))


def test_an_article_that_has_expired_has_no_record_either(client, cast):
    article = newsroom.approved(cast)
    until = timezone.now() + timedelta(days=1)
    workflow.publish(article=article, actor=cast.editor, until=until)

    assert " to <time" not in get(client, place(article))  # an end in the future is not shown
    with time_machine.travel(until, tick=False):
        get(client, place(article), status=404)
        get(client, place(article, "versions/1/"), status=404)


def test_a_renewed_review_is_on_the_record(client, cast):
    article = newsroom.published(cast)
    newsroom.answer_warnings(article, cast.writer)
    newsroom.approve(workflow.submit(article=article, actor=cast.writer, reason=Reason.RENEWAL))

    html = get(client, place(article))
    assert "Reviewed again" in html and "Version 2" not in html


def test_corrections_are_listed_the_newest_first_and_in_pages(client, cast):
    older = newsroom.published(cast, title="The older one")
    publish_again(cast, older, note="Older.", title="The older one, put right")
    newer = newsroom.published(cast, title="The newer one")
    publish_again(cast, newer, note="An update.", kind=ChangeKind.UPDATE, title="The newer one, put right")
    workflow.withdraw(article=newer, actor=cast.editor, notice="Newer.")
    html = get(client, "/corrections/")

    assert html.index("Newer.") < html.index("Older.") and "An update." not in html
    get(client, "/corrections/?page=2", status=404)


def test_a_withdrawal_that_was_taken_back_says_so(client, cast):
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="The safety note was wrong.")
    assert "The article has been published again since" not in get(client, "/corrections/")
    workflow.reinstate(article=article, actor=cast.editor, reason="It was right after all.")
    assert "The article has been published again since" in get(client, "/corrections/")


def test_without_corrections_the_page_says_so(client, db):
    assert "Nothing has been corrected or withdrawn yet." in get(client, "/corrections/")


def test_no_query_grows_with_the_number_of_versions(client, cast, corrected):
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            get(client, address)
        return len(queries)

    addresses = [place(corrected), place(corrected, "versions/1/"), "/corrections/"]
    few = [asked(address) for address in addresses]
    for minutes in range(4):
        publish_again(cast, corrected, body=body(f"Sleep was longer by {minutes} minutes."))

    assert [asked(address) for address in addresses] == few
    assert max(few) <= 10
