"""The user of a session, how they signed in, its lifetime, and ending all sessions of a user."""

from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F, TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Means(TextChoices):
    """The ways in which the person behind a request was authenticated."""

    PASSWORD = "password", _("signed in with a password")
    SECOND_FACTOR = "second_factor", _("signed in with a password and a second factor")
    PASSKEY = "passkey", _("signed in with a passkey")
    LINK = "link", _("opened the link in an email")
    UNRECORDED = "unrecorded", _("signed in; how was not recorded")


def means_of(request: HttpRequest) -> Means:
    """Return how the user of this session signed in, by the strongest means that was used in it.

    A session in which nothing was recorded (one that a command opened, for example) is UNRECORDED.
    """
    records = get_authentication_records(request, request.user)
    if any(record.get("passwordless") for record in records):
        return Means.PASSKEY
    if any(record.get("method") == "mfa" for record in records):
        return Means.SECOND_FACTOR
    return Means.PASSWORD if records else Means.UNRECORDED


def signed_in(request: HttpRequest) -> User:
    """Return the user who has signed in, for views that require a sign-in, such as those of the admin.

    Raise PermissionDenied if nobody has signed in. In the admin that cannot happen, because `AdminSite.admin_view`
    redirects such a request to the sign-in page.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied("Nobody has signed in.")
    return request.user


def limit(request: HttpRequest) -> None:
    """Make this session expire in SESSION_COOKIE_AGE seconds, however it is used; Django would renew it at each use."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def end_all(*, user: User) -> None:
    """End every session of this user, on every device. The user can sign in again."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
