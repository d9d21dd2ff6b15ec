"""How somebody gets an account: it is made for them, and a letter lets them choose their password."""

from django.db import transaction

from accounts import emails
from accounts.models import User


class AlreadyIn(Exception):
    """Raised where somebody who has chosen a password would be invited again."""


@transaction.atomic
def invite(*, user: User, actor: User) -> None:
    """Send the letter, the first one or another. Raises AlreadyIn for who has a password or was switched off."""
    if user.has_usable_password() or not user.is_active:
        raise AlreadyIn(f"{user} has a password already, or is switched off.")
    emails.invitation(user, by=actor)
