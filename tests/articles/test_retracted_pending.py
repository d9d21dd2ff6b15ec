"""A retracted source holds up texts on their way to readers until an editor decides and gives a reason."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Article, Publication, Stage
from audit import integrity
from sources import retractions
from sources.models import Nature, NoticeOrigin, RetractionNotice
from sources.retraction_import import store
from sources.retraction_watch import RetractionWatchRow
from tests import newsroom
from tests.admin_forms import address, verb_form

LIST = reverse("admin:articles_article_changelist")
WHY = "The article tells of the retraction."


def retract(cast, nature=Nature.RETRACTION, on=date(2021, 3, 5), source=None):
    source = source or cast.source
    retractions.note(source=source, actor=cast.editor, nature=nature, reason="Figures were copied.", on=on)


def tomorrow():
    return timezone.now() + timedelta(days=1)


def scheduled(cast, **fields) -> Article:
    article = newsroom.approved(cast, **fields)
    newsroom.publish(cast, article, at=tomorrow())
    article.refresh_from_db()
    return article


def withdrawn(cast) -> Article:
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    return article


def shown_later(article: Article) -> bool:
    return article.publications.visible(tomorrow() + timedelta(days=1)).exists()


@pytest.fixture
def editing(client, cast):
    client.force_login(cast.editor)
    return client


# Scheduled publications


def by_hand(cast):
    retract(cast)


def by_a_list(cast):
    RetractionNotice.objects.create(
        doi=cast.source.doi,
        **{"said_by": NoticeOrigin.RETRACTION_WATCH, "nature": "retraction", "recorded_at": timezone.now()},
    )
    retractions.refresh([cast.source])


def by_a_corrected_doi(cast):
    RetractionNotice.objects.create(
        doi="10.1000/other", said_by=NoticeOrigin.CROSSREF, nature="retraction", recorded_at=timezone.now()
    )
    cast.source.doi = "10.1000/other"
    cast.source.save()


@pytest.mark.parametrize("way", [by_hand, by_a_list, by_a_corrected_doi])
def test_a_retraction_takes_what_cites_the_source_off_the_schedule(cast, way):
    article = scheduled(cast)
    way(cast)
    article.refresh_from_db()
    assert (article.stage, shown_later(article)) == (Stage.APPROVED, False)


def test_the_diary_says_that_the_site_did_it_and_why(cast):
    article = scheduled(cast)
    retract(cast)
    line = article.transitions.first()
    assert (line.verb, line.actor, line.actor_name) == ("unschedule", None, "The site")
    assert line.reason.startswith("doe2020 was retracted. According to an editor (5 March 2021")
    assert list(integrity.faults()) == []


def test_what_readers_see_meanwhile_stays_as_it_would_have_been(cast):
    article = newsroom.rewrite(cast, newsroom.published(cast), title="Second")
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article, at=tomorrow())
    retract(cast)
    assert article.publications.visible().get().ends_at is None


def test_other_schedules_stand(cast):
    other = newsroom.source("other2020")
    article = newsroom.draft(cast, sources=[other], body='<p>Said.<sup data-cite="other2020"></sup></p>')
    newsroom.approve(newsroom.submit(cast, article))
    newsroom.publish(cast, article, at=tomorrow())
    retract(cast)
    assert shown_later(article)


def test_an_expression_of_concern_leaves_the_schedule_alone(cast):
    article = scheduled(cast)
    retract(cast, Nature.CONCERN)
    assert shown_later(article)


def test_a_schedule_that_was_decided_on_stands_when_more_is_said_of_the_same_retraction(cast):
    article = scheduled(cast)
    retract(cast)
    workflow.schedule(article=article, actor=cast.editor, at=tomorrow(), override_reason=WHY)
    retract(cast, on=date(2021, 4, 5))
    assert shown_later(article)


def test_a_trial_of_an_import_takes_nothing_off_the_schedule(cast):
    article = scheduled(cast)
    entry = RetractionWatchRow("1", Nature.RETRACTION, date(2021, 3, 5), cast.source.doi, "", "", "Copied")
    assert len(store([entry], dry_run=True).changes) == 1
    assert shown_later(article)
    store([entry])
    assert not shown_later(article)


# The decision

VERBS = {
    "publish": (newsroom.approved, {}),
    "schedule": (newsroom.approved, {}),
    "reinstate": (withdrawn, {"reason": "The dose is right."}),
}


def press(cast, verb, article, **more):
    when = {"at": tomorrow()} if verb == "schedule" else {}
    return getattr(workflow, verb)(article=article, actor=cast.editor, **VERBS[verb][1], **when, **more)


@pytest.mark.parametrize("words", ["", " \n"])
@pytest.mark.parametrize("verb", VERBS)
def test_what_cites_a_retracted_source_is_shown_by_a_decision_with_a_reason(cast, verb, words):
    article = VERBS[verb][0](cast)
    retract(cast)
    with pytest.raises(InvalidTransition, match="cites retracted sources: doe2020"):
        press(cast, verb, article, override_reason=words)
    assert not shown_later(article)
    press(cast, verb, article, override_reason=WHY)
    assert shown_later(article)
    assert article.transitions.first().reason.endswith(
        f"sources: doe2020. It is shown nevertheless, for this reason: {WHY}"
    )


@pytest.mark.parametrize("verb", VERBS)
def test_a_policy_may_forbid_it(cast, verb, settings):
    settings.RETRACTED_SOURCES = "forbid"
    article = VERBS[verb][0](cast)
    retract(cast)
    with pytest.raises(InvalidTransition, match="policy forbids"):
        press(cast, verb, article, override_reason=WHY)
    assert not shown_later(article)


@pytest.mark.parametrize("verb", VERBS)
def test_a_concern_or_a_retraction_that_was_taken_back_asks_for_nothing(cast, verb):
    article = VERBS[verb][0](cast)
    retract(cast)
    retract(cast, Nature.REINSTATEMENT, on=date(2021, 4, 5))
    retract(cast, Nature.CONCERN, on=date(2021, 5, 5))
    press(cast, verb, article)
    assert shown_later(article)


def test_the_readers_note_says_nothing_of_the_decision(cast):
    article = newsroom.approved(cast)
    retract(cast)
    publication = workflow.publish(article=article, actor=cast.editor, change_note="For spring.", override_reason=WHY)
    assert publication.change_note == "For spring."
    assert article.transitions.first().reason.startswith("For spring.\n")


# In the admin


@pytest.mark.parametrize("verb", VERBS)
def test_the_form_names_the_source_asks_for_the_reason_and_keeps_what_was_typed(editing, cast, verb):
    article = VERBS[verb][0](cast)
    retract(cast)
    form, typed = verb_form(editing, article, verb), {}
    if verb == "schedule":
        typed = {"schedule-at_0": f"{tomorrow():%Y-%m-%d}", "schedule-at_1": "07:00:00"}
    kept = f"{verb}-{'reason' if verb == 'reinstate' else 'change_note'}"
    typed[kept] = "Words that somebody typed."
    page = unescape(editing.get(address(article)).content.decode())
    assert "It cites sources in doubt" in page and "doe2020</a>: retracted." in page
    refused = form.send(editing, **typed)
    assert refused.status_code == 400
    assert "Words that somebody typed." in refused.content.decode()
    assert "override_reason" in refused.context["form"].errors
    assert form.send(editing, **typed, **{f"{verb}-override_reason": WHY}).status_code == 302
    assert WHY in editing.get(address(article)).content.decode()  # in the log


def test_a_source_that_is_retracted_while_the_form_is_open_is_asked_for_as_well(editing, cast):
    article = newsroom.approved(cast)
    form = verb_form(editing, article, "publish")
    retract(cast)
    answer = form.send(editing, **{"publish-change_note": "For spring."})
    assert (answer.status_code, answer.context["form"]["change_note"].value()) == (400, "For spring.")
    assert "It cites sources in doubt" in answer.content.decode()


def test_the_form_names_a_doubted_source_and_asks_for_nothing(editing, cast):
    article = newsroom.approved(cast)
    retract(cast, Nature.CONCERN)
    form = verb_form(editing, article, "publish")
    assert "doe2020</a>: expression of concern." in editing.get(address(article)).content.decode()
    assert form.send(editing).status_code == 302


def test_the_form_says_that_the_policy_forbids_it(editing, cast, settings):
    settings.RETRACTED_SOURCES = "forbid"
    article = newsroom.approved(cast)
    retract(cast)
    assert "policy forbids publishing" in unescape(editing.get(address(article)).content.decode())
    answer = verb_form(editing, article, "publish").send(editing, **{"publish-override_reason": WHY})
    assert (answer.status_code, Publication.objects.exists()) == (409, False)


def test_several_at_once_leave_out_what_asks_for_a_decision(editing, cast):
    article = newsroom.approved(cast)
    retract(cast)
    when = {"at_0": f"{tomorrow():%Y-%m-%d}", "at_1": "12:00:00", "change_note": "For spring."}
    answer = editing.post(LIST, {"action": "schedule", "_selected_action": [article.pk], "confirmed": "1", **when})
    [result] = answer.context["results"]
    assert not result.is_done and "Open the article and give the reason" in result.message


# Who is told


def everything_on_its_way(cast):
    newsroom.published(cast, title="Live")
    newsroom.draft(cast, title="Draft")
    newsroom.in_review(cast, title="Reviewed")
    newsroom.approved(cast, title="Approved")
    scheduled(cast, title="Scheduled")


def to_the_editor():
    """Return the last email to the editor."""
    return next(email for email in reversed(mail.outbox) if email.to == ["editor@example.org"])


def test_the_email_names_what_is_on_its_way_apart_from_what_is_live(cast, django_capture_on_commit_callbacks):
    everything_on_its_way(cast)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        retract(cast)
    email, to_the_writer = mail.outbox
    assert to_the_writer.to == ["writer@example.org"] and "Reviewed\n" in to_the_writer.body
    live, pending = email.body.split("These articles are not live yet and cite it as well.")
    assert "- Live\n" in live and "Reviewed" not in live and "asks for a decision with a reason" in pending
    assert "- Reviewed: before the board" in pending and "- Approved: approved" in pending
    assert "- Scheduled: taken off the schedule on" in pending and "Draft" not in email.body
    html = email.alternatives[0][0]
    assert "Scheduled</a>: taken off the schedule on" in html


def test_the_email_names_a_schedule_that_was_taken_off_while_a_newer_text_is_a_draft(
    cast, django_capture_on_commit_callbacks
):
    newsroom.rewrite(cast, scheduled(cast, title="Scheduled"), title="Draft")
    with django_capture_on_commit_callbacks(execute=True):
        retract(cast)
    assert "- Scheduled: taken off the schedule on" in to_the_editor().body


def test_the_email_says_where_nothing_at_all_cites_it(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        retract(cast)
    assert "No article that is scheduled, approved or before the board cites it." in to_the_editor().body


def test_the_email_on_a_concern_names_what_is_still_scheduled(cast, django_capture_on_commit_callbacks):
    scheduled(cast, title="Scheduled")
    with django_capture_on_commit_callbacks(execute=True):
        retract(cast, Nature.CONCERN)
    assert "- Scheduled: scheduled for" in to_the_editor().body
    assert "decision" not in to_the_editor().body


def panel(client):
    found = client.get(reverse("admin:index")).context["panels"]
    [one] = [one for one in found if one.title == "Not published yet, cites a source in doubt"]
    return one


def test_the_start_page_names_what_is_on_its_way_apart_from_what_is_live(editing, cast):
    everything_on_its_way(cast)
    assert panel(editing).count == 0
    retract(cast)
    rows = {row.text: row for row in panel(editing).rows}
    assert set(rows) == {"Reviewed", "Approved", "Scheduled"}
    assert rows["Approved"].note == "approved; doe2020: retracted"
    assert rows["Scheduled"].note.startswith("taken off the schedule on")
    assert rows["Reviewed"].quote.startswith("According to an editor")
    assert editing.get(panel(editing).url).context["cl"].result_count == panel(editing).count == 3


def test_what_is_to_be_published_is_said_to_cite_a_source_in_doubt(editing, cast):
    newsroom.approved(cast)
    retract(cast)
    found = editing.get(reverse("admin:index")).context["panels"]
    [ready] = [one for one in found if one.title == "Approved, ready to publish"]
    assert [row.note for row in ready.rows] == ["approved, not yet published; cites a source in doubt"]


def test_the_start_page_names_no_doubt_that_the_board_was_told_of(editing, cast):
    article = newsroom.draft(cast)
    retract(cast, Nature.CONCERN)
    newsroom.submit(cast, article)
    assert panel(editing).count == 0


def test_a_writer_sees_their_own(client, cast):
    newsroom.approved(cast)
    retract(cast)
    for who, many in ((cast.writer, 1), (cast.colleague, 0)):
        client.force_login(who)
        assert panel(client).count == many


def test_a_live_text_before_the_board_again_is_named_as_live_alone(editing, cast):
    article = newsroom.published(cast)
    workflow.submit(article=article, actor=cast.writer, reason="renewal")
    retract(cast)
    assert panel(editing).count == 0
