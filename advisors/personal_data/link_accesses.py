"""Record accesses through the links in emails, show them, and delete them after KEPT."""

from datetime import datetime, timedelta

from django.utils import timezone

from advisors.models import AccessKind, LinkAccess, ReviewToken
from advisors.models.link_accesses import LONGEST_DEVICE
from core.devices import device_in_words

KEPT = timedelta(days=180)
RECORDED_AGAIN_AFTER = timedelta(hours=1)


def record(*, token: ReviewToken, kind: AccessKind, network: str, user_agent: str) -> None:
    """Record an access through this token now.

    Further requests from the same network and device within an hour belong to the same access, so that a review that is
    being written does not fill the log. `network` is a shortened network (core.rate_limits.shortened_network_of).
    """
    now = timezone.now()
    device = device_in_words(user_agent)[:LONGEST_DEVICE]
    access = LinkAccess(token=token, kind=kind, at=now, network=network[:49], device=device, kept_until=now + KEPT)
    access.clean_fields()  # cleans the device as it is stored
    earlier = LinkAccess.objects.filter(
        token=token, kind=kind, network=access.network, device=access.device, at__gt=now - RECORDED_AGAIN_AFTER
    )
    if not earlier.exists():
        access.save()


def delete_expired(now: datetime) -> int:
    """Delete the accesses that are at least KEPT old at the aware time `now`; return their number."""
    return LinkAccess.objects.all().delete_expired(now)
