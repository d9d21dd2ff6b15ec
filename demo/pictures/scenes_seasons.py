"""Heroes of two seasons: oranges on a winter's day, running shoes and mint on a summer morning."""

from __future__ import annotations

import math

from demo.pictures.canvas import Blend, Canvas, Fade, Point, mix
from demo.pictures.garnish import MINT, orange_slice
from demo.pictures.palette import CLAY, CREAM, INK, MOSS, PINE, SAND
from demo.pictures.props import bowl, bowl_inside, ground_shadow, leaf, sprig, sprig_shadow
from demo.pictures.shapes import box, curve, ellipse, ribbon, ridge, smooth, turned

SHOE = [(0, -40), (-8, -100), (10, -160), (18, -196), (44, -200), (74, -176), (112, -168), (150, -186), (176, -196)]
SHOE += [(206, -170), (262, -128), (330, -100), (394, -78), (424, -46), (300, -28), (100, -28)]
SOLE = [(-16, -46), (100, -42), (250, -38), (390, -48), (444, -66), (452, -38), (414, -6), (300, 2), (40, 2), (-14, -8)]
SEEDS = ((724, 776, -24), (786, 812, 12), (700, 818, 40), (858, 784, -8), (838, 826, -34), (388, 806, 20))
SEEDS += ((1410, 776, 24), (1478, 812, -18), (1366, 820, -4))
LACES = ((182, -184, 140, -156), (206, -164, 166, -136), (232, -144, 194, -117), (260, -126, 224, -101))


def winter_oranges(canvas: Canvas) -> None:
    """Paint snowy hills; on the table in front a bowl of oranges, half an orange, and pumpkin seeds."""
    canvas.fill(canvas.frame, Blend(("#9db4c8", "#c6d3da", "#ecdfd2", "#f6dcc0"), 90))
    sun = (560, 372)
    canvas.glow(sun, 400, "#fff4df", 0.9)
    canvas.fill(ellipse(*sun, 82), Blend(("#fbe9c6", "#f3c99a"), 80))
    hills = (
        (470, 54, "#c6d2dc", "#dfe6ea", "far", 900),
        (548, 50, "#dbe4ea", "#f1f3f2", "middle", 700),
        (624, 34, "#edf2f4", "#fbf8f2", "near", 1100),
    )
    for height, swing, top, low, name, length in hills:
        line = ridge(1600, 800, height, swing, f"snow {name}", length)
        canvas.fill(line, Blend((low, top), 90))
        canvas.shade(line, "#8ea6bd", 30, 0.4)
        if name == "middle":
            _firs(canvas, line)
    _snow(canvas)
    table = box(0, 692, 1600, 900)
    canvas.fill(table, Blend(("#d9a57d", "#bd8261", "#94604c"), 40))
    canvas.fill(box(0, 692, 1600, 701), "#f6dcc0", alpha=0.75)
    canvas.shade(table, "#5a3430", 45, 0.45)
    _rose_hips(canvas)
    _fruit_bowl(canvas, (1094, 556))
    orange_slice(canvas, (560, 770), 112, 0.46)
    for x, y, angle in SEEDS:
        _seed(canvas, (x, y), 52, angle)


def _firs(canvas: Canvas, hill: list[Point]) -> None:
    """Paint a wood of firs on a hill, denser towards the sides."""
    places = [hill[index] for index in range(2, len(hill) - 2) if canvas.random.random() < 0.62]
    for x, y in places:
        away = abs(x - 640) / 960
        if canvas.random.random() > 0.25 + away:
            continue
        high = canvas.random.uniform(34, 62) * (0.7 + 0.7 * away)
        tone = mix("#54707f", "#33505d", canvas.random.random())
        for step in range(3):
            top = y + 8 - high * (1 - step * 0.24)
            half, low = high * (0.15 + 0.075 * step), top + high * 0.46
            fir = [(x, top), (x + half, low), (x - half, low)]
            canvas.fill(fir, Blend((mix(tone, CREAM, 0.35), tone, mix(tone, INK, 0.2)), 20))


def _snow(canvas: Canvas) -> None:
    for _ in range(110):
        place = (canvas.random.uniform(0, 1600), canvas.random.uniform(0, 700))
        size = canvas.random.choice((1.8, 2.4, 3.2, 4.2, 5.4))
        canvas.fill(ellipse(*place, size), "#ffffff", alpha=canvas.random.uniform(0.55, 0.95))


def _rose_hips(canvas: Canvas) -> None:
    """Paint a bare branch in the upper left corner with rose hips and a little snow."""
    bough = curve((-40, 40), (140, 70), (300, 110), (452, 250))
    twigs = (
        (bough, 15),
        (curve(bough[13], (180, 160), (206, 210), (196, 262)), 9),
        (curve(bough[23], (330, 90), (400, 92), (462, 70)), 9),
        (curve(bough[30], (352, 220), (352, 260), (330, 308)), 8),
    )
    for path, thick in twigs:
        canvas.fill(ribbon(path, thick, thick * 0.4), Blend(("#7b5a4f", "#4a3338"), 60))
        snow = [(x, y - thick * 0.34) for x, y in path[2:-6]]
        canvas.fill(ribbon(snow, 2, thick * 0.42, thick * 0.34, 1), "#fdfbf6")
    for path, _ in twigs:
        x, y = path[-1]
        canvas.fill(ribbon([(x, y - 2), (x + 2, y + 16)], 4, 3), "#4a3338")
        for crown in (-26, 0, 26):
            canvas.fill(ribbon(turned([(0, 0), (0, 15)], crown, moved=(x + 2, y + 60)), 4.4, 1.4), "#4a3338")
        hip = ellipse(x + 2, y + 38, 20, 26)
        canvas.fill(hip, Blend(("#e2724c", "#b73f33"), 50))
        canvas.shade(hip, "#6f2430", 45, 0.8)
        canvas.fill(ellipse(x - 5, y + 28, 4.4, 6.6), "#f9d2ae", alpha=0.8)


def _fruit_bowl(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    ground_shadow(canvas, (x + 20, y + 196), 190, 26)
    bowl_inside(canvas, centre, 240, "#5f7f8f")
    for across, down, size, turn in ((-128, -66, 92, -30), (122, -60, 94, 24), (6, -84, 98, 6), (-46, -188, 92, -12)):
        _orange(canvas, (x + across, y + down), size, turn)
    for across, down, length, angle in ((-30, -266, 132, -34), (-40, -262, 112, -152)):
        leaf(canvas, (x + across, y + down), length, length * 0.42, angle, ("#8fae7d", MOSS, PINE))
    for across, down, size, turn in ((-158, -14, 80, -50), (166, -12, 82, 46), (4, -4, 92, 0)):
        _orange(canvas, (x + across, y + down), size, turn)
    bowl(canvas, centre, 240, 196, ("#eef3f2", "#bfd0d6", "#6f8c9c"))


def _orange(canvas: Canvas, centre: Point, radius: float, turn: float) -> None:
    x, y = centre
    skin = ellipse(x, y, radius, radius * 0.96)
    canvas.fill(skin, Blend(("#f8c673", "#ec9a40", "#cf6f2f"), 55))
    canvas.shade(skin, "#9c4426", 50, 0.6)
    for _ in range(26):
        place = canvas.random.uniform(-0.8, 0.8), canvas.random.uniform(-0.8, 0.8)
        if place[0] ** 2 + place[1] ** 2 < 0.7:
            canvas.fill(ellipse(x + place[0] * radius, y + place[1] * radius, 1.7), "#b9612c", alpha=0.5)
    scar = turned(ellipse(0, 0, radius * 0.12, radius * 0.08), turn, moved=(x + turn * 0.5, y - radius * 0.62))
    canvas.fill(scar, "#7f8a4e")
    canvas.fill(
        turned(ellipse(0, 0, radius * 0.22, radius * 0.1), -34, moved=(x - radius * 0.42, y - radius * 0.46)),
        "#fff3d8",
        alpha=0.5,
        blur=4,
        within=skin,
    )


def _seed(canvas: Canvas, centre: Point, length: float, angle: float) -> None:
    """Paint a shelled pumpkin seed lying flat."""
    x, y = centre
    half = length / 2
    shape = [(-half, 0), (-half * 0.4, -half * 0.46), (half * 0.3, -half * 0.5), (half * 0.84, -half * 0.24)]
    shape += [(half, 0), (half * 0.84, half * 0.24), (half * 0.3, half * 0.5), (-half * 0.4, half * 0.46)]
    ground_shadow(canvas, (x + 3, y + length * 0.24), length * 0.46, 7, strength=0.5)
    canvas.fill(turned(smooth(shape), angle, moved=(x, y + 4)), "#4c5a3a")
    seed = turned(smooth(shape), angle, moved=centre)
    canvas.fill(seed, Blend(("#b9c492", "#8b9a64", "#66764a"), 80))
    canvas.shade(seed, "#3a472f", 65, 0.6)
    rim = [(x + (px - x) * 0.74, y + (py - y) * 0.7) for px, py in seed]
    canvas.fill(rim, Blend(("#cdd6a6", "#a2b077"), 80), alpha=0.55, blur=1.5)


def mint_morning(canvas: Canvas) -> None:
    """Paint a path over hills at sunrise, and on a bench in front a pair of running shoes and a sprig of mint."""
    canvas.fill(canvas.frame, Blend(("#a9d3d6", "#cfe5df", "#f0ecd2", "#f8e2bd"), 90))
    sun = (330, 340)
    canvas.glow(sun, 460, "#fff8df", 0.9)
    canvas.fill(ellipse(*sun, 88), Blend(("#fbe3a2", "#f0bd72"), 80))
    hills = (
        (376, 92, "#a3c6c9", "#c3dcd6", "peaks", 620),
        (446, 58, "#7fb0b0", "#a2cabf", "far", 800),
        (512, 48, "#5b9490", "#7eb09b", "middle", 1000),
        (584, 40, "#3f7a70", "#67a07f", "near", 1300),
    )
    for height, swing, top, low, name, length in hills:
        line = ridge(1600, 800, height, swing, f"morning {name}", length)
        canvas.fill(line, Blend((top, low, low), 90))
        canvas.shade(line, mix(top, INK, 0.35), 30, 0.35)
        if name == "near":
            _trail(canvas)
    bench = box(0, 730, 1600, 900)
    canvas.fill(bench, Blend(("#f0dcb9", "#d9b88c", "#b98b66"), 40))
    for y in (786, 846):
        canvas.fill(box(0, y, 1600, y + 5), "#7d5641", alpha=0.35)
    canvas.fill(box(0, 730, 1600, 739), "#fff6e2", alpha=0.8)
    canvas.shade(bench, "#7d5641", 45, 0.45)
    _shoe(canvas, (1010, 764), 1.0, (mix(CLAY, INK, 0.18), mix(CLAY, INK, 0.5)))
    _shoe(canvas, (930, 822), 1.14, (CLAY, mix(CLAY, INK, 0.42)))
    stem = curve((110, 822), (240, 824), (370, 812), (520, 776))
    sprig_shadow(canvas, stem, 5, 90, 58, 0.16)
    sprig(canvas, stem, 5, 98, 66, MINT, 0.16)
    for x, y, angle in ((690, 808, -14), (764, 838, 20)):
        ground_shadow(canvas, (x + 44, y + 12), 40, 9, "#6d4a38", 0.5)
        leaf(canvas, (x, y), 92, 46, angle, MINT)


def _trail(canvas: Canvas) -> None:
    """Paint a path that narrows as it winds up the nearest hill."""
    left: list[Point] = []
    right: list[Point] = []
    for step in range(91):
        climb = step / 90
        y = 738 - 136 * (1 - (1 - climb) ** 1.7)
        half = 92 * (1 - climb) ** 2.2 + 3
        x = 640 + 118 * (1 - climb) ** 0.9 * math.sin(4.2 + 7.6 * climb**1.25)
        left.append((x - half, y))
        right.append((x + half, y))
    canvas.fill([*left, *reversed(right)], Blend(("#f3dfb6", "#f8ecd0"), 90))
    edge = [(x + (to - x) * 0.72, y) for (x, y), (to, _) in zip(left, right, strict=True)]
    canvas.fill([*edge, *reversed(right)], "#b9935f", alpha=Fade((0.1, 0.4), 90))


def _shoe(canvas: Canvas, heel: Point, size: float, fabric: tuple[str, str]) -> None:
    """Paint a running shoe from the side, its toe to the right; `heel` is its position."""
    x, y = heel

    def put(outline: list[Point]) -> list[Point]:
        return [(x + across * size, y + down * size) for across, down in outline]

    light, dark = fabric
    ground_shadow(canvas, (x + 216 * size, y + 2), 226 * size, 20 * size)
    tongue = put(smooth([(96, -166), (128, -216), (160, -232), (186, -214), (196, -176), (140, -150)]))
    canvas.fill(tongue, Blend((mix(light, CREAM, 0.55), mix(light, dark, 0.3)), 60))
    canvas.shade(tongue, mix(dark, INK, 0.4), 50, 0.5)
    upper = put(smooth(SHOE))
    canvas.fill(upper, Blend((mix(light, CREAM, 0.28), light, dark), 50))
    canvas.shade(upper, mix(dark, INK, 0.5), 60, 0.6)
    toe = put(smooth([(330, -112), (400, -84), (440, -40), (380, -20), (330, -22), (348, -66)]))
    canvas.fill(toe, mix(light, CREAM, 0.42), within=upper)
    counter = put(smooth([(-20, -20), (-16, -110), (8, -140), (70, -96), (96, -20)]))
    canvas.fill(counter, mix(dark, INK, 0.12), within=upper)
    stripe = put(curve((112, -26), (150, -62), (196, -60), (238, -112)))
    canvas.fill(ribbon(stripe, 26 * size, 20 * size, 10 * size), SAND, within=upper)
    collar = put(curve((14, -192), (50, -196), (84, -156), (148, -184)))
    canvas.fill(ribbon(collar, 13 * size, 14 * size), mix(light, CREAM, 0.5))
    for right, high, left, low in LACES:
        lace = put([(left, low), ((left + right) / 2 + 4, (low + high) / 2 - 6), (right, high)])
        canvas.fill(ribbon([(px + 1, py + 4) for px, py in lace], 9 * size, 9 * size), mix(dark, INK, 0.4), alpha=0.4)
        canvas.fill(ribbon(lace, 8 * size, 9 * size, 8 * size), CREAM)
    for loop in (
        ((182, -186), (150, -232), (236, -244), (190, -190)),
        ((186, -186), (240, -216), (262, -180), (196, -182)),
    ):
        canvas.fill(ribbon(put(curve(*loop)), 7 * size, 7 * size), CREAM)
    sole = put(smooth(SOLE))
    canvas.fill(sole, Blend(("#fffaf0", "#f0e4cf", "#b9a995"), 90))
    canvas.shade(sole, "#6d5a58", 70, 0.5)
    tread = put(curve((-8, -11), (140, 3), (300, 3), (436, -24)))
    canvas.fill(ribbon(tread, 11 * size, 12 * size, 9 * size), mix(dark, INK, 0.35))
