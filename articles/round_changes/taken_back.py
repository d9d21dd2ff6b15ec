"""Logging that an advisor has taken back a verdict before the board decided (advisors.quorum.taking_back)."""

from django.utils.translation import gettext as _

from accounts.models import User
from articles import workflow
from articles.exceptions import InvalidTransition
from articles.models import Submission, Transition
from articles.models.moments import moment_of


def take_back_verdict(*, submission: Submission, actor: User, verdict: str) -> Transition:
    """Log that the advisor `actor` takes back a verdict in this open round, and return the log entry.

    `verdict` is stored as the reason. Only advisors.quorum.taking_back calls this, in the transaction that marks the
    verdict; the database refuses the mark without the entry. Raise NotPermitted if the article has no open round or
    `actor` has given no verdict in it, and InvalidTransition if the open round is not this one.
    """
    article = workflow.enter("take_back_verdict", submission.article, actor)
    found = article.submissions.open().select_related("revision").filter(pk=submission.pk).first()
    if found is None:
        raise InvalidTransition(_("This round is over already."))
    return workflow.log("take_back_verdict", article, actor, found.revision, verdict, at=moment_of(article))
