"""The letters that this room sends, and what every letter of the newsletter must say of itself."""

from urllib.parse import urlsplit

from django.conf import settings
from post_office.models import Email

from mail.sending import EmailCancelled, fills_placeholder, sample, send
from newsletter.models import State, Subscriber
from newsletter.tokens import confirm_link, unsubscribe_link


def headers(subscriber: Subscriber) -> dict[str, str]:
    """What lets a mail program offer "unsubscribe" by itself (RFC 2369, RFC 8058): for every letter to a subscriber."""
    return {
        "List-Id": f"{settings.SITE_NAME} <newsletter.{urlsplit(settings.SITE_URL).hostname}>",
        "List-Unsubscribe": f"<{unsubscribe_link(subscriber)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def ask_to_confirm(subscriber: Subscriber) -> None:
    """Queue the letter that asks whether it was they who signed up. Its link is made when the letter leaves."""
    send(
        "newsletter_confirm",
        _context(subscriber),
        subscriber.address,
        headers=headers(subscriber),
        placeholders={"confirm_link": ("newsletter_confirm", subscriber.pk)},
    )


def say_already_on_the_list(subscriber: Subscriber) -> None:
    """Queue the letter for somebody who receives the newsletter and was signed up again. Nothing changes by it."""
    send("newsletter_already", _context(subscriber), subscriber.address, headers=headers(subscriber))


def forget(address: str) -> int:
    """Delete this room's letters to an address from the queue, those that were sent too; returns how many."""
    rows = [row.pk for row in Email.objects.filter(to=[address]) if "List-Unsubscribe" in (row.headers or {})]
    Email.objects.filter(pk__in=rows).delete()
    return len(rows)


def _context(subscriber: Subscriber) -> dict[str, object]:
    return {"words": subscriber.consent_words, "unsubscribe_link": unsubscribe_link(subscriber)}


@fills_placeholder("newsletter_confirm")
def _link(pk: int) -> str:
    subscriber = Subscriber.objects.filter(pk=pk, state=State.PENDING).first()
    if subscriber is None:
        raise EmailCancelled("Confirmed, left or erased before the email went.")
    return confirm_link(subscriber)


@sample("newsletter_confirm", "Somebody has signed up for the newsletter")
def _confirm_sample() -> dict:
    return {**_already_sample(), "confirm_link": f"{settings.SITE_URL}/newsletter/confirm/…/"}


@sample("newsletter_already", "A subscriber was signed up once more")
def _already_sample() -> dict:
    return {"words": "Yes, please send me …", "unsubscribe_link": f"{settings.SITE_URL}/newsletter/unsubscribe/…/"}
