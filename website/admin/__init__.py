"""Error reports in the admin."""

from website.admin.error_reports import ErrorReportAdmin

__all__ = ["ErrorReportAdmin"]
