"""Pictures of products: the pack in its niche, and a close-up of its contents."""

from __future__ import annotations

from demo.pictures.canvas import Blend, Canvas, mix
from demo.pictures.emblems import draw_emblem
from demo.pictures.fillings import capsule, dish, gummy, heap
from demo.pictures.garnish import grow_behind, lay_beside
from demo.pictures.looks import Look, look_of
from demo.pictures.packs import FLOOR, carton, jar, pouch, roll_on, round_blend, stage
from demo.pictures.palette import CREAM, INK
from demo.pictures.props import ground_shadow
from demo.pictures.shapes import box, ellipse, ribbon, rounded, smooth, turned

SIDE = 1200


def product_picture(slug: str, view: int = 0) -> bytes:
    """Return a JPEG of 1200 by 1200 pixels: view 0 shows the pack, any other view its contents.

    The same slug and view always give the same bytes. An unknown slug gets a plain jar in colours of its own.
    """
    look = look_of(slug)
    canvas = Canvas(SIDE, SIDE, f"product {slug} {view}")
    if view == 0:
        stage(canvas, look)
        grow_behind(canvas, look)
        PACKS[look.pack](canvas, look)
    else:
        _table(canvas, look)
        lay_beside(canvas, look)
        CONTENTS[look.content](canvas, look)
    return canvas.jpeg()


def _jar(canvas: Canvas, look: Look) -> None:
    jar(canvas, look, 590, FLOOR + 16, 420, 620)
    _strewn(canvas, look)


def _strewn(canvas: Canvas, look: Look) -> None:
    tones = (look.filling, look.second or look.filling)
    for x, y, angle, tone in ((826, 968, 14, 0), (902, 936, -30, 1)):
        gummy(canvas, (x, y), 40, tones[tone], look.gummy, angle)


def _two_jars(canvas: Canvas, look: Look) -> None:
    jar(canvas, look, 720, FLOOR - 8, 340, 540, body=look.second)
    jar(canvas, look, 470, FLOOR + 18, 360, 560)
    _strewn(canvas, look)


def _pouch(canvas: Canvas, look: Look) -> None:
    pouch(canvas, look, 570, FLOOR + 6, 470, 660)
    for x, y, angle in ((856, 962, -16), (900, 926, 24)):
        capsule(canvas, (x, y), 88, angle, (look.second, look.filling))


def _box(canvas: Canvas, look: Look) -> None:
    carton(canvas, look, 545, FLOOR + 22, 420, 520, 130)
    capsule(canvas, (878, FLOOR + 6), 92, -18, (CREAM, look.filling))


def _set(canvas: Canvas, look: Look) -> None:
    carton(canvas, look, 575, FLOOR - 20, 400, 590, 90, fill=False)
    jar(canvas, look, 330, FLOOR + 14, 184, 272, body="#6f8f76", mark="rays")
    jar(canvas, look, 862, FLOOR + 20, 184, 272, body="#7d6b97", mark="moon")


def _roll_on(canvas: Canvas, look: Look) -> None:
    roll_on(canvas, look, 590, FLOOR + 16, 270, 690)


def _table(canvas: Canvas, look: Look) -> None:
    """Paint a bare table top under slanting light, with the shadow of a few leaves."""
    light, dark = look.ground
    canvas.fill(canvas.frame, Blend((mix(light, CREAM, 0.25), light, mix(light, dark, 0.7)), 55))
    canvas.shade(canvas.frame, mix(dark, INK, 0.3), 50, 0.4)
    canvas.fill(ellipse(260, 180, 620, 420), mix(light, CREAM, 0.6), alpha=0.45, blur=120)


def _gummies(canvas: Canvas, look: Look) -> None:
    dish(canvas, (560, 650), 500, mix(look.label, look.ground[0], 0.2))
    tones = (look.filling, look.second or look.filling)
    places = (
        (-1.7, -0.75),
        (-0.1, -1.15),
        (1.5, -0.7),
        (-0.9, 0.1),
        (0.75, 0.05),
        (-1.95, 0.55),
        (2.0, 0.6),
        (0.0, 0.95),
    )
    heap(canvas, look.gummy, (560, 605), 130, places, tones)
    gummy(canvas, (1010, 1046), 124, tones[1], look.gummy, 24)


def _two_dishes(canvas: Canvas, look: Look) -> None:
    glaze = mix(look.label, look.ground[0], 0.2)
    places = ((-0.95, -0.5), (0.85, -0.55), (-1.1, 0.5), (0.05, 0.15), (1.1, 0.55))
    dish(canvas, (430, 400), 330, glaze)
    heap(canvas, look.gummy, (430, 370), 104, places, (look.filling,))
    dish(canvas, (770, 850), 330, glaze)
    heap(canvas, "square", (770, 820), 104, places, (look.second,))


def _capsules(canvas: Canvas, look: Look) -> None:
    dish(canvas, (560, 650), 500, mix(look.label, look.ground[0], 0.2))
    for x, y, angle in (
        (430, 480, -24), (690, 470, 18), (310, 610, 40), (560, 590, -8), (820, 610, -36),
        (430, 740, 12), (700, 750, -22), (560, 850, 26), (1000, 1050, -18),
    ):  # fmt: skip
        capsule(canvas, (x, y), 260, angle, (look.second, look.filling))


def _sachet(canvas: Canvas, look: Look) -> None:
    skin = turned(box(170, 150, 630, 830), -9, (400, 500))
    canvas.fill([(x + 26, y + 34) for x, y in skin], INK, alpha=0.35, blur=24)
    canvas.fill(skin, Blend((mix(look.second, "#ffffff", 0.4), look.second, mix(look.second, INK, 0.16)), 20))
    canvas.shade(skin, mix(look.body, INK, 0.2), 30, 0.5)
    canvas.fill(turned(box(170, 150, 630, 236), -9, (400, 500)), look.cap)
    draw_emblem(canvas, look.emblem, (392, 500), 128, look.ink, look.accent)
    for x, y, angle, tones in (
        (800, 290, -28, 1), (1010, 430, 22, 0), (760, 560, 30, 0), (940, 700, -34, 1),
        (690, 850, 14, 1), (930, 930, -20, 0), (450, 1010, 24, 0), (720, 1070, -30, 1),
    ):  # fmt: skip
        capsule(canvas, (x, y), 230, angle, ((CREAM, look.filling), (look.body, "#8fa0b4"))[tones])


def _ball(canvas: Canvas, look: Look) -> None:
    x = 460
    edge = (
        (700, 596),
        (742, 536),
        (850, 516),
        (950, 520),
        (1060, 478),
        (1128, 470),
        (1100, 520),
        (1000, 580),
    )
    smear = smooth([*edge, (880, 606), (770, 612)])
    light = smooth([(748, 560), (850, 540), (950, 546), (1050, 506)], closed=False)
    canvas.fill([(px + 8, py + 14) for px, py in smear], INK, alpha=0.14, blur=9)
    canvas.fill(smear, Blend((mix(look.filling, CREAM, 0.55), look.filling), 70), alpha=0.85)
    canvas.shade(smear, mix(look.filling, "#2f6673", 0.5), 80, 0.5)
    canvas.fill(ribbon(light, 4, 15, 12, 3), "#ffffff", alpha=0.75, blur=3)
    ground_shadow(canvas, (x + 40, 1200), 330, 50)
    bottle = rounded(x - 270, 660, x + 270, 1320, 100, 100, 0, 0)
    canvas.fill(bottle, round_blend(look.body))
    canvas.shade(bottle, "#5d7f88", 8, 0.6)
    canvas.fill(rounded(x - 232, 680, x - 212, 1300, 10), "#ffffff", alpha=0.7, blur=4)
    draw_emblem(canvas, look.emblem, (x, 950), 128, look.ink, look.accent)
    canvas.fill(box(x - 196, 540, x + 196, 672), round_blend("#b9cdd0"))
    for row in range(3):
        thread = rounded(x - 208, 560 + row * 34, x + 208, 578 + row * 34, 9)
        canvas.fill([(px, py + 9) for px, py in thread], INK, alpha=0.25, blur=4)
        canvas.fill(thread, round_blend("#cfdfe0"))
    ball = ellipse(x, 394, 158)
    canvas.fill(ball, Blend(("#ffffff", "#e6f1f0", "#a9c8cc", "#7ea6ad"), 55))
    canvas.shade(ball, "#2f6673", 45, 0.55)
    canvas.fill(turned(ellipse(0, 0, 52, 24), -36, moved=(x - 62, 310)), "#ffffff", alpha=0.85, blur=5)
    collar = rounded(x - 196, 440, x + 196, 556, 70, 70, 14, 14)
    canvas.fill(collar, round_blend("#e9f1ef"))
    canvas.shade(collar, "#5d7f88", 8, 0.6)
    ground_shadow(canvas, (960, 1120), 170, 40)
    cap = rounded(800, 700, 1100, 1130, 130, 130, 26, 26)
    canvas.fill(cap, round_blend(look.cap))
    canvas.shade(cap, mix(look.cap, INK, 0.6), 8, 0.7)
    canvas.fill(rounded(838, 800, 856, 1080, 9), "#ffffff", alpha=0.35, blur=4)


PACKS = {"jar": _jar, "two jars": _two_jars, "pouch": _pouch, "box": _box, "set": _set, "roll-on": _roll_on}
CONTENTS = {
    "gummies": _gummies,
    "two dishes": _two_dishes,
    "capsules": _capsules,
    "sachet": _sachet,
    "roll-on": _ball,
}
