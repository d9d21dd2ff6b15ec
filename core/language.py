"""The language of the publication, as pages, feeds and emails declare it."""

from django.conf import settings
from django.utils.translation import to_locale


def language_tag() -> str:
    """Return the language of LANGUAGE_CODE as a language tag (BCP 47) in its usual spelling, such as en-GB."""
    return to_locale(settings.LANGUAGE_CODE).replace("_", "-")
