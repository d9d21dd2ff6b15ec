"""Subscribers of the newsletter, and addresses that must not be written to."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, ProseField

UNCONFIRMED_FOR = timedelta(days=7)


def new_nonce() -> str:
    """Return a random string that ties a confirmation link to one sign-up; see `Subscriber.nonce`."""
    return get_random_string(22)


class State(models.TextChoices):
    """The state of a subscription."""

    PENDING = "pending", _("not confirmed yet")
    CONFIRMED = "confirmed", _("receives emails")
    UNSUBSCRIBED = "unsubscribed", _("unsubscribed")


class SubscriberQuerySet(models.QuerySet):
    """Queries on subscribers."""

    def receiving(self) -> "SubscriberQuerySet":
        """Return the subscribers who may be written to: confirmed and not suppressed.

        An erased subscriber has no row; the suppression matters if an old backup is restored.
        """
        suppressed = Suppression.objects.filter(digest=OuterRef("digest"))
        return self.filter(~Exists(suppressed), state=State.CONFIRMED)

    def never_confirmed(self) -> "SubscriberQuerySet":
        """Return the subscribers who were asked to confirm at least seven days ago and did not."""
        return self.filter(state=State.PENDING, asked_at__lt=timezone.now() - UNCONFIRMED_FOR)


class Subscriber(models.Model):
    """A person who signed up, and what they consented to. Written by `newsletter.subscribing`."""

    address = LineField(max_length=254)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    consent_version = LineField(_("version of the consent text"), max_length=20)
    consent_words = ProseField(_("consent text"))
    asked_at = models.DateTimeField(_("signed up"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)
    # Changes when the person leaves, so that no earlier confirmation link can subscribe them again.
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
    """The keyed hash of an erased address that must not be written to."""

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Suppression {self.pk}"
