"""The newsletter's emails, and the headers that each of them needs."""

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
    """Return the headers for every email to a subscriber, by which mail programs offer to unsubscribe (RFC 2369, RFC
    8058).
    """
    return {
        "List-Id": f"{phrase(house().name)} <newsletter.{urlsplit(settings.SITE_URL).hostname}>",
        "List-Unsubscribe": f"<{unsubscribe_link(subscriber)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def ask_to_confirm(subscriber: Subscriber) -> None:
    """Queue the email that asks for confirmation. Its link is made when the email is sent."""
    send(
        "newsletter_confirm",
        _context(subscriber),
        subscriber.address,
        headers=headers(subscriber),
        placeholders={"confirm_link": ("newsletter_confirm", subscriber.pk)},
    )


def say_already_on_the_list(subscriber: Subscriber) -> None:
    """Queue the email to a subscriber whose address was signed up again: it says that nothing has changed."""
    send("newsletter_already", _context(subscriber), subscriber.address, headers=headers(subscriber))


def forget(address: str) -> int:
    """Delete the newsletter's emails to an address from the outbox, including sent ones; return how many."""
    rows = [row.pk for row in Email.objects.filter(to=[address]) if "List-Unsubscribe" in (row.headers or {})]
    Email.objects.filter(pk__in=rows).delete()
    return len(rows)


def _context(subscriber: Subscriber) -> dict[str, object]:
    """Return what every email to a subscriber shows."""
    return {"words": subscriber.consent_words, "unsubscribe_link": unsubscribe_link(subscriber)}


@fills_placeholder("newsletter_confirm")
def _link(pk: int) -> str:
    """Return the link to confirm; raise EmailCancelled if there is nothing to confirm any more."""
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
