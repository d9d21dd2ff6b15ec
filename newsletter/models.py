"""Who receives the newsletter, and who must not."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from core.fields import LineField, ProseField

UNCONFIRMED_FOR = timedelta(days=7)


def new_nonce() -> str:
    """What ties the link of a confirmation to this round of asking; see `Subscriber.nonce`."""
    return get_random_string(22)


class State(models.TextChoices):
    PENDING = "pending", "not confirmed yet"
    CONFIRMED = "confirmed", "receives emails"
    UNSUBSCRIBED = "unsubscribed", "unsubscribed"


class SubscriberQuerySet(models.QuerySet):
    def receiving(self) -> "SubscriberQuerySet":
        """Those who may be written to: confirmed, and not suppressed.

        Erasure leaves no row, so the second only matters where an old backup brings one back.
        """
        suppressed = Suppression.objects.filter(digest=OuterRef("digest"))
        return self.filter(~Exists(suppressed), state=State.CONFIRMED)

    def never_confirmed(self) -> "SubscriberQuerySet":
        """Those who were asked to confirm a week ago or earlier, and did not."""
        return self.filter(state=State.PENDING, asked_at__lt=timezone.now() - UNCONFIRMED_FOR)


class Subscriber(models.Model):
    """Somebody who asked for the newsletter, and what they agreed to. Written by `newsletter.subscribing`."""

    address = LineField(max_length=254)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    consent_version = LineField("version of the consent text", max_length=20)
    consent_words = ProseField("consent text")
    asked_at = models.DateTimeField("signed up", default=timezone.now)
    confirmed_at = models.DateTimeField("confirmed", null=True, blank=True)
    unsubscribed_at = models.DateTimeField("unsubscribed", null=True, blank=True)
    # Changes when somebody leaves, so that no earlier confirmation can bring them back.
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
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
        # Stands in the admin's log, which erasure does not reach: no address.
        return f"Subscriber {self.pk}"


class Suppression(models.Model):
    """An address that was erased and must not be written to: its keyed hash, and nothing else of it."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Suppression {self.pk}"
