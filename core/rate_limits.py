"""How often one may ask, and how much send, without a cookie: counted in a table, so that all processes count together.

Keys are keyed hashes of what is counted and of the window of time, so the table tells nobody who asked. Knows no app.
"""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.models import Count

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def take(kind: str, value: str, most: int, within: timedelta) -> bool:
    """Count `value` once more; False where it has been counted `most` times in this window of time already.

    One conditional update decides, so two at once cannot both have the last.
    """
    now = timezone.now()
    window = int(now.timestamp() // within.total_seconds())
    key = salted_hmac("core.rate_limits", f"{kind} {window} {value}", algorithm="sha256").hexdigest()
    Count.objects.bulk_create([Count(key=key, until=now + within)], ignore_conflicts=True)
    return bool(Count.objects.filter(key=key, number__lt=most).update(number=F("number") + 1))


def network_of(request: HttpRequest) -> str:
    """The network that asks: an IPv4 address, or the /56 that one household has of IPv6.

    Behind a proxy that we trust (BEHIND_PROXY) it is what that proxy wrote, the last of X-Forwarded-For; what stands
    before it anybody can write.
    """
    sender = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        sender = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip() or sender
    try:
        address = ip_address(sender.partition("%")[0])
    except ValueError:
        return "unknown"
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 56 if address.version == 6 else 32), strict=False))


def length_of(request: HttpRequest) -> int:
    """How many bytes of body the request says that it brings, before any of it is read; what is no number counts as
    none, as Django takes it, and nothing is read then.
    """
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def forget_old_counts() -> int:
    """Delete the counts whose window is over; returns how many."""
    return Count.objects.filter(until__lt=timezone.now()).delete()[0]
