"""The clothes of the portraits."""

from __future__ import annotations

from demo.pictures.canvas import Blend, Canvas, Point, mix
from demo.pictures.palette import CREAM, INK
from demo.pictures.shapes import curve, ellipse, mirrored, ribbon

MIDDLE = 400.0
COAT = "#f6f1e7"


def dress(canvas: Canvas, clothes: str, cloth: str) -> None:
    """Paint the shoulders in one of `CLOTHES`, in a colour of cloth."""
    CLOTHES[clothes](canvas, cloth)


def _shoulders(throat: float, dip: float) -> list[Point]:
    """Return the outline of shoulders and chest; `throat` is half the width of the neckline, `dip` its depth."""
    right = curve((MIDDLE + throat, 536), (MIDDLE + 150, 572), (MIDDLE + 286, 592), (MIDDLE + 322, 820))
    neckline = curve(
        (MIDDLE - throat, 536),
        (MIDDLE - throat * 0.6, 536 + dip),
        (MIDDLE + throat * 0.6, 536 + dip),
        (MIDDLE + throat, 536),
    )
    return [*right, *reversed(mirrored(right, MIDDLE)), *neckline]


def _cloth(canvas: Canvas, outline: list[Point], cloth: str, strength: float = 0.6) -> None:
    canvas.fill(outline, Blend((mix(cloth, CREAM, 0.14), cloth, mix(cloth, INK, 0.22)), 25))
    canvas.shade(outline, mix(cloth, INK, 0.55), 30, strength)


def _jersey(canvas: Canvas, cloth: str) -> None:
    _cloth(canvas, _shoulders(88, 70), cloth)
    band = curve((MIDDLE - 90, 534), (MIDDLE - 54, 610), (MIDDLE + 54, 610), (MIDDLE + 90, 534))
    canvas.fill(ribbon(band, 15, 17, 15), mix(cloth, INK, 0.22))


def _roll_neck(canvas: Canvas, cloth: str) -> None:
    _cloth(canvas, _shoulders(70, 20), cloth)
    roll = [
        (MIDDLE - 66, 468),
        *curve((MIDDLE - 66, 468), (MIDDLE - 30, 496), (MIDDLE + 30, 496), (MIDDLE + 66, 468)),
    ]
    roll += [*curve((MIDDLE + 66, 468), (MIDDLE + 72, 520), (MIDDLE + 84, 548), (MIDDLE + 92, 566))]
    roll += curve((MIDDLE + 92, 566), (MIDDLE + 40, 604), (MIDDLE - 40, 604), (MIDDLE - 92, 566))
    roll += curve((MIDDLE - 92, 566), (MIDDLE - 84, 548), (MIDDLE - 72, 520), (MIDDLE - 66, 468))
    _cloth(canvas, roll, mix(cloth, CREAM, 0.06))


def _shirt(canvas: Canvas, shirt: str) -> None:
    """Paint the visible part of a shirt with its collar, worn under something."""
    _cloth(canvas, _shoulders(78, 92), shirt, 0.3)
    for flip in (False, True):
        wing = [(MIDDLE - 74, 506), (MIDDLE - 92, 548), (MIDDLE - 62, 640), (MIDDLE - 4, 606)]
        wing = mirrored(wing, MIDDLE) if flip else wing
        canvas.fill([(x, y + 8) for x, y in wing], INK, alpha=0.2, blur=5)
        _cloth(canvas, wing, mix(shirt, "#ffffff", 0.3), 0.35)


def _jacket(canvas: Canvas, cloth: str, shirt: str) -> None:
    _shirt(canvas, shirt)
    for flip in (False, True):
        front = [
            (MIDDLE - 84, 528),
            *curve((MIDDLE - 84, 528), (MIDDLE - 150, 566), (MIDDLE - 286, 592), (MIDDLE - 322, 820)),
            (MIDDLE + 6, 820),
            (MIDDLE - 4, 774),
        ]
        lapel = [
            (MIDDLE - 86, 524),
            (MIDDLE - 146, 556),
            (MIDDLE - 168, 636),
            (MIDDLE - 130, 646),
            (MIDDLE - 146, 672),
        ]
        lapel += [(MIDDLE - 2, 780), (MIDDLE - 40, 660)]
        front, lapel = (mirrored(part, MIDDLE) if flip else part for part in (front, lapel))
        _cloth(canvas, front, mix(cloth, INK, 0.1 if flip else 0))
        canvas.fill([(x, y + 7) for x, y in lapel], INK, alpha=0.3, blur=6, within=front)
        _cloth(canvas, lapel, mix(cloth, CREAM, 0.05 if flip else 0.1), 0.5)


def _blazer(canvas: Canvas, cloth: str) -> None:
    _jacket(canvas, cloth, "#f3ece0")


def _coat(canvas: Canvas, cloth: str) -> None:
    """Paint a white coat over a shirt, with a pen in its pocket."""
    _jacket(canvas, COAT, mix(cloth, CREAM, 0.35))
    canvas.fill(ribbon([(516, 716), (598, 716)], 4, 4), mix(COAT, INK, 0.3))
    canvas.fill(ribbon([(572, 690), (572, 714)], 7, 7), cloth)


def _blouse(canvas: Canvas, cloth: str) -> None:
    """Paint a soft neckline with a fine chain."""
    _cloth(canvas, _shoulders(112, 150), mix(cloth, CREAM, 0.3))
    chain = curve((MIDDLE - 84, 540), (MIDDLE - 50, 622), (MIDDLE + 50, 622), (MIDDLE + 84, 540))
    canvas.fill(ribbon(chain, 2.5, 2.5), "#d9ab5c")
    canvas.fill(ellipse(MIDDLE, 606, 7), "#e6bd6d")


CLOTHES = {"blazer": _blazer, "blouse": _blouse, "coat": _coat, "jersey": _jersey, "roll neck": _roll_neck}
