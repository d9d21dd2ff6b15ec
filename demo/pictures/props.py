"""Objects that appear in several pictures: leaves, almonds, bowls, cups, steam, stars."""

from __future__ import annotations

import math
from collections.abc import Iterator

from demo.pictures.canvas import Blend, Canvas, Fade, Outline, Point, mix
from demo.pictures.palette import CREAM, INK, MOSS, PINE, SAGE
from demo.pictures.shapes import curve, ellipse, leaf_halves, ribbon, smooth, turned

GREENS = (SAGE, MOSS, PINE)


def leaf(
    canvas: Canvas,
    base: Point,
    length: float,
    width: float,
    angle: float,
    greens: tuple[str, str, str] = GREENS,
    bend: float = 0.12,
    within: Outline | None = None,
) -> None:
    """Paint a leaf in two tones with a midrib; `greens` are its light half, its dark half and its shade."""
    light, dark, shade = greens
    upper, lower, rib = leaf_halves(base, length, width, angle, bend)
    whole = [*upper[:25], *reversed(lower[:25])]
    canvas.fill(whole, dark, within=within)
    canvas.fill(upper, Blend((light, mix(light, dark, 0.35)), angle + 180), within=within)
    canvas.shade(lower, shade, angle + 180, 0.75, within)
    canvas.fill(ribbon(rib[:22], width * 0.045, width * 0.012), mix(light, CREAM, 0.45), alpha=0.8, within=within)


def sprig(
    canvas: Canvas,
    stem: list[Point],
    pairs: int,
    length: float,
    width: float,
    greens: tuple[str, str, str] = GREENS,
    start: float = 0.2,
) -> None:
    """Paint a stem along a path with pairs of leaves that get smaller towards its tip, and one leaf at the tip."""
    thick = width * 0.16
    canvas.fill(ribbon(stem, thick, thick * 0.45), greens[2])
    for base, size, turn, bend in _growth(stem, pairs, start):
        leaf(canvas, base, length * size, width * size, turn, greens, bend=bend)


def sprig_shadow(
    canvas: Canvas, stem: list[Point], pairs: int, length: float, width: float, start: float = 0.2
) -> None:
    """Paint the shadow of such a sprig on the table."""
    for base, size, turn, bend in _growth(stem, pairs, start):
        upper, lower, _rib = leaf_halves(base, length * size, width * size, turn, bend)
        whole = [(x + 14, y + 22) for x, y in (*upper[:25], *reversed(lower[:25]))]
        canvas.fill(whole, INK, alpha=0.26, blur=10)


def _growth(stem: list[Point], pairs: int, start: float) -> Iterator[tuple[Point, float, float, float]]:
    """Yield position, size, direction and bend of each leaf of a sprig."""
    for index in range(pairs):
        share = start + (0.94 - start) * index / max(pairs - 1, 1)
        place = min(int(share * (len(stem) - 1)), len(stem) - 2)
        for side in (-1, 1):
            turn = heading(stem, place) + side * (58 - 14 * index / pairs)
            yield stem[place], 1 - 0.45 * index / pairs, turn, 0.1 * side
    yield stem[-1], 0.62, heading(stem, len(stem) - 2), 0.12


def heading(path: list[Point], index: int) -> float:
    """Return the direction in degrees of a path at one of its points."""
    (x, y), (to_x, to_y) = path[index], path[index + 1]
    return math.degrees(math.atan2(to_y - y, to_x - x))


def almond(canvas: Canvas, centre: Point, length: float, angle: float, tone: str = "#b06f49") -> None:
    """Paint an almond with its furrows, lit from above."""
    half = length / 2
    shell = smooth(
        [(-half, 0), (-half * 0.72, -half * 0.44), (0, -half * 0.56), (half * 0.62, -half * 0.32), (half, 0)]
        + [(half * 0.62, half * 0.32), (0, half * 0.56), (-half * 0.72, half * 0.44)]
    )
    shape = turned(shell, angle, moved=centre)
    canvas.fill(shape, Blend((mix(tone, CREAM, 0.28), tone, mix(tone, INK, 0.18)), 90))
    canvas.shade(shape, mix(tone, INK, 0.55), 70, 0.7)
    for offset in (-0.26, 0, 0.26):
        furrow = curve(
            (-half * 0.7, offset * half * 0.6),
            (-half * 0.2, offset * half * 1.5),
            (half * 0.2, offset * half * 1.5),
            (half * 0.66, offset * half * 0.3),
        )
        canvas.fill(
            ribbon(turned(furrow, angle, moved=centre), 0.6, length * 0.018, 0.6),
            mix(tone, INK, 0.4),
            alpha=0.7,
        )


def bowl(
    canvas: Canvas, centre: Point, radius: float, depth: float, glaze: tuple[str, str, str], foot: float = 0.4
) -> None:
    """Paint the front of a bowl or cup below its rim; paint `bowl_inside` and its contents first."""
    x, y = centre
    light, middle, dark = glaze
    tilt, sole = radius * 0.2, radius * foot
    side = curve((radius, 0), (radius * 0.97, depth * 0.55), (sole * 1.5, depth * 0.92), (sole, depth))
    body = [
        *reversed(ellipse(x, y, radius, tilt, 0, 180)),
        *[(x + across, y + down) for across, down in side],
        *ellipse(x, y + depth, sole, tilt * foot, 0, 180),
        *[(x - across, y + down) for across, down in reversed(side)],
    ]
    canvas.fill(body, Blend((light, middle, middle, dark), 8))
    canvas.shade(body, mix(dark, INK, 0.25), 24, 0.6)
    inner = ellipse(x, y - radius * 0.02, radius * 0.965, tilt * 0.9, 0, 180)
    canvas.fill([*ellipse(x, y, radius, tilt, 0, 180), *reversed(inner)], mix(light, CREAM, 0.5))


def bowl_inside(canvas: Canvas, centre: Point, radius: float, dark: str) -> None:
    """Paint the inside of a bowl with its far rim."""
    x, y = centre
    canvas.fill(ellipse(x, y, radius, radius * 0.2), mix(dark, CREAM, 0.55))
    canvas.fill(ellipse(x, y - radius * 0.02, radius * 0.965, radius * 0.18), Blend((mix(dark, INK, 0.45), dark), 0))


def ground_shadow(
    canvas: Canvas, centre: Point, wide: float, high: float, colour: str = INK, strength: float = 0.45
) -> None:
    """Paint the soft shadow under an object: a dark core within a wide haze."""
    x, y = centre
    canvas.fill(ellipse(x + wide * 0.12, y, wide * 1.1, high * 1.25), colour, alpha=strength * 0.5, blur=high * 0.9)
    canvas.fill(ellipse(x, y, wide * 0.9, high * 0.6), colour, alpha=strength, blur=high * 0.3)


def steam(
    canvas: Canvas,
    foot: Point,
    height: float,
    sway: float,
    width: float,
    colour: str = CREAM,
    turns: float = 1.3,
) -> None:
    """Paint a veil of steam: a ribbon that rises in a slow wave, denser at the bottom."""
    x, y = foot
    path = [
        (x + sway * math.sin(t * math.tau * turns) * (0.35 + 0.65 * t), y - height * t)
        for t in (step / 60 for step in range(61))
    ]
    veil = ribbon(path, width * 0.35, width, width * 0.8, width * 0.12)
    canvas.fill(veil, colour, alpha=Fade((0, 0.5, 0.6, 0.45), 90), blur=width * 0.07)


def cup(
    canvas: Canvas,
    centre: Point,
    radius: float,
    depth: float,
    glaze: tuple[str, str, str],
    drink: tuple[str, str],
) -> None:
    """Paint a cup with its drink on a saucer, its handle to the right; `centre` is the middle of its rim."""
    x, y = centre
    light, middle, dark = glaze
    ground_shadow(canvas, (x + radius * 0.1, y + depth * 1.1), radius * 1.65, radius * 0.26)
    saucer = ellipse(x, y + depth * 1.0, radius * 1.62, radius * 0.3)
    canvas.fill(ellipse(x, y + depth * 1.0 + radius * 0.07, radius * 1.6, radius * 0.3), mix(dark, INK, 0.3))
    canvas.fill(saucer, Blend((mix(light, CREAM, 0.4), middle, dark), 12))
    canvas.fill(ellipse(x, y + depth * 1.0, radius * 1.02, radius * 0.17), mix(dark, INK, 0.2), alpha=0.4)
    canvas.fill(
        ellipse(x + radius * 0.28, y + depth * 1.02, radius * 0.9, radius * 0.15),
        INK,
        alpha=0.4,
        blur=9,
        within=saucer,
    )
    ear = curve(
        (x + radius * 0.9, y + depth * 0.16),
        (x + radius * 1.62, y - depth * 0.02),
        (x + radius * 1.6, y + depth * 0.72),
        (x + radius * 0.74, y + depth * 0.64),
    )
    handle = ribbon(ear, radius * 0.17, radius * 0.15, radius * 0.15, radius * 0.12)
    canvas.fill(handle, Blend((middle, dark), 60))
    canvas.shade(handle, mix(dark, INK, 0.35), 70, 0.8)
    bowl_inside(canvas, centre, radius, middle)
    canvas.fill(ellipse(x, y + radius * 0.035, radius * 0.9, radius * 0.145), Blend(drink, 10))
    bowl(canvas, centre, radius, depth, glaze, foot=0.46)


def stars(canvas: Canvas, count: int, area: tuple[float, float, float, float], within: Outline | None = None) -> None:
    """Paint small stars of different size and brightness, scattered over an area."""
    left, top, right, bottom = area
    for _ in range(count):
        place = (canvas.random.uniform(left, right), canvas.random.uniform(top, bottom))
        size = canvas.random.choice((1.2, 1.5, 1.5, 2.1, 2.8))
        canvas.fill(ellipse(*place, size), CREAM, alpha=canvas.random.uniform(0.45, 0.95), within=within)


def moon(canvas: Canvas, centre: Point, radius: float, colour: str = "#f7ecd2", within: Outline | None = None) -> None:
    """Paint a full moon with a halo and three pale seas."""
    x, y = centre
    canvas.glow(centre, radius * 4.2, mix(colour, "#cddbe4", 0.4), 0.55, within)
    disc = ellipse(x, y, radius)
    canvas.fill(disc, Blend((mix(colour, "#ffffff", 0.4), colour), 40), within=within)
    for across, down, size in ((-0.3, -0.25, 0.26), (0.32, 0.12, 0.34), (-0.18, 0.46, 0.18)):
        canvas.fill(ellipse(x + across * radius, y + down * radius, size * radius), "#dcc9a4", alpha=0.35, within=disc)
    canvas.shade(disc, "#c9a97f", 35, 0.6, within)
