"""The wording of the consent text. Each subscriber's row stores the wording that the subscriber agreed to.

The current wording is one of the house settings. A version never changes after readers have seen it: a new wording gets
a new version, and old versions stay available, here or in the table of the house settings. A form from a page that is
still in some cache can therefore be accepted.
"""

from core.house.memory import house
from core.models import HouseVersion

WORDS = {
    "2026-11": (
        "Yes, please send me the newsletter of The Betterment Project by e-mail: news of its products, invitations to "
        "events, and ideas for mind and body. My address is kept for this alone and given to nobody else. I can leave "
        "at any time with one click, in every letter."
    ),
}
CURRENT = "2026-11"


def current() -> tuple[str, str]:
    """Return the version and the wording of the consent text that the sign-up form shows now."""
    in_force = house()
    return (in_force.consent_version, in_force.consent_words) if in_force.number else (CURRENT, WORDS[CURRENT])


def words_of(version: str) -> str | None:
    """Return the wording of a version that readers have been shown, or None for an unknown version."""
    if version in WORDS or not version.startswith("house-"):
        return WORDS.get(version)
    shown = HouseVersion.objects.filter(consent_version=version[:20]).order_by("number")
    return shown.values_list("consent_words", flat=True).first()
