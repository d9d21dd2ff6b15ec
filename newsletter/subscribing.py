"""The life cycle of a subscription: sign up, confirm, unsubscribe, erase. No other module writes subscribers."""

from django.db import transaction
from django.utils import timezone

from newsletter import emails
from newsletter.addresses import digest
from newsletter.consent import words_of
from newsletter.models import State, Subscriber, Suppression, new_nonce


@transaction.atomic
def ask(*, address: str, consent: str) -> None:
    """Store a sign-up, and queue one email: to confirm it, or to say that the address receives the newsletter already.

    `address` has to be normalised, and `consent` is the version of the consent text. For every address the same
    statements run in the same order and one email is queued, so that neither the response nor its timing reveals
    whether the address is known. A confirmed subscriber keeps the earlier consent. Raise KeyError for an unknown
    version.
    """
    words = words_of(consent)
    if words is None:
        raise KeyError(consent)
    agreed = {"consent_version": consent, "consent_words": words, "asked_at": timezone.now()}
    key = digest(address)
    Subscriber.objects.bulk_create([Subscriber(address=address, digest=key, **agreed)], ignore_conflicts=True)
    Subscriber.objects.filter(digest=key).exclude(state=State.CONFIRMED).update(state=State.PENDING, **agreed)
    subscriber = Subscriber.objects.filter(digest=key).first()
    if subscriber is None:  # erased concurrently; the person can sign up again
        return
    if subscriber.state == State.CONFIRMED:
        emails.say_already_on_the_list(subscriber)
    else:
        emails.ask_to_confirm(subscriber)


@transaction.atomic
def confirm(*, pk: int, nonce: str) -> bool:
    """Confirm the sign-up with this primary key and nonce, and remove the suppression of its address.

    Return whether the subscriber receives the newsletter now. Return False if they have unsubscribed or been erased.
    """
    asked = Subscriber.objects.filter(pk=pk, nonce=nonce)
    if asked.filter(state=State.PENDING).update(
        state=State.CONFIRMED, confirmed_at=timezone.now(), unsubscribed_at=None
    ):
        Suppression.objects.filter(digest__in=asked.values("digest")).delete()
    return asked.filter(state=State.CONFIRMED).exists()


def standing(*, pk: int, nonce: str) -> State | None:
    """Return the state of the sign-up that a confirmation link with this primary key and nonce is for.

    PENDING: the link would confirm it. CONFIRMED: it has been confirmed. UNSUBSCRIBED: the subscriber has left since.
    None: the link belongs to an earlier sign-up, or the subscriber was erased. Nothing is changed.
    """
    found = Subscriber.objects.filter(pk=pk).values_list("state", "nonce").first()
    if found is None:
        return None
    state, current = found
    return State(state) if current == nonce or state == State.UNSUBSCRIBED else None


@transaction.atomic
def unsubscribe(*, digest: str) -> bool:
    """Delete the subscription with this digest if it is unconfirmed, or else end it; return whether there was any.

    The deletion comes first, so that a subscription confirmed between the two statements is ended by the second. The
    newsletter's emails to a deleted subscriber are deleted too.
    """
    pending = Subscriber.objects.filter(digest=digest, state=State.PENDING)
    addresses = list(pending.values_list("address", flat=True))
    if pending.delete()[0]:
        for address in addresses:
            emails.forget(address)
        return True
    return bool(
        Subscriber.objects.filter(digest=digest, state=State.CONFIRMED).update(
            state=State.UNSUBSCRIBED, unsubscribed_at=timezone.now(), nonce=new_nonce()
        )
    )


@transaction.atomic
def erase(subscriber: Subscriber) -> None:
    """Delete a subscriber and the newsletter's emails to them, and store a suppression of the address."""
    Suppression.objects.bulk_create([Suppression(digest=subscriber.digest)], ignore_conflicts=True)
    Subscriber.objects.filter(digest=subscriber.digest).delete()
    emails.forget(subscriber.address)


def purge() -> int:
    """Delete the sign-ups not confirmed within seven days, and the emails to them; return the number of sign-ups."""
    gone = 0
    for pk, address in list(Subscriber.objects.never_confirmed().values_list("pk", "address")):
        with transaction.atomic():
            if Subscriber.objects.never_confirmed().filter(pk=pk).delete()[0]:
                emails.forget(address)
                gone += 1
    return gone
