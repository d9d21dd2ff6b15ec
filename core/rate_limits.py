"""Rate limits that need no cookie, with counts in a table that all processes share. Depends on no other app.

The key of a count is a keyed hash of the kind of action, the value and the time window, so the table does not disclose
who made a request.
"""

from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.models import Count

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def take(kind: str, value: str, limit: int, window: timedelta) -> bool:
    """Count one action of this kind by `value`, such as a client's network; return whether it is within `limit`.

    The limit is for one time window; an action beyond it is not counted. A single conditional update decides, so two
    simultaneous requests cannot both take the last permitted action.
    """
    now = timezone.now()
    number = int(now.timestamp() // window.total_seconds())
    key = salted_hmac("core.rate_limits", f"{kind} {number} {value}", algorithm="sha256").hexdigest()
    Count.objects.bulk_create([Count(key=key, until=now + window)], ignore_conflicts=True)
    return bool(Count.objects.filter(key=key, number__lt=limit).update(number=F("number") + 1))


def network_of(request: HttpRequest) -> str:
    """Return the network of the client: its IPv4 address, or the /56 of IPv6 that one household usually has.

    Return “unknown” if there is no valid address (see `_address_of`).
    """
    return _network(request, 32, 56)


def shortened_network_of(request: HttpRequest) -> str:
    """Return a network too large to identify a household: the /24 of the IPv4 address or the /48 of the IPv6 address.

    Return “unknown” if there is no valid address (see `_address_of`).
    """
    return _network(request, 24, 48)


def _network(request: HttpRequest, bits_of_4: int, bits_of_6: int) -> str:
    """Return the network of the client with this many leading bits of its IPv4 or IPv6 address, or “unknown”."""
    address = _address_of(request)
    if address is None:
        return "unknown"
    return str(ip_network((address, bits_of_6 if address.version == 6 else bits_of_4), strict=False))


def _address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """Return the address of the client, or None if there is no valid one.

    Behind a trusted proxy (BEHIND_PROXY), it is the last entry of X-Forwarded-For, which the proxy has written; clients
    can forge the entries before it.
    """
    sender = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        sender = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip() or sender
    try:
        address = ip_address(sender.partition("%")[0])
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def content_length(request: HttpRequest) -> int:
    """Return the Content-Length of the request in bytes, without reading its body, or 0 if it is not a number.

    Django treats an invalid Content-Length as 0 as well, and then reads no body.
    """
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def delete_expired_counts() -> int:
    """Delete the counts whose time window is over (`until`), and return the number of rows deleted."""
    return Count.objects.filter(until__lt=timezone.now()).delete()[0]
