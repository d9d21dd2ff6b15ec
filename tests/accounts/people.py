"""Helpers for tests that sign in as a browser does."""

import re

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.second_factor import MFAAdapter
from tests.mailing import deliver
from tests.newsroom import PASSWORD

# What a form for a new password sends.
NEW = {"password1": "another battery of horses", "password2": "another battery of horses"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_password(user: User, password: str = PASSWORD) -> User:
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, **fields: str) -> HttpResponse:
    """Send the sign-in form."""
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **fields})


def give_app(user: User) -> Authenticator:
    """Return an authenticator app in the state after it was set up."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": MFAAdapter().encrypt(SECRET)}
    )


def code(secret: str = SECRET) -> str:
    """Return the code that the app shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def link_of(settings: object) -> str:
    """Return the path of the link in the one email that was sent."""
    _, emails = deliver(settings)
    (email,) = emails
    return re.search(r"https?://[^/\s]+(/account/choose/\S+)", email.body)[1]
