"""How a verb is refused. The message is written for the person who pressed the button."""

from collections.abc import Sequence

from checks.preflight import Finding
from core.exceptions import InvalidTransition, NotPermitted

__all__ = ["Blocked", "InvalidTransition", "NotPermitted", "Overtaken"]


class Blocked(InvalidTransition):
    """Raised when editorial checks keep a draft from being submitted: a blocker, or a warning without an answer.

    `findings` says which.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("Not ready for the board: " + " ".join(finding.message for finding in findings))


class Overtaken(InvalidTransition):
    """Raised when somebody saved the article after the text at hand was read."""
