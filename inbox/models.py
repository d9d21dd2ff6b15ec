"""Notifications, and how each person wants to be told of each event."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import LineField, ProseField


class Delivery(models.TextChoices):
    """How a person is told of an event. The inbox shows it in each case."""

    AT_ONCE = "at_once", _("Email at once")
    DAILY = "daily", _("One email a day")
    OFF = "off", _("No email")


class Notification(models.Model):
    """One person was told of one event. Rows are written by `inbox.notifying` and deleted after some months.

    `key` names what happened, so that nobody is told of it twice. `path` leads to the page that it is about. `delivery`
    is what the person preferred at that time, and `emailed_at` when an email about it was queued.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    event = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    subject = LineField(max_length=200)
    words = ProseField(max_length=2000, blank=True)
    path = models.CharField(max_length=300)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    delivery = models.CharField(max_length=10, choices=Delivery)
    at = models.DateTimeField(default=timezone.now)
    emailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notification_once"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="notification_delivery"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notification_newest"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["recipient"], condition=Q(delivery="daily", emailed_at=None), name="notification_for_digest"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class DeliveryPreference(models.Model):
    """How a person wants to be told of an event. Without a row, they get an email at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="delivery_preferences")
    event = models.CharField(max_length=30)
    delivery = models.CharField(max_length=10, choices=Delivery)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("delivery preference")
        verbose_name_plural = _("delivery preferences")
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="delivery_preference_once"),
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="delivery_preference_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.get_delivery_display()}"
