"""Hair, scarf and beard of the portraits, as shapes around the middle of the face."""

from __future__ import annotations

from dataclasses import dataclass

from demo.pictures.canvas import Blend, Canvas, Outline, Point, mix
from demo.pictures.palette import CREAM, INK
from demo.pictures.shapes import ellipse, smooth


@dataclass(frozen=True)
class Style:
    """The shapes behind and in front of the head, in pixels from the middle of the face."""

    behind: tuple[tuple[Point, ...], ...] = ()
    before: tuple[tuple[Point, ...], ...] = ()
    discs_behind: tuple[tuple[float, float, float], ...] = ()
    discs_before: tuple[tuple[float, float, float], ...] = ()
    may_be_bearded: bool = False


_CROP = (
    (-104, 6), (-112, -60), (-92, -128), (-30, -164), (44, -162), (98, -122), (112, -58), (104, 6),
    (94, -34), (84, -72), (40, -88), (-20, -84), (-62, -100), (-86, -66), (-95, -30),
)  # fmt: skip
_SWEPT = (
    (-105, 4), (-116, -70), (-98, -140), (-40, -176), (30, -182), (96, -150), (116, -86), (106, 4),
    (90, -36), (86, -82), (52, -104), (-6, -92), (-56, -62), (-90, -50), (-97, -26),
)  # fmt: skip
_PARTED = (
    (-112, 70), (-122, -30), (-106, -118), (-50, -164), (10, -172), (66, -160), (112, -112),
    (122, -30), (112, 70), (100, 20), (92, -36), (56, -84), (6, -122), (-10, -122), (-52, -76), (-90, -36),
    (-100, 20),
)  # fmt: skip
_FRINGE = (
    (-114, 60), (-124, -40), (-104, -124), (-44, -166), (40, -166), (104, -124), (124, -40), (114, 60),
    (100, 10), (94, -50), (60, -58), (10, -50), (-50, -56), (-94, -48), (-100, 10),
)  # fmt: skip
_TIED = (
    (-102, 0), (-112, -70), (-90, -136), (-34, -166), (34, -166), (90, -136), (112, -70), (102, 0),
    (94, -50), (70, -94), (20, -116), (-30, -112), (-74, -88), (-94, -48),
)  # fmt: skip
_BOB = (
    (-128, 110),
    (-140, 10),
    (-130, -90),
    (-60, -166),
    (60, -166),
    (130, -90),
    (140, 10),
    (128, 110),
    (60, 132),
    (-60, 132),
)
_LONG = (
    (-134, 300), (-150, 140), (-142, -20), (-126, -110), (-56, -168), (56, -168), (126, -110), (142, -20),
    (150, 140), (134, 300), (60, 330), (-60, 330),
)  # fmt: skip
_SCARF_BACK = (
    (-150, 260), (-146, 120), (-142, -20), (-120, -124), (-56, -182), (56, -182), (120, -124), (142, -20),
    (146, 120), (150, 260), (60, 320), (-60, 320),
)  # fmt: skip
_LOW = (
    (-104, 22), (-114, -50), (-96, -124), (-46, -160), (10, -168), (64, -156), (104, -114), (114, -50),
    (104, 22), (94, -30), (76, -84), (36, -116), (14, -124), (-24, -104), (-70, -70), (-94, -24),
)  # fmt: skip
_CURLS = tuple(
    (x, y, radius)
    for x, y, radius in (
        (-98, -40, 30), (-96, -86, 36), (-68, -124, 38), (-24, -146, 40), (24, -148, 40), (66, -128, 38),
        (96, -90, 36), (100, -42, 30), (-44, -104, 34), (0, -114, 36), (46, -106, 34),
    )
)  # fmt: skip

HAIR = {
    "afro": Style(
        behind=(tuple(ellipse(0, -62, 172, 160)[:-1:10]),),
        before=((*_TIED[:8], (90, -44), (64, -84), (20, -100), (-26, -98), (-66, -82), (-90, -44)),),
    ),
    "bob": Style(behind=(_BOB,), before=(_FRINGE,)),
    "bun": Style(before=(_TIED,), discs_behind=((0, -186, 56),)),
    "crop": Style(before=(_CROP,), may_be_bearded=True),
    "curls": Style(discs_behind=((-104, -20, 30), (104, -20, 30)), discs_before=_CURLS),
    "long": Style(behind=(_LONG,), before=(_PARTED,)),
    "low knot": Style(before=(_LOW,), discs_behind=((-84, 118, 46),)),
    "scarf": Style(behind=(_SCARF_BACK,)),
    "shaven": Style(may_be_bearded=True),
    "swept": Style(before=(_SWEPT,), may_be_bearded=True),
}


def hair_behind(canvas: Canvas, style: str, centre: Point, colour: str) -> None:
    """Paint the part of a style behind head and shoulders."""
    chosen = HAIR[style]
    for disc in chosen.discs_behind:
        _lock(canvas, ellipse(centre[0] + disc[0], centre[1] + disc[1], disc[2]), mix(colour, INK, 0.12))
    for part in chosen.behind:
        _lock(canvas, _placed(part, centre), mix(colour, INK, 0.18))


def hair_before(canvas: Canvas, style: str, centre: Point, colour: str) -> None:
    """Paint the part of a style over the head; a scarf also folds under the chin."""
    chosen = HAIR[style]
    for disc in chosen.discs_before:
        _lock(canvas, ellipse(centre[0] + disc[0], centre[1] + disc[1], disc[2]), colour)
    for part in chosen.before:
        _lock(canvas, _placed(part, centre), colour)
    if style == "scarf":
        _scarf(canvas, centre, colour)


def _placed(part: tuple[Point, ...], centre: Point) -> list[Point]:
    return smooth([(centre[0] + across, centre[1] + down) for across, down in part])


def _lock(canvas: Canvas, outline: Outline, colour: str) -> None:
    canvas.fill(outline, Blend((mix(colour, CREAM, 0.16), colour, mix(colour, INK, 0.25)), 30))
    canvas.shade(outline, mix(colour, INK, 0.65), 30, 0.6)


def _scarf(canvas: Canvas, centre: Point, colour: str) -> None:
    x, y = centre
    outer = [
        (-112, 10),
        (-116, -70),
        (-88, -138),
        (-30, -168),
        (30, -168),
        (88, -138),
        (116, -70),
        (114, 20),
        (104, 100),
    ]
    outer += [(66, 170), (0, 196), (-66, 170), (-104, 100)]
    inner = [
        (-84, 10),
        (-80, -52),
        (-52, -96),
        (0, -112),
        (52, -96),
        (80, -52),
        (84, 10),
        (76, 66),
        (46, 118),
        (0, 132),
    ]
    inner += [(-46, 118), (-76, 66)]
    ring = [*_placed(tuple(outer), centre), (x + outer[0][0], y + outer[0][1])]
    hole = _placed(tuple(inner), centre)
    _lock(canvas, _holed(ring, hole), colour)
    drape = (
        (-150, 262),
        (-118, 150),
        (-60, 168),
        (0, 196),
        (70, 168),
        (118, 140),
        (152, 262),
        (90, 330),
        (0, 352),
        (-90, 330),
    )
    _lock(canvas, _placed(drape, centre), mix(colour, CREAM, 0.08))


def _holed(ring: Outline, hole: Outline) -> list[Point]:
    """Return one outline that follows a ring and returns around its hole."""
    return [*ring, *reversed([*hole, hole[0]]), ring[-1]]


def beard(canvas: Canvas, centre: Point, colour: str, face: Outline) -> None:
    """Paint a trimmed beard within the face."""
    points = (
        (-104, 0), (-92, 40), (-66, 62), (-34, 60), (0, 54), (34, 60), (66, 62), (92, 40), (104, 0),
        (108, 90), (60, 160), (0, 166), (-60, 160), (-108, 90),
    )  # fmt: skip
    outline = _placed(points, centre)
    canvas.fill(outline, Blend((mix(colour, CREAM, 0.12), mix(colour, INK, 0.2)), 20), within=face)
    canvas.shade(outline, mix(colour, INK, 0.65), 30, 0.6, within=face)
    x, y = centre
    canvas.fill(ellipse(x + 2, y + 84, 24, 5), mix(colour, INK, 0.6), alpha=0.55)
