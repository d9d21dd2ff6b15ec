"""The board: which verdicts count as an approval, what sends a text back, and that verdicts never change."""

import pytest

from advisors import panel, reviews
from advisors.models import Advisor, Conflict, PanelMember, Response, Review, Verdict
from advisors.quorum import standing
from articles import drafting, workflow
from articles.exceptions import InvalidTransition, NotPermitted
from articles.models import Approval, Article, Author, Outcome, Stage
from articles.transitions import allowed
from tests import newsroom


@pytest.fixture
def article(cast) -> Article:
    """Return an article in review by Ada, Ben and Cleo, of whom two have to approve."""
    article = newsroom.draft(cast, panel=3)
    newsroom.submit(cast, article)
    article.refresh_from_db()
    return article


def review_of(article: Article, name: str) -> Review:
    return Review.objects.get(submission=article.submissions.first(), advisor__slug=name)


def stage(article: Article) -> str:
    return Article.objects.values_list("stage", flat=True).get(pk=article.pk)


def ready(review: Review) -> Review:
    """Let the advisor do everything but give the verdict."""
    reviews.accept(review=review, actor=review.advisor.user)
    return review


def give(review: Review, verdict: Verdict = Verdict.APPROVE, **arguments) -> Review:
    digest = arguments.pop("digest", review.submission.revision.digest)
    actor = arguments.pop("actor", review.advisor.user)
    given = {"conflict": Conflict.NONE, "verdict": verdict, "digest": digest, **arguments}
    return reviews.give_verdict(authentication=newsroom.SIGNED_IN, review=review, actor=actor, **given)


# The quorum


def test_one_approval_is_not_enough(article):
    newsroom.verdict(review_of(article, "ada"))
    assert stage(article) == Stage.IN_REVIEW


def test_two_approvals_are_enough(article):
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.APPROVED


def test_those_who_approved_stand_behind_the_approval_in_the_order_of_their_verdicts(article):
    newsroom.verdict(review_of(article, "cleo"))
    newsroom.verdict(review_of(article, "ada"))
    approval = Approval.objects.get()
    assert [signatory.name for signatory in approval.signatories.all()] == ["Dr Cleo", "Dr Ada"]
    assert {signatory.digest for signatory in approval.signatories.all()} == {approval.revision.digest}


def test_a_signatory_is_kept_as_they_were_that_day(article):
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"))
    Advisor.objects.update(name="Somebody else", credentials="")
    assert str(Approval.objects.get().signatories.first()) == "Dr Ada, PhD"


def test_a_signatory_keeps_what_they_had_disclosed_that_day(article):
    Advisor.objects.update(disclosure="Holds shares in Sleep Ltd.")
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"))
    Advisor.objects.update(disclosure="No interests to declare.")
    assert {row.disclosure for row in Approval.objects.get().signatories.all()} == {"Holds shares in Sleep Ltd."}


def test_the_quorum_is_the_one_that_stood_at_submission(article, settings):
    settings.REVIEW_QUORUM = 1
    newsroom.verdict(review_of(article, "ada"))
    assert stage(article) == Stage.IN_REVIEW


def test_a_quorum_of_three_takes_three(cast, settings):
    settings.REVIEW_QUORUM = 3
    article = newsroom.draft(cast, panel=3)
    newsroom.submit(cast, article)
    for name in ("ada", "ben"):
        newsroom.verdict(review_of(article, name))
    assert stage(article) == Stage.IN_REVIEW
    newsroom.verdict(review_of(article, "cleo"))
    assert stage(article) == Stage.APPROVED


def test_somebody_who_left_the_board_before_it_decided_does_not_count(article):
    newsroom.verdict(review_of(article, "ada"))
    Advisor.objects.filter(slug="ada").update(is_active=False)
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW
    [found] = standing.why_not_counted(article.submissions.get()).values()
    assert "left the board" in found.in_words


# Who does not count


def test_an_approval_with_a_conflict_of_interest_stays_on_record_and_does_not_count(article):
    newsroom.verdict(review_of(article, "ada"), conflict=Conflict.DECLARED)
    newsroom.verdict(review_of(article, "ben"))
    assert review_of(article, "ada").verdict == Verdict.APPROVE
    assert stage(article) == Stage.IN_REVIEW


def test_without_those_in_conflict_the_others_make_the_quorum(article):
    newsroom.verdict(review_of(article, "ada"), conflict=Conflict.DECLARED)
    newsroom.verdict(review_of(article, "ben"))
    newsroom.verdict(review_of(article, "cleo"))
    names = [signatory.name for signatory in Approval.objects.get().signatories.all()]
    assert names == ["Dr Ben", "Dr Cleo"]


def test_a_request_for_changes_with_a_conflict_of_interest_sends_nothing_back(article):
    newsroom.verdict(review_of(article, "ada"), Verdict.CHANGES, Conflict.DECLARED)
    assert stage(article) == Stage.IN_REVIEW


def test_an_author_of_the_text_does_not_approve_it(article):
    author = Author.objects.create(name="Dr Ada", slug="ada", user=review_of(article, "ada").advisor.user)
    article.authorships.create(author=author, position=1)
    with pytest.raises(InvalidTransition, match="wrote or edited"):
        newsroom.verdict(review_of(article, "ada"))


def test_somebody_who_once_edited_the_text_does_not_approve_it(cast):
    """She is an editor with a seat on the board. She rewrote the text, and was then chosen as a reviewer by somebody
    else.
    """
    article = newsroom.draft(cast)
    ada = cast.advisors[0].user
    ada.is_superuser = True
    ada.save()
    newsroom.rewrite(cast, article, actor=ada, title="Magnesium and rest")
    newsroom.rewrite(cast, article, title="Magnesium and sleep in adults")
    panel.take_off(article=article, advisor=cast.advisors[0], actor=cast.editor)
    PanelMember.objects.create(article=article, advisor=cast.advisors[2], confirmed=True)
    submission = newsroom.submit(cast, article)
    invited = Review.objects.create(
        submission=submission, advisor=cast.advisors[0], advisor_name="Dr Ada", invited_by=cast.editor
    )
    with pytest.raises(InvalidTransition, match="wrote or edited"):
        newsroom.verdict(invited)


def test_somebody_who_was_on_an_earlier_byline_does_not_approve_it(cast):
    """She never saved it, and her name was taken off before the text was submitted."""
    article = newsroom.draft(cast, panel=0)
    ada = cast.advisors[0]
    author = Author.objects.create(name="Dr Ada", slug="ada", user=ada.user)
    place = article.authorships.create(author=author, position=1)
    drafting.record(article=article, actor=cast.writer)
    place.delete()
    drafting.record(article=article, actor=cast.writer)
    for advisor in cast.advisors[1:]:
        PanelMember.objects.create(article=article, advisor=advisor, confirmed=True)
    submission = newsroom.submit(cast, article)
    invited = Review.objects.create(submission=submission, advisor=ada, advisor_name="Dr Ada", invited_by=cast.editor)
    with pytest.raises(InvalidTransition, match="wrote or edited"):
        newsroom.verdict(invited)


def test_an_approval_does_not_count_once_its_giver_became_an_author(article):
    newsroom.verdict(review_of(article, "ada"))
    author = Author.objects.create(name="Dr Ada", slug="ada", user=review_of(article, "ada").advisor.user)
    article.authorships.create(author=author, position=1)
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW


# Sending back


def test_one_request_for_changes_sends_the_text_back_at_once(article):
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"), Verdict.CHANGES)
    assert stage(article) == Stage.CHANGES_REQUESTED
    assert article.submissions.get().outcome == Outcome.CHANGES_REQUESTED


def test_the_diary_gives_the_first_comment_as_the_reason(article):
    newsroom.verdict(review_of(article, "ben"), Verdict.CHANGES)
    last = article.transitions.first()
    assert (last.verb, last.reason, last.actor_name) == (
        "request_changes",
        "Say for whom this holds.",
        "Ben",
    )


def test_changes_are_not_requested_without_a_comment(article):
    review = ready(review_of(article, "ada"))
    with pytest.raises(InvalidTransition, match="Leave at least one comment"):
        give(review, Verdict.CHANGES)


# What a verdict needs


def test_a_verdict_needs_the_invitation_accepted(article):
    with pytest.raises(InvalidTransition, match="Accept the invitation first"):
        give(review_of(article, "ada"))


def test_a_verdict_needs_the_conflict_of_interest_stated(article):
    with pytest.raises(InvalidTransition, match="conflict of interest"):
        give(ready(review_of(article, "ada")), conflict=Conflict.UNSTATED)


def test_a_verdict_speaks_of_the_revision_under_review(article, cast):
    other = newsroom.draft(cast, title="Another text").head()
    with pytest.raises(InvalidTransition, match="not the revision that you were shown"):
        give(ready(review_of(article, "ada")), digest=other.digest)


@pytest.mark.parametrize("verdict", [Verdict.NONE, "perhaps"])
def test_a_verdict_is_one_of_two(article, verdict):
    with pytest.raises(InvalidTransition, match="Approve, or request changes"):
        give(ready(review_of(article, "ada")), verdict)


@pytest.mark.parametrize("somebody", ["advisor2", "editor", "admin", "writer"])
def test_nobody_gives_a_verdict_for_somebody_else(article, cast, somebody):
    with pytest.raises(NotPermitted):
        give(ready(review_of(article, "ada")), actor=cast.everybody[somebody])


def test_somebody_who_left_the_board_gives_no_verdict(article):
    review = ready(review_of(article, "ada"))
    Advisor.objects.filter(slug="ada").update(is_active=False)
    with pytest.raises(NotPermitted, match="no longer on the board"):
        give(review)


def test_somebody_who_is_switched_off_gives_no_verdict(article):
    review = ready(review_of(article, "ada"))
    review.advisor.user.is_active = False
    with pytest.raises(NotPermitted):
        give(review)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_declining_takes_a_reason(article, reason):
    review = review_of(article, "ada")
    with pytest.raises(InvalidTransition, match="why you decline"):
        reviews.decline(review=review, actor=review.advisor.user, reason=reason)


def test_who_declined_says_nothing_more(article):
    review = review_of(article, "ada")
    reviews.decline(review=review, actor=review.advisor.user, reason="No time.")
    with pytest.raises(InvalidTransition, match="declined"):
        reviews.accept(review=review, actor=review.advisor.user)


def test_a_conflict_is_described(article):
    with pytest.raises(InvalidTransition, match="Describe"):
        give(ready(review_of(article, "ada")), conflict=Conflict.DECLARED, statement=" ")


def test_a_conflict_that_is_taken_back_takes_its_words_along(article):
    review = give(ready(review_of(article, "ada")), conflict=Conflict.NONE, statement="A grant.")
    review.refresh_from_db()
    assert (review.conflict, review.conflict_statement) == (Conflict.NONE, "")


def test_a_comment_has_words(article):
    review = review_of(article, "ada")
    with pytest.raises(InvalidTransition, match="Write the comment"):
        reviews.comment(review=review, actor=review.advisor.user, text=" ", passage="by 17 minutes")


# Once given


@pytest.mark.parametrize(
    "later",
    [
        lambda review, actor: reviews.accept(review=review, actor=actor),
        lambda review, actor: reviews.decline(review=review, actor=actor, reason="No time."),
        lambda review, actor: reviews.comment(review=review, actor=actor, text="One more thing."),
        lambda review, actor: reviews.ask_for_time(review=review, actor=actor),
        lambda review, actor: give(review, Verdict.APPROVE),
    ],
    ids=["accept", "decline", "comment", "ask_for_time", "give_verdict"],
)
def test_after_the_verdict_nothing_more_is_said(article, later):
    review = newsroom.verdict(review_of(article, "ada"))
    with pytest.raises(InvalidTransition, match="You have given your verdict"):
        later(review, review.advisor.user)


def test_a_round_that_is_over_takes_no_verdict(article, cast):
    review = ready(review_of(article, "ada"))
    workflow.recall(article=article, actor=cast.writer)
    with pytest.raises(InvalidTransition, match="taken back from the board"):
        give(review)


# Another round


def test_a_second_round_asks_the_panel_anew(article, cast):
    newsroom.verdict(review_of(article, "ada"), Verdict.CHANGES)
    newsroom.rewrite(cast, article, title="Magnesium and sleep in adults")
    second = newsroom.submit(cast, article)
    assert second.reviews.count() == 3
    assert not second.reviews.exclude(response=Response.NONE, verdict=Verdict.NONE, conflict="").exists()


def test_an_approval_of_the_first_round_does_not_count_in_the_second(article, cast):
    newsroom.verdict(review_of(article, "ada"))
    newsroom.verdict(review_of(article, "ben"), Verdict.CHANGES)
    newsroom.submit(cast, article)
    newsroom.verdict(review_of(article, "ben"))
    assert stage(article) == Stage.IN_REVIEW


# Everything on one page


def test_an_answer_says_everything_at_once(article):
    review = review_of(article, "ada")
    reviews.accept(review=review, actor=review.advisor.user)
    reviews.give_verdict(
        authentication=newsroom.SIGNED_IN,
        review=review,
        actor=review.advisor.user,
        digest=review.submission.revision.digest,
        conflict="declared",
        statement="I own shares.",
        verdict="approve",
        remarks="A good text otherwise.",
    )
    review.refresh_from_db()
    assert (review.verdict, review.conflict, review.remarks) == ("approve", "declared", "A good text otherwise.")
    assert review.conflict_statement == "I own shares."


@pytest.mark.parametrize(
    "wrong",
    [{"digest": "0" * 64}, {"conflict": "declared"}, {"conflict": ""}, {"verdict": ""}, {"verdict": "changes"}],
    ids=["another digest", "conflict not described", "no word on conflicts", "no verdict", "changes without a comment"],
)
def test_an_answer_that_is_refused_keeps_nothing(article, wrong):
    review = review_of(article, "ada")
    actor, digest = review.advisor.user, review.submission.revision.digest
    reviews.accept(review=review, actor=actor)
    given = {"digest": digest, "conflict": "none", "verdict": "approve", "remarks": "Good."}
    with pytest.raises(InvalidTransition):
        reviews.give_verdict(authentication=newsroom.SIGNED_IN, review=review, actor=actor, **{**given, **wrong})
    review.refresh_from_db()
    assert (review.verdict, review.conflict, review.remarks) == ("", "", "")


def test_who_approves_does_not_send_the_text_back_by_the_verb(cast):
    article = newsroom.in_review(cast)
    review = article.submissions.get().reviews.order_by("pk").first()
    newsroom.verdict(review)
    assert "request_changes" not in allowed(article, review.advisor.user)
    with pytest.raises(NotPermitted):
        workflow.request_changes(article=article, actor=review.advisor.user, reason="On second thoughts.")
