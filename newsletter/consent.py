"""What people agree to, in words. The words that were shown are kept with whoever agreed to them.

The wording is one of the house settings. A version is never changed once readers have seen it: new words get a new
version, and the old stay, here or in the table of the house settings, so that a page which some cache still holds can
be answered.
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
    """Return the version and the words that the sign-up form shows now."""
    in_force = house()
    return (in_force.consent_version, in_force.consent_words) if in_force.number else (CURRENT, WORDS[CURRENT])


def words_of(version: str) -> str | None:
    """Return the words of a version that readers have been shown; None for a version that there never was."""
    if version in WORDS or not version.startswith("house-"):
        return WORDS.get(version)
    shown = HouseVersion.objects.filter(consent_version=version[:20]).order_by("number")
    return shown.values_list("consent_words", flat=True).first()
