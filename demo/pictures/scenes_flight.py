"""Hero of the flight: the hours as bands of sky over the curve of the earth."""

from __future__ import annotations

import math

from demo.pictures.canvas import Blend, Canvas, Point, mix
from demo.pictures.palette import CREAM, INK, NIGHT
from demo.pictures.props import moon, stars
from demo.pictures.shapes import box, curve, ellipse, ribbon, rounded, smooth, turned

EARTH = (800.0, 2060.0)
EARTH_RADIUS = 1400.0
ZONES = (
    ("#101a36", "#0f2140"),
    ("#18264c", "#14304f"),
    ("#283a66", "#1e4560"),
    ("#505a86", "#335f73"),
    ("#917b96", "#4f7b83"),
    ("#cf9a8d", "#6f9793"),
    ("#ecbf98", "#8fb0a3"),
    ("#f3dcb8", "#a8c2b0"),
    ("#e3e6d8", "#b7cdbb"),
    ("#c9dde2", "#bfd3c4"),
)


def _around(degrees: float, radius: float) -> Point:
    """Return a position above the earth, given by degrees from vertical and distance from its centre."""
    angle = math.radians(degrees)
    return EARTH[0] + radius * math.sin(angle), EARTH[1] - radius * math.cos(angle)


def jet_lag(canvas: Canvas) -> None:
    """Paint the hours from night to day as bands over the curve of the earth, and the arc of a flight across them."""
    earth = ellipse(*EARTH, EARTH_RADIUS)
    step = 7.0
    for index, (sky, _sea) in enumerate(ZONES):
        start = (index - len(ZONES) / 2) * step
        wedge = [EARTH, _around(start - 12 * (index == 0), 2900), _around(start + step * 1.6, 2900)]
        canvas.fill(wedge, sky)
    stars(canvas, 74, (0, 0, 640, 560))
    moon(canvas, (236, 236), 88)
    _sun(canvas, (1378, 250), 104)
    for x, y, size, tone in (
        (1120, 500, 1.0, "#f9e3cd"),
        (1486, 440, 0.8, "#fdf6ea"),
        (560, 560, 0.8, "#8f8fae"),
    ):
        _cloud(canvas, x, y, size, tone)
    canvas.fill(ellipse(*EARTH, EARTH_RADIUS + 30), "#ffeed6", alpha=0.3, blur=40)
    canvas.fill(ellipse(*EARTH, EARTH_RADIUS + 34), CREAM, alpha=0.14)
    canvas.fill(ellipse(*EARTH, EARTH_RADIUS + 14), CREAM, alpha=0.2)
    for index, (_sky, sea) in enumerate(ZONES):
        start = (index - len(ZONES) / 2) * step
        wedge = [EARTH, _around(start - 12 * (index == 0), 1700), _around(start + step * 1.6, 1700)]
        canvas.fill(wedge, sea, within=earth)
    _lands(canvas, earth)
    path = [_around(-21.5 + 41 * t / 80, 1690 - 60 * (t / 40 - 1) ** 2) for t in range(81)]
    for start in range(0, 44, 2):
        canvas.fill(ribbon(path[start : start + 2], 4, 4), CREAM, alpha=0.25 + 0.7 * start / 44)
    for start in range(52, 80, 2):
        canvas.fill(ribbon(path[start : start + 2], 3.4, 3.4), NIGHT, alpha=0.3)
    (x, y), (to_x, to_y) = path[46], path[48]
    _plane(canvas, (x, y), math.degrees(math.atan2(to_y - y, to_x - x)))


def _sun(canvas: Canvas, centre: Point, radius: float) -> None:
    canvas.glow(centre, radius * 3.4, "#fff3d2", 0.85)
    disc = ellipse(*centre, radius)
    canvas.fill(disc, Blend(("#f6cf7f", "#e9a65a"), 70))
    canvas.shade(disc, "#cf7548", 60, 0.6)


def _cloud(canvas: Canvas, x: float, y: float, size: float, tone: str) -> None:
    for left, down, right in ((-120, 0, 90), (-60, -26, 60), (-10, 22, 150)):
        bar = rounded(x + left * size, y + down * size, x + right * size, y + (down + 34) * size, 17 * size)
        canvas.fill(bar, tone)
        canvas.shade(bar, mix(tone, "#ffffff", 0.6), 200, 0.7)


def _lands(canvas: Canvas, earth: list[Point]) -> None:
    """Paint coasts in the light of their local hour, with lamps where it is night."""
    coasts = (
        [
            (-30, 1404),
            (-24, 1405),
            (-20, 1402),
            (-17, 1384),
            (-15.4, 1386),
            (-13.4, 1362),
            (-14.6, 1352),
            (-13.6, 1330),
        ]
        + [(-15.4, 1318), (-16, 1290), (-18, 1296), (-19.4, 1262), (-22, 1250), (-24, 1284), (-30, 1290)],
        [
            (-6.6, 1338),
            (-4.6, 1352),
            (-3.4, 1345),
            (-1.6, 1356),
            (0.6, 1349),
            (1.4, 1332),
            (3.6, 1326),
            (3.2, 1306),
        ]
        + [(1.2, 1300), (0.8, 1276), (-0.6, 1262), (-2.4, 1282), (-3.2, 1302), (-5.8, 1310), (-5.2, 1326)],
        [
            (9.4, 1404),
            (12, 1400),
            (14, 1408),
            (40, 1408),
            (40, 1290),
            (27, 1286),
            (24.4, 1316),
            (22.4, 1312),
            (20.6, 1280),
        ]
        + [
            (18.6, 1300),
            (18.2, 1330),
            (15.4, 1340),
            (14.8, 1318),
            (12.4, 1330),
            (12.2, 1352),
            (9, 1362),
            (10.8, 1380),
        ],
    )
    for coast, tone in zip(coasts, ("#24473f", "#5f7d66", "#93ab8e"), strict=True):
        land = smooth([_around(*place) for place in coast])
        canvas.fill(land, tone, within=earth)
        canvas.shade(land, mix(tone, INK, 0.4), 110, 0.6, within=earth)
    canvas.shade(box(0, 650, 1600, 900), INK, 150, 0.45, within=earth)
    for _ in range(40):
        place = _around(canvas.random.uniform(-26, -15.8), canvas.random.uniform(1318, 1384))
        canvas.glow(place, 11, "#ffb866", 0.5, within=earth)
        canvas.fill(ellipse(*place, canvas.random.choice((1.6, 2.1, 2.8))), "#ffdca0", within=earth)


def _plane(canvas: Canvas, centre: Point, angle: float) -> None:
    def put(outline: list[Point], paint: str | Blend, shade: str = "") -> None:
        placed = turned(outline, angle, moved=centre)
        canvas.fill(placed, paint)
        if shade:
            canvas.shade(placed, shade, 90, 0.7)

    nose = curve((70, -21), (118, -21), (150, -4), (148, 4))
    chin = curve((148, 4), (140, 17), (100, 20), (60, 20))
    tail = curve((-70, 18), (-130, 12), (-158, -6), (-166, -18))
    put([(10, -16), (-26, -16), (-50, -46), (-38, -47)], "#a9b3c6")
    put(
        smooth([(-104, -16), (-138, -70), (-166, -72), (-158, -18)]),
        Blend(("#d47a58", "#b5583e"), 90),
        "#7c3430",
    )
    put([(-150, -20), *nose, *chin, *tail], Blend(("#fffaf0", "#f6ead6", "#c6bfc6"), 90), "#6d7896")
    put(rounded(-32, 26, 18, 46, 10, 8, 8, 10), Blend(("#e9dfd2", "#a9a6b4"), 90), "#55607f")
    put([(34, 6), (-24, 8), (-104, 78), (-96, 86), (-78, 84)], Blend(("#fbf2e2", "#cfc8cc"), 100), "#6d7896")
    put([(-112, -6), (-140, -6), (-176, 16), (-160, 19)], Blend(("#f4ead9", "#c9c4c8"), 100))
    for x in range(-88, 92, 15):
        put(ellipse(x, -6, 3.1), NIGHT)
    put([(116, -12), (126, -10), (138, -3), (118, -3)], NIGHT)
