"""Sign-in forms: allauth's forms with the site's own labels and emails."""

from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import emails, second_factor, sessions
from accounts.models import User


class LabelsMixin:
    """Mixin that sets labels and help texts: `words` maps the name of a field to its label and its help text.

    Placeholders are removed, because they vanish while the user is typing.
    """

    words: ClassVar[dict[str, tuple[str, str]]]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


LENGTH = _("Twelve characters or more. Several words that only you would put together are easy to remember.")
NEW = {"password1": (_("New password"), LENGTH), "password2": (_("New password again"), "")}
CODE = {"code": (_("Code"), _("Six digits from your authenticator app, or one of your recovery codes."))}


class SignInForm(LabelsMixin, account.LoginForm):
    """The form to sign in by email address and password, or by a passkey."""

    words = {"login": (_("Email address"), ""), "password": (_("Password"), "")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign the user in, limit the lifetime of the session, and return allauth's response."""
        response = super().login(request, redirect_url)
        sessions.limit(request)  # allauth has just set an expiry that is renewed at each use
        return response


class ResetForm(LabelsMixin, account.ResetPasswordForm):
    """The form to request a link for choosing a new password. It does not reveal whether an email address is known."""

    words = {"email": (_("Email address"), "")}

    def clean_email(self) -> str:
        """Return the email address in lower case, and set `users` to the active users who have it."""
        email = self.cleaned_data["email"].lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """Queue the email, and return the typed email address in lower case."""
        emails.reset(self.users[0] if self.users else None)
        return self.cleaned_data["email"]


class ChooseForm(LabelsMixin, account.ResetPasswordKeyForm):
    """The form for choosing a password, reached by the link in an email."""

    words = NEW


class SetPasswordForm(LabelsMixin, account.SetPasswordForm):
    """The form to set a first password."""

    words = NEW


class ChangePasswordForm(LabelsMixin, account.ChangePasswordForm):
    """The form to change the password."""

    words = {"oldpassword": (_("Current password"), ""), **NEW}


class ConfirmForm(LabelsMixin, account.ReauthenticateForm):
    """The form for signed-in users to confirm their identity with their password."""

    words = {"password": (_("Password"), "")}


class SecondForm(LabelsMixin, mfa.AuthenticateForm):
    """The form for the code in the second step of signing in."""

    words = CODE


class ConfirmSecondForm(LabelsMixin, mfa.ReauthenticateForm):
    """The form for signed-in users to confirm their identity with a code."""

    words = CODE


class SetUpCodesForm(LabelsMixin, ActivateTOTPForm):
    """The form to set up an authenticator app."""

    words = {"code": (_("The code that your app shows now"), "")}


class MalformedCredentialMixin:
    """Mixin that refuses malformed data in the same way as a wrong passkey.

    The library behind allauth raises KeyError and similar exceptions for such data, so that the response would be a
    server error.
    """

    def clean_credential(self) -> object:
        """Return the credential; raise ValidationError if it is malformed."""
        try:
            return super().clean_credential()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise second_factor.refused() from error


class PasskeySignInForm(MalformedCredentialMixin, passkeys.LoginWebAuthnForm):
    """The form to sign in with a passkey. Wrong and unknown passkeys and those of inactive users get the same error."""

    def clean_credential(self) -> Authenticator:
        """Return the authenticator; raise ValidationError if the passkey is wrong or its user is inactive."""
        try:
            authenticator = super().clean_credential()
        except ValidationError as error:
            raise second_factor.refused() from error
        if not authenticator.user.is_active:
            raise second_factor.refused()
        return authenticator


class SecondPasskeyForm(MalformedCredentialMixin, passkeys.AuthenticateWebAuthnForm):
    """The form for the passkey in the second step of signing in."""

    pass


class ConfirmPasskeyForm(MalformedCredentialMixin, passkeys.ReauthenticateWebAuthnForm):
    """The form for signed-in users to confirm their identity with a passkey."""

    pass


class AddPasskeyForm(LabelsMixin, passkeys.AddWebAuthnForm):
    """The form to add a passkey: by default one that replaces the password, otherwise one for the second step."""

    words = {
        "name": (_("Name"), _("A name by which you recognise it: “Phone”, “Key on my key ring”.")),
        "passwordless": (
            _("Sign in with it alone, without a password"),
            _("It then asks for your fingerprint, your face or its PIN each time."),
        ),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

    def clean(self) -> dict:
        """Return the cleaned data; raise ValidationError if the credential is malformed."""
        try:
            return super().clean()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise second_factor.refused() from error


class NamePasskeyForm(LabelsMixin, passkeys.EditWebAuthnForm):
    """The form to rename a passkey."""

    words = {"name": (_("Name"), "")}
