"""How people want to be told of events."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.models import User
from inbox.events import events
from inbox.models import Delivery, DeliveryPreference


def deliveries(event: str, people: Iterable[User]) -> dict[int, Delivery]:
    """Return how each of these people wants to be told of an event, by primary key. Makes one query."""
    keys = [person.pk for person in people]
    stored = DeliveryPreference.objects.filter(event=event, user__in=keys).values_list("user", "delivery")
    return {**dict.fromkeys(keys, Delivery.AT_ONCE), **{user: Delivery(delivery) for user, delivery in stored}}


def preferences_of(user: User) -> dict[str, Delivery]:
    """Return how a person wants to be told of each registered event, by its name. Makes one query."""
    stored = dict(DeliveryPreference.objects.filter(user=user).values_list("event", "delivery"))
    return {event.name: Delivery(stored.get(event.name, Delivery.AT_ONCE)) for event in events()}


def prefer(user: User, chosen: Mapping[str, Delivery]) -> None:
    """Store how a person wants to be told of these events."""
    with transaction.atomic():
        for event, delivery in chosen.items():
            DeliveryPreference.objects.update_or_create(user=user, event=event, defaults={"delivery": delivery})
