"""The exceptions by which a verb is refused. Their messages are written for the person who pressed the button."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from checks.preflight import Finding
from core.exceptions import InvalidTransition, NotPermitted

__all__ = ["Blocked", "InvalidTransition", "NotPermitted", "Overtaken"]


class Blocked(InvalidTransition):
    """Raised when editorial checks keep a draft from being submitted: a blocker, or a warning without an answer.

    `findings` has the findings that are in the way.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        messages = " ".join(finding.message for finding in findings)
        super().__init__(_("Not ready for the board: %(findings)s") % {"findings": messages})


class Overtaken(InvalidTransition):
    """Raised when somebody saved the article after the text at hand was read."""
