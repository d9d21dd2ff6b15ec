"""The contents of the packs: gummies, capsules, a sachet, the ball of a roll-on."""

from __future__ import annotations

import math

from demo.pictures.canvas import Blend, Canvas, Fade, Point, mix
from demo.pictures.palette import CREAM, INK
from demo.pictures.props import ground_shadow
from demo.pictures.shapes import box, ellipse, leaf_halves, ribbon, rounded, smooth, turned


def gummy_outline(shape: str, size: float) -> list[Point]:
    """Return the outline of a gummy around (0, 0); `size` is about half its width."""
    if shape == "heart":
        points = [(0, -0.5), (0.45, -0.86), (0.98, -0.56), (0.86, 0.08), (0.4, 0.56), (0, 0.92)]
        points += [(-across, down) for across, down in reversed(points[1:-1])]
        return smooth([(across * size, down * size) for across, down in points])
    if shape == "hexagon":
        corners = []
        for step in range(6):
            for offset in (-9, 9):
                angle = math.radians(step * 60 + offset)
                corners.append((size * math.cos(angle), size * math.sin(angle)))
        return smooth(corners)
    if shape == "leaf":
        upper, lower, _rib = leaf_halves((-size * 1.1, 0), size * 2.2, size * 1.5, 0, 0)
        return smooth([*upper[1:24:3], *reversed(lower[1:24:3])])
    if shape in ("round", "moon"):
        return ellipse(0, 0, size * 0.94)
    return rounded(-size * 0.82, -size * 0.82, size * 0.82, size * 0.82, size * 0.3)


def gummy(canvas: Canvas, centre: Point, size: float, colour: str, shape: str, angle: float) -> None:
    """Paint a sugared gummy seen from above at an angle."""
    x, y = centre
    face = [(px, py * 0.72) for px, py in turned(gummy_outline(shape, size), angle)]
    thick = size * 0.5
    ground_shadow(canvas, (x + size * 0.1, y + thick + size * 0.3), size * 0.95, size * 0.3, strength=0.4)
    side = mix(colour, INK, 0.24)
    for step in range(int(thick), -1, -max(3, int(thick / 8))):
        canvas.fill(
            [(x + px, y + py + step) for px, py in face],
            mix(mix(colour, CREAM, 0.25), side, min(1, 1.2 - step / thick)),
        )
    top = [(x + px, y + py) for px, py in face]
    canvas.fill(top, Blend((mix(colour, CREAM, 0.42), mix(colour, CREAM, 0.1), colour), 60))
    inner = [(x + px * 0.8, y + py * 0.8) for px, py in face]
    canvas.fill(inner, Blend((mix(colour, INK, 0.08), mix(colour, CREAM, 0.3)), 60), alpha=0.7)
    if shape == "moon":
        hollow = ellipse(x + size * 0.14, y - size * 0.06, size * 0.46, size * 0.34)
        canvas.fill(inner, mix(colour, INK, 0.3), alpha=0.25)
        canvas.fill([(px - size * 0.14, py + size * 0.04) for px, py in hollow], mix(colour, CREAM, 0.55), alpha=0.9)
        canvas.fill(hollow, mix(colour, INK, 0.06), within=inner)
    if shape == "leaf":
        vein = [
            (x + px, y + py * 0.72) for px, py in turned([(-size * 0.8, 0), (0, size * 0.05), (size * 0.8, 0)], angle)
        ]
        canvas.fill(ribbon(vein, size * 0.03, size * 0.07, size * 0.02), mix(colour, INK, 0.3), alpha=0.7)
    canvas.fill(top, "#fffdf6", alpha=Fade((0.66, 0.26, 0.08), 60), stipple=True)
    canvas.fill(
        turned(ellipse(0, 0, size * 0.26, size * 0.08), angle * 0.1 - 18, moved=(x - size * 0.3, y - size * 0.36)),
        "#ffffff",
        alpha=0.6,
        blur=2,
        within=top,
    )


def dish(canvas: Canvas, centre: Point, radius: float, glaze: str) -> None:
    """Paint a shallow plate seen from above at an angle."""
    x, y = centre
    ground_shadow(canvas, (x + 20, y + radius * 0.16), radius * 1.04, radius * 0.5, strength=0.4)
    canvas.fill(ellipse(x, y + 16, radius, radius * 0.6), mix(glaze, INK, 0.3))
    plate = ellipse(x, y, radius, radius * 0.6)
    canvas.fill(plate, Blend((mix(glaze, "#ffffff", 0.5), glaze, mix(glaze, INK, 0.1)), 30))
    well = ellipse(x, y + 4, radius * 0.8, radius * 0.46)
    canvas.fill(well, Blend((mix(glaze, INK, 0.16), glaze, mix(glaze, "#ffffff", 0.5)), 50))
    canvas.shade(plate, mix(glaze, INK, 0.55), 35, 0.4)


def capsule(canvas: Canvas, centre: Point, length: float, angle: float, halves: tuple[str, str]) -> None:
    """Paint a two-coloured capsule; the first colour is the rear half."""
    wide = length * 0.4
    reach = (length - wide) / 2
    ends = turned([(-reach, 0), (reach, 0)], angle, moved=centre)
    ground_shadow(canvas, (centre[0] + 6, centre[1] + wide * 0.5), length * 0.44, wide * 0.42, strength=0.4)
    inner, outer = ribbon(ends, wide, wide), ribbon(ends, wide + 4, wide + 4)
    cut = turned(box(-2, -wide, length, wide), angle, moved=centre)
    for shell, tone, within in ((inner, halves[0], None), (outer, halves[1], cut)):
        paint = Blend((mix(tone, CREAM, 0.45), tone, mix(tone, INK, 0.3)), angle + 90)
        canvas.fill(shell, paint, within=within)
        canvas.shade(shell, mix(tone, INK, 0.6), 60, 0.6, within)
    shine = turned([(-reach * 0.8, -wide * 0.24), (reach * 0.5, -wide * 0.24)], angle, moved=centre)
    canvas.fill(ribbon(shine, wide * 0.1, wide * 0.1), "#ffffff", alpha=0.55, blur=2)


def heap(
    canvas: Canvas,
    shape: str,
    centre: Point,
    size: float,
    places: tuple[tuple[float, float], ...],
    tones: tuple[str, ...],
) -> None:
    """Paint gummies scattered around a centre, farthest first, each turned at random."""
    for index, (across, down) in enumerate(sorted(places, key=lambda place: place[1])):
        angle = canvas.random.uniform(-22, 22) if shape == "heart" else canvas.random.uniform(-40, 40)
        spot = (centre[0] + across * size, centre[1] + down * size)
        gummy(canvas, spot, size, tones[index % len(tones)], shape, angle)
