"""The terms of a review follow the article's topics, the strictest first."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from advisors.models import Advisor
from articles import workflow
from articles.exceptions import Blocked
from articles.models import Article, Stage, Topic
from articles.review_terms import terms_of
from tests import newsroom
from tests.admin_forms import verb_form


def on(article: Article, **terms) -> Article:
    """Return the article after adding a topic with these terms."""
    article.topics.add(
        Topic.objects.create(name=f"Topic {Topic.objects.count()}", slug=f"t{Topic.objects.count()}", **terms)
    )
    return article


def test_silent_topics_leave_the_newsrooms_own_terms(cast, settings):
    settings.REVIEW_QUORUM, settings.REVIEW_DUE_DAYS, settings.REVIEW_INTERVAL_DAYS = 2, 14, 365
    terms = terms_of(newsroom.draft(cast))
    assert (terms.quorum, terms.due_days, terms.interval_days, terms.specialists) == (2, 14, 365, ())


def test_the_strictest_of_its_topics_counts(cast):
    article = on(newsroom.draft(cast), review_quorum=3, review_due_days=21, review_interval_days=90)
    terms = terms_of(on(article, review_quorum=1, review_due_days=7, review_interval_days=400))
    assert (terms.quorum, terms.due_days, terms.interval_days) == (3, 7, 90)


def test_a_topic_asks_for_more_approvals_and_never_for_fewer(cast):
    assert terms_of(on(newsroom.draft(cast), review_quorum=1)).quorum == 2


def test_a_submission_takes_the_quorum_and_the_days_of_its_topics(cast):
    article = on(newsroom.draft(cast, panel=3), review_quorum=3, review_due_days=5)
    submission = newsroom.submit(cast, article)
    assert submission.quorum == 3 and submission.due_on == timezone.localdate() + timedelta(days=5)
    for review in submission.reviews.order_by("pk")[:2]:
        newsroom.verdict(review)
    submission.refresh_from_db()
    assert submission.is_open


def test_the_submit_form_begins_with_the_days_of_its_topics(client, cast):
    article = on(newsroom.draft(cast), review_due_days=5)
    client.force_login(cast.writer)
    form = verb_form(client, article, "submit")
    assert form.value("submit-due_on") == str(timezone.localdate() + timedelta(days=5))


def test_a_panel_without_the_specialist_blocks_a_submission(cast):
    article = on(newsroom.draft(cast, panel=2), needs_specialist=True)
    with pytest.raises(Blocked, match="None of the reviewers is a specialist"):
        newsroom.submit(cast, article)


def test_an_approval_waits_for_the_specialist_although_the_quorum_is_met(cast):
    article = on(newsroom.draft(cast, panel=3), needs_specialist=True)
    cleo: Advisor = cast.advisors[2]
    cleo.specialties.add(article.topics.get(needs_specialist=True))
    submission = newsroom.submit(cast, article)
    ada, ben, her = submission.reviews.order_by("pk")
    newsroom.verdict(ada)
    newsroom.verdict(ben)
    article.refresh_from_db()
    assert article.stage == Stage.IN_REVIEW
    newsroom.verdict(her)
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED
    assert [row.name for row in submission.approval.signatories.all()] == ["Dr Ada", "Dr Ben", "Dr Cleo"]


def test_a_specialist_with_a_conflict_is_none(cast):
    article = on(newsroom.draft(cast, panel=3), needs_specialist=True)
    cast.advisors[0].specialties.add(article.topics.get(needs_specialist=True))
    submission = newsroom.submit(cast, article)
    for review, conflict in zip(submission.reviews.order_by("pk"), ("declared", "none", "none"), strict=True):
        newsroom.verdict(review, conflict=conflict)
    article.refresh_from_db()
    assert article.stage == Stage.IN_REVIEW


LIST = reverse("admin:articles_article_changelist")


@pytest.fixture
def two_reviewed(cast):
    """Two live texts reviewed 100 days ago, one of them on a topic with an interval of 90 days."""
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        newsroom.published(cast, title="Yearly")
        article = newsroom.published(cast, title="Quarterly")
    return on(article, review_interval_days=90)


def test_the_list_is_cut_to_what_its_topics_say(client, cast, two_reviewed):
    client.force_login(cast.editor)
    found = client.get(LIST, {"review_due": "0"}).context["cl"].queryset
    assert [article.title for article in found] == ["Quarterly"]


def test_the_start_page_shows_editors_what_is_due_and_opens_new_reviews(client, cast, two_reviewed):
    client.force_login(cast.editor)
    panels = {panel.title: panel for panel in client.get(reverse("admin:index")).context["panels"]}
    due = panels["Reviews due"]
    assert [row.text for row in due.rows] == ["Quarterly"] and due.count == 1
    asked = client.post(due.action.url, {**due.action.fields, due.action.name: due.rows[0].value})
    assert "Nothing has been changed yet" in asked.content.decode()
    done = {**due.action.fields, due.action.name: due.rows[0].value, "confirmed": "1", "note": "", "due_on": ""}
    newsroom.answer_warnings(two_reviewed, cast.editor)
    results = client.post(due.action.url, done).context["results"]
    assert [(result.is_done, result.message.split(":")[0]) for result in results] == [
        (True, "The board is asked again")
    ]
    submission = two_reviewed.submissions.get(outcome="")
    assert submission.reason == "renewal" and submission.revision.number == 1
    panels = {panel.title: panel for panel in client.get(reverse("admin:index")).context["panels"]}
    assert panels["Reviews due"].count == 0


def test_a_renewal_that_cannot_be_is_refused_in_its_row(client, cast, two_reviewed):
    draft = newsroom.draft(cast)
    client.force_login(cast.editor)
    newsroom.answer_warnings(two_reviewed, cast.editor)
    sent = {
        "action": "renew",
        "_selected_action": [draft.pk, two_reviewed.pk],
        "confirmed": "1",
        "note": "",
        "due_on": "",
    }
    results = client.post(LIST, sent).context["results"]
    assert sorted(result.is_done for result in results) == [False, True]


def test_a_writer_is_not_shown_what_is_due_of_others(client, cast, two_reviewed):
    client.force_login(cast.writer)
    assert "Reviews due" not in {panel.title for panel in client.get(reverse("admin:index")).context["panels"]}


def test_a_renewal_renews_the_last_full_review_and_nothing_else(client, cast, two_reviewed):
    before = two_reviewed.publications.get()
    newsroom.answer_warnings(two_reviewed, cast.writer)
    newsroom.approve(workflow.submit(article=two_reviewed, actor=cast.writer, reason="renewal"))
    page = client.get(f"/articles/{two_reviewed.slug}/").context["page"]
    assert page.last_full_review.date() == timezone.now().date()
    assert (page.published, page.updated) == (before.starts_at, None)
    assert page.next_review == page.last_full_review + timedelta(days=90)
