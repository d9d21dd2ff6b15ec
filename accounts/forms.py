"""The forms of signing in: allauth's, with our words and our letters."""

from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from accounts import emails, second_factor, sessions
from accounts.models import User


class Worded:
    """Mixin: a label above each field, help below it, and nothing that vanishes as soon as one types."""

    words: ClassVar[dict[str, tuple[str, str]]]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


LENGTH = "Twelve characters or more. Several words that only you would put together are easy to remember."
NEW = {"password1": ("New password", LENGTH), "password2": ("New password again", "")}
CODE = {"code": ("Code", "Six digits from your authenticator app, or one of your recovery codes.")}


class SignInForm(Worded, account.LoginForm):
    words = {"login": ("Email address", ""), "password": ("Password", "")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        sessions.limit(request)  # allauth has just set one that starts anew at every write
        return response


class ResetForm(Worded, account.ResetPasswordForm):
    """Does the same for an address that it knows and for one that it does not."""

    words = {"email": ("Email address", "")}

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        emails.reset(self.users[0] if self.users else None)
        return self.cleaned_data["email"]


class ChooseForm(Worded, account.ResetPasswordKeyForm):
    words = NEW


class SetPasswordForm(Worded, account.SetPasswordForm):
    words = NEW


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    words = {"oldpassword": ("Current password", ""), **NEW}


class ConfirmForm(Worded, account.ReauthenticateForm):
    words = {"password": ("Password", "")}


class SecondForm(Worded, mfa.AuthenticateForm):
    words = CODE


class ConfirmSecondForm(Worded, mfa.ReauthenticateForm):
    words = CODE


class SetUpCodesForm(Worded, ActivateTOTPForm):
    words = {"code": ("The code that your app shows now", "")}


class Unreadable:
    """Mixin: what no passkey sends is refused like a wrong one.

    The library behind allauth looks for keys in whatever was posted, and by this anybody could raise its errors.
    """

    def clean_credential(self) -> object:
        try:
            return super().clean_credential()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise second_factor.refused() from error


class PasskeySignInForm(Unreadable, passkeys.LoginWebAuthnForm):
    """Answers alike for a passkey that is wrong, one that nobody has, and one of an account that is switched off."""

    def clean_credential(self) -> Authenticator:
        try:
            authenticator = super().clean_credential()
        except ValidationError as error:
            raise second_factor.refused() from error
        if not authenticator.user.is_active:
            raise second_factor.refused()
        return authenticator


class SecondPasskeyForm(Unreadable, passkeys.AuthenticateWebAuthnForm):
    pass


class ConfirmPasskeyForm(Unreadable, passkeys.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(Worded, passkeys.AddWebAuthnForm):
    """A passkey signs in by itself, which is what people expect of one; a key without that is a second factor."""

    words = {
        "name": ("Name", "A name that tells it from others: “Phone”, “Key on my key ring”."),
        "passwordless": (
            "Sign in with it alone, without a password",
            "It then asks for your fingerprint, your face or its PIN each time.",
        ),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

    def clean(self) -> dict:
        try:
            return super().clean()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise second_factor.refused() from error


class NamePasskeyForm(Worded, passkeys.EditWebAuthnForm):
    words = {"name": ("Name", "")}
