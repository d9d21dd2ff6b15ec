"""The board's decision, reconsidered whenever one of its conditions changes.

While a round is open, an advisor can leave the board, somebody can vouch for another, and specialties can change.
`reconsider` is called in the transaction of each such change, so that no round waits for an answer that will never
come.
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

    `actor` is the person whose action made this necessary. Call this in a transaction that holds the article's lock.
    Raise InvalidTransition if the stored revision no longer matches its digest.
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
    """Reconsider each round that is not over and for which this advisor was asked; return the rounds.

    Raise InvalidTransition if a stored revision no longer matches its digest.
    """
    with transaction.atomic():
        asked = Submission.objects.filter(reviews__advisor=advisor, reviews__taken_back_at=None)
        found = [*asked.filter(outcome=Outcome.OPEN).order_by("article_id"), *asked.closing().order_by("article_id")]
        # Lock all articles before the first decision, because an approval locks the log that every article needs
        # (audit.log).
        keys = {submission.article_id for submission in found}
        list(Article.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        for submission in found:
            reconsider(submission, actor)
        return found
