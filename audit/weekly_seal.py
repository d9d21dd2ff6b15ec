"""The newest seal in the editors' weekly email, so that a copy exists outside the database and the machine."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from advisors.weekly_digest import DigestNote, notes_wanted
from audit import keys
from audit.models import Seal

SINCE = timedelta(days=8)  # a week, and a day for a digest that was late


def newest_seal(sender: type, now: datetime, **kwargs: Any) -> DigestNote | None:
    """Receive notes_wanted: return a note with the newest seal, which shows if the log is rewritten later.

    Return None if no seal was made in the eight days before the aware time `now`, or if the settings name no key.
    """
    newest = Seal.objects.filter(sealed_at__gt=now - SINCE).last() if keys.is_configured() else None
    if newest is None:
        return None
    why = _(
        "Keep this email. With this seal, manage.py check_integrity --against can show later that nobody has rewritten "
        "what was approved and published until now."
    )
    return DigestNote(_("Seal of the log"), why, newest.note)


notes_wanted.connect(newest_seal, dispatch_uid="weekly-seal")
