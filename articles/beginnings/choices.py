"""What an article can begin from, besides blank, a template and a copy. Other apps register their choices here."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Choice:
    """A choice on the page “Begin an article”: its label, a sentence about it, and the address of its page."""

    label: str | Promise
    purpose: str | Promise
    url: str | Promise


_CHOICES: list[Choice] = []


def register(choice: Choice) -> None:
    """Add a choice to the page. Call this in an AppConfig's `ready`."""
    _CHOICES.append(choice)


def registered() -> tuple[Choice, ...]:
    """Return the choices of other apps, in the order in which they were registered."""
    return tuple(_CHOICES)
