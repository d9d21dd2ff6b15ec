"""Hero of the evening herbs: chamomile and valerian in a meadow at moonrise."""

from __future__ import annotations

import math

from demo.pictures.canvas import Blend, Canvas, Point, mix
from demo.pictures.palette import INK
from demo.pictures.props import leaf, moon, stars
from demo.pictures.shapes import curve, ellipse, ribbon, ridge, turned

STALK = ("#7f9a86", "#486b62", "#1f3f45")


def moonlit_meadow(canvas: Canvas) -> None:
    """Paint the moon rising behind hills at dusk, with chamomile and flowering valerian in the foreground."""
    canvas.fill(canvas.frame, Blend(("#27335f", "#4b4f84", "#8a75a0", "#d09aa2", "#f0c4a4"), 90))
    stars(canvas, 60, (0, 0, 1600, 330))
    moon(canvas, (806, 372), 150)
    hills = (
        (470, 54, "#8b7ba6", "#a78aa6", "far", 820),
        (546, 48, "#5f668f", "#77779a", "middle", 640),
        (620, 40, "#3e5874", "#4f6a7d", "near", 900),
        (730, 22, "#2f5560", "#122a38", "meadow", 1300),
    )
    for height, swing, top, low, name, length in hills:
        line = ridge(1600, 920, height, swing, f"dusk {name}", length)
        canvas.fill(line, Blend((top, low), 90))
        canvas.shade(line, mix(top, INK, 0.5), 35, 0.35)
    _grass(canvas, 170, 742, 34, "#33595f")
    _grass(canvas, 150, 806, 50, "#274850")
    for foot, head, size in (
        ((250, 900), (214, 322), 1.0),
        ((392, 930), (424, 424), 0.84),
        ((96, 940), (76, 470), 0.78),
    ):
        _valerian(canvas, foot, head, size)
    for foot, head, size, tilt in (
        ((690, 930), (656, 664), 54, 0.62),
        ((906, 930), (936, 640), 60, 0.56),
        ((1040, 940), (1064, 506), 82, 0.7),
        ((1480, 940), (1504, 560), 78, 0.64),
        ((1180, 950), (1206, 640), 72, 0.58),
        ((1316, 950), (1330, 386), 116, 0.74),
    ):
        _chamomile(canvas, foot, head, size, tilt)
    _grass(canvas, 150, 880, 76, "#14303c")


def _grass(canvas: Canvas, blades: int, foot: float, high: float, tone: str) -> None:
    for _ in range(blades):
        x, bend = canvas.random.uniform(-20, 1620), canvas.random.uniform(-26, 26)
        low, tall = foot + canvas.random.uniform(-10, 26), high * canvas.random.uniform(0.6, 1.4)
        blade = curve((x, low + 6), (x, low), (x + bend * 0.3, low - tall * 0.5), (x + bend, low - tall), 12)
        canvas.fill(ribbon(blade, 1, 8, 6, 1), mix(tone, "#7fa08a", canvas.random.uniform(0, 0.3)))


def _chamomile(canvas: Canvas, foot: Point, head: Point, size: float, tilt: float) -> None:
    """Paint a chamomile flower on its stalk, seen from above at an angle; `tilt` is its height as a fraction of its
    width.
    """
    x, y = head
    stem = curve(foot, (foot[0] - 14, (foot[1] + y) / 2), (x - 18, y + 120), (x, y + 6))
    canvas.fill(ribbon(stem, size * 0.11, size * 0.07), Blend(STALK[:2], 0))
    for place, side in ((10, 1), (16, -1), (23, 1)):
        _feather(canvas, stem[place], size * 0.95, -40 if side > 0 else -140)
    petals = []
    for step in range(15):
        petal = turned(ellipse(size * 0.64, 0, size * 0.37, size * 0.125), step * 24 + 5)
        petals.append([(x + px, y + py * tilt) for px, py in petal])
    for step, petal in enumerate(sorted(petals, key=lambda outline: max(py for _, py in outline))):
        white = "#fffdf6" if step % 2 else "#f3ecf0"
        canvas.fill(petal, Blend((white, mix(white, "#d5c8dc", 0.5)), 60))
        canvas.shade(petal, "#8a7fa8", 60, 0.45)
    canvas.fill(ellipse(x, y + size * 0.06, size * 0.36, size * 0.3 * tilt), "#a8672f", alpha=0.6, blur=4)
    dome = ellipse(x, y - size * 0.08, size * 0.34, size * 0.36 * (0.4 + tilt * 0.6))
    canvas.fill(dome, Blend(("#fbdc85", "#eeb04c", "#c67a33"), 65))
    canvas.shade(dome, "#8f4a2c", 60, 0.7)
    for ring, count in ((0.2, 7), (0.26, 11)):
        for step in range(count):
            angle = math.radians(step * 360 / count + ring * 300)
            dot = (x + size * ring * math.cos(angle), y - size * 0.08 + size * ring * math.sin(angle) * tilt)
            canvas.fill(ellipse(*dot, size * 0.018), "#fff0bd", alpha=0.7)


def _feather(canvas: Canvas, base: Point, length: float, angle: float) -> None:
    """Paint a chamomile leaf: a rib with fine threads on both sides."""
    across, down = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    tip = (base[0] + length * across, base[1] + length * down)
    canvas.fill(ribbon([base, tip], 5, 2), STALK[1])
    for step in range(2, 8):
        share = step / 8
        x, y = base[0] + (tip[0] - base[0]) * share, base[1] + (tip[1] - base[1]) * share
        for side in (-34, 34):
            turn = math.radians(angle + side)
            reach = length * 0.34 * (1.1 - share)
            canvas.fill(ribbon([(x, y), (x + reach * math.cos(turn), y + reach * math.sin(turn))], 4, 1.6), STALK[0])


def _valerian(canvas: Canvas, foot: Point, head: Point, size: float) -> None:
    """Paint valerian: a tall stalk, leaves in pairs, and a broad head of small pale flowers."""
    x, y = head
    stem = curve(foot, (foot[0] + 10, (foot[1] + y) / 2), (x + 16, y + 190), (x, y + 60 * size))
    canvas.fill(ribbon(stem, 15 * size, 9 * size), Blend(STALK[:2], 0))
    for place in (9, 17, 25, 32):
        length = (150 - place * 2.6) * size
        for angle in (-26, -154):
            leaf(canvas, stem[place], length, length * 0.3, angle, STALK, bend=0.12 if angle > -90 else -0.12)
    crown = [(-1, -12, 44), (-104, 6, 34), (104, 2, 34), (-56, -56, 36), (58, -60, 36), (0, -96, 34), (-146, 46, 24)]
    crown += [(148, 44, 24), (-40, 30, 30), (46, 32, 30)]
    for across, down, _ in crown:
        ray = curve(
            (x, y + 66 * size),
            (x, y + 40 * size),
            (x + across * size * 0.7, y + 40 * size),
            (x + across * size, y + down * size),
        )
        canvas.fill(ribbon(ray, 6 * size, 4 * size), STALK[1])
    for across, down, reach in sorted(crown, key=lambda part: -part[1]):
        _cluster(canvas, (x + across * size, y + down * size), reach * size)


def _cluster(canvas: Canvas, centre: Point, radius: float) -> None:
    x, y = centre
    canvas.fill(ellipse(x, y, radius * 0.95, radius * 0.8), Blend(("#d9a9bd", "#8f6a96"), 70), alpha=0.9)
    for step in range(16):
        angle, reach = step * 2.4, radius * math.sqrt((step + 0.5) / 16)
        place = (x + reach * math.cos(angle), y + reach * 0.82 * math.sin(angle))
        tone = mix("#fbe6e6", "#dca8bf", canvas.random.random() * 0.6 + 0.4 * (place[1] > y))
        canvas.fill(ellipse(*place, radius * 0.2), tone)
        canvas.fill(ellipse(*place, radius * 0.055), "#b5708f", alpha=0.8)
