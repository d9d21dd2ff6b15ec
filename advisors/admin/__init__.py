"""The board in the admin: its members, the reviewers of an article, reviews, check-lists and emails."""

from advisors.admin import emails, expected_reviewers, rounds
from advisors.admin.assign import ASSIGN
from advisors.admin.checklists import ChecklistItemAdmin
from advisors.admin.corrections import AccountCorrectionAdmin
from advisors.admin.dashboard import panels
from advisors.admin.members import AdvisorAdmin, PanelInline
from advisors.admin.person_flags import PersonFlagAdmin
from advisors.admin.reviews import ReviewAdmin

__all__ = [
    "ASSIGN",
    "AccountCorrectionAdmin",
    "AdvisorAdmin",
    "ChecklistItemAdmin",
    "PanelInline",
    "PersonFlagAdmin",
    "ReviewAdmin",
    "emails",
    "expected_reviewers",
    "panels",
    "rounds",
]
