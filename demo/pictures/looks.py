"""The look of each product: its colours, its emblem, the words on its label."""

from __future__ import annotations

import random
from dataclasses import dataclass

from demo.pictures.palette import CREAM, NIGHT


@dataclass(frozen=True)
class Look:
    """The look of a product. `ground` is the colour of the room behind it, `filling` the contents of the pack."""

    ground: tuple[str, str]
    body: str
    cap: str
    label: str
    ink: str
    accent: str
    filling: str
    emblem: str
    name: tuple[str, ...]
    holds: str
    pack: str = "jar"
    content: str = "gummies"
    gummy: str = "square"
    second: str = ""
    plant: str = "leaves"
    light: str = ""


LOOKS = {
    "sleep-gummies-melatonin": Look(
        ("#5b6c97", "#26355d"), "#202f5a", "#e4c795", CREAM, NIGHT, "#f0d9a4", "#7a4a7e", "moon",
        ("Sleep", "+ Melatonin"), "60 gummies", gummy="moon", plant="lavender", light="moon",
    ),
    "sleep-gummies-melatonin-free": Look(
        ("#cfc2d8", "#9384aa"), "#7d6b97", "#f1e7dc", CREAM, "#4b3d66", "#eeddc4", "#8d78bf", "hills",
        ("Sleep", "Melatonin free"), "60 gummies", gummy="square", plant="lavender",
    ),
    "de-stress-gummies": Look(
        ("#d3ddcc", "#93ab8e"), "#6f8f76", "#efe3cb", CREAM, "#34564a", "#e6ecd6", "#7fa35f", "waves",
        ("De-Stress",), "60 gummies", gummy="leaf",
    ),
    "productivity-gummies": Look(
        ("#f6e0ac", "#dfb060"), "#d49a3e", "#2e3c63", CREAM, "#2b375c", "#f1c05c", "#f0a83c", "rays",
        ("Productivity",), "60 gummies", gummy="hexagon", light="sun",
    ),
    "radical-relief-gel-roll-on": Look(
        ("#d2e4e6", "#8db6bd"), "#eef2ee", "#2f6673", "#f6fbf9", "#2f6673", "#cfe6e4", "#8fcfcd", "ripples",
        ("Radical", "Relief"), "cooling gel", pack="roll-on", content="roll-on", plant="mint",
    ),
    "complete-optimization-for-men": Look(
        ("#b9c1c9", "#6c7b8f"), "#2c3a52", "#c4684a", CREAM, "#22304a", "#e2906c", "#c4684a", "grid",
        ("Complete", "Optimization"), "30 sachets for men", pack="box", content="sachet", second="#f3e6d0",
        plant="none",
    ),
    "female-libido-gummies": Look(
        ("#f6dccb", "#dfa38c"), "#c97a68", "#f7ead9", CREAM, "#8a3f3f", "#f3c3ac", "#d9606a", "bloom",
        ("Libido", "for her"), "60 gummies", gummy="heart", plant="blossom",
    ),
    "male-libido-gummies": Look(
        ("#d8bda6", "#9c6b52"), "#71402f", "#e0b98b", CREAM, "#5a2f26", "#e3a777", "#a3412f", "peak",
        ("Libido", "for him"), "60 gummies", gummy="round", plant="russet",
    ),
    "couples-libido-gummies": Look(
        ("#f5d6bb", "#d8977a"), "#c97a68", "#f7ead9", CREAM, "#a64b42", "#e9a07a", "#d9606a", "pair",
        ("Libido", "for two"), "2 x 60 gummies", pack="two jars", gummy="heart", second="#8f3b33",
        plant="blossom",
    ),
    "immunity-plus": Look(
        ("#e3e6bf", "#a9b96e"), "#3f6a4f", "#f0c65c", CREAM, "#2d5140", "#f0c65c", "#e6a13a", "plus",
        ("IMMUNITY+",), "60 capsules", pack="pouch", content="capsules", second="#f6efdc", plant="citrus",
    ),
    "complete-calm-system": Look(
        ("#dfe0dc", "#a8b4bd"), "#50708a", "#f3e7d2", CREAM, "#35506b", "#bcd3d6", "#7fa35f", "waves",
        ("Complete Calm", "System"), "day and night", pack="set", content="two dishes",
        gummy="leaf", second="#8d78bf", plant="lavender",
    ),
}  # fmt: skip


def look_of(slug: str) -> Look:
    """Return the look of a product; for an unknown one a plain jar in colours that depend on its slug."""
    if slug in LOOKS:
        return LOOKS[slug]
    chance = random.Random(slug)
    kin = chance.choice(list(LOOKS.values()))
    words = slug.replace("-", " ").title().split()[:2] or ["Plain"]
    shape = chance.choice(("square", "round", "hexagon"))
    return Look(
        kin.ground,
        kin.body,
        kin.cap,
        CREAM,
        kin.ink,
        kin.accent,
        kin.filling,
        "disc",
        tuple(words),
        "",
        gummy=shape,
    )
