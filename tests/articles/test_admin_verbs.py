"""Verbs in the admin: only by POST, only for those who may, only once, and a refusal loses nothing that was typed."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article
from articles.transitions import allowed
from tests import newsroom
from tests.admin_forms import address, article_form, form_of, forms_of, verb_form

TYPED = "Because of the dose, in two lines.\nThe second."


def live_then_approved(cast) -> Article:
    article = newsroom.rewrite(cast, newsroom.published(cast), title="Second")
    newsroom.approve(newsroom.submit(cast, article))
    return article


def scheduled(cast) -> Article:
    article = newsroom.approved(cast)
    newsroom.publish(cast, article, at=timezone.now() + timedelta(days=1))
    return article


def withdrawn(cast) -> Article:
    article = newsroom.published(cast)
    workflow.withdraw(article=article, actor=cast.editor, notice="A dose was wrong.")
    return article


# verb -> how the article got to the stage, who may use it, the field and the text typed, the stage afterwards
VERBS = {
    "submit": (newsroom.draft, "writer editor admin", "note", "in_review"),
    "renew": (newsroom.published, "writer editor admin", "note", "in_review"),
    "recall": (newsroom.in_review, "writer editor admin", "reason", "draft"),
    "request_changes": (newsroom.in_review, "editor admin", "reason", "changes_requested"),
    "publish": (newsroom.approved, "editor admin", "change_note", "published"),
    "schedule": (newsroom.approved, "editor admin", "change_note", "published"),
    "unschedule": (scheduled, "editor admin", "reason", "approved"),
    "withdraw": (newsroom.published, "editor admin", "notice", "withdrawn"),
    "reinstate": (withdrawn, "editor admin", "reason", "published"),
}
MAY = [(verb, who) for verb, (_, people, *_) in VERBS.items() for who in people.split()]
MAY_NOT = [
    (verb, who)
    for verb, (_, people, *_) in VERBS.items()
    for who in ("writer", "colleague", "advisor1")
    if who not in people.split()
]
NEEDS_WORDS = [("request_changes", "reason"), ("withdraw", "notice"), ("reinstate", "reason")]


def made(cast, verb: str) -> Article:
    article = VERBS[verb][0](cast)
    article.refresh_from_db()
    return article


def entries(verb: str, typed: str = TYPED) -> dict[str, str]:
    """Return the values typed into the dialog of a verb."""
    later = timezone.localtime() + timedelta(days=2)
    when = {"schedule-at_0": f"{later:%Y-%m-%d}", "schedule-at_1": "07:00:00"} if verb == "schedule" else {}
    return {f"{verb}-{VERBS[verb][2]}": typed, **when}


def place(article: Article, verb: str) -> str:
    return reverse("admin:articles_article_do", args=[article.pk, verb])


def text(answer) -> str:
    return unescape(answer.content.decode())


def stage_of(article: Article) -> str:
    return Article.objects.values_list("stage", flat=True).get(pk=article.pk)


@pytest.fixture
def editing(client, cast):
    """Return the client of the editor, signed in."""
    client.force_login(cast.editor)
    return client


@pytest.mark.parametrize(("verb", "who"), MAY)
def test_a_button_does_what_it_says(client, cast, verb, who):
    article = made(cast, verb)
    client.force_login(cast.everybody[who])
    answer = verb_form(client, article, verb).send(client, **entries(verb))
    diary = article.transitions.first()

    assert answer.url == address(article)
    assert stage_of(article) == VERBS[verb][3]
    assert (diary.verb, diary.actor, diary.reason) == (verb, cast.everybody[who], TYPED)
    assert 'class="success"' in client.get(answer.url).content.decode()


def test_an_editor_who_reinstates_learns_that_a_browser_may_be_late(editing, cast):
    article = made(cast, "reinstate")
    answer = verb_form(editing, article, "reinstate").send(editing, **entries("reinstate"))
    assert "may show it for another minute" in text(editing.get(answer.url))


@pytest.mark.parametrize(("verb", "who"), MAY_NOT)
def test_a_forged_press_is_refused(client, cast, verb, who):
    article = made(cast, verb)
    client.force_login(cast.everybody[who])
    answer = client.post(place(article, verb), entries(verb))

    assert answer.status_code == (403 if who == "writer" else 404)
    assert stage_of(article) == article.stage


@pytest.mark.parametrize("verb", VERBS)
def test_looking_at_the_address_of_a_verb_changes_nothing(editing, cast, verb):
    article = made(cast, verb)

    for method in ("get", "head", "put", "delete"):
        assert getattr(editing, method)(place(article, verb)).status_code == 405
    assert stage_of(article) == article.stage


@pytest.mark.parametrize("verb", VERBS)
def test_a_press_from_another_site_is_refused(cast, verb):
    article, browser = made(cast, verb), Client(enforce_csrf_checks=True)
    browser.force_login(cast.editor)

    assert browser.post(place(article, verb), entries(verb)).status_code == 403
    assert stage_of(article) == article.stage


@pytest.mark.parametrize("verb", VERBS)
def test_a_second_press_is_told_so_and_keeps_what_was_typed(editing, cast, verb):
    article = made(cast, verb)
    form = verb_form(editing, article, verb)
    form.send(editing, **entries(verb))
    answer = form.send(editing, **entries(verb))

    assert answer.status_code == 409
    assert "This could not be done" in text(answer)
    assert form_of(answer, f"/do/{verb}/").value(f"{verb}-{VERBS[verb][2]}") == TYPED
    assert article.transitions.filter(verb=verb).count() == 1


def test_the_second_of_two_is_told_who_was_faster(client, cast):
    article = newsroom.in_review(cast)
    client.force_login(cast.writer)
    form = verb_form(client, article, "recall")
    workflow.request_changes(article=article, actor=cast.editor, reason="For whom?")

    assert "Editor: requested changes" in text(form.send(client, **entries("recall")))


def test_somebody_elses_newer_revision_is_read_first(client, cast):
    article = newsroom.draft(cast)
    client.force_login(cast.writer)
    form = verb_form(client, article, "submit")
    newsroom.rewrite(cast, article, actor=cast.editor, title="The editor's")
    answer = form.send(client, **entries("submit"))

    assert answer.status_code == 409
    assert "Editor saved revision 2 after you looked at 1" in text(answer)


@pytest.mark.parametrize(("verb", "name"), NEEDS_WORDS)
@pytest.mark.parametrize("typed", ["", "  \n ", "\x01\u202e"])
def test_a_missing_reason_is_asked_for_beside_its_field(editing, cast, verb, name, typed):
    article = made(cast, verb)
    answer = verb_form(editing, article, verb).send(editing, **{f"{verb}-{name}": typed})
    page = answer.content.decode()

    assert answer.status_code == 400
    assert page.index(f'name="{verb}-{name}"') < page.index("This field is required.")
    assert stage_of(article) == article.stage


@pytest.mark.parametrize("verb", VERBS)
def test_words_that_are_too_many_come_back(editing, cast, verb):
    article, typed = made(cast, verb), "x" * 2001
    answer = verb_form(editing, article, verb).send(editing, **entries(verb, typed))

    assert answer.status_code == 400
    assert "at most 2000 characters" in text(answer)
    assert form_of(answer, f"/do/{verb}/").value(f"{verb}-{VERBS[verb][2]}") == typed


def test_nothing_is_scheduled_in_the_past(editing, cast):
    article = newsroom.approved(cast)
    past = {"schedule-at_0": "2020-01-01", "schedule-at_1": "07:00:00", "schedule-change_note": TYPED}
    answer = verb_form(editing, article, "schedule").send(editing, **past)
    form = form_of(answer, "/do/schedule/")

    assert answer.status_code == 409
    assert "That moment has passed" in text(answer)
    assert (form.value("schedule-at_0"), form.value("schedule-change_note")) == ("2020-01-01", TYPED)


@pytest.mark.parametrize(
    ("day", "said"), [("", "required"), ("soon", "Enter a valid date"), ("2026-02-30", "Enter a valid date")]
)
def test_a_day_that_is_none_is_said_beside_its_field(editing, cast, day, said):
    article = newsroom.approved(cast)
    typed = {"schedule-at_0": day, "schedule-at_1": "07:00:00", "schedule-change_note": TYPED}
    answer = verb_form(editing, article, "schedule").send(editing, **typed)

    assert answer.status_code == 400
    assert said in "".join(text(answer).split('class="errorlist"')[1:])
    assert form_of(answer, "/do/schedule/").value("schedule-change_note") == TYPED


def test_an_end_before_its_start_is_refused(editing, cast):
    article = newsroom.approved(cast)
    ends = {"publish-until_0": "2020-01-01", "publish-until_1": "07:00:00"}
    answer = verb_form(editing, article, "publish").send(editing, **ends)

    assert (answer.status_code, stage_of(article)) == (409, "approved")
    assert "has to be later than the start of the publication" in text(answer)


def test_an_answer_cannot_be_asked_for_by_a_day_that_has_passed(editing, cast):
    article = newsroom.draft(cast)
    answer = verb_form(editing, article, "submit").send(editing, **{"submit-due_on": "2020-01-01"})

    assert (answer.status_code, stage_of(article)) == (400, "draft")
    assert "That day has passed" in text(answer)


def test_what_readers_are_told_is_what_was_chosen(editing, cast):
    article = live_then_approved(cast)
    choice = {"publish-kind": "correction", "publish-change_note": "The dose in table 1."}
    verb_form(editing, article, "publish").send(editing, **choice)
    publication = article.publications.first()

    assert (publication.kind, publication.change_note) == ("correction", "The dose in table 1.")


@pytest.mark.parametrize("kind", ["first", "update", "reinstatement", "<b>"])
def test_a_forged_kind_of_publication_is_refused(editing, cast, kind):
    article = newsroom.approved(cast)
    answer = verb_form(editing, article, "publish").send(editing, **{"publish-kind": kind})

    assert (answer.status_code, stage_of(article)) == (400, "approved")


@pytest.mark.parametrize("verb", ["approve", "revise", "delete", "", "__class__", "submit/../publish"])
def test_there_is_no_address_for_anything_else(editing, cast, verb):
    article = newsroom.in_review(cast)
    address_of_it = f"{address(article).removesuffix('change/')}do/{verb}/"

    assert editing.post(address_of_it, {}).status_code in (302, 404)
    assert stage_of(article) == "in_review"


@pytest.mark.parametrize("number", ["0", "999999", "x", "-1", "9" * 60])
def test_an_article_that_is_not_there_is_not_found(editing, cast, number):
    answer = editing.post(f"/admin/articles/article/{number}/do/submit/", {})

    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["writer", "editor", "admin"])
@pytest.mark.parametrize(
    "make",
    [
        *(newsroom.draft, newsroom.in_review, newsroom.changes_requested, newsroom.approved, newsroom.published),
        *(live_then_approved, scheduled, withdrawn),
    ],
)
def test_the_buttons_on_the_page_are_those_that_the_workflow_allows(client, cast, make, who):
    article = Article.objects.get(pk=make(cast).pk)
    client.force_login(cast.everybody[who])
    shown = [form.address for form in forms_of(client.get(address(article))) if "/do/" in form.address]

    assert shown == [place(article, verb) for verb in allowed(article, cast.everybody[who])]


def test_a_blocked_submission_lists_every_finding_and_keeps_the_note(client, cast):
    article = newsroom.draft(cast, panel=0, standfirst="", body='<p>Said.<sup data-cite="nobody1999"></sup></p>')
    client.force_login(cast.writer)
    answer = verb_form(client, article, "submit").send(client, **entries("submit"))

    assert (answer.status_code, stage_of(article)) == (409, "draft")
    for finding in ("does not have a standfirst", "cites “nobody1999”", "0 of the 2 reviewers"):
        assert finding in text(answer)
    assert form_of(answer, "/do/submit/").value("submit-note") == TYPED


def test_what_blocks_is_on_the_page_before_anybody_presses(client, cast):
    article = newsroom.draft(cast, panel=0, standfirst="")
    client.force_login(cast.writer)
    page = text(client.get(address(article)))

    assert "does not have a standfirst" in page and "0 of the 2 reviewers" in page


def test_after_a_refused_save_the_checks_still_speak_of_what_is_saved(client, cast):
    article = newsroom.draft(cast, title="Saved")
    client.force_login(cast.writer)
    answer = article_form(client, article).send(client, body="<p>[@nobody1999]</p>", slug="no/slug")

    assert "cites “nobody1999”" not in text(answer)


def test_a_person_who_is_switched_off_presses_nothing(client, cast):
    article = newsroom.approved(cast)
    client.force_login(cast.editor)
    form = verb_form(client, article, "publish")
    cast.editor.is_active = False
    cast.editor.save()

    assert form.send(client).status_code == 302
    assert stage_of(article) == "approved"
