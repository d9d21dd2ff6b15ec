"""The board in the admin: its members, the panel on an article, and an advisor's own reviews."""

from advisors.admin.members import AdvisorAdmin, PanelInline
from advisors.admin.reviews import ReviewAdmin

__all__ = ["AdvisorAdmin", "PanelInline", "ReviewAdmin"]
