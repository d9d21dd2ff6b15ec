"""Samples of the emails of this app (mail.sending.sample)."""

from django.utils.translation import gettext_lazy

from inbox.jobs import daily_context
from inbox.models import Notification
from inbox.notifying import context_of
from mail import sending


@sending.sample("inbox_notification", gettext_lazy("To a colleague: what happened to an article of theirs"))
def _notification_sample() -> dict:
    row = Notification(
        subject="Published: “Magnesium & sleep”",
        words="Readers see revision 4 now.",
        path="/admin/articles/article/1/change/",
    )
    return {**context_of(row), "by": "Ed Itor"}


@sending.sample("inbox_daily", gettext_lazy("To a colleague, once a day: what happened since the last one"))
def _daily_sample() -> dict:
    page = f"{sending.site_url()}/admin/articles/article/1/change/"
    entries = [
        {"subject": "Published: “Magnesium & sleep”", "by": "Ed Itor", "page": page},
        {"subject": "Approved: “Iron and fatigue”", "by": "", "page": page},
    ]
    return daily_context(entries, 3)
