"""Who somebody is: by email address and password, or by a link with which to choose a password."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.models import User


class ByEmail(AuthenticationBackend):
    """allauth's, with its even timing; but the one address that counts is the user's own.

    allauth would also let in by its own table of addresses, where one that was changed since may still stand.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        # One that is switched off is not looked for at all, so that its right password is answered, counted and hashed
        # (by allauth, once, as for an unknown address) exactly like a wrong one.
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        return self._check_password(user, password)


class ChooseTokens(PasswordResetTokenGenerator):
    """Django's tokens, which no longer open anything while the account is switched off."""

    def check_token(self, user: User | None, token: str | None) -> bool:
        return user is not None and user.is_active and super().check_token(user, token)
