"""Typed access to environment variables.

An invalid value raises ImproperlyConfigured, which names the variable, so the process does not start.
"""

import os
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """Return the value of the variable `name`, or `default` if it is not set, without surrounding white space."""
    return os.environ.get(name, default).strip()


def required(name: str, hint: str) -> str:
    """Return the value of a variable. Raise ImproperlyConfigured, with `hint`, if it is not set or empty."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def flag(name: str, default: bool) -> bool:
    """Return a boolean: True for 1, true, yes or on; False for 0, false, no, off or an empty value.

    Return `default` if the variable is not set. Raise ImproperlyConfigured for any other value.
    """
    if name not in os.environ:
        return default
    value = text(name).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: use 1 or 0.")


def whole(name: str, default: int, at_least: int = 0) -> int:
    """Return a whole number, or `default` if the variable is not set.

    Raise ImproperlyConfigured for any other value and for a number below `at_least`.
    """
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < at_least:
        raise ImproperlyConfigured(f"{name} is {value!r}: use a whole number from {at_least}.")
    return int(value)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return the value of a variable, or `default` if it is not set.

    Raise ImproperlyConfigured if the value is not one of `choices`.
    """
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: use {' or '.join(choices)}.")
    return value


def zone(name: str, default: str) -> str:
    """Return the name of a time zone, such as Europe/Berlin, or `default` if the variable is not set or empty.

    Raise ImproperlyConfigured for an unknown time zone.
    """
    value = text(name) or default
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError) as error:  # an unknown zone, the name of a folder, an invalid name
        raise ImproperlyConfigured(
            f"{name} is {value!r}: use the name of a time zone, such as Europe/Berlin."
        ) from error
    return value


def database(name: str, default: str, **options: object) -> dict[str, object]:
    """Return Django's settings for a PostgreSQL or SQLite database, given by a URL, with `options` added.

    Use the URL `default` if the variable is not set or empty. Raise ImproperlyConfigured for any other URL.
    """
    value = text(name) or default
    try:
        if urlsplit(value).scheme not in ("postgresql", "postgres", "pgsql", "sqlite"):
            raise ValueError("another kind of database")
        return dict(dj_database_url.parse(value, **options))
    except ValueError as error:  # the URL may contain a password, so the message does not repeat it
        raise ImproperlyConfigured(f"{name} is not of the form postgresql://… or sqlite:///….") from error


def words(name: str, default: str = "") -> list[str]:
    """Return the items of a comma-separated list, without empty items."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def bucket(name: str) -> dict[str, object] | None:
    """Return the options of django-storages for `s3://bucket/folder?endpoint=https://…&region=…`.

    Return None if the variable is not set or empty. The URL contains no keys: boto3 finds them itself
    (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a role of the machine). Raise ImproperlyConfigured for any other
    form of URL.
    """
    value = text(name)
    if not value:
        return None
    parts = urlsplit(value)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    endpoint = urlsplit(query.get("endpoint", "https://s3.amazonaws.com"))
    is_plain = not (parts.username or parts.port or parts.fragment or endpoint.username)
    is_known = parts.scheme == "s3" and parts.hostname and query.keys() <= {"endpoint", "region"}
    if not is_plain or not is_known or endpoint.scheme not in ("https", "http") or not endpoint.hostname:
        raise ImproperlyConfigured(f"{name} is not of the form s3://bucket/folder?endpoint=https://…&region=….")
    return {
        "bucket_name": parts.hostname,
        "location": parts.path.strip("/"),
        "endpoint_url": query.get("endpoint"),
        "region_name": query.get("region"),
        "default_acl": None,  # the access rules of the bucket apply
        "file_overwrite": False,
    }
