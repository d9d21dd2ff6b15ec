"""An approval that waits for somebody to vouch: what the advisor, the editors and the writers are told."""

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import ADVISORS, EDITORS
from advisors import panel, reviews
from advisors.models import Advisor, NameConsent, Review, Verdict
from advisors.personal_data import consents
from advisors.quorum import standing, vouching
from articles.models import Article, Stage, Submission, Topic
from tests import newsroom
from tests.admin_forms import address

DESK = reverse("board:desk")
START = reverse("admin:index")


@pytest.fixture
def dora(cast) -> Advisor:
    """Return an advisor whom another editor has added, and for whom nobody vouches."""
    member = Advisor.objects.create(
        name="Dr Dora",
        slug="dora",
        user=newsroom.user("dora", ADVISORS, is_staff=True),
        added_by=newsroom.user("colleague2", EDITORS, is_staff=True),
    )
    newsroom.prepare(member)
    return member


@pytest.fixture
def article(cast, dora) -> Article:
    """Return an article before the board that Dora has been asked to review."""
    found = newsroom.in_review(cast)
    panel.assign(article=found, advisor=dora, actor=cast.editor)
    return found


def review_of(member: Advisor) -> Review:
    return Review.objects.select_related("submission__article", "advisor__user").get(advisor=member)


def shown_to(client, person: User, url: str) -> str:
    client.force_login(person)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def desk_page(client, member: Advisor) -> str:
    return shown_to(client, member.user, reverse("board:review", args=[review_of(member).pk]))


def vouch_link(member: Advisor) -> str:
    return reverse("admin:advisors_vouch", args=[member.pk])


# The advisor


def test_the_desk_says_that_an_editor_still_has_to_vouch(client, cast, dora, article):
    assert "An editor still has to vouch for who you are." in shown_to(client, dora.user, DESK)
    newsroom.vouch(dora)
    assert "vouch for who you are" not in shown_to(client, dora.user, DESK)


def test_the_page_says_so_before_the_verdict(client, cast, dora, article):
    reviews.accept(review=review_of(dora), actor=dora.user)
    assert "an approval counts as soon as they have" in desk_page(client, dora)
    newsroom.vouch(dora)
    assert "an approval counts as soon as they have" not in desk_page(client, dora)


def test_the_advisor_reads_beside_the_approval_that_it_waits_for_a_vouch(client, cast, dora, article):
    newsroom.verdict(review_of(dora))
    assert "counts as soon as an editor has vouched for who you are" in desk_page(client, dora)
    newsroom.vouch(dora)
    assert "Whether it counts" not in desk_page(client, dora)


def test_a_request_for_changes_needs_no_vouch(client, cast, dora, article):
    newsroom.verdict(review_of(dora), Verdict.CHANGES)
    assert "Whether it counts" not in desk_page(client, dora)


def test_an_advisor_without_consent_is_told_about_that_first(client, cast, dora, article):
    newsroom.verdict(review_of(dora))
    consents.withdraw(advisor=dora, actor=dora.user)
    assert not NameConsent.objects.in_force().filter(advisor=dora).exists()
    assert "does not count while you do not agree to be named" in desk_page(client, dora)


def test_who_has_another_address_since_is_asked_to_give_the_approval_again(client, cast, dora, article):
    newsroom.verdict(review_of(dora))
    Advisor.objects.filter(pk=dora.pk).update(name="Dr Dora Doe")
    dora.refresh_from_db()
    assert "take it back below and give it again" in desk_page(client, dora)
    newsroom.vouch(dora)
    assert "take it back below and give it again" in desk_page(client, dora)
    panel_text = shown_to(client, cast.editor, address(article))
    assert "counts only if they take it back and give it again" in panel_text and vouch_link(dora) not in panel_text


# The editors


def test_an_editor_gets_the_link_where_to_vouch_before_and_after_the_approval(client, cast, dora, article):
    before = shown_to(client, cast.editor, address(article))
    assert "Nobody has vouched for who they are yet." in before and vouch_link(dora) in before
    newsroom.verdict(review_of(dora))
    after = shown_to(client, cast.editor, address(article))
    assert "It counts as soon as somebody vouches" in after and vouch_link(dora) in after
    newsroom.vouch(dora)
    assert vouch_link(dora) not in shown_to(client, cast.editor, address(article))


def test_who_has_added_the_advisor_is_told_to_ask_somebody_else(client, cast, dora, article):
    newsroom.verdict(review_of(dora))
    page = shown_to(client, dora.added_by, address(article))
    assert "You added Dr Dora to the board. Ask another editor" in page and vouch_link(dora) not in page


def test_a_writer_reads_why_and_gets_no_link(client, cast, dora, article):
    newsroom.verdict(review_of(dora))
    page = shown_to(client, cast.writer, address(article))
    assert "Nobody has vouched for who they are, so it does not count yet." in page
    assert vouch_link(dora) not in page


def test_nothing_is_asked_for_after_the_round(client, cast, dora, article):
    newsroom.approve(Submission.objects.get())
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED
    assert vouch_link(dora) not in shown_to(client, cast.editor, address(article))


def test_what_is_missing_names_whose_approval_waits_and_asks_for_nobody_else(cast, dora, article):
    newsroom.verdict(review_of(dora))
    newsroom.verdict(review_of(cast.advisors[0]))
    panel.release(review=review_of(cast.advisors[1]), actor=cast.editor, reason="Travels.")
    found = standing.standing(Submission.objects.get())
    assert found.in_words == (
        "1 of 2 approvals; nobody is left who can approve. "
        "An approval by Dr Dora counts only once somebody vouches for who they are."
    )
    assert not found.needs_somebody


def test_a_specialist_who_waits_for_a_vouch_has_been_asked(cast, dora):
    for member in (cast.advisors[0], dora):
        member.specialties.add(cast.topic)
    Topic.objects.update(needs_specialist=True)
    article = newsroom.in_review(cast)
    panel.release(review=review_of(cast.advisors[0]), actor=cast.editor, reason="Travels.")
    panel.assign(article=article, advisor=dora, actor=cast.editor)
    newsroom.verdict(review_of(dora))
    found = standing.standing(Submission.objects.get())
    assert (found.lacking, found.unasked) == ((cast.topic,), ())


def panel_on_the_dashboard(client, person: User):
    client.force_login(person)
    found = client.get(START).context["panels"]
    return next((one for one in found if one.title == "Reviewers for whom nobody vouches"), None)


def test_the_dashboard_lists_the_rounds_until_somebody_vouches(client, cast, dora, article):
    [row] = panel_on_the_dashboard(client, cast.editor).rows
    assert "An approval by Dr Dora counts only once" in row.note and not row.is_urgent
    newsroom.verdict(review_of(dora))
    [row] = panel_on_the_dashboard(client, cast.editor).rows
    assert row.is_urgent and row.url == f"{address(article)}#board"
    assert panel_on_the_dashboard(client, cast.writer) is None
    newsroom.vouch(dora)
    assert panel_on_the_dashboard(client, cast.editor) is None


def test_a_round_waits_for_no_vouch_for_who_has_declined_or_left(cast, dora, article):
    assert vouching.rounds_that_wait().count() == 1
    Advisor.objects.filter(pk=dora.pk).update(is_active=False)
    assert not vouching.rounds_that_wait()
    Advisor.objects.filter(pk=dora.pk).update(is_active=True)
    reviews.decline(review=review_of(dora), actor=dora.user, reason="No time.")
    assert not vouching.rounds_that_wait()
