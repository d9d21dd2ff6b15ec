"""A check for IP addresses on the public internet. Pure: no network, no app."""

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Global unicast (RFC 4291, section 2.4); all other IPv6 addresses are local, special or not yet assigned.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_TEREDO = ipaddress.ip_network("2001::/32")  # RFC 4380: contains IPv4 addresses in obfuscated form
# Withdrawn 6to4 relays (RFC 7526), IETF protocols (RFC 6890) and documentation (RFC 9637), which Python 3.11 treats as
# global.
_SPECIAL = [ipaddress.ip_network(net) for net in ("192.88.99.0/24", "192.0.0.0/24", "3fff::/20")]


def is_public(address: str) -> bool:
    """Return whether an IP address is on the public internet.

    Return False for loopback, private, link-local, carrier-grade NAT, multicast, reserved, unspecified and
    documentation addresses (IANA's special-purpose registries, RFC 6890), for IPv6 addresses that contain such an IPv4
    address (IPv4-mapped, 6to4, NAT64), for Teredo, for addresses with a zone, and for anything that is not an IP
    address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public(ip)


def _is_public(ip: _Address) -> bool:
    if ip.is_multicast or ip.is_reserved and ip not in _NAT64:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not _is_special(ip)
    if ip.scope_id:
        return False
    if ip.ipv4_mapped:
        return _is_public(ip.ipv4_mapped)
    if ip.sixtofour:
        return _is_public(ip.sixtofour)
    if ip in _NAT64:
        return _is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return ip in _GLOBAL_UNICAST and ip not in _TEREDO and ip.is_global and not _is_special(ip)


def _is_special(ip: _Address) -> bool:
    return any(ip in net for net in _SPECIAL if net.version == ip.version)
