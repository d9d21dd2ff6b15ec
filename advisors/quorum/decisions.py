"""The board's decision, made again whenever something that it rests on changes.

While a round is open, an advisor can leave the board, somebody can vouch for another, and specialties can change.
`reconsider` is called in the transaction of each such change, so that no round waits for what will never come.
"""

from django.db import transaction

from accounts.models import User
from advisors.models import Advisor
from advisors.quorum import signatures
from advisors.quorum.standing import standing
from articles import rounds, workflow
from articles.models import Article, Outcome, Submission


def reconsider(submission: Submission, actor: User) -> None:
    """Approve the revision if the verdicts suffice now; end a closing round if nobody is awaited any more.

    `actor` is the person after whose act this is asked. Call this in a transaction that holds the article's lock.
    """
    submission = Submission.objects.select_related("article", "revision").get(pk=submission.pk)
    if submission.is_open:
        found = standing(submission)
        if found.is_settled:
            workflow.approve(
                submission=submission,
                actor=found.counted[-1].advisor.user,
                signatories=[signatures.signatory(review) for review in found.counted],
            )
    elif submission.is_closing:
        rounds.end_if_answered(submission=submission, actor=actor)


def reconsider_rounds_of(advisor: Advisor, actor: User) -> list[Submission]:
    """Reconsider each round that is not over and for which this advisor was asked; return the rounds."""
    with transaction.atomic():
        asked = Submission.objects.filter(reviews__advisor=advisor)
        found = [*asked.filter(outcome=Outcome.OPEN).order_by("article_id"), *asked.closing().order_by("article_id")]
        for submission in found:
            Article.objects.select_for_update().get(pk=submission.article_id)
            reconsider(submission, actor)
        return found
