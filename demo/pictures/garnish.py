"""Plants beside the products: behind a pack, and beside a dish."""

from __future__ import annotations

import math

from demo.pictures.canvas import Blend, Canvas, Point, mix
from demo.pictures.looks import Look
from demo.pictures.palette import CREAM, INK, MOSS, PINE, SAGE
from demo.pictures.props import ground_shadow, heading, sprig, sprig_shadow
from demo.pictures.shapes import curve, ellipse, leaf_halves, ribbon, turned

MINT = ("#a9d0b4", "#5fa08a", "#2b6260")
RUSSET = ("#c99a62", "#8f5f3c", "#4a2c22")
GREENS = {"leaves": (SAGE, MOSS, PINE), "mint": MINT, "russet": RUSSET}


def grow_behind(canvas: Canvas, look: Look) -> None:
    """Paint the plant of a product behind the place of the pack."""
    if look.plant == "citrus":
        orange_slice(canvas, (340, 930), 92, 0.62)
    elif look.plant == "lavender":
        for end, bend in (((326, 440), 120), ((262, 570), 60), ((386, 384), 150)):
            _lavender(canvas, curve((470, 936), (430, 936 - bend * 2), (end[0] + 20, end[1] + bend), end), 1.0)
    elif look.plant == "blossom":
        for end, size in (((322, 452), 62), ((404, 330), 74), ((268, 610), 46)):
            _blossom(canvas, curve((480, 950), (440, 760), (end[0] + 10, end[1] + 190), end), size, look)
    elif look.plant in GREENS:
        greens = GREENS[look.plant]
        sprig(canvas, curve((500, 960), (430, 820), (350, 640), (342, 440)), 4, 176, 70, greens, 0.3)
        sprig(canvas, curve((690, 960), (760, 850), (830, 740), (852, 600)), 3, 150, 60, greens, 0.4)


def lay_beside(canvas: Canvas, look: Look) -> None:
    """Paint the same plant on the table, in the upper right corner."""
    if look.plant == "citrus":
        canvas.fill(ellipse(1040, 214, 230), INK, alpha=0.24, blur=22)
        orange_slice(canvas, (1020, 190), 226, 1.0)
    elif look.plant == "lavender":
        for start, end in (((1240, 330), (800, 96)), ((1250, 210), (900, 40)), ((1240, 440), (960, 190))):
            stem = curve(start, (start[0] - 160, start[1] - 30), (end[0] + 150, end[1] + 60), end)
            canvas.fill([(x + 10, y + 18) for x, y in ribbon(stem, 10, 60)], INK, alpha=0.16, blur=12)
            _lavender(canvas, stem, 1.25)
    elif look.plant == "blossom":
        for end, size in (((930, 150), 116), ((1110, 300), 84)):
            stem = curve((1250, 60), (1180, 60), (end[0] + 60, end[1] - 40), end)
            canvas.fill(ellipse(end[0] + 12, end[1] + 20, size * 0.9), INK, alpha=0.2, blur=14)
            _blossom(canvas, stem, size, look)
    elif look.plant in GREENS:
        stem = curve((1260, 300), (1130, 250), (990, 210), (860, 90))
        sprig_shadow(canvas, stem, 4, 250, 96, 0.12)
        sprig(canvas, stem, 4, 250, 96, GREENS[look.plant], 0.12)


def _lavender(canvas: Canvas, stem: list[Point], size: float) -> None:
    canvas.fill(ribbon(stem, 6 * size, 4 * size), "#6f8a6c")
    for index in range(20, len(stem) - 1, 2):
        (x, y), angle = stem[index], heading(stem, index)
        swell = math.sin(math.pi * (index - 16) / (len(stem) - 12)) * size
        for side in (-1, 1):
            upper, lower, _rib = leaf_halves((x, y), 34 * swell, 19 * swell, angle + side * 46, 0)
            canvas.fill(upper, "#a792cf")
            canvas.fill(lower, "#7d67ad")
    bud = turned(ellipse(0, 0, 15 * size, 8 * size), heading(stem, len(stem) - 2), moved=stem[-1])
    canvas.fill(bud, "#b7a4da")


def _blossom(canvas: Canvas, stem: list[Point], size: float, look: Look) -> None:
    canvas.fill(ribbon(stem, 8, 5), "#6f8a6c")
    x, y = stem[-1]
    petal, shade = mix(look.filling, CREAM, 0.5), mix(look.filling, INK, 0.25)
    for step in range(6):
        upper, lower, _rib = leaf_halves((x, y), size, size * 0.72, step * 60 - 80, 0.06)
        canvas.fill(upper, Blend((mix(petal, CREAM, 0.5), petal), 60))
        canvas.fill(lower, petal)
        canvas.shade(lower, shade, 60, 0.5)
    canvas.fill(ellipse(x, y, size * 0.2), "#e6b458")
    canvas.shade(ellipse(x, y, size * 0.2), "#9b4a36", 50, 0.7)


def orange_slice(canvas: Canvas, centre: Point, radius: float, tilt: float) -> None:
    """Paint a slice of orange; `tilt` is its height as a fraction of its width."""
    x, y = centre
    if tilt < 1:
        ground_shadow(canvas, (x + 8, y + radius * 0.2), radius, radius * tilt)
        canvas.fill(ellipse(x, y + radius * 0.16, radius, radius * tilt), "#c9783a")
    canvas.fill(ellipse(x, y, radius, radius * tilt), Blend(("#f3b04f", "#e08d3a"), 50))
    canvas.fill(ellipse(x, y, radius * 0.9, radius * 0.9 * tilt), "#fbeed2")
    for step in range(9):
        angle = math.radians(step * 40 + 12)
        wedge = [(x + radius * 0.07 * math.cos(angle), y + radius * 0.07 * math.sin(angle) * tilt)]
        for offset in range(-16, 17, 4):
            turn, reach = angle + math.radians(offset), radius * (0.84 if abs(offset) < 14 else 0.79)
            wedge.append((x + reach * math.cos(turn), y + reach * math.sin(turn) * tilt))
        canvas.fill(wedge, Blend(("#f7bf62", "#ec9a40"), 60))
        canvas.shade(wedge, "#d3702f", 60, 0.4)
