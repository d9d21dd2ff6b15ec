"""Portraits as plain illustrations: a face without features in light and shade, hair, a collar."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from demo.pictures.canvas import Blend, Canvas, mix
from demo.pictures.clothes import CLOTHES, dress
from demo.pictures.hair import HAIR, beard, hair_before, hair_behind
from demo.pictures.palette import CREAM, INK
from demo.pictures.shapes import curve, ellipse, ribbon, smooth

SIDE = 800
CENTRE = (400.0, 322.0)
SKINS = ("#f3cdb0", "#eab893", "#d9a077", "#c08457", "#9c6440", "#7a4a31", "#5b3726")
HAIRS = ("#1d1a22", "#33231f", "#553426", "#7d4a2b", "#a8743f", "#8d8c90", "#c9c6c2")
GROUNDS = (
    ("#cfdcd0", "#93ab8e"),
    ("#f1d9c3", "#d9a184"),
    ("#cfdbe4", "#8ba4bd"),
    ("#eee0c2", "#d5b678"),
    ("#d9d0e0", "#a693b6"),
    ("#3d4f7c", "#1d2b52"),
)
SCARVES = ("#35506b", "#8a4a3f", "#4f6f5d", "#5d4159")
CLOTHS = ("#26365c", "#5f7d66", "#c4684a", "#5d4159", "#4a5d82", "#7a5540", "#2f4f48")


@dataclass(frozen=True)
class Sitter:
    """The properties in which portraits differ."""

    skin: str
    hair: str
    style: str
    clothes: str
    ground: tuple[str, str]
    cloth: str
    glasses: bool
    bearded: bool


# The people of the demo content, so that a portrait suits the name beside it.
KNOWN = {
    "amira-okafor": {
        "style": "afro",
        "skin": SKINS[5],
        "hair": HAIRS[0],
        "clothes": "roll neck",
        "cloth": "#c4684a",
    }
    | {"ground": GROUNDS[3], "glasses": False, "bearded": False},
    "jonas-lindqvist": {
        "style": "swept",
        "skin": SKINS[0],
        "hair": HAIRS[4],
        "clothes": "jersey",
        "cloth": "#26365c",
    }
    | {"ground": GROUNDS[0], "glasses": True, "bearded": True},
    "helene-marchetti-oduya": {
        "style": "bob",
        "skin": SKINS[3],
        "hair": HAIRS[5],
        "clothes": "coat",
        "cloth": "#5d4159",
    }
    | {"ground": GROUNDS[5], "glasses": True, "bearded": False},
    "tobias-wrenfield": {
        "style": "crop",
        "skin": SKINS[1],
        "hair": HAIRS[2],
        "clothes": "blazer",
        "cloth": "#2f4f48",
    }
    | {"ground": GROUNDS[1], "glasses": False, "bearded": False},
    "priya-sundarekar": {
        "style": "long",
        "skin": SKINS[3],
        "hair": HAIRS[0],
        "clothes": "coat",
        "cloth": "#c4684a",
    }
    | {"ground": GROUNDS[2], "glasses": False, "bearded": False},
}


def sitter_of(slug: str) -> Sitter:
    """Return the sitter for this slug: from `KNOWN`, or generated from the slug."""
    chance = random.Random(f"sitter {slug}")
    style = chance.choice(sorted(HAIR))
    skin = chance.randrange(len(SKINS))
    hair = chance.choice(HAIRS[:3] if skin >= 3 and chance.random() < 0.75 else HAIRS)
    may_be_bearded = HAIR[style].may_be_bearded
    sitter = Sitter(
        skin=SKINS[skin],
        hair=chance.choice(SCARVES) if style == "scarf" else hair,
        style=style,
        clothes=chance.choice([kind for kind in sorted(CLOTHES) if kind != "blouse" or not may_be_bearded]),
        ground=chance.choice(GROUNDS),
        cloth=chance.choice(CLOTHS),
        glasses=chance.random() < 0.35,
        bearded=may_be_bearded and chance.random() < 0.55,
    )
    return replace(sitter, **KNOWN.get(slug, {}))


def portrait(slug: str) -> bytes:
    """Return a JPEG of 800 by 800 pixels; the same slug always gives the same person."""
    sitter = sitter_of(slug)
    canvas = Canvas(SIDE, SIDE, f"portrait {slug}")
    _ground(canvas, sitter)
    hair_behind(canvas, sitter.style, CENTRE, sitter.hair)
    _neck(canvas, sitter)
    dress(canvas, sitter.clothes, sitter.cloth)
    _head(canvas, sitter)
    hair_before(canvas, sitter.style, CENTRE, sitter.hair)
    if sitter.glasses:
        _glasses(canvas)
    return canvas.jpeg()


def face() -> list[tuple[float, float]]:
    """Return the outline of the head."""
    x, y = CENTRE
    half = [(0, -134), (58, -120), (94, -62), (97, 0), (86, 64), (58, 116), (22, 139), (0, 142)]
    points = half + [(-across, down) for across, down in reversed(half[1:-1])]
    return smooth([(x + across, y + down) for across, down in points])


def _ground(canvas: Canvas, sitter: Sitter) -> None:
    light, dark = sitter.ground
    canvas.fill(canvas.frame, Blend((mix(light, dark, 0.5), dark), 60))
    canvas.shade(canvas.frame, mix(dark, INK, 0.4), 50, 0.35)
    disc = ellipse(400, 372, 300)
    canvas.fill(disc, Blend((mix(light, CREAM, 0.3), light), 60))
    canvas.shade(disc, dark, 40, 0.5)


def _neck(canvas: Canvas, sitter: Sitter) -> None:
    x, y = CENTRE
    column = [
        *curve((x - 58, y + 70), (x - 56, y + 170), (x - 60, y + 226), (x - 116, y + 244)),
        (x - 116, y + 350),
        (x + 116, y + 350),
        *curve((x + 116, y + 244), (x + 60, y + 226), (x + 56, y + 170), (x + 58, y + 70)),
    ]
    canvas.fill(column, Blend((sitter.skin, mix(sitter.skin, "#5a2a20", 0.22)), 0))
    cast = [(px + 16, py + 38) for px, py in face()]
    canvas.fill(cast, mix(sitter.skin, "#3a1620", 0.5), alpha=0.55, within=column)


def _head(canvas: Canvas, sitter: Sitter) -> None:
    x, y = CENTRE
    warm = mix(sitter.skin, "#5a1f1a", 0.28)
    if sitter.style != "scarf":
        for side in (-1, 1):
            ear = ellipse(x + side * 97, y + 14, 19, 32)
            canvas.fill(ear, mix(sitter.skin, warm, 0.25 if side < 0 else 0.8))
    outline = face()
    canvas.fill(outline, Blend((mix(sitter.skin, "#fff3e2", 0.16), sitter.skin), 20))
    fold = [
        (x + 8, y - 150),
        *curve((x + 6, y - 60), (x - 2, y - 34), (x + 2, y - 10), (x - 14, y + 26), steps=12),
        *curve((x - 20, y + 40), (x - 16, y + 52), (x + 4, y + 50), (x + 8, y + 56), steps=12),
        *curve((x + 8, y + 60), (x + 2, y + 84), (x + 12, y + 100), (x + 4, y + 160), steps=12),
        (x + 140, y + 160),
        (x + 140, y - 150),
    ]
    canvas.fill(fold, warm, alpha=0.42, within=outline)
    canvas.shade(outline, mix(warm, INK, 0.3), 15, 0.45)
    cheek = ellipse(x - 52, y + 46, 34)
    canvas.fill(cheek, "#d9694e", alpha=0.16, blur=12, within=outline)
    if sitter.bearded:
        beard(canvas, CENTRE, sitter.hair, outline)


def _glasses(canvas: Canvas) -> None:
    x, y = CENTRE
    frame = "#1f2434"
    for side in (-1, 1):
        rim = ellipse(x + side * 44, y + 4, 35, 32)
        canvas.fill(rim, CREAM, alpha=0.2)
        canvas.fill(ribbon([*rim, rim[1]], 5, 5), frame)
        canvas.fill(ribbon([(x + side * 78, y - 2), (x + side * 98, y - 8)], 5, 5), frame)
    canvas.fill(ribbon(curve((x - 10, y), (x - 5, y - 9), (x + 5, y - 9), (x + 10, y)), 5, 5), frame)
