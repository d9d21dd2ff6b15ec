"""Error reports and the house settings in the admin."""

from website.admin.error_reports import ErrorReportAdmin
from website.admin.house import HouseAdmin

__all__ = ["ErrorReportAdmin", "HouseAdmin"]
