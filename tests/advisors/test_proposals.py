"""Reviewers proposed by writers: what the writers and the editors are told, and that nothing is done twice."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from post_office.models import Email

from advisors import panel, proposals
from advisors.models import Advisor, PanelMember, Review
from advisors.weekly_digest import week
from articles import readiness
from articles.exceptions import Blocked, InvalidTransition, NotPermitted
from articles.models import Article, Author, Topic
from core.db.immutable import Immutable
from tests import mailing, newsroom


@pytest.fixture(autouse=True)
def queue(settings):
    settings.EMAIL_BACKEND = mailing.QUEUE


@pytest.fixture
def article(cast) -> Article:
    """Return a draft for which the writer has proposed Ada and Ben; the emails about it are deleted."""
    article = newsroom.draft(cast, panel=0)
    propose(cast, article, "ada", "ben")
    Email.objects.all().delete()
    return article


def propose(cast, article, *names: str, actor=None) -> list[PanelMember]:
    advisors = [Advisor.objects.get(slug=name) for name in names]
    return proposals.propose(article=article, advisors=advisors, actor=actor or cast.writer)


def keys(article, *names: str) -> list[int]:
    """Return the keys of these advisors' rows, or of all rows if no names are given."""
    rows = article.panel.filter(advisor__slug__in=names) if names else article.panel.all()
    return list(rows.values_list("pk", flat=True))


def states(article) -> dict[str, str]:
    return {member.advisor.slug: member.state for member in article.panel.select_related("advisor")}


def on_the_panel(article) -> str:
    """Return what the checks say about the reviewers: message and hint."""
    article = Article.objects.get(pk=article.pk)
    found = readiness.findings(article, article.head())
    return " | ".join(f"{finding.message} {finding.hint}" for finding in found if finding.id == "REV01")


def emails() -> list[tuple[str, str]]:
    return [(row.to[0], row.subject) for row in Email.objects.order_by("pk")]


# What prevents a submission


def test_the_blocker_says_that_an_editor_has_to_confirm(article):
    assert on_the_panel(article) == (
        "2 proposed, waiting for an editor to confirm: Dr Ada and Dr Ben. You can submit after that."
    )


def test_the_blocker_counts_those_on_the_panel_and_those_proposed(cast):
    article = newsroom.draft(cast, panel=1)
    assert on_the_panel(article).startswith("1 of the 2 reviewers needed is confirmed. Choose or propose")
    propose(cast, article, "ben")
    assert on_the_panel(article) == (
        "1 of the 2 reviewers needed is confirmed. "
        "1 proposed, waiting for an editor to confirm: Dr Ben. You can submit after that."
    )


def test_the_blocker_says_how_many_more_have_to_be_proposed(cast):
    article = newsroom.draft(cast, panel=0)
    propose(cast, article, "ada")
    assert on_the_panel(article) == (
        "1 proposed, waiting for an editor to confirm: Dr Ada. 2 reviewers are needed: propose 1 more."
    )


def test_somebody_proposed_who_has_become_an_author_does_not_count(cast, article):
    author = Author.objects.create(name="Dr Ada", slug="ada", user=cast.advisors[0].user)
    article.authorships.create(author=author, position=2)
    said = on_the_panel(article)
    assert said.startswith("1 proposed, waiting for an editor to confirm: Dr Ben. Dr Ada has written or edited")
    assert said.endswith("propose 1 more.")


def test_a_specialist_who_is_proposed_is_mentioned_where_one_is_missing(cast):
    Topic.objects.update(needs_specialist=True)
    cast.advisors[2].specialties.add(cast.topic)
    article = newsroom.draft(cast)
    assert "Choose or propose an advisor with that specialty." in on_the_panel(article)
    propose(cast, article, "cleo")
    assert "One is proposed, waiting for an editor to confirm." in on_the_panel(article)


def test_a_panel_of_one_is_spoken_of_in_the_singular(cast, settings):
    settings.REVIEW_QUORUM = 1
    assert on_the_panel(newsroom.draft(cast, panel=0)).startswith("The one reviewer needed is not confirmed")


def test_a_proposal_alone_submits_nothing_and_asks_nobody(cast, article):
    with pytest.raises(Blocked, match="2 proposed, waiting for an editor to confirm"):
        newsroom.submit(cast, article)
    assert not Review.objects.exists()


def test_once_confirmed_the_writer_submits_and_both_are_asked(cast, article):
    proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    assert on_the_panel(article) == ""
    submission = newsroom.submit(cast, article)
    assert set(submission.reviews.values_list("advisor__slug", flat=True)) == {"ada", "ben"}


# Proposing


def test_only_those_who_edit_the_article_propose(cast):
    article = newsroom.draft(cast, panel=0)
    for who in ("colleague", "advisor1", "outsider"):
        with pytest.raises(NotPermitted):
            propose(cast, article, "cleo", actor=cast.everybody[who])
    assert not article.panel.exists()


def test_nobody_is_proposed_twice(cast, article):
    with pytest.raises(InvalidTransition, match="Dr Ada has been proposed already"):
        propose(cast, article, "ada", "cleo")
    proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    with pytest.raises(InvalidTransition, match="Dr Ben is a reviewer already"):
        propose(cast, article, "ben")
    assert article.panel.count() == 2


def test_who_cannot_be_chosen_cannot_be_proposed(cast):
    article = newsroom.draft(cast, panel=0)
    Advisor.objects.filter(slug="ada").update(is_active=False)
    with pytest.raises(InvalidTransition, match="no longer on the board"):
        propose(cast, article, "ada", "ben")
    assert not article.panel.exists() and emails() == []


# Deciding


def test_one_of_two_is_confirmed_and_the_other_turned_down(cast, article):
    proposals.confirm(article=article, members=keys(article, "ada"), actor=cast.editor)
    proposals.turn_down(article=article, members=keys(article, "ben"), actor=cast.editor, reason="Away in May.")
    assert states(article) == {"ada": "confirmed", "ben": "turned down"}
    ben = article.panel.get(advisor__slug="ben")
    assert (ben.ended_by, ben.end_reason, ben.proposed_by) == (cast.editor, "Away in May.", cast.writer)


@pytest.mark.parametrize("who", ["writer", "colleague", "advisor1", "outsider"])
def test_only_editors_decide(cast, article, who):
    for verb in (proposals.confirm, proposals.turn_down):
        with pytest.raises(NotPermitted):
            verb(article=article, members=keys(article), actor=cast.everybody[who])
    assert set(states(article).values()) == {"waiting for an editor to confirm"}


def test_a_second_press_says_so_and_does_nothing(cast, article):
    proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    before = [list(PanelMember.objects.values()), emails()]
    for verb in (proposals.confirm, proposals.turn_down):
        with pytest.raises(InvalidTransition, match=r"Dr Ada has been confirmed already by Editor, .* Nothing was"):
            verb(article=article, members=keys(article), actor=cast.admin)
    with pytest.raises(InvalidTransition, match="Dr Ben has been confirmed already"):
        proposals.withdraw(article=article, members=keys(article, "ben"), actor=cast.writer)
    assert [list(PanelMember.objects.values()), emails()] == before


def test_confirming_both_does_nothing_where_one_was_withdrawn_meanwhile(cast, article):
    both = keys(article)
    proposals.withdraw(article=article, members=keys(article, "ada"), actor=cast.writer)
    with pytest.raises(InvalidTransition, match="The proposal of Dr Ada has been withdrawn by Writer"):
        proposals.confirm(article=article, members=both, actor=cast.editor)
    assert states(article) == {"ada": "withdrawn", "ben": "waiting for an editor to confirm"}


def test_confirming_after_the_article_was_submitted_asks_once(cast):
    article = newsroom.draft(cast)
    propose(cast, article, "cleo")
    newsroom.submit(cast, article)
    _, asked = proposals.confirm(article=article, members=keys(article, "cleo"), actor=cast.editor)
    assert [review.advisor.slug for review in asked] == ["cleo"]
    with pytest.raises(InvalidTransition, match="confirmed already"):
        proposals.confirm(article=article, members=keys(article, "cleo"), actor=cast.editor)
    assert Review.objects.filter(advisor__slug="cleo").count() == 1


def test_a_proposal_of_another_article_is_not_decided_here(cast, article):
    other = newsroom.draft(cast, panel=0)
    for members in (keys(article), [], [0]):
        with pytest.raises(InvalidTransition, match="There is no such proposal"):
            proposals.confirm(article=other, members=members, actor=cast.editor)


def test_who_cannot_be_chosen_any_more_is_not_confirmed(cast, article):
    Advisor.objects.filter(slug="ada").update(is_active=False)
    with pytest.raises(InvalidTransition, match="Dr Ada is no longer on the board"):
        proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    assert set(states(article).values()) == {"waiting for an editor to confirm"}
    proposals.turn_down(article=article, members=keys(article, "ada"), actor=cast.editor)


def test_putting_somebody_on_the_panel_who_was_proposed_confirms_the_proposal(cast, article):
    panel.assign(article=article, advisor=cast.advisors[0], actor=cast.editor)
    ada = article.panel.get(advisor__slug="ada")
    assert (ada.state, ada.proposed_by, ada.decided_by) == ("confirmed", cast.writer, cast.editor)
    assert [to for to, _ in emails()] == ["writer@example.org"]


def test_an_endless_reason_is_refused(cast, article):
    with pytest.raises(InvalidTransition, match="500 characters"):
        proposals.turn_down(article=article, members=keys(article), actor=cast.editor, reason="x" * 501)


# Withdrawing


def test_a_writer_withdraws_a_proposal_and_can_make_it_again(cast, article):
    proposals.withdraw(article=article, members=keys(article, "ada"), actor=cast.writer)
    assert states(article)["ada"] == "withdrawn" and "1 proposed" in on_the_panel(article)
    propose(cast, article, "ada")
    assert [row.state for row in article.panel.filter(advisor__slug="ada")] == [
        "withdrawn",
        "waiting for an editor to confirm",
    ]


def test_only_whoever_made_a_proposal_or_an_editor_withdraws_it(cast, article):
    author = Author.objects.create(name="Colleague", slug="colleague", user=cast.colleague)
    article.authorships.create(author=author, position=2)
    with pytest.raises(NotPermitted, match="Only whoever proposed"):
        proposals.withdraw(article=article, members=keys(article), actor=cast.colleague)
    proposals.withdraw(article=article, members=keys(article), actor=cast.editor)
    assert set(states(article).values()) == {"withdrawn"}
    assert emails() == [("writer@example.org", "Withdrawn: Dr Ada and Dr Ben as reviewers for “Magnesium and sleep”")]


# The record


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(ended="", ended_by=None, ended_at=None),
        lambda rows: rows.update(confirmed=True),
        lambda rows: rows.update(proposed_by=None),
        lambda rows: rows._raw_delete("default"),
    ],
)
def test_the_database_keeps_what_became_of_a_proposal(cast, article, change):
    proposals.withdraw(article=article, members=keys(article), actor=cast.writer)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(PanelMember.objects.filter(article=article))
    with pytest.raises(Immutable):
        PanelMember.objects.all().delete()


def test_an_end_without_who_and_when_is_refused_by_the_database(article):
    for values in ({"ended": "withdrawn"}, {"ended": "sold", "ended_at": timezone.now()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            PanelMember.objects.filter(article=article).update(**values)


def test_an_advisor_taken_off_the_panel_stays_on_its_record_and_is_not_asked(cast):
    article = newsroom.draft(cast, panel=3)
    panel.take_off(article=article, advisor=cast.advisors[2], actor=cast.editor)
    cleo = article.panel.get(advisor__slug="cleo")
    assert (cleo.state, cleo.ended_by) == ("removed from the reviewers", cast.editor)
    assert set(newsroom.submit(cast, article).reviews.values_list("advisor__slug", flat=True)) == {"ada", "ben"}


# Who is told


def test_editors_get_one_email_for_one_act_with_the_names_and_a_link(cast):
    article = newsroom.draft(cast, panel=0)
    propose(cast, article, "ada", "ben")
    assert emails() == [("editor@example.org", "Writer proposes 2 reviewers for “Magnesium and sleep”")]
    words = Email.objects.get().message
    assert "- Dr Ada, PhD\n- Dr Ben, PhD\n" in words
    assert f"/admin/articles/article/{article.pk}/change/#board" in words


def test_an_editor_who_proposes_gets_no_email_of_their_own(cast):
    newsroom.user("second", "Editors", is_staff=True)
    propose(cast, newsroom.draft(cast, panel=0), "ada", actor=cast.editor)
    assert emails() == [("second@example.org", "Editor proposes 1 reviewer for “Magnesium and sleep”")]


def test_the_email_falls_with_the_proposal(cast):
    article = newsroom.draft(cast, panel=0)
    with pytest.raises(RuntimeError), transaction.atomic():
        propose(cast, article, "ada")
        raise RuntimeError
    assert emails() == [] and not article.panel.exists()


def test_the_writer_gets_one_email_when_both_are_confirmed(cast, article):
    proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    assert emails() == [("writer@example.org", "Confirmed: Dr Ada and Dr Ben for “Magnesium and sleep”")]
    assert "All the reviewers needed are confirmed" in Email.objects.get().message


def test_the_email_says_what_is_still_missing(cast, article):
    proposals.confirm(article=article, members=keys(article, "ada"), actor=cast.editor)
    words = Email.objects.get().message
    assert "Before the text can be submitted:\n- 1 of the 2 reviewers needed is confirmed." in words


def test_the_email_says_that_who_was_confirmed_during_a_round_has_been_asked(cast):
    article = newsroom.in_review(cast)
    propose(cast, article, "cleo")
    proposals.confirm(article=article, members=keys(article, "cleo"), actor=cast.editor)
    [row] = Email.objects.filter(subject__startswith="Confirmed")
    assert "this advisor has been asked" in row.message


def test_the_email_about_a_proposal_turned_down_gives_the_reason(cast, article):
    proposals.turn_down(article=article, members=keys(article, "ada"), actor=cast.editor, reason="Away <in> May.")
    assert emails() == [("writer@example.org", "Turned down: Dr Ada as reviewer for “Magnesium and sleep”")]
    row = Email.objects.get()
    assert "Reason: Away <in> May." in row.message and "Away &lt;in&gt; May." in row.html_message
    assert "/change/#board" in row.message


def test_nobody_gets_an_email_about_what_they_did_themselves(cast, article):
    proposals.withdraw(article=article, members=keys(article), actor=cast.writer)
    propose(cast, article, "cleo", actor=cast.editor)
    Email.objects.all().delete()
    proposals.confirm(article=article, members=keys(article, "cleo"), actor=cast.editor)
    assert emails() == []


def test_the_weekly_digest_reminds_editors_of_proposals(cast, article):
    [row] = week(timezone.now()).proposed
    assert row[:3] == (article.pk, "Magnesium and sleep", 2)
    proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    assert week(timezone.now()).proposed == []


def test_a_proposal_from_before_its_moment_was_recorded_is_decided_like_any_other(cast):
    article = newsroom.draft(cast, panel=0)
    PanelMember.objects.create(article=article, advisor=cast.advisors[0], proposed_at=None, proposed_by=None)
    proposals.confirm(article=article, members=keys(article), actor=cast.editor)
    assert states(article) == {"ada": "confirmed"} and emails() == []
