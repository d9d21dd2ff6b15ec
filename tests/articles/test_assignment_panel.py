"""The panel “Assignment” beside an article's form, and the small form in it."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Assignment, Author
from core import times
from tests import newsroom
from tests.admin_forms import WebForm, address, form_of

TAKE, GIVE_BACK = {"step": "take"}, {"step": "give_back"}


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def place(article: Article) -> str:
    return reverse("admin:articles_article_assign", args=[article.pk])


def panel(client: Client, article: Article) -> str:
    page = client.get(address(article)).content.decode()
    return page.partition('id="assignment"')[2].partition("</section>")[0]


def form(client: Client, article: Article) -> WebForm:
    return form_of(client.get(address(article)), "/assign/")


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def article(cast) -> Article:
    return newsroom.draft(cast)


@pytest.fixture
def editor(cast, client) -> Client:
    client.force_login(cast.editor)
    return client


@pytest.fixture
def writer(cast) -> Client:
    client = Client()
    client.force_login(cast.writer)
    return client


def test_an_editor_assigns_an_article_and_is_told_so(editor, cast, article):
    answer = form(editor, article).send(editor, person=cast.colleague.pk, due_on=in_days(3))
    assert answer.status_code == 302 and answer["Location"] == f"{address(article)}#assignment"
    assert said(answer)[0].startswith("Assigned to Colleague, with the deadline ")
    shown = panel(editor, article)
    assert "<strong>Colleague</strong> has this article." in shown and "in 3 days" in shown
    assert "Set by Editor, " in shown


def test_an_editor_takes_person_and_deadline_away(editor, cast, article):
    newsroom.assign(cast, article, cast.colleague, timezone.localdate())
    assert said(form(editor, article).send(editor, person="")) == [
        f"Assigned to nobody, with the deadline {times.day(timezone.localdate())}."
    ]
    assert said(form(editor, article).send(editor, due_on="")) == ["Assigned to nobody, without a deadline."]
    assert "Nobody has this article." in panel(editor, article)


def test_the_choice_has_nobody_and_the_people_who_can_work(editor, cast, article):
    choices = panel(editor, article).partition("<select")[2].partition("</select>")[0]
    assert ">Nobody<" in choices and ">Colleague<" in choices
    assert ">Outsider<" not in choices and ">Ada<" not in choices


def test_a_person_whose_account_is_switched_off_stays_chosen_until_an_editor_chooses_another(editor, cast, article):
    newsroom.assign(cast, article, cast.colleague)
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    shown = panel(editor, article)
    assert "The account is switched off." in shown and "Colleague (account switched off)" in shown
    opened = form(editor, article)
    assert opened.data["person"] == [str(cast.colleague.pk)]
    assert "cannot work in the newsroom" in said(opened.send(editor, due_on=in_days(2)))[0]


def test_a_writer_takes_the_article_and_gives_it_back(writer, cast, article):
    shown = panel(writer, article)
    assert "Take this article" in shown and "Give it back" not in shown and "<select" not in shown
    assert said(form(writer, article).send(writer, **TAKE)) == ["You have this article now."]
    shown = panel(writer, article)
    assert "You have this article." in shown and "Give it back" in shown and "Take this article" not in shown
    assert said(form(writer, article).send(writer, **GIVE_BACK)) == ["You have given this article back."]
    assert Assignment.objects.get().person is None


def test_a_writer_sets_the_deadline_and_keeps_the_article(writer, cast, article):
    newsroom.assign(cast, article, cast.writer)
    form(writer, article).send(writer, due_on=in_days(2))
    row = Assignment.objects.get()
    assert (row.person, str(row.due_on)) == (cast.writer, in_days(2))


def test_a_deadline_that_was_typed_is_kept_when_a_writer_takes_the_article(writer, cast, article):
    form(writer, article).send(writer, due_on=in_days(4), **TAKE)
    row = Assignment.objects.get()
    assert (row.person, str(row.due_on)) == (cast.writer, in_days(4))


def test_a_writer_sees_who_else_has_the_article_and_gets_no_form(writer, cast, article):
    newsroom.assign(cast, article, cast.colleague)
    shown = panel(writer, article)
    assert "<strong>Colleague</strong> has this article." in shown and "Only an editor" in shown
    assert "<form" not in shown


def test_what_a_writer_forges_is_refused(writer, cast, article):
    answer = writer.post(place(article), {"person": cast.colleague.pk})
    assert said(answer) == ["You can take this article yourself. Only an editor can assign it to somebody else."]
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("make", [newsroom.in_review, newsroom.published])
def test_the_panel_works_while_the_text_is_locked_or_published(writer, editor, cast, make):
    article = make(cast)
    form(writer, article).send(writer, **TAKE)
    form(editor, article).send(editor, due_on=in_days(1))
    row = Assignment.objects.get()
    assert (row.person, str(row.due_on)) == (cast.writer, in_days(1))


def test_a_form_that_was_opened_before_somebody_elses_change_is_refused(editor, writer, cast, article):
    opened = form(writer, article)
    form(editor, article).send(editor, person=cast.colleague.pk)
    answer = opened.send(writer, **TAKE)
    assert answer["Location"] == address(article)
    [message] = said(answer)
    assert message.startswith("Editor changed this on ") and "It is assigned to Colleague" in message
    assert Assignment.objects.get().person == cast.colleague


def test_a_form_sent_again_after_going_back_does_no_harm(editor, cast, article):
    opened = form(editor, article)
    opened.send(editor, person=cast.colleague.pk)
    again = opened.send(editor, person=cast.colleague.pk)
    assert said(again)[-1] == "Nothing has changed: person and deadline are as they were."
    assert Assignment.objects.get().history.count() == 1


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"due_on": "2020-01-01"}, "That deadline has passed"),
        ({"due_on": "soon"}, "Enter a valid date."),
        ({"person": "99999999999999999999"}, "Select a valid choice"),
        ({"person": "nobody\x00"}, "Null characters are not allowed"),
        ({"seen_person": "\u00b2"}, "Enter a whole number."),
    ],
)
def test_why_nothing_was_stored_is_said_above_the_article(editor, article, sent, why):
    answer = editor.post(place(article), sent)
    assert answer["Location"] == address(article) and why in said(answer)[0]
    assert not Assignment.objects.exists()


def test_a_deadline_is_marked_as_overdue_until_the_article_is_published(editor, cast):
    draft, published = newsroom.draft(cast), newsroom.published(cast)
    for article in (draft, published):
        newsroom.assign(cast, article, cast.writer, timezone.localdate())
        row = Assignment.objects.get(article=article)
        row.due_on -= timedelta(days=2)
        row.save()
    assert '<strong class="overdue">2 days overdue</strong>' in panel(editor, draft)
    assert "overdue" not in panel(editor, published)


def test_getting_the_address_leads_back_to_the_article(editor, article):
    assert editor.get(place(article))["Location"] == address(article)


def test_a_form_without_the_token_of_its_page_is_refused(cast, article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.writer)
    assert client.post(place(article), TAKE).status_code == 403


def test_a_colleague_who_gives_back_what_is_theirs_in_no_other_way_is_led_to_the_dashboard(client, cast, article):
    newsroom.assign(cast, article, cast.colleague)
    client.force_login(cast.colleague)
    opened = form(client, article)
    for _ in range(2):  # the second time as by a double click
        answer = opened.send(client, **GIVE_BACK)
        assert answer["Location"] == reverse("admin:index")
        assert said(answer)[-1] == "You have given this article back."
    assert Assignment.objects.get().person is None


def test_a_colleague_from_whom_the_article_was_taken_is_told_that_it_is_not_theirs(client, cast, article):
    newsroom.assign(cast, article, cast.colleague)
    client.force_login(cast.colleague)
    opened = form(client, article)
    newsroom.assign(cast, article, cast.writer)
    answer = opened.send(client, **GIVE_BACK)
    assert answer["Location"] == reverse("admin:index")
    assert said(answer) == ["There is no such article, or you may not open it. Ask an editor."]
    assert Assignment.objects.get().person == cast.writer


def test_a_person_on_the_byline_stays_on_the_article_after_giving_it_back(client, cast, article):
    article.authorships.create(author=Author.objects.create(name="Carl", slug="carl", user=cast.colleague))
    newsroom.assign(cast, article, cast.colleague)
    client.force_login(cast.colleague)
    assert form(client, article).send(client, **GIVE_BACK)["Location"] == f"{address(article)}#assignment"


def test_a_new_article_has_no_panel_yet(editor):
    assert 'id="assignment"' not in editor.get(address()).content.decode()


def test_the_panel_is_the_first_of_those_that_apps_add(editor, article):
    panels = [panel.html for panel in editor.get(address(article)).context["side_panels"]]
    assert 'id="assignment"' in panels[0] and len(panels) > 1
    assert panels[0].count("<label") == 2 and 'for="assignment-person"' in panels[0]
