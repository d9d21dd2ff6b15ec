"""Authentication by email address and password, and the tokens used in links for choosing a password."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class EmailBackend(AuthenticationBackend):
    """allauth's backend, which takes the same time for unknown users, restricted to the email addresses in the table
    of users.

    allauth would also accept addresses from its own table, which may be out of date.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """Return the active user with this email address and password, or None if there is none."""
        # Inactive users are left out of the query, so that allauth treats them exactly like an unknown address: the
        # password is hashed once, and the attempt is counted.
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        return self._check_password(user, password)


class ActiveUserTokens(PasswordResetTokenGenerator):
    """Django's password reset tokens, which are not valid while the account is inactive."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Return whether the token is valid for this user and the user is active."""
        return user is not None and user.is_active and super().check_token(user, token)
