"""The life of a subscription: requested, confirmed, ended, erased. No other module writes subscribers."""

from django.db import transaction
from django.utils import timezone

from newsletter import emails
from newsletter.addresses import digest
from newsletter.consent import words_of
from newsletter.models import State, Subscriber, Suppression, new_nonce


@transaction.atomic
def ask(*, address: str, consent: str) -> None:
    """Store a sign-up with this normalised address and version of the consent text, and queue one email.

    Whatever is known of the address, the same statements run in the same order and one email is queued, so that neither
    the response nor its time reveals anything. A confirmed subscriber keeps the consent given before. Raises KeyError
    for an unknown version.
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
    """Confirm the sign-up with this key and nonce, and lift a suppression of the address.

    Return whether the person now receives the newsletter; False if they have left or were erased since.
    """
    asked = Subscriber.objects.filter(pk=pk, nonce=nonce)
    if asked.filter(state=State.PENDING).update(
        state=State.CONFIRMED, confirmed_at=timezone.now(), unsubscribed_at=None
    ):
        Suppression.objects.filter(digest__in=asked.values("digest")).delete()
    return asked.filter(state=State.CONFIRMED).exists()


def standing(*, pk: int, nonce: str) -> State | None:
    """Return the state in which a confirmation link finds its sign-up; changes nothing.

    PENDING: it would confirm. CONFIRMED: it has done so. UNSUBSCRIBED: they have left since. None: the link belongs to
    an earlier sign-up, or the person was erased.
    """
    found = Subscriber.objects.filter(pk=pk).values_list("state", "nonce").first()
    if found is None:
        return None
    state, current = found
    return State(state) if current == nonce or state == State.UNSUBSCRIBED else None


@transaction.atomic
def unsubscribe(*, digest: str) -> bool:
    """End the subscription with this digest, or delete it if it was never confirmed; return whether there was one.

    In this order, so that a confirmation that comes between the two statements is ended by the second.
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
    """Delete a subscriber with the newsletter's emails to them; a keyed hash of the address keeps them from being
    written to.
    """
    Suppression.objects.bulk_create([Suppression(digest=subscriber.digest)], ignore_conflicts=True)
    Subscriber.objects.filter(digest=subscriber.digest).delete()
    emails.forget(subscriber.address)


def purge() -> int:
    """Delete the subscribers who did not confirm within a week, with the emails to them; return how many."""
    gone = 0
    for pk, address in list(Subscriber.objects.never_confirmed().values_list("pk", "address")):
        with transaction.atomic():
            if Subscriber.objects.never_confirmed().filter(pk=pk).delete()[0]:
                emails.forget(address)
                gone += 1
    return gone
