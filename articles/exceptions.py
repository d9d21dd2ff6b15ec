"""The exceptions raised when a workflow action is refused. Their messages are for the user who tried it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from checks.preflight import Finding
from core.exceptions import InvalidTransition, NotPermitted

__all__ = ["Blocked", "InvalidTransition", "NotPermitted", "Overtaken"]


class Blocked(InvalidTransition):
    """Raised when `findings` keep a draft from being submitted: blockers, or warnings without an answer."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        messages = " ".join(finding.message for finding in findings)
        super().__init__(_("Not ready for the board: %(findings)s") % {"findings": messages})


class Overtaken(InvalidTransition):
    """Raised when somebody else has changed the article, or the sources to be merged, since the user read them."""
