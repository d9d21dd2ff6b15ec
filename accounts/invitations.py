"""Inviting users: the account is created for them, and an email lets them choose their password."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import emails
from accounts.models import User


class InvitationRefused(Exception):
    """Raised if the user to invite already has a password, or the account is inactive."""


@transaction.atomic
def invite(*, user: User, actor: User) -> None:
    """Queue the email that invites this user, whether or not one was sent before. `actor` is the person who invites.

    Raise InvitationRefused if the user already has a password or is inactive.
    """
    if user.has_usable_password() or not user.is_active:
        raise InvitationRefused(_("%(user)s has a password already, or is switched off.") % {"user": user})
    emails.invitation(user, by=actor)
