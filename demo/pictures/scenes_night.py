"""Heroes at nightfall: magnesium by a window, coffee under a clock."""

from __future__ import annotations

import math

from demo.pictures.canvas import Blend, Canvas, Fade, mix
from demo.pictures.palette import CLAY, CREAM, INK, MOSS, NIGHT, PINE, SAGE, SAND
from demo.pictures.props import almond, bowl, bowl_inside, cup, ground_shadow, leaf, moon, stars, steam
from demo.pictures.shapes import arch, box, ellipse, ribbon, ridge, rounded, smooth, turned


def magnesium_window(canvas: Canvas) -> None:
    """Paint a room at night: moonlit hills in an arched window, on the table a bowl of leaves and almonds."""
    canvas.fill(canvas.frame, Blend(("#2a3a63", "#1a2748", INK), 15))
    canvas.shade(canvas.frame, "#0a1226", 20, 0.5)
    _window(canvas)
    cast = [(x + (400 - y) * 0.14, y) for x, y in arch(1000, 96, 1400, 760)]
    for pane in (
        box(900, 60, 1216, 356),
        box(1230, 60, 1600, 356),
        box(900, 370, 1190, 700),
        box(1204, 370, 1600, 700),
    ):
        canvas.fill(pane, "#9fb3d6", alpha=Fade((0.17, 0.1), 90), blur=2, within=cast)
    table = box(0, 690, 1600, 900)
    canvas.fill(table, Blend(("#b57a5e", "#8a5648", "#5c3b3d"), 30))
    canvas.fill(box(0, 690, 1600, 699), "#d69c7b", alpha=Fade((0.9, 0.5, 0.2), 0))
    canvas.shade(table, "#341f2b", 35, 0.5)
    canvas.fill([(230, 699), (770, 699), (980, 900), (250, 900)], "#f3d9b8", alpha=Fade((0.3, 0.04), 90), blur=8)
    _supper(canvas)


def _window(canvas: Canvas) -> None:
    canvas.fill(arch(132, 42, 868, 690), INK, alpha=0.45, blur=18)
    canvas.fill(arch(144, 54, 856, 690), Blend(("#50628d", "#33446d"), 20))
    view = arch(172, 82, 828, 690)
    canvas.fill(view, Blend(("#14224a", "#24396b", "#6a80aa", "#d3bdb6", "#f0c49c", "#f0c49c"), 90))
    stars(canvas, 46, (180, 90, 820, 400), within=view)
    moon(canvas, (652, 262), 82, within=view)
    hills = (
        (470, 46, "#8193b4", "#6b80a6", "far"),
        (530, 44, "#5a719a", "#4a618b", "middle"),
        (590, 40, "#3c5379", "#2c4167", "near"),
        (648, 30, "#24385c", "#182748", "garden"),
    )
    for height, swing, top, low, name in hills:
        if name == "garden":
            for x, foot, high in ((232, 676, 128), (266, 684, 92), (724, 672, 104)):
                canvas.fill(_cypress(x, foot, high), Blend(("#2a3f66", "#142240"), 0), within=view)
        line = ridge(1000, 700, height, swing, f"magnesium {name}", 560)
        canvas.fill(line, Blend((top, low), 90), within=view)
        canvas.shade(line, mix(low, INK, 0.4), 60, 0.35, within=view)
    canvas.fill(box(494, 82, 506, 690), "#3d4f7a")
    canvas.fill(box(172, 404, 828, 414), "#3d4f7a")
    canvas.fill(rounded(112, 672, 888, 692, 4), Blend(("#6d80a8", "#40527d"), 0))


def _cypress(x: float, foot: float, height: float) -> list[tuple[float, float]]:
    """Paint a cypress against the evening sky."""
    return [
        (x + side * height * 0.13 * math.sin(math.pi * t**0.8), foot - height * t)
        for side, steps in ((-1, range(21)), (1, range(20, -1, -1)))
        for t in (step / 20 for step in steps)
    ]


def _supper(canvas: Canvas) -> None:
    ground_shadow(canvas, (1160, 792), 190, 26)
    centre = (1140, 592)
    bowl_inside(canvas, centre, 235, "#6d5a58")
    spinach = (mix(SAGE, CREAM, 0.1), MOSS, "#1f3b3a")
    far = (MOSS, PINE, "#152c33")
    for x, length, width, angle, greens in (
        (1040, 250, 92, -128, far),
        (1172, 336, 104, -84, far),
        (1120, 300, 104, -98, far),
        (1220, 280, 98, -62, far),
        (1000, 190, 86, -152, spinach),
        (1280, 210, 88, -28, spinach),
        (1080, 262, 104, -112, spinach),
        (1180, 286, 110, -78, spinach),
        (1235, 220, 96, -46, spinach),
    ):
        leaf(canvas, (x, 606), length, width, angle, greens, bend=0.1 if angle > -90 else -0.1)
    for x, y, angle in ((980, 590, 20), (1052, 582, -24), (1128, 578, 12), (1206, 582, 34), (1284, 592, -18)):
        almond(canvas, (x, y), 84, angle)
    for x, y, angle in ((1016, 608, -8), (1092, 604, 30), (1168, 604, -20), (1246, 610, 10)):
        almond(canvas, (x, y), 86, angle, "#bd7c53")
    bowl(canvas, centre, 235, 196, (CREAM, SAND, "#a58f86"))
    for x, y, angle, size in (
        (772, 806, -18, 78),
        (858, 842, 24, 84),
        (690, 852, 40, 80),
        (1452, 828, -30, 80),
    ):
        ground_shadow(canvas, (x + 4, y + size * 0.22), size * 0.5, 9, strength=0.5)
        almond(canvas, (x, y), size, angle)
    leaf(canvas, (500, 846), 128, 52, -14, spinach)


def coffee_clock(canvas: Canvas) -> None:
    """Paint an evening sky with a clock setting behind roofs, and a cup of coffee on the sill in front."""
    canvas.fill(canvas.frame, Blend((NIGHT, "#2b3763", "#5d4f76", "#b87173", "#eaa77f", "#f2c798"), 90))
    stars(canvas, 40, (0, 0, 1600, 260))
    for y, left, right, colour in (
        (196, -60, 420, "#6d5f86"),
        (262, 180, 640, "#8a6a83"),
        (330, 1290, 1700, "#a7737f"),
    ):
        canvas.fill(rounded(left, y, right, y + 26, 13), colour, alpha=Fade((0, 0.8, 0.8, 0), 0))
    _clock(canvas, (1050, 372), 286)
    _roofs(canvas)
    sill = box(0, 742, 1600, 900)
    canvas.fill(sill, Blend(("#3a2c46", "#241f3c", INK), 25))
    canvas.fill(box(0, 742, 1600, 752), "#d58e72", alpha=Fade((0.35, 0.8, 0.9, 0.5), 0))
    canvas.shade(sill, INK, 60, 0.5)
    cup(canvas, (470, 560), 168, 236, ("#e08a68", CLAY, "#85402f"), ("#2a1613", "#5a3022"))
    for shift, height, sway, width in ((-40, 330, 30, 58), (38, 450, 46, 84)):
        steam(canvas, (470 + shift, 556), height, sway, width)
    for x, y, angle in ((800, 822, -24), (878, 852, 32), (742, 862, 70), (1210, 836, 12)):
        _bean(canvas, (x, y), 56, angle)


def _clock(canvas: Canvas, centre: tuple[float, float], radius: float) -> None:
    x, y = centre
    canvas.glow(centre, radius * 2.1, "#ffd9a8", 0.55)
    face = ellipse(x, y, radius)
    canvas.fill(face, Blend(("#fff4dc", "#fbe3bb", "#f4bd8b"), 80))
    canvas.shade(face, "#d9805c", 70, 0.55)
    canvas.fill(ellipse(x, y, radius * 0.86), "#ffffff", alpha=0.16)
    for hour in range(12):
        angle = math.radians(hour * 30)
        inner, thick = (0.76, 13) if hour % 3 == 0 else (0.82, 7)
        ends = [(x + radius * reach * math.sin(angle), y - radius * reach * math.cos(angle)) for reach in (inner, 0.9)]
        canvas.fill(ribbon(ends, thick, thick), NIGHT)
    for degrees, reach, thick in ((300, 0.46, 20), (0, 0.66, 13)):
        angle = math.radians(degrees)
        tail = (x - radius * 0.1 * math.sin(angle), y + radius * 0.1 * math.cos(angle))
        tip = (x + radius * reach * math.sin(angle), y - radius * reach * math.cos(angle))
        canvas.fill(ribbon([tail, centre, tip], thick, thick, thick * 0.55), NIGHT)
    canvas.fill(ellipse(x, y, 19), NIGHT)
    canvas.fill(ellipse(x, y, 7), CLAY)


def _roofs(canvas: Canvas) -> None:
    """Paint two rows of gables, the nearer one with lit windows."""
    for row, (ground, low, high, top, bottom) in enumerate(
        ((620, 60, 120, "#7d5670", "#5b4468"), (690, 70, 150, "#3a3259", "#262447"))
    ):
        x = -40.0 - 60 * row
        while x < 1640:
            wide = canvas.random.uniform(120, 210)
            eaves = ground - canvas.random.uniform(low, high) * 0.6
            gable = eaves - wide * canvas.random.uniform(0.2, 0.42)
            house = [(x, 760), (x, eaves), (x + wide / 2, gable), (x + wide, eaves), (x + wide, 760)]
            chimney = x + wide * 0.68
            canvas.fill(box(chimney, gable - 4, chimney + 22, eaves), top)
            canvas.fill(house, Blend((top, bottom), 90))
            canvas.shade(house, bottom, 0, 0.9)
            if row:
                _lit(canvas, x, wide, eaves)
            x += wide - 1


def _lit(canvas: Canvas, x: float, wide: float, eaves: float) -> None:
    for column in range(3):
        left = x + wide * (0.2 + 0.24 * column)
        for down in (22, 70):
            if canvas.random.random() < 0.42:
                canvas.glow((left + 10, eaves + down + 14), 44, "#ffcf8a", 0.3)
                canvas.fill(arch(left, eaves + down, left + 19, eaves + down + 32), "#ffd694")


def _bean(canvas: Canvas, centre: tuple[float, float], length: float, angle: float) -> None:
    x, y = centre
    ground_shadow(canvas, (x + 3, y + length * 0.3), length * 0.5, 8, strength=0.6)
    bean = turned(ellipse(0, 0, length / 2, length * 0.34), angle, moved=centre)
    canvas.fill(bean, Blend(("#8a5238", "#4a2720"), 80))
    canvas.shade(bean, "#1c0f17", 60, 0.8)
    seam = [
        (-length * 0.46, 0),
        (-length * 0.16, -length * 0.06),
        (length * 0.16, length * 0.06),
        (length * 0.46, 0),
    ]
    canvas.fill(ribbon(turned(smooth(seam, closed=False), angle, moved=centre), 1.5, 4.5, 1.5), "#1f1016")
