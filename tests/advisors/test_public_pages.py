"""The board as readers see it: who they are, what they disclosed, what they reviewed, and their remarks."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from advisors import disclosures, remarks, reviews
from advisors.disclosures import Interest
from advisors.models import Advisor, Conflict, Question, RemarksShown, RemarksWithheld, Review, Verdict
from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Reason, Topic
from tests import newsroom

BOARD = "/experts/"


def html(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def with_remarks(cast, shown: RemarksShown, words: str = "Well weighed.") -> Article:
    """Return a published article; Ada has left remarks and chosen who may read them."""
    article = newsroom.in_review(cast)
    submission = article.submissions.get()
    for review in submission.reviews.order_by("pk"):
        actor = review.advisor.user
        reviews.accept(review=review, actor=actor)
        is_ada = review.advisor == cast.advisors[0]
        reviews.give_verdict(
            authentication=newsroom.SIGNED_IN,
            review=review,
            actor=actor,
            conflict=Conflict.NONE,
            verdict=Verdict.APPROVE,
            digest=submission.revision.digest,
            remarks=words if is_ada else "Between us.",
            remarks_shown=shown if is_ada else RemarksShown.NO,
            ticks=newsroom.ticks(article),
        )
    article.refresh_from_db()
    newsroom.publish(cast, article)
    return article


def test_the_board_lists_its_members_and_not_who_has_left(client, cast):
    Advisor.objects.filter(slug="cleo").update(is_active=False)
    page = html(client, BOARD)
    assert 'href="/experts/ada/"' in page and "Dr Ada, PhD" in page
    assert "cleo" not in page and page.count("<h1") == 1


def test_an_experts_page_says_who_what_they_disclosed_and_what_they_reviewed(client, cast):
    ada = cast.advisors[0]
    Advisor.objects.filter(pk=ada.pk).update(orcid="0000-0002-1825-0097", biography="Reads trials.")
    interests = dict.fromkeys(Question, Interest()) | {Question.STOCK: Interest("Shares in Nightcap Ltd.")}
    disclosures.disclose(advisor=ada, actor=ada.user, interests=interests)
    article = newsroom.published(cast)
    page = html(client, "/experts/ada/")
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page and "Reads trials." in page
    assert "Shares in Nightcap Ltd." in page and page.count("<dd>None</dd>") == len(Question) - 1
    assert f'href="/articles/{article.slug}/"' in page and article.head().digest in page
    assert "Revision 1, signed on" in page
    assert article.title not in html(client, "/experts/cleo/")


def test_a_former_member_keeps_their_page_which_says_so(client, cast):
    article = newsroom.published(cast)
    Advisor.objects.filter(slug="ada").update(is_active=False)
    page = html(client, "/experts/ada/")
    assert "A former member of our Scientific Advisory Board" in page and article.title in page


def test_nobody_else_has_a_page(client, cast):
    html(client, "/experts/wanda-writer/", 404)
    html(client, "/experts/?page=2", 404)
    html(client, "/experts/ada/?page=x", 404)


@pytest.mark.parametrize("stage", ["draft", "in_review", "changes_requested", "approved", "scheduled", "withdrawn"])
def test_no_text_that_readers_cannot_open_is_named(client, cast, stage):
    secret = "Not for readers yet"
    if stage == "scheduled":
        newsroom.publish(cast, newsroom.approved(cast, title=secret), at=timezone.now() + timedelta(days=1))
    elif stage == "withdrawn":
        workflow.withdraw(article=newsroom.published(cast, title=secret), actor=cast.editor, notice="Wrong dose.")
    else:
        getattr(newsroom, stage)(cast, title=secret)
    for address in (BOARD, "/experts/ada/", "/experts/ben/"):
        assert secret not in html(client, address)


def test_the_title_is_that_of_the_revision_that_was_signed(client, cast):
    newsroom.rewrite(cast, newsroom.published(cast, title="As signed"), title="As rewritten")
    page = html(client, "/experts/ada/")
    assert "As signed" in page and "As rewritten" not in page


def test_a_renewal_adds_its_day_for_those_who_signed_it(client, cast):
    with time_machine.travel("2026-01-05 10:00"):
        article = newsroom.published(cast)
    with time_machine.travel("2026-03-09 10:00"):
        newsroom.answer_warnings(article, cast.writer)
        newsroom.approve(workflow.submit(article=article, actor=cast.writer, reason=Reason.RENEWAL))
    with time_machine.travel("2026-03-10"):
        page = html(client, "/experts/ada/")
        article_page = html(client, f"/articles/{article.slug}/")
    assert "5 January 2026" in page and "and again on" in page and "9 March 2026" in page
    assert '<time datetime="2026-01-05">5 January 2026</time>' in article_page  # published stays
    assert '<time datetime="2027-03-09">9 March 2027</time>' in article_page  # and the next review follows the last


@pytest.mark.parametrize(("days", "due"), [(None, "5 January 2027"), (90, "5 April 2026")])
def test_an_article_says_when_its_next_review_is_due(client, cast, days, due):
    Topic.objects.update(review_interval_days=days)
    with time_machine.travel("2026-01-05 10:00"):
        article = newsroom.published(cast)
        page = html(client, f"/articles/{article.slug}/")
    assert "Next review due" in page and due in page and "(overdue)" not in page
    with time_machine.travel("2027-02-05 10:00"):
        assert "(overdue)" in html(client, f"/articles/{article.slug}/")


def test_an_article_names_its_reviewers_with_a_way_to_their_pages(client, cast):
    article = newsroom.published(cast)
    Advisor.objects.filter(slug="ada").update(slug="ada-okafor", name="Dr Ada Okafor")
    page = html(client, f"/articles/{article.slug}/")
    assert page.count('<a href="/experts/ada-okafor/">Dr Ada, PhD</a>') == 2
    assert '<a href="/experts/">Scientific Advisory Board</a>' in page


def test_signed_remarks_stand_with_their_name(client, cast):
    page = html(client, f"/articles/{with_remarks(cast, RemarksShown.SIGNED).slug}/")
    assert "Well weighed." in page and "Between us." not in page and "without a name" not in page


def test_unsigned_remarks_stand_without_one(client, cast):
    page = html(client, f"/articles/{with_remarks(cast, RemarksShown.UNSIGNED).slug}/")
    assert page.index("Remarks from the review") < page.index("Well weighed.")
    assert "without a name by their own choice" in page


def test_remarks_are_not_shown_unless_the_advisor_says_so(client, cast):
    assert "Well weighed." not in html(client, f"/articles/{with_remarks(cast, RemarksShown.NO).slug}/")


def ada_of(article):
    return Review.objects.get(submission__article=article, advisor__slug="ada")


def test_an_editor_withholds_remarks_and_changes_no_word(client, cast):
    article = with_remarks(cast, RemarksShown.SIGNED)
    client.force_login(cast.editor)
    address = reverse("admin:advisors_advisor_withhold", args=[ada_of(article).pk])
    assert client.get(address).status_code == 405
    assert client.post(address, {"text": "It names a patient."}).status_code == 302
    assert RemarksWithheld.objects.get().reason == "It names a patient."
    assert ada_of(article).remarks == "Well weighed."
    client.logout()
    assert "Well weighed." not in html(client, f"/articles/{article.slug}/")


@pytest.mark.parametrize(("reason", "said"), [("", "Say why"), ("x" * 501, "at most 500")])
def test_withholding_needs_a_reason_and_shows_what_was_typed(client, cast, reason, said):
    article = with_remarks(cast, RemarksShown.SIGNED)
    client.force_login(cast.editor)
    answer = client.post(reverse("admin:advisors_advisor_withhold", args=[ada_of(article).pk]), {"text": reason})
    assert answer.status_code == 409 and said in answer.content.decode() and reason in answer.content.decode()
    assert not RemarksWithheld.objects.exists()


def test_remarks_are_withheld_once_and_only_where_readers_see_them(cast):
    review = ada_of(with_remarks(cast, RemarksShown.SIGNED))
    with pytest.raises(NotPermitted):
        remarks.withhold(review=review, actor=cast.writer, reason="No.")
    remarks.withhold(review=review, actor=cast.editor, reason="It names a patient.")
    for other in (review, Review.objects.get(advisor__slug="ben")):
        with pytest.raises(InvalidTransition):
            remarks.withhold(review=other, actor=cast.editor, reason="Again.")


def test_the_pages_are_the_same_for_everybody(client, cast):
    client.force_login(cast.editor)
    for address in (BOARD, "/experts/ada/"):
        answer = client.get(address)
        assert answer.is_public and not answer.cookies and "Cookie" not in answer.get("Vary", "")
        assert client.post(address).status_code == 405


def test_no_query_grows_with_the_board_or_with_what_was_reviewed(client, cast):
    def asked(address):
        html(client, address)
        with CaptureQueriesContext(connection) as queries:
            html(client, address)
        return len(queries)

    newsroom.published(cast)
    few = [asked(BOARD), asked("/experts/ada/")]
    for serial in range(8):
        newsroom.advisor(f"member{serial}").specialties.add(cast.topic)
        newsroom.published(cast)
    cast.advisors[0].specialties.add(cast.topic)
    assert [asked(BOARD), asked("/experts/ada/")] == few and max(few) <= 8
