"""Proposed reviewers on the pages of the newsroom: the start page, the list, and the article's page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from advisors import proposals
from advisors.admin.dashboard import MOST_NAMES, ROWS
from advisors.admin.rounds import MOST_ENDED
from advisors.models import Advisor, PanelMember, Review
from articles.models import Author
from tests import mailing, newsroom
from tests.admin_forms import address, article_form, form_of, forms_of, verb_form

START, ARTICLES = reverse("admin:index"), reverse("admin:articles_article_changelist")


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def article(cast):
    """Return a draft for which the writer has proposed Ada and Ben."""
    article = newsroom.draft(cast, panel=0)
    proposals.propose(article=article, advisors=cast.advisors[:2], actor=cast.writer)
    return article


def to(article, step: str) -> str:
    return reverse(f"admin:advisors_advisor_{step}", args=[article.pk])


def proposed_panel(client):
    found = client.get(START).context["panels"]
    return next((one for one in found if one.title == "Reviewers proposed"), None)


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def states(article) -> dict[str, str]:
    return {member.advisor.slug: member.state for member in article.panel.select_related("advisor")}


WAITING = "waiting for an editor to confirm"


# The start page


def test_the_start_page_shows_an_editor_whom_who_proposed_for_which_article(client, cast, article):
    client.force_login(cast.editor)
    panel_shown = proposed_panel(client)
    [found] = panel_shown.context["proposals"]
    assert (panel_shown.count, found.article, found.proposers) == (1, article, "Writer")
    assert [str(member) for member in found.members] == ["Dr Ada", "Dr Ben"] and found.since
    assert client.get(START).context["panels"][0] == panel_shown  # the tasks of the signed-in person come first
    page = client.get(START).content.decode()
    assert "Dr Ada, PhD" in page and "proposed by Writer, waiting since" in page and "Confirm both" in page


@pytest.mark.parametrize("who", ["writer", "colleague", "advisor1"])
def test_the_start_page_shows_it_to_editors_only(client, cast, article, who):
    client.force_login(cast.everybody[who])
    assert proposed_panel(client) is None


def test_one_press_on_the_start_page_confirms_all_of_an_article(client, cast, article):
    client.force_login(cast.editor)
    both = [form for form in forms_of(client.get(START)) if len(form.data.get("member", [])) == 2]
    answer = client.post(both[0].address, both[0].data, follow=True)
    assert answer.redirect_chain == [(START, 302)]
    assert said(answer) == [
        "Magnesium and sleep: Dr Ada and Dr Ben are confirmed as reviewers, "
        "and will be asked when the text is submitted."
    ]
    assert states(article) == {"ada": "confirmed", "ben": "confirmed"} and proposed_panel(client).count == 0


def test_one_press_confirms_one_and_another_turns_one_down(client, cast, article):
    ada, ben = article.panel.order_by("pk")
    client.force_login(cast.editor)
    client.post(to(article, "confirm"), {"member": ada.pk, "back": "start"})
    answer = client.post(
        to(article, "turn_down"), {"member": ben.pk, "back": "start", "reason": "Away in May."}, follow=True
    )
    assert said(answer)[-1] == "Magnesium and sleep: you turned down Dr Ben. An email tells whoever proposed this."
    assert states(article) == {"ada": "confirmed", "ben": "turned down"}


def test_a_double_click_confirms_once_and_says_so(client, cast, article):
    ada = article.panel.get(advisor__slug="ada")
    client.force_login(cast.editor)
    form = {"member": ada.pk, "back": "start"}
    client.post(to(article, "confirm"), form)
    told = Email.objects.count()
    answer = client.post(to(article, "confirm"), form, follow=True)
    assert said(answer)[-1].startswith("Magnesium and sleep: Dr Ada has been confirmed already by Editor,")
    assert Email.objects.count() == told


def test_confirming_what_was_withdrawn_meanwhile_says_so(client, cast, article):
    ada = article.panel.get(advisor__slug="ada")
    proposals.withdraw(article=article, members=[ada.pk], actor=cast.writer)
    client.force_login(cast.editor)
    answer = client.post(to(article, "confirm"), {"member": ada.pk, "back": "start"}, follow=True)
    assert "The proposal of Dr Ada has been withdrawn by Writer" in said(answer)[0]
    assert states(article)["ada"] == "withdrawn"


def test_confirming_after_the_article_was_submitted_says_that_they_are_asked(client, cast):
    article = newsroom.draft(cast)
    proposals.propose(article=article, advisors=cast.advisors[2:], actor=cast.writer)
    newsroom.submit(cast, article)
    cleo = article.panel.get(advisor__slug="cleo")
    client.force_login(cast.editor)
    answer = client.post(to(article, "confirm"), {"member": cleo.pk, "back": "start"}, follow=True)
    assert said(answer) == [
        "Magnesium and sleep: Dr Cleo is confirmed as reviewer and asked at once, since the text is before the board."
    ]
    client.post(to(article, "confirm"), {"member": cleo.pk})
    assert Review.objects.filter(advisor__slug="cleo").count() == 1


@pytest.mark.parametrize("member", ["", "x", "0", "9" * 40, "-1"])
def test_a_forged_proposal_changes_nothing(client, cast, article, member):
    client.force_login(cast.editor)
    answer = client.post(to(article, "confirm"), {"member": member}, follow=True)
    assert "There is no such proposal" in said(answer)[0]
    assert set(states(article).values()) == {WAITING}


def test_the_presses_want_a_token_of_the_form(cast, article):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor)
    for step in ("confirm", "turn_down", "withdraw"):
        assert client.post(to(article, step), {"member": article.panel.first().pk}).status_code == 403
    assert set(states(article).values()) == {WAITING}


def test_a_writer_cannot_decide_by_a_forged_press(client, cast, article):
    client.force_login(cast.writer)
    for step in ("confirm", "turn_down"):
        assert client.post(to(article, step), {"member": article.panel.first().pk}).status_code == 403
    assert set(states(article).values()) == {WAITING}


def test_the_panel_asks_as_much_for_many_articles_and_shows_a_few(client, cast, article):
    client.force_login(cast.editor)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(START)
        return len(queries)

    asked()
    few = asked()
    board = [*cast.advisors, *(newsroom.advisor(f"member{serial}") for serial in range(MOST_NAMES))]
    for serial in range(ROWS + 2):
        many = newsroom.draft(cast, panel=0, title=f"Text {serial}")
        proposals.propose(article=many, advisors=board, actor=cast.writer)
    assert asked() == few
    shown = proposed_panel(client)
    assert (shown.count, len(shown.context["proposals"])) == (ROWS + 3, ROWS)
    assert shown.context["proposals"][0].article == article  # the longest wait comes first
    assert (len(shown.context["proposals"][1].members), shown.context["proposals"][1].more) == (MOST_NAMES, 3)
    assert len(client.get(shown.url).context["cl"].result_list) == shown.count


# The list


def test_the_list_says_what_waits_and_is_cut_to_it(client, cast, article):
    newsroom.draft(cast, title="Another")
    client.force_login(cast.editor)
    assert client.get(ARTICLES).content.decode().count("2 reviewers proposed, to be confirmed") == 1
    assert [row.pk for row in client.get(ARTICLES, {"proposed": "waiting"}).context["cl"].result_list] == [article.pk]
    ada = article.panel.get(advisor__slug="ada")
    proposals.turn_down(article=article, members=[ada.pk], actor=cast.editor)
    assert "1 reviewer proposed, to be confirmed" in client.get(ARTICLES).content.decode()


@pytest.mark.parametrize(("who", "title"), [("writer", "My drafts"), ("editor", "Drafts")])
def test_the_drafts_on_the_start_page_say_it_as_well(client, cast, article, who, title):
    client.force_login(cast.everybody[who])
    [drafts] = [one for one in client.get(START).context["panels"] if one.title == title]
    assert drafts.rows[0].note.endswith("by Writer; 2 reviewers proposed, to be confirmed")


def test_the_list_asks_as_much_for_many_proposals(client, cast, article):
    client.force_login(cast.editor)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(ARTICLES)
        return len(queries)

    asked()
    few = asked()
    for _ in range(5):
        more = newsroom.draft(cast, panel=0)
        proposals.propose(article=more, advisors=cast.advisors, actor=cast.writer)
    assert asked() == few


def test_the_filter_by_reviewer_leaves_out_what_has_ended(client, cast, article):
    ada = article.panel.get(advisor__slug="ada")
    client.force_login(cast.editor)
    for found in (1, 0):
        answer = client.get(ARTICLES, {"advisor": cast.advisors[0].pk})
        assert answer.context["cl"].result_count == found
        if found:
            proposals.withdraw(article=article, members=[ada.pk], actor=cast.writer)


# Beside the article


def test_a_writer_sees_whom_they_proposed_and_what_became_of_each(client, cast):
    article = newsroom.draft(cast, panel=0)
    board = [*cast.advisors, newsroom.advisor("dora")]
    members = proposals.propose(article=article, advisors=board, actor=cast.writer)
    ada, ben, cleo, _ = (member.pk for member in members)
    proposals.confirm(article=article, members=[ada], actor=cast.editor)
    proposals.turn_down(article=article, members=[ben], actor=cast.editor, reason="Away in May.")
    proposals.withdraw(article=article, members=[cleo], actor=cast.writer)
    client.force_login(cast.writer)
    page = " ".join(client.get(address(article)).content.decode().split())
    board_panel = page[page.index('id="board"') :]
    assert "1 proposed, waiting for an editor to confirm." in board_panel
    for name, state in [
        ("Dr Ada, PhD", "confirmed by Editor,"),
        ("Dr Dora, PhD", "proposed by you,"),
        ("Dr Ben", "proposed by you; turned down by Editor,"),
        ("Dr Cleo", "proposed by you; withdrawn by you,"),
    ]:
        assert state in board_panel[board_panel.index(f"<strong>{name}</strong>") :][:200], name
    assert "<q>Away in May.</q>" in board_panel and "Propose reviewers" not in board_panel


def test_the_page_asks_to_propose_only_where_nobody_is(client, cast, article):
    client.force_login(cast.writer)
    assert "Propose reviewers" not in client.get(address(article)).content.decode()
    assert "Propose reviewers" in client.get(address(newsroom.draft(cast, panel=0))).content.decode()


def test_the_page_shows_the_newest_of_what_has_ended(client, cast):
    article = newsroom.draft(cast, panel=0)
    for _ in range(MOST_ENDED + 1):
        [member] = proposals.propose(article=article, advisors=cast.advisors[:1], actor=cast.writer)
        proposals.withdraw(article=article, members=[member.pk], actor=cast.writer)
    client.force_login(cast.writer)
    page = client.get(address(article)).content.decode()
    assert page.count("withdrawn by you") == MOST_ENDED
    assert f"Turned down, withdrawn or removed: {MOST_ENDED} and earlier ones" in page


def test_a_writer_withdraws_beside_the_article(client, cast, article):
    client.force_login(cast.writer)
    form = form_of(client.get(address(article)), to(article, "withdraw"))
    answer = form.send(client, member=article.panel.get(advisor__slug="ada").pk)
    assert answer.url == f"{address(article)}#board"
    assert said(client.get(answer.url)) == ["Magnesium and sleep: Dr Ada is no longer proposed."]
    assert states(article) == {"ada": "withdrawn", "ben": WAITING}


def test_another_writer_of_the_article_is_offered_no_withdrawal_and_refused_one(client, cast, article):
    author = Author.objects.create(name="Colleague", slug="colleague", user=cast.colleague)
    article.authorships.create(author=author, position=2)
    client.force_login(cast.colleague)
    assert to(article, "withdraw") not in client.get(address(article)).content.decode()
    assert client.post(to(article, "withdraw"), {"member": article.panel.first().pk}).status_code == 403


def test_the_submit_page_says_that_an_editor_has_to_confirm(client, cast, article):
    newsroom.answer_warnings(article, cast.writer)
    client.force_login(cast.writer)
    answer = verb_form(client, article, "submit").send(client)
    assert answer.status_code == 409
    assert "2 proposed, waiting for an editor to confirm: Dr Ada and Dr Ben." in answer.content.decode()
    assert "of the 2 reviewers" not in answer.content.decode()


def test_two_rows_of_the_form_are_one_act_with_one_email(client, cast):
    article = newsroom.draft(cast, panel=0)
    client.force_login(cast.writer)
    form = article_form(client, article)
    form.add_row("panel", advisor=cast.advisors[0].pk).add_row("panel", advisor=cast.advisors[1].pk).send(client)
    assert states(article) == {"ada": WAITING, "ben": WAITING}
    assert [row.subject for row in Email.objects.all()] == ["Writer proposes 2 reviewers for “Magnesium and sleep”"]


def test_a_new_article_can_be_saved_with_its_proposals(client, cast):
    client.force_login(cast.writer)
    form = article_form(client).add_row("panel", advisor=cast.advisors[0].pk)
    assert form.send(client, title="Begun", slug="begun").status_code == 302
    assert [(row.article.slug, row.proposed_by) for row in PanelMember.objects.all()] == [("begun", cast.writer)]


def test_saving_an_article_again_tells_nobody_anew(client, cast, article):
    Email.objects.all().delete()
    client.force_login(cast.writer)
    assert article_form(client, article).send(client, title="Another title").status_code == 302
    assert not Email.objects.exists() and set(states(article).values()) == {WAITING}


def test_choosing_somebody_twice_is_refused_in_the_form(client, cast, article):
    client.force_login(cast.writer)
    answer = article_form(client, article).add_row("panel", advisor=cast.advisors[0].pk).send(client)
    assert "Dr Ada has been proposed already" in answer.content.decode()
    form = article_form(client, article)
    form.add_row("panel", advisor=cast.advisors[2].pk).add_row("panel", advisor=cast.advisors[2].pk)
    assert "Dr Cleo is chosen twice" in form.send(client).content.decode()
    assert article.panel.count() == 2


def test_an_editor_who_takes_a_proposal_out_of_the_form_turns_it_down(client, cast, article):
    Email.objects.all().delete()
    client.force_login(cast.editor)
    article_form(client, article).send(client, **{"panel-0-DELETE": "on", "panel-1-DELETE": "on"})
    assert set(states(article).values()) == {"turned down"}
    assert [row.to for row in Email.objects.all()] == [["writer@example.org"]]


def test_the_page_for_choosing_names_who_proposed(client, cast, article):
    client.force_login(cast.editor)
    place = reverse("admin:advisors_advisor_choose", args=[article.pk])
    page = client.get(place).content.decode()
    assert page.count("Proposed by Writer") == 2 and page.count("Turn down") == 2
    client.post(place, {"put": Advisor.objects.get(slug="ada").pk})
    client.post(place, {"off": Advisor.objects.get(slug="ben").pk})
    assert states(article) == {"ada": "confirmed", "ben": "turned down"}


def test_an_article_that_waits_for_nobody_says_nothing(client, cast):
    newsroom.draft(cast)
    client.force_login(cast.editor)
    assert "proposed, to be confirmed" not in client.get(ARTICLES).content.decode()
    assert proposed_panel(client).count == 0
