"""A verdict with a declared conflict of interest: who is told, what is missing then, and asking somebody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from advisors import disclosures, panel_choices, reviews
from advisors.admin.dashboard import ROWS
from advisors.disclosures import Interest
from advisors.models import Conflict, Question, Response, Review, Verdict
from advisors.quorum import declared_conflicts
from advisors.quorum.standing import Standing, standing
from articles import permissions
from articles.models import Article, Author, Topic
from tests import mailing, newsroom
from tests.admin_forms import address, forms_of

START = reverse("admin:index")
GIVEN, SLEEP = Review(), Topic(name="Sleep")


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def conflicted(cast) -> Article:
    """Return an article before the board; Ada has approved with a declared conflict, Ben has not answered."""
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"), conflict=Conflict.DECLARED)
    return article


def asked(article: Article, name: str) -> Review:
    return Review.objects.select_related("advisor__user").get(submission__article=article, advisor__slug=name)


def emails_about_conflicts() -> list[Email]:
    return list(Email.objects.filter(subject__startswith="Conflict of interest"))


def conflict_panel(client):
    found = client.get(START).context["panels"]
    return next((one for one in found if one.title == "Conflicts of interest declared"), None)


def progress(article: Article) -> tuple[int, tuple[str, ...]]:
    """Return the number of approvals that count, and who can still approve."""
    found = standing(article.submissions.open().get())
    return len(found.counted), found.able


# What is missing


@pytest.mark.parametrize(
    ("found", "expected", "needs"),
    [
        (Standing(2, (GIVEN,)), "1 of 2 approvals; nobody is left who can approve.", True),
        (Standing(1), "0 of 1 approval; nobody is left who can approve.", True),
        (Standing(2, able=("Dr Ben",)), "0 of 2 approvals; only Dr Ben can still approve.", True),
        (Standing(2, (GIVEN,), ("Dr Ben",)), "1 of 2 approvals; Dr Ben can still approve.", False),
        (
            Standing(2, (GIVEN,), ("Dr Ben", "Dr Cleo"), (SLEEP,), (SLEEP,)),
            "1 of 2 approvals; Dr Ben and Dr Cleo can still approve. "
            "A specialist in “Sleep” has to approve, and none has been asked.",
            True,
        ),
    ],
)
def test_what_is_missing_is_said_in_words(found, expected, needs):
    assert (found.in_words, found.needs_somebody) == (expected, needs)


def test_an_approval_counts_and_one_with_a_conflict_does_not(cast, conflicted):
    assert progress(conflicted) == (0, ("Dr Ben",))
    newsroom.verdict(asked(conflicted, "ben"))
    assert progress(conflicted) == (1, ())


@pytest.mark.parametrize("how", ["declines", "leaves the board", "loses the account", "turns out to be an author"])
def test_whoever_cannot_approve_any_more_is_not_counted_on(cast, conflicted, how):
    review = asked(conflicted, "ben")
    match how:
        case "declines":
            reviews.decline(review=review, actor=review.advisor.user, reason="No time.")
        case "leaves the board":
            type(review.advisor).objects.filter(pk=review.advisor_id).update(is_active=False)
        case "loses the account":
            type(cast.editor).objects.filter(pk=review.advisor.user_id).update(is_active=False)
        case _:
            author = Author.objects.create(name="Ben", slug="ben", user=review.advisor.user)
            conflicted.authorships.create(author=author, position=2)
    assert progress(conflicted) == (0, ())


def test_a_specialist_with_a_conflict_is_missing_for_the_topic(cast):
    cast.advisors[0].specialties.add(cast.topic)
    cast.advisors[2].specialties.add(cast.topic)
    Topic.objects.update(needs_specialist=True)
    article = newsroom.in_review(cast)
    assert standing(article.submissions.get()).unasked == ()
    newsroom.verdict(asked(article, "ada"), conflict=Conflict.DECLARED)
    assert standing(article.submissions.get()).unasked == (cast.topic,)
    assert panel_choices.best_to_ask(panel_choices.candidates(article)) == cast.advisors[2]
    assert panel_choices.candidates(article)[0].needed == ("Sleep",)


def test_the_people_of_many_texts_are_those_of_each(cast):
    articles = [newsroom.published(cast), newsroom.draft(cast, panel=0)]
    newsroom.rewrite(cast, articles[0], actor=cast.editor, title="Another title")
    articles[1].authorships.create(author=Author.objects.create(name="C", slug="c", user=cast.colleague), position=2)
    each = {article.pk: permissions.people_of_the_text(article) for article in articles}
    assert permissions.people_of_the_texts(articles) == each
    assert len(each[articles[0].pk]) == len(each[articles[1].pk]) == 2


# The email


def test_the_editors_are_told_at_once_what_is_missing_and_who_could_be_asked(cast, conflicted):
    [email] = emails_about_conflicts()
    assert email.to == [cast.editor.email]
    assert email.subject == "Conflict of interest: Dr Ada, PhD on “Magnesium and sleep”"
    for said in (
        "does not count",
        "A grant.",
        "0 of 2 approvals; only Dr Ben can still approve.",
        "Dr Cleo fits best and can be asked with one click",
        f"{address(conflicted)}#board",
    ):
        assert said in email.message


def test_no_such_email_follows_a_verdict_without_a_conflict(cast):
    article = newsroom.in_review(cast)
    newsroom.verdict(asked(article, "ada"))
    assert not emails_about_conflicts()


def test_nothing_is_missing_once_changes_are_requested(cast):
    article = newsroom.in_review(cast)
    ben = asked(article, "ben")
    reviews.accept(review=ben, actor=ben.advisor.user)
    newsroom.verdict(asked(article, "ada"), Verdict.CHANGES)
    newsroom.verdict(asked(article, "ben"), conflict=Conflict.DECLARED)
    [email] = emails_about_conflicts()
    assert "Changes are requested already" in email.message and "fits best" not in email.message


# The article's panel and the dashboard


@pytest.mark.parametrize("place", ["dashboard", "article"])
def test_one_press_asks_the_advisor_who_fits_best(client, cast, conflicted, place):
    here = START if place == "dashboard" else address(conflicted)
    client.force_login(cast.editor)
    page = client.get(here)
    assert "0 of 2 approvals; only Dr Ben can still approve." in page.content.decode()
    [form] = [form for form in forms_of(page) if form.data.get("put") == [str(cast.advisors[2].pk)]]
    answer = client.post(form.address, form.data, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert "Dr Cleo is a reviewer now and has been asked." in answer.content.decode()
    assert asked(conflicted, "cleo").response == Response.NONE
    assert "0 of 2 approvals; Dr Ben and Dr Cleo can still approve." in answer.content.decode()
    assert not [form for form in forms_of(answer) if "put" in form.data]


def test_the_dashboard_names_who_declared_it_and_forgets_it_with_the_round(client, cast, conflicted):
    client.force_login(cast.editor)
    shown = conflict_panel(client)
    assert shown.count == 1 and [row.names for row in shown.context["conflicts"]] == ["Dr Ada, PhD"]
    listed = client.get(shown.url)
    assert listed.status_code == 200 and listed.context["cl"].result_count == 1
    newsroom.verdict(asked(conflicted, "ben"), Verdict.CHANGES)
    assert conflict_panel(client) is None


@pytest.mark.parametrize("who", ["writer", "colleague", "advisor2"])
def test_only_editors_find_it_on_the_dashboard(client, cast, conflicted, who):
    client.force_login(cast.everybody[who])
    assert conflict_panel(client) is None


def test_a_writer_sees_the_conflict_but_no_button(client, cast, conflicted):
    client.force_login(cast.writer)
    page = client.get(address(conflicted)).content.decode()
    assert "declared a conflict of interest: does not count" in page and "Ask Dr Cleo" not in page


def test_an_advisor_with_an_interest_in_the_subject_is_not_suggested(client, cast, conflicted):
    cleo = cast.advisors[2]
    interests = dict.fromkeys(Question, Interest()) | {Question.STOCK: Interest("Shares.", topics=(cast.topic,))}
    disclosures.disclose(advisor=cleo, actor=cleo.user, interests=interests)
    client.force_login(cast.editor)
    page = client.get(START).content.decode()
    assert "Ask Dr Cleo" not in page and "Nobody on the board fits without reservation." in page


def test_the_chooser_says_who_declared_a_conflict_and_offers_to_remove_nobody(client, cast, conflicted):
    client.force_login(cast.editor)
    page = client.get(reverse("admin:advisors_advisor_choose", args=[conflicted.pk])).content.decode()
    assert "Declared a conflict of interest" in page and "does not count: “A grant.”" in page
    found = {one.advisor.slug: one for one in panel_choices.candidates(conflicted)}
    assert found["ada"].standing == "conflicted" and not found["ada"].may_leave and found["ada"].is_on_panel


def test_the_dashboard_asks_as_much_for_many_rounds(client, cast, conflicted):
    client.force_login(cast.editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert conflict_panel(client)
        return len(found)

    queries()
    few = queries()
    for _serial in range(ROWS - 2):  # a full panel is counted by one more query
        newsroom.verdict(asked(newsroom.in_review(cast), "ada"), conflict=Conflict.DECLARED)
    assert queries() == few
    assert declared_conflicts.declared().count() == ROWS - 1
