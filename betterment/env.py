"""Typed reading of environment variables, so that a wrong value fails at start with its name."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The variable's value without outer white space; `default` where it is not set."""
    return os.environ.get(name, default).strip()


def required(name: str, hint: str) -> str:
    """The variable's value; raises ImproperlyConfigured with `hint` where it is empty."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def flag(name: str, default: bool) -> bool:
    """True or False from 1/0, true/false, yes/no, on/off; raises ImproperlyConfigured for anything else."""
    if name not in os.environ:
        return default
    value = text(name).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: use 1 or 0.")


def whole(name: str, default: int, at_least: int = 0) -> int:
    """A whole number not below `at_least`; raises ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} is {value!r}: use a whole number from {at_least}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]
