"""A verdict that its advisor takes back before the board has decided: it counts for nothing and leaves a trace."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from advisors import invitations, reviews, scheduled_emails
from advisors.guards import KEPT_WHEN_TAKEN_BACK
from advisors.models import ChecklistItem, Comment, Conflict, Review, ReviewDraft, ScheduledEmail, Ticked, Verdict
from advisors.personal_data import consents, kept_data
from advisors.quorum import taking_back
from advisors.quorum.signatures import signatory
from advisors.quorum.standing import standing
from articles import workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Article, Stage, Transition
from articles.models.moments import newest_of
from articles.round_changes import due_date
from audit import integrity
from tests import mailing, newsroom
from tests.admin_forms import address
from tests.advisors.rounds import asked, desk, words


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def article(cast) -> Article:
    """Return an article before the board; Ada has approved it, and Ben has not answered."""
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"))
    return article


def given(article: Article) -> Review:
    return asked(article, "ada")


def take_back(article: Article) -> Review:
    review = given(article)
    return taking_back.take_back(review=review, actor=review.advisor.user)


def place(name: str, review: Review) -> str:
    return reverse(f"board:{name}", args=[review.pk])


def stage(article: Article) -> str:
    article.refresh_from_db()
    return article.stage


def emails_about_it() -> list[Email]:
    return list(Email.objects.filter(subject__startswith="Verdict taken back"))


# What it does


def test_a_verdict_that_was_taken_back_does_not_count(article):
    assert len(standing(article.submissions.get()).counted) == 1
    take_back(article)
    assert standing(article.submissions.get()).in_words == "0 of 2 approvals; Dr Ben and Dr Ada can still approve."
    newsroom.verdict(asked(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW


def test_the_board_approves_with_the_verdict_that_is_given_anew(cast, article):
    anew = take_back(article)
    newsroom.verdict(asked(article, "ben"))
    newsroom.verdict(anew)
    assert stage(article) == Stage.APPROVED
    signed = article.submissions.get().approval.signatories.all()
    assert {row.name for row in signed} == {"Dr Ada", "Dr Ben"}
    newsroom.publish(cast, article)
    assert list(integrity.faults()) == []


def test_the_advisor_may_request_changes_instead_with_a_comment_from_before(article):
    first = given(article)
    Comment.objects.create(review=first, written_by=first.advisor.user, written_by_name="Ada", text="Say for whom.")
    newsroom.verdict(take_back(article), Verdict.CHANGES)
    assert stage(article) == Stage.CHANGES_REQUESTED
    assert article.transitions.first().reason == "Say for whom."


def test_what_they_wrote_is_the_draft_of_the_new_answer_except_the_verdict(cast):
    item = ChecklistItem.objects.create(question="Are the doses right?")
    article = newsroom.in_review(cast)
    review = reviews.accept(review=asked(article, "ada"), actor=cast.advisors[0].user)
    reviews.give_verdict(
        review=review,
        actor=cast.advisors[0].user,
        authentication=newsroom.SIGNED_IN,
        digest=review.submission.revision.digest,
        conflict=Conflict.DECLARED,
        statement="A grant.",
        verdict=Verdict.APPROVE,
        remarks="Sound.",
        remarks_shown="signed",
        ticks={item.pk: Ticked.NO},
        reasons={item.pk: "One is missing."},
    )
    draft = ReviewDraft.objects.get(review=take_back(article))
    assert draft.typed == {
        "conflict": "declared",
        "statement": "A grant.",
        "remarks": "Sound.",
        "remarks_shown": "signed",
        f"tick_{item.pk}": "no",
        f"words_{item.pk}": "One is missing.",
    }


def test_the_verdict_stays_stored_with_its_signature_and_is_exported_to_the_advisor(article):
    before = given(article)
    anew = take_back(article)
    kept = Review.with_taken_back.get(pk=before.pk)
    assert (kept.verdict, kept.signature.name, kept.state) == ("approve", "Dr Ada", "approve, taken back")
    assert (anew.pk, anew.verdict, anew.is_waiting) != (kept.pk, kept.verdict, False)
    assert Review.objects.get(submission=kept.submission, advisor=kept.advisor) == anew
    section = next(one for one in kept_data.SECTIONS if one.name == "reviews")
    assert {row["id"] for row in section.rows(kept.advisor)} == {kept.pk, anew.pk}


def test_it_can_be_done_again(article):
    for _ in range(2):
        newsroom.verdict(take_back(article))
    take_back(article)
    assert Review.with_taken_back.filter(advisor__slug="ada").count() == 4
    assert article.transitions.filter(verb="take_back_verdict").count() == 3 == len(emails_about_it())


def test_a_verdict_is_taken_back_although_the_round_was_changed_or_the_consent_withdrawn_since(cast, article):
    ada = cast.advisors[0]
    due_date.change_due_date(article=article, actor=cast.editor, due_on=timezone.localdate() + timedelta(40))
    consents.withdraw(advisor=ada, actor=ada.user)
    assert take_back(article).is_waiting


def test_a_clock_that_was_set_back_does_not_prevent_it(time_machine, article):
    time_machine.move_to(timezone.now() - timedelta(days=3))
    take_back(article)
    taken = Review.with_taken_back.exclude(taken_back_at=None).get()
    assert taken.taken_back_at >= taken.verdict_at
    assert newest_of(article) == taken.taken_back_at


def test_reminders_are_planned_for_the_new_answer(cast, article):
    anew = take_back(article)
    scheduled_emails.plan(timezone.now())
    assert ScheduledEmail.objects.filter(review=anew, cancelled_at=None).exists()


# Who may, and when


def test_nobody_takes_back_the_verdict_of_somebody_else(cast, article):
    for actor in (cast.editor, cast.admin, cast.advisors[1].user):
        with pytest.raises(NotPermitted):
            taking_back.take_back(review=given(article), actor=actor)
    assert not article.transitions.filter(verb="take_back_verdict").exists()


def test_a_request_for_changes_decides_at_once_and_cannot_be_taken_back(cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"), Verdict.CHANGES)
    with pytest.raises(InvalidTransition, match="decides the round at once"):
        take_back(article)


def test_a_request_for_changes_with_a_conflict_decides_nothing_and_can_be_taken_back(cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"), Verdict.CHANGES, conflict=Conflict.DECLARED)
    take_back(article)
    assert "request for changes" in article.transitions.first().reason
    assert "with a conflict of interest" in article.transitions.first().reason


@pytest.mark.parametrize("how", ["approved", "recalled", "changes requested"])
def test_once_the_round_is_decided_its_verdicts_stand(cast, article, how):
    match how:
        case "approved":
            newsroom.verdict(asked(article, "ben"))
        case "recalled":
            workflow.recall(article=article, actor=cast.writer)
        case _:
            workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")
    with pytest.raises(InvalidTransition, match="has been decided"):
        take_back(article)
    assert given(article).verdict == "approve"


def test_without_a_verdict_there_is_nothing_to_take_back(article):
    review = asked(article, "ben")
    with pytest.raises(InvalidTransition, match="nothing to take back"):
        taking_back.take_back(review=review, actor=review.advisor.user)


def test_an_advisor_who_left_takes_nothing_back(cast, article):
    type(cast.advisors[0]).objects.filter(pk=cast.advisors[0].pk).update(is_active=False)
    with pytest.raises(NotPermitted, match="no longer on the board"):
        take_back(article)


# The desk


def test_one_press_takes_it_back_and_a_second_changes_nothing(client, cast, article):
    client.force_login(cast.advisors[0].user)
    review = given(article)
    page = client.get(place("review", review))
    assert "Take back my verdict" in words(page)
    first, second = (client.post(place("take_back", review)) for _ in range(2))
    anew = given(article)
    assert first.url == second.url == place("review", anew) != place("review", review)
    assert Review.with_taken_back.filter(advisor=cast.advisors[0]).count() == 2
    assert len(emails_about_it()) == 1
    assert client.get(place("review", review)).url == place("review", anew)
    after = words(client.get(place("review", anew)))
    assert "Approval of" in after and "taken back" in after and "Choose your verdict anew" in after


def test_the_link_of_the_invitation_opens_the_new_answer(article):
    review = given(article)
    raw = invitations.issue(review)
    browser = desk(review)
    assert browser.post(place("take_back", review)).url == place("review", given(article))
    assert browser.get(place("review", given(article))).status_code == 200
    assert browser.post(reverse("board:arrive", args=[raw]), {"answer": "open"}).url == place("review", given(article))
    assert "You have given" not in words(browser.get(reverse("board:arrive", args=[raw])))


def test_ending_the_links_ends_those_from_before(article):
    raw = invitations.issue(given(article))
    invitations.revoke(take_back(article))
    assert invitations.find(raw) is None


def test_a_verdict_from_a_page_that_was_open_before_is_not_given_and_loses_nothing(client, cast, article):
    client.force_login(cast.advisors[0].user)
    before = given(article)
    fields = {"digest": before.digest, "conflict": "none", "verdict": "approve", "remarks": "From the other tab."}
    anew = take_back(article)
    page = client.post(place("verdict", before), fields)
    assert page.status_code == 409
    assert "You have taken back your verdict since" in words(page) and "From the other tab." in words(page)
    assert not Review.objects.get(pk=anew.pk).verdict


def test_the_desk_says_why_a_verdict_is_final(client, cast, article):
    newsroom.verdict(asked(article, "ben"))
    client.force_login(cast.advisors[0].user)
    review = given(article)
    page = words(client.get(place("review", review)))
    assert "has been decided, so its verdicts stand" in page and "Take back my verdict" not in page
    assert client.post(place("take_back", review)).status_code == 409


# The trace


def test_the_editors_are_told_once_and_see_it_in_the_panel_and_the_history(client, cast, article):
    take_back(article)
    [email] = emails_about_it()
    assert email.to == [cast.editor.email]
    assert "0 of 2 approvals; Dr Ben and Dr Ada can still approve." in email.message
    client.force_login(cast.editor)
    form = words(client.get(address(article)))
    assert "Taken back" in form and "took back a verdict" in form
    history = words(client.get(reverse("admin:articles_article_history", args=[article.pk])))
    assert "Verdict taken back by" in history
    taken = Review.with_taken_back.exclude(taken_back_at=None).get()
    page = words(client.get(reverse("admin:advisors_review_change", args=[taken.pk])))
    assert "Taken back by the advisor" in page and "it counts for nothing" in page
    rows = words(client.get(reverse("admin:advisors_review_changelist") + "?taken_back=yes"))
    assert "approve, taken back" in rows


def test_a_conflict_that_was_taken_back_is_no_longer_in_front_of_the_editors(client, cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"), conflict=Conflict.DECLARED)
    take_back(article)
    client.force_login(cast.editor)
    titles = [panel.title for panel in client.get(reverse("admin:index")).context["panels"]]
    assert "Conflicts of interest declared" not in titles
    assert "does not count" not in words(client.get(address(article))).split("Taken back")[0]


def test_readers_see_nothing_of_it(client, cast):
    article = newsroom.in_review(cast)
    review = reviews.accept(review=asked(article, "ada"), actor=cast.advisors[0].user)
    arguments = {"actor": cast.advisors[0].user, "authentication": newsroom.SIGNED_IN, "conflict": Conflict.NONE}
    arguments |= {"digest": review.submission.revision.digest, "verdict": Verdict.APPROVE, "remarks_shown": "signed"}
    reviews.give_verdict(review=review, remarks="Hastily written.", **arguments)
    reviews.give_verdict(review=take_back(article), remarks="Well considered.", **arguments)
    newsroom.verdict(asked(article, "ben"))
    newsroom.publish(cast, article)
    for name in ("article", "record"):
        page = words(client.get(reverse(f"website:{name}", args=[article.slug])))
        assert "Hastily written." not in page and "taken back" not in page.lower()
    assert "Well considered." in words(client.get(reverse("website:article", args=[article.slug])))


# The database


def refused(pattern: str, sql: str, *values: object) -> None:
    adapt = connection.ops.adapt_datetimefield_value  # SQLite compares times as the text that Django stores
    stored = [adapt(value) if isinstance(value, datetime) else value for value in values]
    with pytest.raises(IntegrityError, match=pattern), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, stored)


def test_the_database_knows_every_column_that_taking_back_leaves_as_it_is():
    columns = {field.column for field in Review._meta.concrete_fields}
    assert columns - {"taken_back_at"} == set(KEPT_WHEN_TAKEN_BACK)


def test_no_verdict_is_taken_back_without_an_entry_of_its_advisor_in_the_log(cast, article):
    now, review = timezone.now(), given(article)
    statement = "UPDATE advisors_review SET taken_back_at = %s WHERE id = %s"
    refused("verdict once given is never changed", statement, now, review.pk)
    entry = {"article": article, "verb": "take_back_verdict", "from_stage": "in_review", "to_stage": "in_review"}
    Transition.objects.create(**entry, actor=cast.editor, actor_name="Editor", at=now)
    refused("verdict once given is never changed", statement, now, review.pk)
    Transition.objects.create(**entry, actor=cast.advisors[1].user, actor_name="Ben", at=now)
    refused("verdict once given is never changed", statement, now, review.pk)
    Transition.objects.create(**entry, actor=cast.advisors[0].user, actor_name="Ada", at=now)
    refused("verdict once given is never changed", statement, now + timedelta(seconds=1), review.pk)


@pytest.mark.parametrize("column", ["remarks = 'Other'", "conflict = 'declared', conflict_statement = 'A grant'"])
def test_nothing_else_changes_with_it(cast, article, column):
    now, review = timezone.now(), given(article)
    entry = {"article": article, "verb": "take_back_verdict", "from_stage": "in_review", "to_stage": "in_review"}
    Transition.objects.create(**entry, actor=cast.advisors[0].user, actor_name="Ada", at=now)
    refused(
        "verdict once given is never changed",
        f"UPDATE advisors_review SET taken_back_at = %s, {column} WHERE id = %s",
        now,
        review.pk,
    )


def test_what_was_taken_back_is_never_changed_again(article):
    before = given(article)
    take_back(article)
    refused("never", "UPDATE advisors_review SET taken_back_at = NULL WHERE id = %s", before.pk)
    refused("never", "UPDATE advisors_review SET taken_back_at = %s WHERE id = %s", timezone.now(), before.pk)


def test_after_the_decision_the_database_refuses_it(cast, article):
    newsroom.verdict(asked(article, "ben"))
    now = newest_of(article)
    refused(
        "never changed|while it is under review",
        "UPDATE advisors_review SET taken_back_at = %s WHERE id = %s",
        now,
        given(article).pk,
    )


def test_no_signatory_stands_on_a_verdict_that_was_taken_back(cast, article):
    submission = article.submissions.get()
    first = Review.objects.select_related("signature").get(advisor__slug="ada")
    row = signatory(first)
    take_back(article)
    newsroom.verdict(asked(article, "ben"))
    ben = signatory(Review.objects.select_related("signature").get(advisor__slug="ben"))
    with pytest.raises(IntegrityError, match="only an advisor with an approving verdict"), transaction.atomic():
        workflow.approve(submission=submission, actor=cast.advisors[1].user, signatories=[row, ben])
