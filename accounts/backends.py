"""Who somebody is, by e-mail address and password."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class ByEmail(AuthenticationBackend):
    """allauth's, with its even timing; but the one address that counts is the user's own.

    allauth would also let in by its own table of addresses, where one that was changed since may still stand.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user = User.objects.filter(email=email.strip().lower()).first()
        return self._check_password(user, password)
