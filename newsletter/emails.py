"""The newsletter's emails and their headers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from post_office.models import Email

from core.house.memory import house
from core.house.values import phrase
from mail.sending import EmailCancelled, fills_placeholder, sample, send
from newsletter.models import State, Subscriber
from newsletter.tokens import confirm_link, unsubscribe_link


def headers(subscriber: Subscriber) -> dict[str, str]:
    """Return the headers of every email to a subscriber: the list's name and the one-click unsubscribe link.

    Mail programs use them to offer a button for unsubscribing (RFC 2369, RFC 2919, RFC 8058).
    """
    return {
        "List-Id": f"{phrase(house().name)} <newsletter.{urlsplit(settings.SITE_URL).hostname}>",
        "List-Unsubscribe": f"<{unsubscribe_link(subscriber)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def ask_to_confirm(subscriber: Subscriber) -> None:
    """Queue the email that asks the subscriber to confirm. Its link is made when the email is sent."""
    send(
        "newsletter_confirm",
        _context(subscriber),
        subscriber.address,
        headers=headers(subscriber),
        placeholders={"confirm_link": ("newsletter_confirm", subscriber.pk)},
    )


def say_already_on_the_list(subscriber: Subscriber) -> None:
    """Queue the email that tells a subscriber who signed up again that they receive the newsletter already."""
    send("newsletter_already", _context(subscriber), subscriber.address, headers=headers(subscriber))


def forget(address: str) -> int:
    """Delete the newsletter's emails to this address from the outbox, including sent ones; return their number."""
    rows = [row.pk for row in Email.objects.filter(to=[address]) if "List-Unsubscribe" in (row.headers or {})]
    Email.objects.filter(pk__in=rows).delete()
    return len(rows)


def _context(subscriber: Subscriber) -> dict[str, object]:
    """Return the context that the templates of all emails to a subscriber share."""
    return {"words": subscriber.consent_words, "unsubscribe_link": unsubscribe_link(subscriber)}


@fills_placeholder("newsletter_confirm")
def _link(pk: int, address: str) -> str:
    """Return the confirmation link. Raise EmailCancelled if the subscriber no longer has to confirm."""
    subscriber = Subscriber.objects.filter(pk=pk, state=State.PENDING).first()
    if subscriber is None:
        raise EmailCancelled("Confirmed, left or erased before the email went.")
    return confirm_link(subscriber)


@sample("newsletter_confirm", _("To somebody who has signed up for the newsletter"))
def _confirm_sample() -> dict:
    return {**_already_sample(), "confirm_link": f"{settings.SITE_URL}/newsletter/confirm/…/"}


@sample("newsletter_already", _("To a subscriber whose address was signed up once more"))
def _already_sample() -> dict:
    return {"words": "Yes, please send me …", "unsubscribe_link": f"{settings.SITE_URL}/newsletter/unsubscribe/…/"}
