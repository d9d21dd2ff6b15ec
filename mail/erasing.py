"""Erasing one person from the stored emails, which are otherwise kept to show who was told what and when."""

import html
import re
from collections.abc import Collection

from django.db.models import Q
from post_office.models import STATUS, Email, Log

from core.logs import anonymise

SUBJECT = "Erased"


def erase(*, addresses: Collection[str], names: Collection[str]) -> int:
    """Empty the stored emails to these addresses, and those that contain one of these names or addresses.

    Subject, text and attachments are removed, and the recipient too if it is one of the addresses. Emails to the
    addresses that were not sent yet are given up. Unsent emails to other people are left unchanged. Return the number
    of emails that were emptied. Reads every email that contains one of the names or addresses.
    """
    words = {*filter(None, names), *filter(None, addresses)}
    if not words:
        return 0
    written = words | {html.escape(word) for word in words}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(written)), re.IGNORECASE)
    found = Q(to__in=addresses)
    for word in written:
        found |= Q(subject__icontains=word) | Q(message__icontains=word) | Q(html_message__icontains=word)
    to_them: list[int] = []
    about_them: list[int] = []
    for row in Email.objects.filter(found).only("to", "subject", "message", "html_message", "status").iterator():
        if set(row.to) & set(addresses):
            to_them.append(row.pk)
        elif row.status in (STATUS.sent, STATUS.failed) and any(
            pattern.search(text) for text in (row.subject, row.message, row.html_message)
        ):
            about_them.append(row.pk)
    nothing = {"subject": SUBJECT, "message": "", "html_message": "", "context": None}
    Email.objects.filter(pk__in=to_them).exclude(status=STATUS.sent).update(status=STATUS.failed)
    Email.objects.filter(pk__in=to_them).update(to=[], **nothing)
    Email.objects.filter(pk__in=about_them).update(**nothing)
    for entry in Log.objects.filter(email__in=[*to_them, *about_them]).iterator():
        Log.objects.filter(pk=entry.pk).update(message=anonymise(entry.message))
    return len(to_them) + len(about_them)
