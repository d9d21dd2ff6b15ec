"""Who can open a review: with a sign-in or a token, that one review and nothing else. Opening an email's link changes
nothing.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from advisors import invitations
from advisors.models import Comment, PanelMember, Review, ReviewDraft, ReviewToken
from advisors.review_desk.access import COOKIE
from advisors.urls import urlpatterns
from tests import newsroom
from tests.advisors.review_desk.conftest import TITLE, arrive, place, typed

POSTS = ("accept", "decline", "reopen", "more_time", "typed", "verdict", "take_back", "comment")


def address(raw: str) -> str:
    return reverse("board:arrive", args=[raw])


def as_stored() -> list:
    rows = (Review, Comment, ReviewDraft)
    return [list(model.objects.values()) for model in rows]


def every_address(review: Review, comment: Comment) -> dict[str, list[str]]:
    """Return each address of the desk by name, with the methods that it accepts."""
    return {
        reverse("board:desk"): ["get"],
        reverse("board:profile"): ["get", "post"],
        reverse("board:disclosure"): ["get", "post"],
        reverse("board:accesses"): ["get"],
        reverse("board:kept"): ["get"],
        reverse("board:export"): ["get"],
        reverse("board:consent"): ["get", "post"],
        reverse("board:name"): ["get", "post"],
        place("review", review): ["get"],
        **{place(name, review): ["post"] for name in POSTS},
        place("thread", review, comment.pk): ["post"],
    }


def other_round(cast) -> Review:
    """Return Ada's review of another article."""
    article = newsroom.draft(cast, panel=2, title="Another article")
    newsroom.submit(cast, article)
    return Review.objects.get(advisor=cast.advisors[0], submission__article=article)


def test_a_scanner_that_looks_at_an_email_changes_nothing(asked):
    raw = invitations.issue(asked)
    before = as_stored()
    browser = Client()
    for method in (browser.get, browser.head, browser.get, browser.head):
        answer = method(address(raw))
        assert answer.status_code == 200
        assert COOKIE not in answer.cookies
    assert as_stored() == before
    assert "Accept" in browser.get(address(raw)).content.decode()


def test_accepting_from_an_email_opens_the_review_on_this_device(asked):
    raw = invitations.issue(asked)
    browser = Client()
    answer = browser.post(address(raw), {"answer": "accept"})
    cookie = answer.cookies[COOKIE]

    assert answer.url == place("review", asked)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/board/", True, "Lax")
    assert Review.objects.get(pk=asked.pk).response == "accepted"
    page = browser.get(answer.url)
    assert page.status_code == 200 and f"You act as <strong>{asked.advisor_name}" in page.content.decode()
    assert ReviewToken.objects.get().token_hash != raw


def test_declining_from_an_email_with_a_reason_and_somebody_else(asked):
    browser = Client()
    url = address(invitations.issue(asked))
    assert browser.post(url, {"answer": "decline", "reason": " "}).status_code == 400
    said = {"answer": "decline", "reason": "On leave.", "ask_instead": "Dr Cleo"}
    answer = browser.post(url, said, follow=True)
    asked.refresh_from_db()

    assert "You have declined" in answer.content.decode()
    assert (asked.response, asked.decline_reason, asked.ask_instead) == ("declined", "On leave.", "Dr Cleo")


def test_a_token_opens_its_own_review_and_nothing_else(cast, asked):
    other = other_round(cast)
    browser = arrive(asked)
    before = as_stored()

    assert browser.get(place("review", asked)).status_code == 200
    for url in (place("review", other), reverse("board:desk"), reverse("board:profile"), reverse("board:disclosure")):
        answer = browser.get(url)
        assert answer.status_code == 403 and "Another article" not in answer.content.decode()
    for name in POSTS:
        assert browser.post(place(name, other), typed(other, text="Mine.", reason="No.")).status_code == 403
    for url in ("/admin/", reverse("admin:advisors_review_change", args=[asked.pk])):
        assert browser.get(url).status_code == 302
    article = reverse("admin:articles_article_change", args=[asked.submission.article_id])
    assert browser.get(article).status_code == 302
    assert as_stored() == before


@pytest.mark.parametrize("how", ["expired", "revoked", "left", "inactive", "forged"])
def test_a_token_is_looked_up_anew_at_every_request(cast, asked, how):
    raw = invitations.issue(asked)
    browser = Client()
    browser.post(address(raw), {"answer": "accept"})
    assert browser.get(place("review", asked)).status_code == 200
    if how == "expired":
        ReviewToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "revoked":
        invitations.revoke(asked)
    elif how == "left":
        cast.advisors[0].is_active = False
        cast.advisors[0].save()
    elif how == "inactive":
        type(cast.advisors[0].user).objects.filter(pk=cast.advisors[0].user_id).update(is_active=False)
    else:
        browser.cookies[COOKIE] = "x" + browser.cookies[COOKIE].value
    before = as_stored()
    page = browser.get(place("review", asked))
    late = browser.post(place("verdict", asked), typed(asked, remarks="Words that are mine"))

    assert page.status_code == 403 and "Sign in instead" in page.content.decode()
    assert TITLE not in page.content.decode()
    assert late.status_code == 403 and "Words that are mine" in late.content.decode()
    assert as_stored() == before
    if how != "forged":
        answer = browser.get(address(raw))
        assert answer.status_code == 404 and TITLE not in answer.content.decode()


@pytest.mark.parametrize("raw", ["nonsense", "x" * 500, "..", "<script>"])
def test_a_token_that_never_was(db, raw):
    answer = Client().get(reverse("board:arrive", args=[raw]))
    assert answer.status_code == 404 and "no longer works" in answer.content.decode()


@pytest.mark.parametrize("who", ["advisor2", "editor", "writer", "admin", "outsider"])
def test_somebody_who_has_signed_in_as_another_does_not_act_by_a_token(client, cast, asked, who):
    raw = invitations.issue(asked)
    browser = arrive(asked)
    browser.force_login(cast.everybody[who])
    before = as_stored()

    for answer in (
        browser.get(address(raw)),
        browser.post(address(raw), {"answer": "decline", "reason": "No."}),
        browser.get(place("review", asked)),
        browser.post(place("verdict", asked), typed(asked)),
    ):
        assert answer.status_code == 403
        assert f"This invitation is for {asked.advisor_name}" in answer.content.decode()
    assert as_stored() == before


def test_every_address_of_the_desk_is_in_the_table(cast, reading):
    remark = Comment(pk=1)
    known = {pattern.name for pattern in urlpatterns} - {"arrive", "correction"}  # by a token of their own
    assert len(every_address(reading, remark)) == len(known)


@pytest.mark.parametrize(
    ("who", "own", "review"),
    [
        ("", 302, 302),
        ("writer", 403, 404),
        ("colleague", 403, 404),
        ("editor", 403, 404),
        ("admin", 403, 404),
        ("outsider", 403, 404),
        ("advisor1", 200, 200),
        ("advisor2", 200, 404),
        ("advisor3", 200, 404),
    ],
)
def test_each_role_at_each_address(cast, reading, who, own, review):
    browser = Client()
    if who:
        browser.force_login(cast.everybody[who])
    remark = Comment.objects.create(
        review=reading, written_by=cast.advisors[0].user, written_by_name="Ada", text="In whom?"
    )
    before = as_stored()
    for url, methods in every_address(reading, remark).items():
        expected = own if "/reviews/" not in url else review
        if "get" in methods:
            assert browser.get(url).status_code == expected, url
        if "post" in methods and who != "advisor1":
            answer = browser.post(url, typed(reading, text="Mine.", reason="No.", state="resolved", orcid="?"))
            assert answer.status_code == (403 if expected == 302 else 400 if expected == 200 else expected), url
        for method in {"get", "post"} - set(methods):
            assert getattr(browser, method)(url).status_code == 405, url
    assert as_stored() == before


def test_a_post_from_another_site_is_refused(cast, reading):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.advisors[0].user)
    for name in POSTS:
        assert browser.post(place(name, reading), typed(reading)).status_code == 403
    assert browser.post(address(invitations.issue(reading)), {"answer": "accept"}).status_code == 403


def test_nobody_keeps_the_desks_pages_and_none_has_inline_script(ada, reading):
    raw = invitations.issue(reading)
    for url in (reverse("board:desk"), reverse("board:disclosure"), place("review", reading), address(raw)):
        answer = ada.get(url)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "unsafe-inline" not in policy and "default-src 'none'" in policy
        assert " style=" not in answer.content.decode() and "<script>" not in answer.content.decode()
    assert ada.get(address(raw)).headers["Referrer-Policy"] == "strict-origin"


def test_the_token_is_never_in_a_page_that_it_leads_to(asked):
    raw = invitations.issue(asked)
    browser = Client()
    answer = browser.post(address(raw), {"answer": "accept"}, follow=True)
    assert raw not in answer.content.decode()


def test_somebody_put_on_another_panel_is_not_let_into_this_one(client, cast, asked):
    PanelMember.objects.create(article=asked.submission.article, advisor=cast.advisors[2], confirmed=False)
    client.force_login(cast.advisors[2].user)
    assert client.get(place("review", asked)).status_code == 404
