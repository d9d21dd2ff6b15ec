"""Subscribers to the newsletter, and addresses that must not receive it."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, ProseField

UNCONFIRMED_FOR = timedelta(days=7)


def new_nonce() -> str:
    """Return a random value for `Subscriber.nonce`, which makes a confirmation link valid for one sign-up only."""
    return get_random_string(22)


class State(models.TextChoices):
    """The state of a subscription."""

    PENDING = "pending", _("not confirmed yet")
    CONFIRMED = "confirmed", _("receives emails")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class SubscriberQuerySet(models.QuerySet):
    """Queries for subscribers."""

    def receiving(self) -> "SubscriberQuerySet":
        """Return the subscribers who may get the newsletter: confirmed, and without a suppression of their address.

        Erasing deletes the subscriber's row, so the suppression only matters if an old backup is restored.
        """
        suppressed = Suppression.objects.filter(digest=OuterRef("digest"))
        return self.filter(~Exists(suppressed), state=State.CONFIRMED)

    def never_confirmed(self) -> "SubscriberQuerySet":
        """Return the sign-ups that are more than seven days old and still not confirmed."""
        return self.filter(state=State.PENDING, asked_at__lt=timezone.now() - UNCONFIRMED_FOR)


class Subscriber(models.Model):
    """Somebody who signed up, with the consent text that they agreed to. Only `newsletter.subscribing` writes rows.

    `digest` is the keyed hash of the address (`addresses.digest`).
    """

    address = LineField(_("address"), max_length=254)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PENDING)
    consent_version = LineField(_("version of the consent text"), max_length=20)
    consent_words = ProseField(_("consent text"))
    asked_at = models.DateTimeField(_("signed up"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)
    # Changes when the subscriber leaves, so that no earlier confirmation link can subscribe them again.
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        default_permissions = ("view",)
        permissions = [
            ("unsubscribe_subscriber", "Can unsubscribe subscriber"),
            ("erase_subscriber", "Can erase subscriber"),
            ("export_subscriber", "Can export subscribers"),
        ]
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="newsletter_newest"),
            models.Index(fields=["state", "asked_at"], name="newsletter_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="newsletter_receives_what_was_confirmed",
                condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        # Without the address, because the admin's log keeps this text after an erasure.
        return f"Subscriber {self.pk}"


class Suppression(models.Model):
    """The keyed hash (`addresses.digest`) of an erased address, which must not receive the newsletter."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Suppression {self.pk}"
