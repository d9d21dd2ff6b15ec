"""How often one may sign up: counted without a cookie (core.rate_limits)."""

from django.http import HttpRequest

from core.rate_limits import DAY, HOUR, network_of, take

LETTERS_TO_AN_ADDRESS = 3  # a day
ASKED_FROM_A_NETWORK = 20  # an hour


def address_has_room(digest: str) -> bool:
    """Count one more letter to the address with this digest; False where it has had enough for today."""
    return take("newsletter address", digest, LETTERS_TO_AN_ADDRESS, DAY)


def network_has_room(request: HttpRequest) -> bool:
    """Count one more sign-up from the network that asks; False where it has asked enough for this hour."""
    return take("newsletter network", network_of(request), ASKED_FROM_A_NETWORK, HOUR)
