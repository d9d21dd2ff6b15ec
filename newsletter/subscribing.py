"""What happens to a subscription: asked for, confirmed, ended, erased. Nothing else writes one."""

from django.db import transaction
from django.utils import timezone

from newsletter import emails
from newsletter.addresses import digest
from newsletter.consent import WORDS
from newsletter.models import State, Subscriber, Suppression, new_nonce


@transaction.atomic
def ask(*, address: str, consent: str) -> None:
    """Somebody typed this (normalised) address and agreed to these words: queue one letter to it.

    Whatever is known of the address, these are the same four statements, in the same order, and one letter, so that
    neither answer nor time tells. Who receives the newsletter already keeps what they agreed to. Raises KeyError for
    a version of the words that there is not.
    """
    agreed = {"consent_version": consent, "consent_words": WORDS[consent], "asked_at": timezone.now()}
    key = digest(address)
    Subscriber.objects.bulk_create([Subscriber(address=address, digest=key, **agreed)], ignore_conflicts=True)
    Subscriber.objects.filter(digest=key).exclude(state=State.CONFIRMED).update(state=State.PENDING, **agreed)
    subscriber = Subscriber.objects.filter(digest=key).first()
    if subscriber is None:  # erased at this very moment: whoever asked may ask again
        return
    if subscriber.state == State.CONFIRMED:
        emails.say_already_on_the_list(subscriber)
    else:
        emails.ask_to_confirm(subscriber)


@transaction.atomic
def confirm(*, pk: int, nonce: str) -> bool:
    """It was they: from now on they receive the newsletter, also where the address was suppressed.

    True where they do, once or again; False where they have left or were erased since.
    """
    asked = Subscriber.objects.filter(pk=pk, nonce=nonce)
    if asked.filter(state=State.PENDING).update(
        state=State.CONFIRMED, confirmed_at=timezone.now(), unsubscribed_at=None
    ):
        Suppression.objects.filter(digest__in=asked.values("digest")).delete()
    return asked.filter(state=State.CONFIRMED).exists()


def standing(*, pk: int, nonce: str) -> State | None:
    """Return what a link that confirms finds, and change nothing.

    PENDING: it would confirm. CONFIRMED: it has. UNSUBSCRIBED: they have left since it was made. None: it is of an
    earlier sign-up, or they were erased.
    """
    found = Subscriber.objects.filter(pk=pk).values_list("state", "nonce").first()
    if found is None:
        return None
    state, current = found
    return State(state) if current == nonce or state == State.UNSUBSCRIBED else None


@transaction.atomic
def unsubscribe(*, digest: str) -> bool:
    """They want no letters. Whoever never confirmed is forgotten. False where there was nothing to end.

    In this order: a confirmation that comes between the two is ended by the second.
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
    """Delete somebody with this room's letters to them, and keep a keyed hash so that they are not written to."""
    Suppression.objects.bulk_create([Suppression(digest=subscriber.digest)], ignore_conflicts=True)
    Subscriber.objects.filter(digest=subscriber.digest).delete()
    emails.forget(subscriber.address)


def purge() -> int:
    """Delete who never confirmed within a week, and the letters that asked them; returns how many."""
    gone = 0
    for pk, address in list(Subscriber.objects.never_confirmed().values_list("pk", "address")):
        with transaction.atomic():
            if Subscriber.objects.never_confirmed().filter(pk=pk).delete()[0]:
                emails.forget(address)
                gone += 1
    return gone
