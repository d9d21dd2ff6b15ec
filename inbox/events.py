"""The events that people are told about. An app registers its events when it is imported; people choose by event."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Event:
    """An event that people are told about. `label` says in a few words what happened, on the page of preferences."""

    name: str
    label: str | Promise


_EVENTS: dict[str, Event] = {}


def register(name: str, label: str | Promise) -> str:
    """Register an event and return its name, a word of at most 30 characters. Raise ValueError if it is taken."""
    if name in _EVENTS:
        raise ValueError(f"There is an event {name} already.")
    _EVENTS[name] = Event(name, label)
    return name


def is_registered(name: str) -> bool:
    """Return whether there is an event of this name."""
    return name in _EVENTS


def events() -> list[Event]:
    """Return all events in the order in which they were registered."""
    return list(_EVENTS.values())
