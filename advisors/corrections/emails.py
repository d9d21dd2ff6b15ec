"""The emails about corrections of accounts, with their samples.

They go to email addresses, not to users: the one held at the last signature may no longer be that of any account.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advisors.models import AccountCorrection, Corrected, CorrectionOutcome
from mail import sending

log = logging.getLogger(__name__)

FILLED_LATE = "account_correction"  # filled by advisors.corrections.links when the email is sent


def please_confirm(correction: AccountCorrection) -> int:
    """Ask the email address held at the last signature to confirm or refuse; return the number of emails queued."""
    placeholders = {"token": (FILLED_LATE, correction.pk)}
    return _send("account_correction_asked", context(correction), [correction.confirm_address], placeholders)


def decided(outcome: CorrectionOutcome) -> int:
    """Email the outcome to the old email address, the one asked to confirm, and the editor who asked.

    The new email address is told if the correction was confirmed. Return the number of emails queued.
    """
    correction = outcome.correction
    addresses = [correction.old_address, correction.confirm_address, correction.asked_by.email]
    if outcome.is_confirmed:
        addresses.append(correction.new_address)
    about = {
        **context(correction),
        "is_confirmed": outcome.is_confirmed,
        "how": outcome.get_ended_display(),
        "by": outcome.by_shown if outcome.by_id else "",
        "words": outcome.words,
        "at": outcome.at,
    }
    return _send("account_correction_decided", about, dict.fromkeys(addresses))


def context(correction: AccountCorrection) -> dict[str, object]:
    """Return the template context that both emails about a request share."""
    return {
        "whom": correction.whom,
        "is_address": correction.corrected == Corrected.ADDRESS,
        "old": correction.old_address,
        "new": correction.new_address,
        "reason": correction.reason,
        "asked_by": correction.asked_by_shown,
        "expires_at": correction.expires_at,
        "page": settings.SITE_URL.rstrip("/")
        + reverse("admin:advisors_accountcorrection_change", args=[correction.pk]),
        "site": settings.SITE_URL.rstrip("/"),
    }


def _send(
    name: str, about: dict[str, object], addresses: Iterable[str], placeholders: sending.Placeholders | None = None
) -> int:
    """Queue the email to each address; log and skip an address to which nothing can be sent."""
    queued = 0
    for address in addresses:
        try:
            queued += sending.send(name, about, address, placeholders=placeholders)
        except sending.BadAddress as error:
            log.error("No email about the correction of an account: %s", error)
    return queued


def _correction() -> dict:
    return {
        "whom": "Dr Ada Sample",
        "is_address": True,
        "old": "ada@institute.example",
        "new": "ada@university.example",
        "reason": "She has moved to the university, and the institute will close her address.",
        "asked_by": "Edna Editor",
        "expires_at": timezone.now() + timedelta(days=14),
        "page": f"{settings.SITE_URL.rstrip('/')}/admin/",
        "site": settings.SITE_URL.rstrip("/"),
    }


@sending.sample(
    "account_correction_asked", _("To the address held at the last signature: confirm the correction of an account")
)
def account_correction_asked() -> dict:
    return {**_correction(), "token": "a-token-that-opens-nothing"}


@sending.sample(
    "account_correction_decided", _("To the old address and the editor who asked: how a correction has ended")
)
def account_correction_decided() -> dict:
    about = {"is_confirmed": True, "how": _("confirmed by an administrator"), "by": "Alan Administrator"}
    return {**_correction(), **about, "words": "Mail to it comes back; she called.", "at": timezone.now()}
