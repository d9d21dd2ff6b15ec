"""Heroes by day: a root by a calm sea, tea among terraces."""

from __future__ import annotations

from demo.pictures.canvas import Blend, Canvas, mix
from demo.pictures.palette import CREAM, INK, MOSS, OCHRE, PINE, SAGE, SAND
from demo.pictures.props import cup, ground_shadow, leaf, sprig, steam
from demo.pictures.shapes import box, curve, ellipse, ribbon, ridge, rounded, turned


def ashwagandha_shore(canvas: Canvas) -> None:
    """Paint a plant with berries above a calm sea at dawn, its root visible in the cut earth below."""
    canvas.fill(box(0, 0, 1600, 420), Blend(("#c4d6dc", "#e3e2d4", "#f6dfc4", "#f3c7a6"), 90))
    sun = (440, 318)
    canvas.glow(sun, 420, "#fff2d6", 0.9)
    canvas.fill(ellipse(*sun, 96), Blend(("#f3bd7d", "#dd7f58"), 90))
    canvas.shade(ellipse(*sun, 96), "#c4684a", 90, 0.6)
    for height, swing, tone, name in ((356, 46, "#b9c0c2", "cape"), (388, 26, "#94a6ad", "headland")):
        land = ridge(1600, 430, height, swing, f"shore {name}", 1300)
        canvas.fill(land, Blend((tone, mix(tone, CREAM, 0.5)), 90))
    sea = box(0, 404, 1600, 600)
    canvas.fill(sea, Blend(("#e9c6ab", "#a9bfc4", "#6f95a3", "#4d7789"), 90))
    for row in range(13):
        y, spread = 414 + row * row * 0.95, 60 + row * 11
        for _ in range(3):
            x = sun[0] + canvas.random.uniform(-spread, spread)
            half = canvas.random.uniform(18, 46 + row * 4)
            canvas.fill(rounded(x - half, y, x + half, y + 3.4 + row * 0.3, 1.7), mix("#fbe0b8", "#b9c9c6", row / 26))
    for _ in range(26):
        x, y = canvas.random.uniform(0, 1600), canvas.random.uniform(430, 560)
        half = (y - 380) * canvas.random.uniform(0.3, 0.7)
        canvas.fill(rounded(x - half, y, x + half, y + 2.6, 1.3), CREAM, alpha=0.3)
    _earth(canvas)
    _root(canvas, 1080, 618)
    _plant(canvas, 1080, 584)


def _earth(canvas: Canvas) -> None:
    layers = (
        (572, 10, "#7d8f63", "#5f7650"),
        (594, 9, "#a9674b", "#8a4f3d"),
        (716, 16, "#83493b", "#6a3a35"),
        (820, 18, "#5b3433", "#402a30"),
    )
    for height, swing, top, low in layers:
        layer = ridge(1600, 920, height, swing, f"earth {height}", 900)
        canvas.fill(layer, Blend((top, low), 90))
        canvas.shade(layer, mix(low, INK, 0.5), 60, 0.5)
    for _ in range(46):
        x, y = canvas.random.uniform(0, 1600), canvas.random.uniform(640, 890)
        wide = canvas.random.uniform(7, 24)
        stone = turned(ellipse(0, 0, wide, wide * 0.62), canvas.random.uniform(-30, 30), moved=(x, y))
        canvas.fill(stone, Blend(("#d9b08d", "#8d5a48"), 80), alpha=0.55)


def _root(canvas: Canvas, x: float, y: float) -> None:
    light, dark = "#f0dcb8", "#b98d63"
    strands = (
        (((-96, 108), (-150, 150), (-210, 150), (-330, 160)), 15),
        (((120, 112), (190, 140), (250, 130), (372, 150)), 15),
        (((-52, 180), (-110, 220), (-130, 240), (-190, 262)), 13),
        (((62, 190), (120, 214), (160, 250), (214, 262)), 13),
        (((0, 0), (-30, 90), (-120, 120), (-250, 190)), 40),
        (((0, 0), (40, 100), (150, 110), (270, 210)), 38),
        (((0, 20), (-20, 110), (-60, 190), (-96, 290)), 44),
        (((0, 20), (30, 120), (60, 190), (110, 280)), 40),
        (((0, 0), (10, 100), (-14, 190), (12, 276)), 54),
    )
    for bends, thick in strands:
        path = curve(*[(x + across, y + down - 14) for across, down in bends])
        strand = ribbon(path, thick, thick * 0.8, thick * 0.42, 2)
        canvas.fill(
            ribbon([(px + 7, py + 9) for px, py in path], thick, thick * 0.8, thick * 0.42, 2),
            INK,
            alpha=0.28,
            blur=7,
        )
        canvas.fill(strand, Blend((light, mix(light, dark, 0.55)), 60))
        canvas.shade(strand, "#7d5138", 40, 0.75)
    for down in (34, 62, 96, 128):
        canvas.fill(
            curve((x - 20, y + down), (x - 6, y + down + 7), (x + 4, y + down + 7), (x + 13, y + down)),
            dark,
            alpha=0.7,
        )


def _plant(canvas: Canvas, x: float, y: float) -> None:
    greens, back = ("#a9bd95", "#6f8d6b", "#2f4f48"), ("#7f9c80", "#55755f", "#2a4743")
    stem = curve((x, y + 16), (x - 12, y - 150), (x + 18, y - 280), (x - 2, y - 400))
    for place, length, width, angle in (
        (10, 210, 98, -158),
        (12, 214, 100, -20),
        (20, 190, 92, -146),
        (23, 196, 92, -30),
        (30, 150, 74, -138),
        (32, 150, 74, -40),
    ):
        leaf(canvas, stem[place], length, width, angle, back, bend=0.1 if angle > -90 else -0.1)
    canvas.fill(ribbon(stem, 17, 11, 6), Blend(("#8ba07c", "#4f6b54"), 0))
    for place, length, width, angle in (
        (6, 230, 110, -186),
        (7, 226, 110, 6),
        (16, 170, 84, -172),
        (17, 180, 88, -8),
        (26, 148, 72, -116),
        (28, 140, 70, -58),
        (38, 130, 60, -104),
        (39, 118, 56, -70),
        (40, 100, 46, -87),
    ):
        leaf(canvas, stem[place], length, width, angle, greens, bend=0.12 if angle > -90 else -0.12)
    for place, across, down in (
        (8, -46, 12),
        (9, 44, 6),
        (15, -34, -16),
        (18, 40, 8),
        (24, -30, 6),
        (27, 28, -6),
    ):
        px, py = stem[place]
        canvas.fill(ribbon([(px, py), (px + across * 0.5, py + down - 8), (px + across, py + down)], 4, 3), "#6f8d6b")
        berry = ellipse(px + across, py + down + 15, 19)
        canvas.fill(berry, Blend(("#e58a5c", "#b94a33"), 60))
        canvas.shade(berry, "#6f2430", 50, 0.8)
        canvas.fill(ellipse(px + across - 6, py + down + 8, 4.4), "#f9d2ae", alpha=0.8)
        for turn in (-148, -90, -32):
            leaf(canvas, (px + across, py + down + 6), 21, 12, turn, greens)


def tea_terraces(canvas: Canvas) -> None:
    """Paint a cup of green tea and a sprig in front of terraced hills, with steam rising in front of the sun."""
    canvas.fill(canvas.frame, Blend(("#d5e0d8", "#eae8d6", "#f7ead0"), 90))
    sun = (620, 300)
    for radius, alpha in ((330, 0.16), (262, 0.24), (196, 0.36)):
        canvas.fill(ellipse(*sun, radius), "#fff8e4", alpha=alpha)
    canvas.fill(ellipse(*sun, 134), Blend(("#f4d48f", OCHRE), 80))
    canvas.shade(ellipse(*sun, 134), "#cf8450", 75, 0.45)
    hills = (
        (430, 60, "#c3d0bb", "#b1c2ab", "mist"),
        (500, 66, "#a2b898", "#8ca785", "far"),
        (575, 56, "#7f9f7d", "#658869", "near"),
        (650, 40, "#567a63", "#3f6253", "front"),
    )
    for height, swing, top, low, name in hills:
        hill = ridge(1600, 900, height, swing, f"terrace {name}", 980)
        canvas.fill(hill, Blend((top, low, low), 90))
        canvas.shade(hill, mix(low, PINE, 0.6), 30, 0.35)
        for row in range(1, 8):
            gap = row * (13 + row * 1.6)
            line = [(px, py + gap) for px, py in hill[:-2]]
            canvas.fill(ribbon(line, 2.4 + row * 0.3, 2.4 + row * 0.3), mix(low, PINE, 0.5), alpha=0.36, within=hill)
    table = box(0, 716, 1600, 900)
    canvas.fill(table, Blend(("#f3e3c6", "#e2c79f", "#c79f78"), 40))
    canvas.fill(box(0, 716, 1600, 725), "#fff6e2", alpha=0.8)
    canvas.shade(table, "#9b6a4e", 50, 0.45)
    cup(canvas, (640, 566), 188, 214, ("#f7f3e6", "#dfe5d8", "#93a89c"), ("#a9b25f", "#7f9448"))
    for shift, height, sway, width in ((-52, 330, 30, 60), (40, 450, 46, 86)):
        steam(canvas, (640 + shift, 560), height, sway, width, "#fffdf4", 1.15)
    greens = ("#9db58f", MOSS, PINE)
    sprig(canvas, curve((1660, 20), (1500, 40), (1380, 110), (1270, 250)), 4, 270, 96, greens, 0.16)
    for x, y, length, angle in (
        (1010, 806, 118, 14),
        (1156, 852, 132, -26),
        (1330, 812, 110, -8),
        (196, 838, 130, -14),
    ):
        ground_shadow(canvas, (x + length * 0.55, y + 14), length * 0.42, 9, "#6d4a38", 0.5)
        leaf(canvas, (x, y), length, length * 0.36, angle, (mix(SAGE, SAND, 0.2), MOSS, PINE))
