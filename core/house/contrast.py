"""The contrast of the house colours with backgrounds and text, by WCAG 2.2 (success criterion 1.4.3). Pure.

The other colours are those of static/css/tokens.css; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LOWEST = 4.5

# The backgrounds of the pages, and the colours of the text on the footer (ON_DEEP): name -> light, dark.
GROUNDS = {
    "paper": ("#fdfcf9", "#111715"),
    "raised": ("#ffffff", "#18201d"),
    "tint": ("#edf3ef", "#192521"),
    "sand": ("#f5f2ea", "#1d211c"),
}
ON_DEEP = {"on-deep": ("#eef4f1", "#e6ebe8"), "on-deep-quiet": ("#b4c8c0", "#a8b5af")}


@dataclass(frozen=True)
class LowContrast:
    """Two colours with too little contrast: the house's field, the other colour's name and value, and the ratio."""

    field: str
    other: str
    other_colour: str
    ratio: float


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as #0d5c53, from 0 for black to 1 for white (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def low_contrasts(colours: Mapping[str, str]) -> list[LowContrast]:
    """Return the pairs of colours whose contrast ratio is below 4.5:1.

    `colours` holds all colours of a house by field name. An accent colour is checked against every background of the
    pages, because text in it appears on all of them; the paper background is also the colour of text on accent-coloured
    buttons. The footer's background is checked against the colours of the footer's text.
    """
    found = []
    for field, colour in colours.items():
        place = int(field.endswith("_dark"))
        others = ON_DEEP if field.startswith("deep") else GROUNDS
        for name, values in others.items():
            reached = ratio(colour, values[place])
            if reached < LOWEST:
                found.append(LowContrast(field, name, values[place], reached))
    return found
