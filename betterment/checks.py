"""System checks for wrong settings."""

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ValidationError
from post_office.validators import validate_email_with_name

FINDER = "core.staticfiles.AppDirectoriesFinder"
UNSERVED = "ckeditor/ckeditor/plugins/iframe/dialogs/iframe.js"


@register()
def editor_files_are_restricted(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return errors if CKEditor's files are not restricted (E001) or its uploader is installed (E002).

    Return no errors if CKEditor's own warning is not silenced.
    """
    if "ckeditor.W001" not in settings.SILENCED_SYSTEM_CHECKS:
        return []
    problems: list[CheckMessage] = []
    if FINDER not in settings.STATICFILES_FINDERS or finders.find(UNSERVED):
        problems.append(
            Error(
                "CKEditor's files are served without the allow-list.",
                hint=f"Put {FINDER} in STATICFILES_FINDERS, in place of Django's AppDirectoriesFinder.",
                id="betterment.E001",
            )
        )
    if "ckeditor_uploader" in settings.INSTALLED_APPS:
        problems.append(
            Error(
                "ckeditor_uploader is installed: its upload view takes any file and no CSRF token.",
                hint="Remove it; pictures go through pictures.files.",
                id="betterment.E002",
            )
        )
    return problems


@register(deploy=True)
def site_has_a_public_address(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return an error (E003) unless SITE_URL is an https URL without a trailing slash.

    Canonical URLs and the links in emails begin with SITE_URL.
    """
    if settings.SITE_URL.startswith("https://") and not settings.SITE_URL.endswith("/"):
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL!r}.",
            hint="Set the public https address without a trailing slash, such as https://example.org.",
            id="betterment.E003",
        )
    ]


@register(deploy=True)
def attempts_are_counted_together(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return an error (E004) unless all workers share the cache in which sign-in attempts are counted."""
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if backend in {"DatabaseCache", "RedisOrTable"}:
        return []
    return [
        Error(
            f"Attempts to sign in are counted in a {backend}, which the workers do not share.",
            hint="Set CACHE_URL to a Redis server, or leave it out to count them in the database.",
            id="betterment.E004",
        )
    ]


@register(deploy=True)
def editors_need_a_second_factor(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return an error (E005) unless editors need a second factor.

    A stolen password alone must not suffice to publish.
    """
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Error(
            "Editors and superusers can enter the admin with a password alone.",
            hint="Leave SECOND_FACTOR_REQUIRED out, or set it to 1.",
            id="betterment.E005",
        )
    ]


@register()
def sender_is_an_address(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Return an error (E006) unless DEFAULT_FROM_EMAIL is valid.

    If the sender is invalid, queuing an email fails, and so does the action in whose transaction the email is queued.
    """
    try:
        validate_email_with_name(settings.DEFAULT_FROM_EMAIL)
    except ValidationError:
        return [
            Error(
                f"DEFAULT_FROM_EMAIL is {settings.DEFAULT_FROM_EMAIL!r}, which is not an email address.",
                hint="Set it to an address with a host name, such as Example <newsroom@example.org>.",
                id="betterment.E006",
            )
        ]
    return []
