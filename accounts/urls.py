"""Sign-in pages: the allauth views that this site uses, with the URL names by which allauth reverses them.

Allauth's views for sign-up, further email addresses of a user, codes sent by email and sign-in with accounts of other
sites are left out.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from accounts.views import requires_active_user, sign_in_page

urlpatterns = [
    path(address, sign_in_page(view), name=name)
    for address, view, name in [
        ("", mfa.index, "mfa_index"),
        ("sign-in/", account.login, "account_login"),
        ("sign-in/second/", requires_active_user(mfa.authenticate), "mfa_authenticate"),
        ("sign-in/passkey/", passkeys.login_webauthn, "mfa_login_webauthn"),
        ("sign-out/", account.logout, "account_logout"),
        ("confirm/", account.reauthenticate, "account_reauthenticate"),
        ("confirm/second/", mfa.reauthenticate, "mfa_reauthenticate"),
        ("confirm/passkey/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
        ("password/", account.password_change, "account_change_password"),
        ("password/first/", account.password_set, "account_set_password"),
        ("forgotten/", account.password_reset, "account_reset_password"),
        ("forgotten/sent/", account.password_reset_done, "account_reset_password_done"),
        ("choose/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
        ("codes/", totp.activate_totp, "mfa_activate_totp"),
        ("codes/off/", totp.deactivate_totp, "mfa_deactivate_totp"),
        ("recovery/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
        ("recovery/new/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
        ("recovery/file/", recovery_codes.download_recovery_codes, "mfa_download_recovery_codes"),
        ("passkeys/", passkeys.list_webauthn, "mfa_list_webauthn"),
        ("passkeys/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
        ("passkeys/<int:pk>/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
        ("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
    ]
]
urlpatterns += [
    re_path(
        r"^choose/(?P<uidb36>[0-9a-z]+)-(?P<key>[-0-9a-z]+)/$",
        sign_in_page(account.password_reset_from_key),
        name="account_reset_password_from_key",
    )
]
