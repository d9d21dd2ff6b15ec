"""The user of a session, its lifetime, and ending all sessions of a user."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the user who has signed in, for views that require a sign-in, such as those of the admin.

    Raise PermissionDenied if nobody has signed in. In the admin that cannot happen, because `AdminSite.admin_view`
    leads such a request to the sign-in page.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied("Nobody has signed in.")
    return request.user


def limit(request: HttpRequest) -> None:
    """Make this session expire in SESSION_COOKIE_AGE seconds, even if it is used; Django would renew it at each use."""
    request.session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def end_all(*, user: User) -> None:
    """End every session of this user, on every device. The user can sign in again."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
