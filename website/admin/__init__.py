"""Error reports, redirects and the house settings in the admin."""

from website.admin.error_reports import ErrorReportAdmin
from website.admin.house import HouseAdmin
from website.admin.redirects import RedirectAdmin

__all__ = ["ErrorReportAdmin", "HouseAdmin", "RedirectAdmin"]
