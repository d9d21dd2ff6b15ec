"""The token in the email by which the correction of an account is confirmed.

It is signed with the site's key and never stored. It opens one request for a correction, as sent to one email address,
until that request has ended or its time has run out; so it works once.
"""

from django.core import signing

from advisors.models import AccountCorrection
from mail import sending

SALT = "advisors.corrections"
FILL = "account_correction"


def token_for(correction: AccountCorrection) -> str:
    """Return the token that confirms or refuses this correction."""
    return signing.dumps([correction.pk, correction.confirm_address], salt=SALT)


def find(token: str) -> AccountCorrection | None:
    """Return the correction that this token opens, if it is waiting and its time has not run out, else None."""
    try:
        pk, address = signing.loads(token, salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    rows = AccountCorrection.objects.waiting().filter(pk=pk, confirm_address=address)
    found = rows.select_related("advisor", "author", "old_account", "new_account", "asked_by").first()
    return found if found is not None and found.is_waiting else None


def ended(token: str) -> AccountCorrection | None:
    """Return the correction that this token has opened, if it has ended or its time has run out, else None."""
    try:
        pk, address = signing.loads(token, salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    rows = AccountCorrection.objects.filter(pk=pk, confirm_address=address)
    found = rows.select_related("advisor", "author", "old_account", "outcome").first()
    return None if found is None or found.is_waiting else found


@sending.fills_placeholder(FILL)
def token_for_email(pk: int, address: str) -> str:
    """Return the token for the email that asks this email address to confirm the correction with primary key `pk`.

    It is called while the email is being sent. Raise EmailCancelled if the correction has ended or its time has run
    out.
    """
    correction = AccountCorrection.objects.waiting().filter(pk=pk, confirm_address=address).first()
    if correction is None or not correction.is_waiting:
        raise sending.EmailCancelled("The request for a correction has ended.")
    return token_for(correction)
