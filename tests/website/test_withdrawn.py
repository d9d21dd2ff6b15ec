"""A withdrawn or expired version is not offered for publication, and comes back only with a reason."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from advisors import weekly_digest
from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Stage
from audit.integrity.history import faults_of_stage
from core import times
from tests import newsroom
from tests.admin_forms import address, verb_form
from tests.audit.parts import found_by

LIST = reverse("admin:articles_article_changelist")


@pytest.fixture
def clock(cast):
    """Return a clock that only the test moves, from now on."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def withdraw(cast, article: Article) -> Article:
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    article.refresh_from_db()
    return article


def withdrawn(cast, **fields) -> Article:
    return withdraw(cast, newsroom.published(cast, **fields))


def next_version(cast, article: Article) -> Article:
    newsroom.rewrite(cast, article, title="Magnesium and rest")
    newsroom.approve(newsroom.submit(cast, article))
    article.refresh_from_db()
    return article


def expired(cast, clock, **fields) -> Article:
    article = newsroom.approved(cast, **fields)
    workflow.publish(article=article, actor=cast.editor, until=timezone.now() + timedelta(hours=1))
    clock.shift(timedelta(hours=2))
    article.refresh_from_db()
    return article


def panels(client) -> dict[str, list]:
    found = client.get(reverse("admin:index")).context["panels"]
    return {panel.title: panel.rows for panel in found if panel.count}


@pytest.fixture
def editing(client, cast):
    client.force_login(cast.editor)
    return client


# The stage


def test_an_article_that_was_withdrawn_stands_at_a_stage_of_its_own(cast):
    assert withdrawn(cast).stage == Stage.WITHDRAWN


def test_a_withdrawal_stops_the_newer_version_that_was_to_be_published(cast):
    article = next_version(cast, newsroom.published(cast))
    assert withdraw(cast, article).stage == Stage.WITHDRAWN


@pytest.mark.parametrize("decision", ["approve", "recall"])
def test_a_renewed_review_of_what_was_withdrawn_does_not_head_it_for_publication(cast, decision):
    article = newsroom.published(cast)
    renewal = workflow.submit(article=article, actor=cast.writer, reason="renewal")
    withdraw(cast, article)
    if decision == "approve":
        newsroom.approve(renewal)
    else:
        workflow.recall(article=article, actor=cast.writer)
    article.refresh_from_db()
    assert article.stage == Stage.WITHDRAWN


def test_a_new_text_that_the_board_approves_since_is_to_be_published(cast):
    assert next_version(cast, withdrawn(cast)).stage == Stage.APPROVED


def test_reinstating_an_earlier_version_leaves_the_newer_one_to_be_published(cast):
    article = withdraw(cast, next_version(cast, newsroom.published(cast)))
    workflow.reinstate(article=article, actor=cast.editor, reason="The dose is right.")
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED


# Coming back


@pytest.mark.parametrize("words", ["", " \n"])
@pytest.mark.parametrize("verb", ["publish", "schedule"])
@pytest.mark.parametrize("order", ["approved before", "approved since"])
def test_a_newer_version_of_what_was_withdrawn_comes_back_with_a_reason(cast, order, verb, words):
    if order == "approved before":
        article = withdraw(cast, next_version(cast, newsroom.published(cast)))
    else:
        article = next_version(cast, withdrawn(cast))
    when = {"at": timezone.now() + timedelta(days=1)} if verb == "schedule" else {}
    press = getattr(workflow, verb)
    with pytest.raises(InvalidTransition, match="why it is back"):
        press(article=article, actor=cast.editor, change_note=words, **when)
    press(article=article, actor=cast.editor, change_note="The dose was corrected.", **when)
    assert article.transitions.first().reason == "The dose was corrected."


def test_a_newer_version_of_what_has_expired_comes_back_with_a_reason(cast, clock):
    article = next_version(cast, expired(cast, clock))
    with pytest.raises(InvalidTransition, match="why it is back"):
        workflow.publish(article=article, actor=cast.editor)
    workflow.publish(article=article, actor=cast.editor, change_note="It is winter again.")


def test_a_schedule_that_was_called_off_comes_back_with_a_reason(cast):
    article, tomorrow = next_version(cast, withdrawn(cast)), timezone.now() + timedelta(days=1)
    workflow.schedule(article=article, actor=cast.editor, at=tomorrow, change_note="The dose was corrected.")
    workflow.unschedule(article=article, actor=cast.editor)
    with pytest.raises(InvalidTransition, match="why it is back"):
        workflow.schedule(article=article, actor=cast.editor, at=tomorrow)


def test_the_form_asks_why_it_is_back_and_keeps_what_was_typed(editing, cast):
    article = next_version(cast, withdrawn(cast))
    form = verb_form(editing, article, "publish")
    answer = form.send(editing, **{"publish-kind": "correction"})
    assert answer.status_code == 400
    assert "Why it is back" in answer.content.decode()
    assert answer.context["form"]["kind"].value() == "correction"
    assert form.send(editing, **{"publish-change_note": "The dose was corrected."}).status_code == 302


def test_an_article_that_was_never_taken_off_asks_nothing(editing, cast):
    assert verb_form(editing, newsroom.approved(cast), "publish").send(editing).status_code == 302


def test_several_at_once_leave_out_what_was_taken_off_the_page(editing, cast):
    first, back = newsroom.approved(cast), next_version(cast, withdrawn(cast))
    at = timezone.now() + timedelta(days=1)
    answer = editing.post(
        LIST,
        {
            **{"action": "schedule", "_selected_action": [first.pk, back.pk], "confirmed": "1"},
            **{"at_0": f"{at:%Y-%m-%d}", "at_1": "12:00:00", "change_note": "Spring."},
        },
    )
    results = {result.article.pk: result for result in answer.context["results"]}
    assert results[first.pk].is_done and not results[back.pk].is_done
    assert "give the reason" in results[back.pk].message


# What the newsroom sees


def test_the_start_page_lists_what_was_withdrawn_with_its_notice_and_not_as_to_be_published(editing, cast):
    withdrawn(cast, title="Gone")
    found = panels(editing)
    assert "Approved, ready to publish" not in found
    [row] = found["Withdrawn"]
    assert (row.text, row.quote) == ("Gone", "A dose was wrong.")
    assert row.note == f"withdrawn on {times.day(timezone.now())}"


def test_the_start_page_says_that_a_new_version_of_it_comes_back_with_a_reason(editing, cast):
    next_version(cast, withdrawn(cast))
    [row] = panels(editing)["Approved, ready to publish"]
    assert "was withdrawn on" in row.note and "asks for a reason" in row.note


def test_the_start_page_lists_what_has_expired(editing, cast, clock):
    expired(cast, clock, title="Over")
    [row] = panels(editing)["Expired"]
    assert row.text == "Over"


def test_what_has_expired_is_listed_until_something_follows(editing, cast, clock):
    article = expired(cast, clock, title="Over")
    workflow.reinstate(article=article, actor=cast.editor, reason="Still right.")
    assert "Expired" not in panels(editing)


def test_the_weekly_email_does_not_call_it_ready(cast):
    withdraw(cast, next_version(cast, newsroom.published(cast)))
    assert weekly_digest.week(timezone.now()).ready == []


@pytest.mark.parametrize(("make", "label"), [("withdrawn", "Withdrawn"), ("expired", "Expired")])
def test_the_list_and_the_page_of_the_article_say_so(editing, cast, clock, make, label):
    article = withdrawn(cast) if make == "withdrawn" else expired(cast, clock)
    clock.shift(timedelta(minutes=1))
    [row] = editing.get(LIST).context["cl"].result_list
    admin = editing.get(LIST).context["cl"].model_admin
    page = editing.get(address(article))
    assert f">{label}</span>" in admin.stage_badge(row)
    assert [step for _, step, is_here in page.context["steps"] if is_here] == [label]
    assert f"{label} on" in page.content.decode() and "asks for a reason" in page.content.decode()


def test_the_steps_of_any_other_article_end_with_published(editing, cast):
    page = editing.get(address(newsroom.approved(cast)))
    assert [label for _, label, _ in page.context["steps"]][-2:] == ["Approved", "Published"]


def test_the_list_can_be_cut_to_what_has_expired(editing, cast, clock):
    over = expired(cast, clock)
    newsroom.published(cast)
    withdrawn(cast)
    assert [article.pk for article in editing.get(LIST, {"shown": "expired"}).context["cl"].queryset] == [over.pk]


# Checked by the integrity check


def test_the_integrity_check_names_a_stage_that_contradicts_the_notice(cast):
    gone, live = withdrawn(cast), newsroom.published(cast)
    assert found_by(faults_of_stage) == []
    Article.objects.filter(pk=gone.pk).update(stage=Stage.APPROVED)
    Article.objects.filter(pk=live.pk).update(stage=Stage.WITHDRAWN)
    assert [fault.message for fault in found_by(faults_of_stage)] == [
        "is at “Approved” and its newest revision is withdrawn",
        "is at “Withdrawn” and readers find no notice",
    ]
