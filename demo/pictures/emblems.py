"""The emblems on the packs: a small figure of plain shapes for each product."""

from __future__ import annotations

import math

from demo.pictures.canvas import Canvas, Outline, Point
from demo.pictures.shapes import box, ellipse, leaf_halves, ribbon, ridge, rounded


def draw_emblem(canvas: Canvas, name: str, centre: Point, size: float, ink: str, accent: str) -> None:
    """Draw the emblem of that name in a circle of radius `size`; a plain disc for an unknown name."""
    EMBLEMS.get(name, _disc)(canvas, centre, size, ink, accent)


def _disc(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> Outline:
    disc = ellipse(*centre, size)
    canvas.fill(disc, ink)
    return disc


def _moon(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    disc = _disc(canvas, centre, size, ink, accent)
    canvas.fill(ellipse(x + size * 0.06, y, size * 0.58), accent)
    canvas.fill(ellipse(x + size * 0.32, y - size * 0.16, size * 0.5), ink, within=disc)
    for across, down, dot in ((0.46, -0.4, 0.07), (0.6, 0.08, 0.05), (0.36, 0.3, 0.045)):
        canvas.fill(ellipse(x + across * size, y + down * size, dot * size), accent)


def _hills(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    disc = _disc(canvas, centre, size, ink, accent)
    canvas.fill(ellipse(x + size * 0.28, y - size * 0.3, size * 0.26), accent)
    for down, alpha in ((0.12, 0.35), (0.42, 0.6), (0.72, 0.9)):
        line = ridge(1200, y + size * 1.2, y + size * down, size * 0.2, f"emblem {down}", size * 2.4)
        canvas.fill(line, accent, alpha=alpha, within=disc)


def _waves(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    disc = _disc(canvas, centre, size, ink, accent)
    for row in range(-3, 4):
        path = [
            (x + size * t, y + size * (row * 0.27 + 0.09 * math.sin(t * 6.2 + row * 0.9)))
            for t in (step / 20 for step in range(-20, 21))
        ]
        canvas.fill(ribbon(path, size * 0.075, size * 0.075), accent, within=disc)


def _rays(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    disc = _disc(canvas, centre, size, ink, accent)
    low = y + size * 0.36
    for step in range(9):
        angle = math.radians(180 + step * 22.5)
        ends = [(x + size * reach * math.cos(angle), low + size * reach * math.sin(angle)) for reach in (0.5, 0.84)]
        canvas.fill(ribbon(ends, size * 0.07, size * 0.07), accent, within=disc)
    canvas.fill(ellipse(x, low, size * 0.38, start=180, end=360), accent)
    canvas.fill(box(x - size, low + size * 0.1, x + size, low + size * 0.17), accent, within=disc)


def _ripples(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    for reach, colour in (
        (1.0, ink),
        (0.76, accent),
        (0.66, ink),
        (0.44, accent),
        (0.34, ink),
        (0.14, accent),
    ):
        canvas.fill(ellipse(*centre, size * reach), colour)


def _peak(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    disc = _disc(canvas, centre, size, ink, accent)
    canvas.fill(ellipse(x, y - size * 0.38, size * 0.24), accent)
    left, right = (x - size * 0.24, y - size * 0.02), (x + size * 0.3, y + size * 0.14)
    canvas.fill([(x - size * 1.1, y + size), left, (x + size * 0.7, y + size)], accent, alpha=0.9, within=disc)
    canvas.fill([(x - size * 0.4, y + size), right, (x + size * 1.2, y + size)], accent, alpha=0.6, within=disc)


def _grid(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    _disc(canvas, centre, size, ink, accent)
    for row in range(3):
        for column in range(3):
            place = (x + (column - 1) * size * 0.44, y + (row - 1) * size * 0.44)
            canvas.fill(ellipse(*place, size * (0.17 if (row + column) % 2 else 0.1)), accent)


def _bloom(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    _disc(canvas, centre, size, ink, accent)
    for step in range(8):
        upper, lower, _rib = leaf_halves(centre, size * 0.84, size * 0.34, step * 45 - 90, 0)
        canvas.fill(upper, accent)
        canvas.fill(lower, accent, alpha=0.6)
    canvas.fill(ellipse(*centre, size * 0.15), ink)


def _pair(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    left = ellipse(x - size * 0.4, y, size * 0.68)
    right = ellipse(x + size * 0.4, y, size * 0.68)
    canvas.fill(left, ink)
    canvas.fill(right, accent)
    canvas.fill(left, "#fff6e6", alpha=0.55, within=right)


def _plus(canvas: Canvas, centre: Point, size: float, ink: str, accent: str) -> None:
    x, y = centre
    _disc(canvas, centre, size, ink, accent)
    arm, half = size * 0.56, size * 0.17
    canvas.fill(rounded(x - arm, y - half, x + arm, y + half, half), accent)
    canvas.fill(rounded(x - half, y - arm, x + half, y + arm, half), accent)


EMBLEMS = {
    "moon": _moon,
    "hills": _hills,
    "waves": _waves,
    "rays": _rays,
    "ripples": _ripples,
    "peak": _peak,
    "grid": _grid,
    "bloom": _bloom,
    "pair": _pair,
    "plus": _plus,
}
