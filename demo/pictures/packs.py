"""The packs (jar, pouch, box, roll-on), each on the plinth of the same lit niche."""

from __future__ import annotations

from demo.pictures.canvas import Blend, Canvas, Fade, mix
from demo.pictures.emblems import draw_emblem
from demo.pictures.looks import Look
from demo.pictures.palette import CREAM, INK
from demo.pictures.props import ground_shadow, moon
from demo.pictures.shapes import arch, box, curve, ellipse, ribbon, rounded

FLOOR = 966.0


def stage(canvas: Canvas, look: Look) -> None:
    """Paint the room that all products share: a wall, an arched niche full of light, a round plinth."""
    light, dark = look.ground
    deep = mix(dark, INK, 0.35)
    canvas.fill(canvas.frame, Blend((mix(light, dark, 0.55), dark, mix(dark, INK, 0.14)), 60))
    canvas.fill(arch(196, 104, 1004, 1010), mix(light, CREAM, 0.55))
    reveal = arch(204, 112, 996, 1010)
    canvas.fill(reveal, Blend((mix(dark, INK, 0.2), mix(dark, light, 0.4)), 20))
    niche = arch(228, 124, 996, 1010)
    canvas.fill(niche, Blend((mix(light, CREAM, 0.35), light, mix(light, dark, 0.4)), 65))
    canvas.shade(niche, deep, 20, 0.4)
    canvas.glow((560, 470), 460, "#fffaf0", 0.4, niche)
    if look.light == "moon":
        moon(canvas, (800, 330), 84, within=niche)
    elif look.light == "sun":
        canvas.glow((800, 400), 330, "#fff6dd", 0.8, niche)
        canvas.fill(ellipse(800, 400, 150), Blend(("#f6c765", "#e09a4e"), 80), within=niche)
        canvas.shade(ellipse(800, 400, 150), "#c4684a", 70, 0.5, niche)
    floor = box(0, 1010, 1200, 1200)
    canvas.fill(floor, Blend((mix(light, dark, 0.35), mix(dark, light, 0.15), mix(dark, INK, 0.12)), 40))
    canvas.shade(floor, deep, 60, 0.4)
    canvas.fill(ellipse(640, 1086, 420, 46), INK, alpha=0.32, blur=26)
    rim = mix(light, CREAM, 0.6)
    side = [(980, FLOOR), *ellipse(600, FLOOR + 108, 380, 58, 0, 180), (220, FLOOR)]
    canvas.fill(side, Blend((mix(rim, dark, 0.2), mix(rim, dark, 0.3), mix(dark, INK, 0.1)), 0))
    canvas.shade(side, deep, 10, 0.7)
    canvas.fill(ellipse(600, FLOOR, 380, 58), Blend((rim, mix(rim, dark, 0.3)), 20))


def round_blend(colour: str, depth: float = 1.0, shadow: str = INK) -> Blend:
    """Return the gradient of a round body: brightest left of its middle, with some light at its far edge."""
    light = mix(colour, CREAM, 0.26)
    edge, turn, dark, back = (mix(colour, shadow, share * depth) for share in (0.16, 0.12, 0.38, 0.24))
    return Blend((edge, light, colour, turn, dark, back), 0)


def jar(
    canvas: Canvas,
    look: Look,
    x: float,
    foot: float,
    wide: float,
    high: float,
    body: str = "",
    mark: str = "",
) -> None:
    """Paint a jar with a ribbed cap, positioned by the middle of its foot; with `mark` it has an emblem only."""
    body = body or look.body
    half = wide / 2
    ground_shadow(canvas, (x + 26, foot - 2), half * 1.04, 30)
    neck = foot - high * 0.78
    cap = rounded(x - half * 0.84, foot - high, x + half * 0.84, neck + 4, 22, 22, 8, 8)
    glass = rounded(x - half, neck, x + half, foot, half * 0.3, half * 0.3, half * 0.2, half * 0.2)
    canvas.fill(glass, round_blend(body))
    canvas.shade(glass, mix(body, INK, 0.7), 8, 0.7)
    canvas.fill(
        rounded(x - half * 0.84, neck - 4, x + half * 0.84, neck + 14, 8),
        INK,
        alpha=0.35,
        blur=6,
        within=glass,
    )
    canvas.fill(cap, round_blend(look.cap))
    for rib in range(1, 26):
        share = -1 + rib * 2 / 26
        place = x + half * 0.84 * (share * (1.5 - 0.5 * share * share))
        line = box(place - 1.2, foot - high + 24, place + 1.2, neck - 8)
        canvas.fill(line, mix(look.cap, INK, 0.5), alpha=0.32, within=cap)
    canvas.shade(cap, mix(look.cap, INK, 0.6), 8, 0.6)
    band = box(x - half, neck + high * 0.13, x + half, foot - high * 0.09)
    canvas.fill(band, round_blend(look.label, 0.7, mix(body, "#6b4f4a", 0.5)))
    canvas.shade(band, mix(body, "#6b4f4a", 0.4), 5, 0.32)
    if mark:
        draw_emblem(canvas, mark, (x, (band[0][1] + band[2][1]) / 2), wide * 0.22, body, CREAM)
    else:
        label(canvas, look, x, band[0][1], band[2][1], wide * 0.78)
    canvas.fill(rounded(x - half * 0.82, neck + 26, x - half * 0.74, foot - 30, 10), "#ffffff", alpha=0.22, blur=3)


def label(canvas: Canvas, look: Look, x: float, top: float, bottom: float, room: float) -> None:
    """Paint emblem, name and one line about the contents, centred between top and bottom."""
    ink, high = look.ink, bottom - top
    size = min(high * 0.21, room * 0.3)
    draw_emblem(canvas, look.emblem, (x, top + high * 0.31), size, ink, look.accent)
    lines = ((0.655, 0.135), (0.775, 0.085)) if len(look.name) > 1 else ((0.7, 0.14),)
    for words, (down, letters) in zip(look.name, lines, strict=True):
        canvas.letter((x, top + high * down), words, high * letters, ink, room=room)
    if look.holds:
        canvas.fill(box(x - room * 0.09, top + high * 0.848, x + room * 0.09, top + high * 0.856), ink, alpha=0.6)
        canvas.letter((x, top + high * 0.91), look.holds, high * 0.048, ink, spacing=0.08, room=room)


def pouch(canvas: Canvas, look: Look, x: float, foot: float, wide: float, high: float) -> None:
    """Paint a stand-up pouch with a sealed top edge."""
    half, top = wide / 2, foot - high
    ground_shadow(canvas, (x + 26, foot - 4), half * 1.02, 30)
    right = curve(
        (x + half * 0.93, top),
        (x + half * 0.9, top + high * 0.3),
        (x + half * 1.06, foot - high * 0.3),
        (x + half, foot - 8),
    )
    base = curve((x + half, foot - 8), (x + half * 0.4, foot + 26), (x - half * 0.4, foot + 26), (x - half, foot - 8))
    left = [(2 * x - px, py) for px, py in reversed(right)]
    skin = [(x - half * 0.93, top), *right, *base, *left]
    tone = look.body
    shine = Blend((mix(tone, INK, 0.2), mix(tone, CREAM, 0.16), tone, mix(tone, CREAM, 0.1), mix(tone, INK, 0.3)), 0)
    canvas.fill(skin, shine)
    canvas.shade(skin, mix(tone, INK, 0.7), 20, 0.75)
    gusset = [
        *curve(
            (x - half, foot - 90),
            (x - half * 0.4, foot - 6),
            (x + half * 0.4, foot - 6),
            (x + half, foot - 90),
        ),
        (x + half * 1.1, foot + 40),
        (x - half * 1.1, foot + 40),
    ]
    canvas.fill(gusset, mix(tone, INK, 0.5), alpha=0.35, within=skin)
    canvas.fill(box(x - half, top, x + half, top + high * 0.085), look.cap, within=skin)
    for row in range(4):
        y = top + 12 + row * high * 0.018
        canvas.fill(box(x - half, y, x + half, y + 2.4), mix(look.cap, INK, 0.5), alpha=0.35, within=skin)
    canvas.fill(rounded(x - 56, top + high * 0.115, x + 56, top + high * 0.142, 12), INK, alpha=0.3, within=skin)
    face = rounded(x - half * 0.7, top + high * 0.2, x + half * 0.7, foot - high * 0.15, 22)
    canvas.fill(face, Blend((look.label, mix(look.label, INK, 0.08)), 20))
    label(canvas, look, x, top + high * 0.2, foot - high * 0.15, wide * 0.62)
    fold = ribbon([(x - half * 0.86, top + high * 0.2), (x - half * 0.84, foot - high * 0.2)], 5, 12, 5)
    canvas.fill(fold, "#ffffff", alpha=0.25, blur=4)


def carton(
    canvas: Canvas,
    look: Look,
    x: float,
    foot: float,
    wide: float,
    high: float,
    deep: float,
    fill: bool = True,
) -> None:
    """Paint a box seen slightly from its right; with `fill` its lid is off and sachets stand in it."""
    left, right, top = x - wide / 2, x + wide / 2, foot - high
    rise = deep * 0.34
    ground_shadow(canvas, (x + deep * 0.6, foot - 8), wide * 0.62, 30)
    side = [
        (right - 1, top),
        (right + deep, top - rise),
        (right + deep, foot - rise * 0.7),
        (right - 1, foot),
    ]
    lid = [(left, top + 1), (left + deep, top - rise), (right + deep, top - rise), (right, top + 1)]
    canvas.fill(lid, mix(look.body, INK, 0.45) if fill else Blend((mix(look.body, CREAM, 0.3), look.body), 0))
    if fill:
        for index in range(5):
            shift = left + deep * 0.62 + index * (wide - 60) / 5
            _sachet(canvas, look, shift, top - rise * 0.4 - 104 + index % 2 * 20, (wide - 40) / 5.4, 170)
    canvas.fill(side, Blend((mix(look.body, INK, 0.25), mix(look.body, INK, 0.5)), 0))
    canvas.shade(side, INK, 60, 0.6)
    front = box(left, top, right, foot)
    canvas.fill(front, Blend((mix(look.body, CREAM, 0.12), look.body), 40))
    canvas.shade(front, mix(look.body, INK, 0.7), 35, 0.45)
    canvas.fill(box(left, top, right, top + high * 0.075), look.cap)
    canvas.fill(
        [
            (right - 1, top),
            (right + deep, top - rise),
            (right + deep, top - rise + high * 0.072),
            (right - 1, top + high * 0.075),
        ],
        mix(look.cap, INK, 0.3),
    )
    panel = (top + high * 0.17, foot - high * 0.09)
    canvas.fill(box(left + wide * 0.11, panel[0], right - wide * 0.11, panel[1]), look.label)
    label(canvas, look, x, *panel, wide * 0.68)


def _sachet(canvas: Canvas, look: Look, left: float, top: float, wide: float, high: float) -> None:
    skin = box(left, top, left + wide, top + high)
    canvas.fill(skin, Blend((look.second or CREAM, mix(look.second or CREAM, INK, 0.2)), 0))
    canvas.shade(skin, mix(look.body, INK, 0.3), 20, 0.6)
    canvas.fill(box(left, top, left + wide, top + 20), look.cap)
    canvas.fill(ellipse(left + wide / 2, top + 56, wide * 0.2), look.body, alpha=0.85)


def roll_on(canvas: Canvas, look: Look, x: float, foot: float, wide: float, high: float) -> None:
    """Paint a slim bottle under its cap."""
    half = wide / 2
    ground_shadow(canvas, (x + 24, foot - 2), half * 1.1, 26)
    neck = foot - high * 0.66
    bottle = rounded(x - half, neck, x + half, foot, 26, 26, 34, 34)
    canvas.fill(bottle, round_blend(look.body))
    canvas.shade(bottle, "#5d7f88", 8, 0.6)
    cap = rounded(x - half * 0.93, foot - high, x + half * 0.93, neck - 8, half * 0.66, half * 0.66, 10, 10)
    canvas.fill(box(x - half * 0.86, neck - 10, x + half * 0.86, neck + 6), round_blend("#c9d6d6"))
    canvas.fill(cap, round_blend(look.cap))
    canvas.shade(cap, mix(look.cap, INK, 0.6), 8, 0.7)
    canvas.fill(
        rounded(x - half * 0.66, foot - high * 0.95, x - half * 0.54, neck - 40, 9),
        "#ffffff",
        alpha=0.35,
        blur=3,
    )
    label(canvas, look, x, neck + high * 0.06, foot - high * 0.06, wide * 0.8)
    canvas.fill(
        rounded(x - half * 0.84, neck + 30, x - half * 0.76, foot - 40, 9),
        "#ffffff",
        alpha=Fade((0.6, 0.3), 90),
        blur=2,
    )
