"""The board in the admin: its members, the reviewers of an article, reviews, check-lists and emails."""

from advisors.admin import emails, rounds
from advisors.admin.assign import ASSIGN
from advisors.admin.checklists import ChecklistItemAdmin
from advisors.admin.dashboard import panels
from advisors.admin.members import AdvisorAdmin, PanelInline
from advisors.admin.reviews import ReviewAdmin

__all__ = ["ASSIGN", "AdvisorAdmin", "ChecklistItemAdmin", "PanelInline", "ReviewAdmin", "emails", "panels", "rounds"]
