"""The adapter of allauth's accounts: the site's own emails, sessions with a fixed end, and no sign-up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _

from accounts import emails, sessions
from accounts.models import User
from core.origins import is_local_path

SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    """The site's messages, redirects and rules for allauth's sign-in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("No account has this address and this password. Check both, and try again."),
        "too_many_login_attempts": _("There were too many attempts just now. Wait five minutes, and try again."),
        "rate_limited": _("There were too many attempts just now. Wait five minutes, and try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This is not the code that is valid now. Wait for the next one, and type that."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts are created in the admin."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the URL of the admin for staff, and the URL of the review desk for everybody else."""
        return resolve_url("admin:index" if request.user.is_staff else "board:desk")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the same URL as after signing in."""
        return self.get_login_redirect_url(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether a redirect to this URL is allowed after signing in. Only paths on this site are."""
        return bool(url) and is_local_path(url)

    def login(self, request: HttpRequest, user: User) -> None:
        """Start the session and limit its lifetime.

        Raise ImmediateHttpResponse if the account was deactivated after the password was checked.
        """
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        sessions.limit(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Return a redirect to the sign-in form with the message for a wrong password.

        The same message is used so that nobody can find out that the account exists.
        """
        clear_login(request)
        messages.error(request, self.error_messages["email_password_mismatch"])
        return redirect("account_login")

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Raise LookupError: this site sends users the emails of accounts.emails only, none of allauth's."""
        raise LookupError(f"accounts.emails has no email for {template_prefix}.")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        """Queue the site's own email about this change of the account.

        `template_prefix` is a key of accounts.emails.CHANGES; any other raises KeyError.
        """
        emails.account_changed(user, template_prefix)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Add the message, unless it only says that the user has signed in or out. The page shows that anyway."""
        if message_template not in SILENT:
            super().add_message(request, level, message_template, message_context, extra_tags, message)
