"""What the board does when the articles' room speaks (articles.signals).

Imported when the app is ready, which connects them.
"""

from accounts.models import User
from advisors import panel
from advisors.models import Conflict, Review, Verdict
from articles import signals
from articles.models import Article, Revision, Submission
from articles.preflight import Finding

# What a verb of the workflow takes a verdict to say.
VERDICTS = {"approve": Verdict.APPROVE, "request_changes": Verdict.CHANGES}


def findings_on_the_panel(sender: type, article: Article, revision: Revision | None, **kwargs: object) -> list[Finding]:
    """Answers `findings_wanted`."""
    return panel.findings(article, revision)


def has_given_that_verdict(sender: type, submission: Submission, user: User, verb: str, **kwargs: object) -> bool:
    """Answers `verdict_wanted`: on the board, and their verdict, free of conflicts, says just that."""
    given = Review.objects.of(user).filter(submission=submission, conflict=Conflict.NONE, advisor__is_active=True)
    return given.filter(verdict=VERDICTS[verb]).exists()


def invite_the_panel(sender: type, submission: Submission, actor: User, **kwargs: object) -> None:
    """On `submission_opened`: one review for each member of the panel, in the same transaction."""
    panel.invite(submission=submission, actor=actor)


signals.findings_wanted.connect(findings_on_the_panel, dispatch_uid="board-findings")
signals.verdict_wanted.connect(has_given_that_verdict, dispatch_uid="board-verdict")
signals.submission_opened.connect(invite_the_panel, dispatch_uid="board-invitations")
