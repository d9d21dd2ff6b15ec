"""Outlines as lists of points. Pure: nothing here paints."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from demo.pictures.canvas import Outline, Point


def ellipse(
    x: float, y: float, wide: float, high: float | None = None, start: float = 0, end: float = 360
) -> list[Point]:
    """Return an ellipse, or a part of one in degrees clockwise from the right, by its centre and radii."""
    high = wide if high is None else high
    steps = 160
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in angles]


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Return a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def rounded(left: float, top: float, right: float, bottom: float, *radii: float) -> list[Point]:
    """Return a rectangle with round corners: one radius, or four clockwise from the top left."""
    one, two, three, four = radii if len(radii) == 4 else radii * 4
    return [
        *ellipse(left + one, top + one, one, start=180, end=270),
        *ellipse(right - two, top + two, two, start=270, end=360),
        *ellipse(right - three, bottom - three, three, start=0, end=90),
        *ellipse(left + four, bottom - four, four, start=90, end=180),
    ]


def arch(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Return a window with a semicircular top."""
    radius = (right - left) / 2
    return [
        *ellipse((left + right) / 2, top + radius, radius, start=180, end=360),
        (right, bottom),
        (left, bottom),
    ]


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> list[Point]:
    """Return a curve through all the points (Catmull-Rom)."""
    count = len(points)
    drawn: list[Point] = []
    for index in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(index + offset) % count] for offset in (-1, 0, 1, 2))
        else:
            a, b = points[max(index - 1, 0)], points[index]
            c, d = points[index + 1], points[min(index + 2, count - 1)]
        for step in range(steps):
            t = step / steps
            drawn.append(tuple(_catmull(a[axis], b[axis], c[axis], d[axis], t) for axis in (0, 1)))
    if not closed:
        drawn.append(points[-1])
    return drawn


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def ribbon(path: Sequence[Point], *widths: float) -> list[Point]:
    """Return a stroke along a path with round ends, whose width runs evenly through `widths`."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(path) - 1
    for index, (x, y) in enumerate(path):
        before, after = path[max(index - 1, 0)], path[min(index + 1, last)]
        angle = math.atan2(after[1] - before[1], after[0] - before[0])
        half = _between(widths, index / last) / 2
        left.append((x + half * math.sin(angle), y - half * math.cos(angle)))
        right.append((x - half * math.sin(angle), y + half * math.cos(angle)))
    return [
        *left,
        *_cap(path[-2], path[-1], widths[-1] / 2),
        *reversed(right),
        *_cap(path[1], path[0], widths[0] / 2),
    ]


def _between(values: Sequence[float], share: float) -> float:
    place = share * (len(values) - 1)
    low = min(int(place), max(len(values) - 2, 0))
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def _cap(inner: Point, end: Point, radius: float) -> list[Point]:
    if radius < 0.6:
        return [end]
    angle = math.degrees(math.atan2(end[1] - inner[1], end[0] - inner[0]))
    return ellipse(*end, radius, start=angle - 90, end=angle + 90)[::8]


def curve(start: Point, bend_one: Point, bend_two: Point, end: Point, steps: int = 40) -> list[Point]:
    """Return a cubic Bézier curve."""
    drawn = []
    for step in range(steps + 1):
        t = step / steps
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        points = (start, bend_one, bend_two, end)
        drawn.append(tuple(sum(w * p[axis] for w, p in zip(weights, points, strict=True)) for axis in (0, 1)))
    return drawn


def turned(outline: Outline, degrees: float, centre: Point = (0, 0), moved: Point = (0, 0)) -> list[Point]:
    """Return an outline rotated clockwise about a centre, then moved."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = centre
    return [
        (x + (px - x) * cos - (py - y) * sin + moved[0], y + (px - x) * sin + (py - y) * cos + moved[1])
        for px, py in outline
    ]


def mirrored(outline: Outline, axis: float) -> list[Point]:
    """Return an outline mirrored about a vertical axis."""
    return [(2 * axis - x, y) for x, y in outline]


def leaf_halves(base: Point, length: float, width: float, angle: float, bend: float = 0.12) -> tuple[list, list, list]:
    """Return the two halves and the midrib of a leaf that grows from `base` towards `angle` (0 right, -90 up)."""
    x, y = base
    rib = [(x + length * t, y + bend * length * math.sin(math.pi * t)) for t in (step / 24 for step in range(25))]
    swell = [width / 2 * math.sin(math.pi * (step / 24) ** 0.82) ** 0.9 if 0 < step < 24 else 0 for step in range(25)]
    upper = [(px, py - s) for (px, py), s in zip(rib, swell, strict=True)]
    lower = [(px, py + s) for (px, py), s in zip(rib, swell, strict=True)]
    halves = ([*upper, *reversed(rib)], [*lower, *reversed(rib)], rib)
    return tuple(turned(part, angle, base) for part in halves)


def ridge(width: float, bottom: float, height: float, swing: float, seed: str, length: float = 700) -> list[Point]:
    """Return hills across the picture, about `height` from the top, `swing` up and down, filled to `bottom`."""
    chance = random.Random(seed)
    waves = [(chance.uniform(0.7, 1.4) / length, chance.uniform(0, math.tau), share) for share in (1, 0.5, 0.22)]
    waves = [(rate * (1 + index * 1.1), phase, share) for index, (rate, phase, share) in enumerate(waves)]
    line = []
    for x in range(-20, int(width) + 32, 12):
        rise = sum(share * math.sin(x * rate * math.tau + phase) for rate, phase, share in waves)
        line.append((float(x), height - swing * rise / 1.4))
    return [*line, (width + 20, bottom), (-20, bottom)]
