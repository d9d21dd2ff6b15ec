"""What the board does when the articles' room speaks (articles.signals).

Imported when the app is ready, which connects them.
"""

from accounts.models import User
from advisors import panel
from advisors.models import Conflict, Review, Verdict
from articles import signals
from articles.models import Article, Revision, Submission
from articles.preflight import Finding


def findings_on_the_panel(sender: type, article: Article, revision: Revision | None, **kwargs: object) -> list[Finding]:
    """Answers `findings_wanted`."""
    return panel.findings(article, revision)


def has_given_a_verdict(sender: type, submission: Submission, user: User, **kwargs: object) -> bool:
    """Answers `verdict_wanted`: on the board, and their verdict, free of conflicts, stands on this submission."""
    given = Review.objects.of(user).filter(submission=submission, conflict=Conflict.NONE, advisor__is_active=True)
    return given.exclude(verdict=Verdict.NONE).exists()


def invite_the_panel(sender: type, submission: Submission, actor: User, **kwargs: object) -> None:
    """On `submission_opened`: one review for each member of the panel, in the same transaction."""
    panel.invite(submission=submission, actor=actor)


signals.findings_wanted.connect(findings_on_the_panel, dispatch_uid="board-findings")
signals.verdict_wanted.connect(has_given_a_verdict, dispatch_uid="board-verdict")
signals.submission_opened.connect(invite_the_panel, dispatch_uid="board-invitations")
