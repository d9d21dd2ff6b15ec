"""The terms of an open round change only by an editor's logged decision, which everybody concerned can see."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import reviews
from advisors.models import Advisor, Conflict, Review
from advisors.panel import assign
from advisors.quorum.standing import standing
from advisors.weekly_digest import week
from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Stage, TermsChange, Topic, Transition
from articles.round_changes.terms import change_terms
from audit import integrity
from tests import mailing, newsroom
from tests.admin_forms import address
from tests.advisors.rounds import asked, words

WHY = "The third reviewer is ill."


@pytest.fixture
def article(cast) -> Article:
    """Return an article before the board that needs three approvals and a specialist in sleep, whom Cleo is."""
    for topic in Topic.objects.all():
        topic.review_quorum, topic.needs_specialist = 3, True
        topic.save()
    cast.advisors[2].specialties.add(cast.topic)
    return newsroom.in_review(cast, panel=3)


def change(cast, article: Article, actor=None, **values) -> None:
    arguments = {"quorum": 2, "specialists": [cast.topic], "reason": WHY, **values}
    change_terms(article=article, actor=actor or cast.editor, **arguments)


def approve(article: Article, *names: str) -> None:
    for name in names:
        newsroom.verdict(asked(article, name))


def stage(article: Article) -> str:
    article.refresh_from_db()
    return article.stage


# What it does


def test_the_board_decides_in_the_same_transaction_if_the_approvals_suffice_now(cast, article):
    approve(article, "ada", "cleo")
    assert stage(article) == Stage.IN_REVIEW
    change(cast, article)
    assert stage(article) == Stage.APPROVED
    assert [row.verb for row in article.transitions.all()][:2] == ["approve", "change_terms"]
    newsroom.publish(cast, article)
    assert list(integrity.faults()) == []


def test_a_specialist_who_is_no_longer_needed_is_not_waited_for(cast, article):
    approve(article, "ada", "ben")
    change(cast, article)
    assert stage(article) == Stage.IN_REVIEW
    change(cast, article, specialists=[])
    assert stage(article) == Stage.APPROVED


def test_raised_terms_are_waited_for(cast):
    article = newsroom.in_review(cast, panel=3)
    change(cast, article, quorum=3, specialists=[])
    approve(article, "ada", "ben")
    assert stage(article) == Stage.IN_REVIEW
    approve(article, "cleo")
    assert stage(article) == Stage.APPROVED
    newsroom.publish(cast, article)
    assert article.publications.visible().exists()


def test_a_specialist_can_be_asked_for_later(cast):
    article = newsroom.in_review(cast, panel=2)
    change(cast, article)
    approve(article, "ada", "ben")
    assert stage(article) == Stage.IN_REVIEW
    assert (
        "A specialist in “Sleep” has to approve, and none has been asked."
        in standing(article.submissions.get()).in_words
    )


def test_the_submission_keeps_the_terms_that_it_was_submitted_on(cast, article):
    change(cast, article, specialists=[])
    submission = article.submissions.get()
    assert (submission.quorum, list(submission.specialists.all())) == (3, [cast.topic])
    assert (submission.terms_now().quorum, submission.terms_now().specialists) == (2, ())
    row = TermsChange.objects.get()
    assert (row.quorum_before, row.quorum, row.reason, row.changed_by) == (3, 2, WHY, cast.editor)


def test_the_digest_of_the_week_counts_by_the_terms_in_force(cast, article):
    newsroom.advisor("dora")
    change(cast, article, quorum=4)
    assert [row[2:] for row in week(timezone.now()).unassigned] == [(3, 4)]
    change(cast, article, quorum=3)
    assert week(timezone.now()).unassigned == []


# Who may, and what is refused


@pytest.mark.parametrize("who", ["writer", "colleague", "outsider", "advisor1"])
def test_only_an_editor_changes_them(cast, article, who):
    with pytest.raises(NotPermitted):
        change(cast, article, actor=cast.everybody[who])
    assert not TermsChange.objects.exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"reason": " "}, "Say why"),
        ({"reason": "\u00a0"}, "Say why"),
        ({"quorum": 1}, "at least 2"),
        ({"quorum": 0}, "at least 2"),
        ({"quorum": -1}, "at least 2"),
        ({"quorum": 21}, "at most 20"),
        ({"quorum": 3}, "already"),
        ({"seen_change": 0, "before": True}, "in the meantime"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_logged(cast, article, values, message):
    if values.pop("before", False):
        newsroom.advisor("dora")
        change(cast, article, quorum=4)
    before = Transition.objects.count()
    with pytest.raises(InvalidTransition, match=message):
        change(cast, article, **values)
    assert Transition.objects.count() == before


@pytest.mark.parametrize("quorum", [4, 20])
def test_more_approvals_than_the_board_can_ever_give_are_refused(client, cast, quorum):
    article = newsroom.in_review(cast)
    said = f"This round has 2 reviewers and the board has 3 members, so {quorum} approvals cannot be reached."
    client.force_login(cast.editor)
    sent = {"change_terms-quorum": quorum, "change_terms-reason": WHY, "change_terms-seen_change": "0"}
    answer = client.post(reverse("admin:articles_article_do", args=[article.pk, "change_terms"]), sent)
    assert answer.status_code == 409 and said in words(answer) and not TermsChange.objects.exists()
    newsroom.advisor("dora")
    change(cast, article, quorum=4)
    assert article.submissions.get().terms_now().quorum == 4


@pytest.mark.parametrize("who", ["wrote", "conflicted", "left", "locked out"])
def test_whoever_can_never_approve_is_not_counted_on(cast, article, who):
    dora = newsroom.advisor("dora")
    match who:
        case "wrote":
            Article.objects.filter(pk=article.pk).update(created_by=dora.user)
        case "conflicted":
            assign(article=article, advisor=dora, actor=cast.editor)
            newsroom.verdict(asked(article, "dora"), conflict=Conflict.DECLARED)
        case "left":
            dora.is_active = False
            dora.save()
        case "locked out":
            dora.user.is_active = False
            dora.user.save()
    with pytest.raises(InvalidTransition, match="so 4 approvals cannot be reached"):
        change(cast, article, quorum=4)


def test_whoever_declined_or_was_not_vouched_for_yet_is_counted_on(cast, article):
    reviews.decline(review=asked(article, "ben"), actor=cast.advisors[1].user, reason="No time.")
    newsroom.prepare(Advisor.objects.create(name="Dr Dora", slug="dora", user=newsroom.user("dora")))
    change(cast, article, quorum=4)
    assert article.submissions.get().terms_now().quorum == 4


def test_the_number_out_of_reach_may_stay_or_fall_to_the_newsrooms_own(cast, article):
    Advisor.objects.filter(slug__in=["ben", "cleo"]).update(is_active=False)
    change(cast, article, quorum=3, specialists=[])
    change(cast, article, quorum=2, specialists=[])
    assert article.submissions.get().terms_now().quorum == 2


def test_the_least_is_the_newsrooms_own_number_and_one_at_least(cast, article, settings):
    settings.REVIEW_QUORUM = 1
    change(cast, article, quorum=1)
    assert article.submissions.get().terms_now().quorum == 1
    with pytest.raises(InvalidTransition, match="at least 1"):
        change(cast, article, quorum=0)


def test_a_specialist_is_only_needed_in_a_topic_of_the_article(cast, article):
    skin = Topic.objects.create(name="Skin", slug="skin")
    with pytest.raises(InvalidTransition, match="not on “Skin”"):
        change(cast, article, specialists=[cast.topic, skin])


def test_once_the_round_is_decided_its_terms_stand(cast, article):
    workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")
    with pytest.raises(InvalidTransition):
        change(cast, article)


# Who sees it


@pytest.fixture
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


def test_the_advisors_in_the_round_and_the_newsroom_are_told(cast, article, queue):
    reviews.decline(review=asked(article, "ben"), actor=cast.advisors[1].user, reason="No time.")
    Email.objects.all().delete()
    change(cast, article, specialists=[])
    to_advisors = Email.objects.filter(subject__startswith="The terms of the review have changed")
    assert {row.to[0] for row in to_advisors} == {"ada@example.org", "cleo@example.org"}
    to_newsroom = Email.objects.filter(subject__startswith="Terms of the round changed")
    assert {row.to[0] for row in to_newsroom} == {"writer@example.org"}
    for email in (*to_advisors, *to_newsroom):
        assert "Approvals needed: 2 (before: 3)." in email.message and WHY in email.message
        assert "No specialist in “Sleep” has to approve any more." in email.message


def test_the_form_shows_the_terms_in_force_and_changes_them(client, cast, article):
    client.force_login(cast.editor)
    page = client.get(address(article))
    form = next(form for form in page.context["verbs"] if form.verb == "change_terms")
    assert form["quorum"].value() == 3 and form["specialists"].value() == [cast.topic.pk]
    answer = client.post(
        reverse("admin:articles_article_do", args=[article.pk, "change_terms"]),
        {"change_terms-quorum": "2", "change_terms-reason": WHY, "change_terms-seen_change": "0"},
    )
    assert answer.status_code == 302
    assert article.submissions.get().terms_now().specialists == ()
    after = words(client.get(address(article)))
    assert "changed the approvals needed from 3 to 2" in after and WHY in after
    assert "From 3 approvals with a specialist in “Sleep” to 2 approvals." in after
    history = words(client.get(reverse("admin:articles_article_history", args=[article.pk])))
    assert "Terms of the round changed by Editor" in history
    refused = client.post(
        reverse("admin:articles_article_do", args=[article.pk, "change_terms"]),
        {"change_terms-quorum": "3", "change_terms-reason": "Back.", "change_terms-seen_change": "0"},
    )
    assert refused.status_code == 409 and "in the meantime" in words(refused) and "Back." in words(refused)


def test_an_advisor_sees_the_change_on_the_page_of_the_review(client, cast, article):
    change(cast, article)
    client.force_login(cast.advisors[0].user)
    page = words(client.get(reverse("board:review", args=[asked(article, "ada").pk])))
    assert "An editor has changed the terms of this round" in page and WHY in page


def test_the_public_record_says_it_if_the_round_approved(client, cast, article):
    approve(article, "ada", "ben")
    change(cast, article, specialists=[])
    newsroom.publish(cast, article)
    page = words(client.get(reverse("website:record", args=[article.slug])))
    assert "2 approvals needed instead of 3." in page
    assert "No specialist in “Sleep” needed any more." in page and f"Editors’ note: {WHY}" in page


def test_the_record_of_an_unchanged_round_says_nothing(client, cast):
    article = newsroom.published(cast)
    assert "Terms of the review" not in words(client.get(reverse("website:record", args=[article.slug])))


# The database


def refused(pattern: str, sql: str, *values: object) -> None:
    adapt = connection.ops.adapt_datetimefield_value  # SQLite compares times as the text that Django stores
    stored = [adapt(value) if isinstance(value, datetime) else value for value in values]
    with pytest.raises(IntegrityError, match=pattern), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, stored)


INSERT = (
    "INSERT INTO articles_termschange (submission_id, quorum_before, quorum, reason, changed_by_id, changed_by_name, "
    "changed_at) VALUES (%s, %s, %s, 'Because.', %s, 'Somebody', %s)"
)


def log(article: Article, actor, at, quorum: int = 2, verb: str = "change_terms") -> None:
    entry = {"article": article, "verb": verb, "from_stage": "in_review", "to_stage": "in_review"}
    Transition.objects.create(**entry, actor=actor, actor_name="Somebody", at=at, quorum=quorum)


@pytest.mark.parametrize("wrong", ["unlogged", "other person", "other quorum", "writer", "from elsewhere", "decided"])
def test_the_database_takes_no_change_that_an_editor_did_not_log_in_an_open_round(cast, article, wrong):
    now, submission, person = timezone.now() + timedelta(seconds=1), article.submissions.get(), cast.editor
    before = 3
    match wrong:
        case "other person":
            log(article, cast.admin, now)
        case "other quorum":
            log(article, person, now, quorum=3)
        case "writer":
            person = cast.writer
            log(article, person, now)
        case "from elsewhere":
            before = 2
            log(article, person, now)
        case "decided":
            workflow.recall(article=article, actor=cast.writer)
            log(article, person, now)
    refused(
        "only with an entry in the log|only editors|begins at those in force",
        *(INSERT, submission.pk, before, 2, person.pk, now),
    )


def test_a_change_is_never_changed_or_deleted(cast, article):
    change(cast, article)
    refused("never changed", "UPDATE articles_termschange SET quorum = 1")
    refused("never deleted", "DELETE FROM articles_termschange_specialists")
    refused("never deleted", "DELETE FROM articles_termschange")
    refused("never changed", "UPDATE articles_submission SET quorum = 2 WHERE id = %s", article.submissions.get().pk)


def test_no_topic_is_added_to_the_terms_of_the_submission_or_of_a_decided_round(cast, article):
    skin = Topic.objects.create(name="Skin", slug="skin")
    submission = article.submissions.get()
    refused(
        "cannot be added to after it was submitted",
        "INSERT INTO articles_submission_specialists (submission_id, topic_id) VALUES (%s, %s)",
        *(submission.pk, skin.pk),
    )
    approve(article, "ada", "cleo")
    change(cast, article)
    refused(
        "cannot be added to after it was decided",
        "INSERT INTO articles_termschange_specialists (termschange_id, topic_id) VALUES (%s, %s)",
        *(submission.terms_changes.get().pk, skin.pk),
    )


def test_a_publication_needs_the_approvals_of_the_terms_in_force(cast, article):
    """A third approval was needed in the end: with two, the database publishes nothing."""
    approve(article, "ada", "cleo")
    change(cast, article)
    approval = article.submissions.get().approval
    assert approval.signatories.count() == 2 and Review.objects.filter(verdict="approve").count() == 2
    workflow.publish(article=article, actor=cast.editor)
    assert article.publications.visible().exists()


def test_the_form_of_somebody_who_may_not_use_it_is_not_shown(client, cast, article):
    client.force_login(cast.writer)
    page = client.get(address(article))
    assert "change_terms" not in {form.verb for form in page.context["verbs"]}


def test_the_page_for_choosing_reviewers_names_the_terms_in_force(client, cast, article):
    change(cast, article, specialists=[])
    client.force_login(cast.editor)
    page = words(client.get(reverse("admin:advisors_advisor_choose", args=[article.pk])))
    assert "2 approvals are needed." in page and "Specialists must be among" not in page
