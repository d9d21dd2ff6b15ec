"""The rules that the database enforces however a row is written, here with plain inserts and updates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from advisors.models import Conflict, Review, Verdict
from articles import workflow
from articles.models import Approval, Article, Outcome, Publication, Rendering, Signatory, Submission
from sources.models import Source
from tests import newsroom
from tests.articles.rows import bare_approval, copy_of, insert, publication, refused, review, sign, submission

HOUR = timedelta(hours=1)
GIVEN = {"response": "accepted", "responded_at": timezone.now(), "conflict": "none", "verdict": "approve"}


# Articles and revisions


def test_a_stage_that_is_none_is_refused(cast):
    article = newsroom.draft(cast)
    with refused("article_stage"):
        Article.objects.filter(pk=article.pk).update(stage="nearly")


@pytest.mark.parametrize("digest", ["", "0" * 63, "g" * 64, "A" * 64])
def test_a_digest_is_64_hex_digits(cast, digest):
    revision = newsroom.draft(cast).head()
    with refused("revision_digest_is_sha256"):
        insert(copy_of(revision, number=2, digest=digest))


def test_a_revision_number_is_used_once(cast):
    revision = newsroom.draft(cast).head()
    with refused():
        insert(copy_of(revision))


def test_revisions_are_numbered_from_one(cast):
    revision = newsroom.draft(cast).head()
    with refused("revision_number_from_one"):
        insert(copy_of(revision, number=0))


@pytest.mark.parametrize("row", ["citations", "bylines"])
def test_a_citation_or_author_is_not_added_once_the_revision_was_submitted(cast, row):
    article = newsroom.in_review(cast)
    existing = getattr(article.head(), row).get()
    changes = {"number": 2, "key": "late2020"} if row == "citations" else {"position": 1}
    with refused("after it was submitted"):
        insert(copy_of(existing, **changes))


def test_a_number_is_given_to_one_citation_of_a_revision(cast):
    citation = newsroom.draft(cast).head().citations.get()
    with refused():
        insert(copy_of(citation, key="other2020"))


def test_a_source_is_cited_once_in_a_revision(cast):
    citation = newsroom.draft(cast).head().citations.get()
    with refused():
        insert(copy_of(citation, number=2))


def test_the_key_of_a_cited_source_stays(cast):
    newsroom.draft(cast)
    with refused("the key of a cited source is never changed"):
        Source.objects.filter(pk=cast.source.pk).update(key="doe2021")


def test_the_key_of_a_source_that_nothing_cites_may_change(cast):
    Source.objects.filter(pk=cast.source.pk).update(key="doe2021")
    assert Source.objects.filter(key="doe2021").exists()


def test_a_cited_source_may_be_completed(cast):
    newsroom.draft(cast)
    Source.objects.filter(pk=cast.source.pk).update(retraction_state="retracted")
    assert Source.objects.filter(retraction_state="retracted").exists()


# Submissions and approvals


def test_an_article_has_one_open_submission(cast):
    article = newsroom.in_review(cast)
    with refused():
        insert(submission(article))


def test_a_submission_puts_forward_a_revision_of_its_own_article(cast):
    one, other = newsroom.draft(cast), newsroom.draft(cast)
    with refused("of its own article"):
        insert(submission(one, revision=other.head()))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("submission_outcome", {"outcome": "perhaps", "closed_at": timezone.now() + HOUR}),
        ("submission_reason", {"reason": "why not"}),
        ("submission_quorum_from_one", {"quorum": 0}),
        ("submission_closed_with_outcome", {"outcome": Outcome.RECALLED}),
        ("submission_closed_with_outcome", {"closed_at": timezone.now() + HOUR}),
        ("submission_closed_after_start", {"outcome": "recalled", "closed_at": timezone.now() - HOUR}),
    ],
)
def test_a_submission_that_makes_no_sense_is_refused(cast, name, changes):
    with refused(name):
        insert(submission(newsroom.draft(cast), **changes))


def test_a_submission_has_one_approval(cast):
    approval = Approval.objects.get(submission__article=newsroom.approved(cast))
    with refused():
        insert(copy_of(approval))


@pytest.mark.parametrize("change", ["digest", "revision"])
def test_an_approval_speaks_of_the_revision_that_was_submitted(cast, change):
    other = newsroom.draft(cast, title="Another text").head()
    submitted = newsroom.in_review(cast).submissions.get()
    values = {"revision": submitted.revision, "digest": submitted.revision.digest}
    values[change] = other.digest if change == "digest" else other
    with refused("an approval has to name the submitted revision"):
        insert(Approval(submission=submitted, approved_at=timezone.now(), **values))


def test_a_submission_that_was_recalled_is_not_approved(cast):
    article = newsroom.in_review(cast)
    recalled = workflow.recall(article=article, actor=cast.writer)
    revision = recalled.revision
    with refused("an approval has to name the submitted revision"):
        insert(Approval(submission=recalled, revision=revision, digest=revision.digest, approved_at=timezone.now()))


def test_nobody_signs_without_a_verdict(cast):
    approval = bare_approval(cast)
    with refused("only an advisor with an approving verdict"):
        sign(approval, cast.advisors[0])


def test_nobody_signs_on_the_verdict_of_somebody_else(cast):
    approval = bare_approval(cast)
    review(approval, cast.advisors[0])
    with refused("only an advisor with an approving verdict"):
        sign(approval, cast.advisors[1])


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": Verdict.CHANGES},
        {"conflict": Conflict.DECLARED, "conflict_statement": "A grant."},
    ],
    ids=["changes requested", "conflict declared"],
)
def test_nobody_signs_on_a_verdict_that_does_not_count(cast, changes):
    approval = bare_approval(cast)
    review(approval, cast.advisors[0], **changes)
    with refused("only an advisor with an approving verdict"):
        sign(approval, cast.advisors[0])


def test_a_signatory_names_the_digest_that_was_approved(cast):
    approval = bare_approval(cast)
    review(approval, cast.advisors[0])
    with refused():
        sign(approval, cast.advisors[0], digest="0" * 64)


def test_somebody_signs_once(cast):
    approval = bare_approval(cast)
    review(approval, cast.advisors[0])
    sign(approval, cast.advisors[0])
    with refused():
        sign(approval, cast.advisors[0], position=1)


def test_a_name_is_not_added_to_what_was_published(cast):
    article = newsroom.published(cast)
    signatory = Signatory.objects.filter(approval__submission__article=article).first()
    with refused("after it was published|only an advisor with an approving verdict"):
        insert(copy_of(signatory, user_id=cast.advisors[2].user_id, position=2))


# Reviews


def test_an_advisor_is_asked_once_in_a_round(cast):
    asked = newsroom.in_review(cast).submissions.get().reviews.first()
    with refused():
        insert(copy_of(asked))


def test_a_verdict_on_another_digest_is_refused(cast):
    asked = newsroom.in_review(cast).submissions.get().reviews.first()
    with refused("a verdict has to be on the submitted revision"):
        Review.objects.filter(pk=asked.pk).update(**{**GIVEN, "verdict_at": timezone.now(), "digest": "0" * 64})


def test_a_verdict_inserted_on_another_digest_is_refused(cast):
    with refused("a verdict has to be on the submitted revision"):
        review(bare_approval(cast), cast.advisors[0], digest="0" * 64)


def test_a_verdict_on_a_closed_round_is_refused(cast):
    article = newsroom.in_review(cast)
    asked = article.submissions.get().reviews.first()
    workflow.recall(article=article, actor=cast.writer)
    digest = article.head().digest
    with refused("while it is under review"):
        Review.objects.filter(pk=asked.pk).update(**{**GIVEN, "verdict_at": timezone.now(), "digest": digest})


def test_a_verdict_inserted_on_a_closed_round_is_refused(cast):
    approval = bare_approval(cast)
    of_it = Submission.objects.filter(pk=approval.submission_id)
    of_it.update(outcome=Outcome.RECALLED, closed_at=timezone.now())
    with refused("a verdict has to be on the submitted revision"):
        review(approval, cast.advisors[0])


@pytest.mark.parametrize("name", ["review_response", "review_conflict", "review_verdict"])
def test_a_word_that_is_no_answer_is_refused(cast, name):
    asked = newsroom.in_review(cast).submissions.get().reviews.first()
    with refused():
        Review.objects.filter(pk=asked.pk).update(**{name.removeprefix("review_"): "perhaps"})


@pytest.mark.parametrize(
    "missing",
    [{"response": ""}, {"response": "declined"}, {"conflict": ""}, {"verdict_at": None}, {"digest": ""}],
    ids=["not accepted", "declined", "conflict not stated", "undated", "of no digest"],
)
def test_half_a_verdict_is_refused(cast, missing):
    asked = newsroom.in_review(cast).submissions.get().reviews.first()
    whole = {**GIVEN, "verdict_at": timezone.now(), "digest": asked.submission.revision.digest}
    with refused():
        Review.objects.filter(pk=asked.pk).update(**{**whole, **missing})


def test_a_conflict_is_declared_in_words(cast):
    asked = newsroom.in_review(cast).submissions.get().reviews.first()
    with refused("review_conflict_said"):
        Review.objects.filter(pk=asked.pk).update(conflict="declared")


def test_an_answer_is_dated(cast):
    asked = newsroom.in_review(cast).submissions.get().reviews.first()
    with refused("review_response_dated"):
        Review.objects.filter(pk=asked.pk).update(response="accepted")


def test_a_rendering_is_changed_by_a_newer_renderer_only(cast):
    rendering = newsroom.published(cast).head().rendering
    stored = Rendering.objects.filter(pk=rendering.pk)
    with refused("changed by a newer renderer only"):
        stored.update(body="<p>Longer by 71 minutes.</p>")
    with refused("changed by a newer renderer only"):
        stored.update(renderer=rendering.renderer - 1, body="<p>Longer by 71 minutes.</p>")
    with refused("the rendering of a revision is never deleted"):
        Rendering._base_manager.filter(pk=rendering.pk).delete()
    stored.update(renderer=rendering.renderer + 1, body="<p>Made anew.</p>")


def test_a_publication_names_the_address_that_its_article_has(cast):
    article = newsroom.approved(cast)
    approval = Approval.objects.get(submission__article=article)
    with refused("has to name the address that its article has"):
        insert(publication(article, approval, published_as="another"))
    shown = newsroom.publish(cast, article)
    assert shown.published_as == article.slug
    with refused("the record of what was published"):
        Publication.objects.filter(pk=shown.pk).update(published_as="another")
