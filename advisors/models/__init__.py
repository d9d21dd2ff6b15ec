"""The board: its members and their disclosures, panels, reviews, comments, check-lists, invitations."""

from advisors.models.checklists import ChecklistAnswer, ChecklistItem, Ticked
from advisors.models.comments import Comment, CommentMark, CommentState
from advisors.models.consents import NameConsent
from advisors.models.corrections import AccountCorrection, Corrected, CorrectionEnd, CorrectionOutcome
from advisors.models.disclosures import DisclosedAnswer, Disclosure, Question
from advisors.models.invitations import Occasion, ReviewToken, ScheduledEmail
from advisors.models.link_accesses import AccessKind, LinkAccess
from advisors.models.members import Advisor, PanelEnd, PanelMember
from advisors.models.person_flags import PersonFlag
from advisors.models.reviews import (
    Conflict,
    RemarksShown,
    RemarksWithheld,
    Response,
    Review,
    ReviewDraft,
    ReviewQuerySet,
    ReviewStep,
    Step,
    Verdict,
    waiting_now,
)
from advisors.models.signatures import Signature
from advisors.models.vouches import Vouch

__all__ = [
    "AccessKind",
    "AccountCorrection",
    "Advisor",
    "ChecklistAnswer",
    "ChecklistItem",
    "Comment",
    "CommentMark",
    "CommentState",
    "Conflict",
    "Corrected",
    "CorrectionEnd",
    "CorrectionOutcome",
    "DisclosedAnswer",
    "Disclosure",
    "ScheduledEmail",
    "LinkAccess",
    "NameConsent",
    "Occasion",
    "PanelEnd",
    "PanelMember",
    "PersonFlag",
    "Question",
    "RemarksShown",
    "RemarksWithheld",
    "Response",
    "Review",
    "ReviewDraft",
    "ReviewQuerySet",
    "ReviewStep",
    "ReviewToken",
    "Signature",
    "Step",
    "Ticked",
    "Verdict",
    "Vouch",
    "waiting_now",
]
