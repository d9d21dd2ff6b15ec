"""Typed reading of environment variables, so that a wrong value fails at start with its name."""

import os
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
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


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of these values; raises ImproperlyConfigured with all of them otherwise."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: use {' or '.join(choices)}.")
    return value


def zone(name: str, default: str) -> str:
    """The name of a time zone, such as Europe/Berlin; raises ImproperlyConfigured for one that is not known."""
    value = text(name) or default
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:  # unknown; the name of a folder; no name at all
        raise ImproperlyConfigured(
            f"{name} is {value!r}: use the name of a time zone, such as Europe/Berlin."
        ) from error
    return value


def database(name: str, default: str, **options: object) -> dict[str, object]:
    """Django's settings for the address of a PostgreSQL or SQLite database; raises ImproperlyConfigured otherwise."""
    value = text(name) or default
    try:
        if urlsplit(value).scheme not in ("postgresql", "postgres", "pgsql", "sqlite"):
            raise ValueError("another kind of database")
        return dict(dj_database_url.parse(value, **options))
    except ValueError as error:  # the address may hold a password, so it is not repeated
        raise ImproperlyConfigured(f"{name} is not of the form postgresql://… or sqlite:///….") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def bucket(name: str) -> dict[str, object] | None:
    """What django-storages is told of `s3://bucket/folder?endpoint=https://…&region=…`; None where nothing is set.

    Keys are not part of it: boto3 finds them as it always does (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a role of
    the machine). Raises ImproperlyConfigured for anything else.
    """
    value = text(name)
    if not value:
        return None
    parts = urlsplit(value)
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    endpoint = urlsplit(asked.get("endpoint", "https://s3.amazonaws.com"))
    is_plain = not (parts.username or parts.port or parts.fragment or endpoint.username)
    is_known = parts.scheme == "s3" and parts.hostname and asked.keys() <= {"endpoint", "region"}
    if not is_plain or not is_known or endpoint.scheme not in ("https", "http") or not endpoint.hostname:
        raise ImproperlyConfigured(f"{name} is not of the form s3://bucket/folder?endpoint=https://…&region=….")
    return {
        "bucket_name": parts.hostname,
        "location": parts.path.strip("/"),
        "endpoint_url": asked.get("endpoint"),
        "region_name": asked.get("region"),
        "default_acl": None,  # the bucket's own rules hold
        "file_overwrite": False,
    }
