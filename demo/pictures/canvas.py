"""Painting on Pillow: smooth shapes, gradients, stippled shade, soft shadows, film grain.

Every mask is drawn at several times its size and reduced, so that the canvas keeps its final size and edges are smooth.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImageFont

Point = tuple[float, float]
Outline = Sequence[Point]
Box = tuple[int, int, int, int]

OVERSAMPLING = 4
LARGEST_FILE = 235_000
QUALITIES = (88, 82, 76, 70, 62, 50)


@dataclass(frozen=True)
class Blend:
    """Colours spread evenly across a shape's bounding box; 0 degrees is left to right, 90 is top to bottom."""

    colours: tuple[str, ...]
    angle: float = 90
    radial: bool = False


@dataclass(frozen=True)
class Fade:
    """Opacities between 0 and 1 spread evenly across a shape's bounding box."""

    values: tuple[float, ...]
    angle: float = 90
    radial: bool = False


def mix(one: str, other: str, share: float) -> str:
    """Return the colour at `share` (0 to 1) between one `#rrggbb` colour and another."""
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def _slope(angle: float) -> Image.Image:
    """Return a small grey ramp from 0 to 255 along `angle`, to be stretched."""
    side, across, down = 64, math.cos(math.radians(angle)), math.sin(math.radians(angle))
    reach = abs(across) + abs(down)
    ramp = Image.new("L", (side, side))
    ramp.putdata(
        [
            round(255 * (0.5 + ((x / (side - 1) - 0.5) * across + (y / (side - 1) - 0.5) * down) / reach))
            for y in range(side)
            for x in range(side)
        ]
    )
    return ramp


@cache
def _disc() -> Image.Image:
    """Return a grey ramp from 0 in the middle to 255 at the edges (Pillow's own reaches 255 only in the corners)."""
    return Image.radial_gradient("L").point(lambda level: min(255, round(level * math.sqrt(2))))


def _field(run: Blend | Fade, size: tuple[int, int]) -> Image.Image:
    source = _disc() if run.radial else _slope(run.angle % 360)
    return source.resize(size, Image.Resampling.BICUBIC)


@cache
def _lookup(values: tuple[float, ...]) -> tuple[int, ...]:
    """Return a value for each grey level, interpolated smoothly through the given ones: kinks would be visible as
    lines.
    """
    last = len(values) - 1
    table = []
    for level in range(256):
        low = min(int(level / 255 * last), max(last - 1, 0))
        t = level / 255 * last - low
        a, b, c, d = (values[min(max(low + offset, 0), last)] for offset in (-1, 0, 1, 2))
        value = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        table.append(min(max(round(value), 0), 255))
    return tuple(table)


def _bounds(outline: Outline) -> Box:
    across, down = [x for x, _ in outline], [y for _, y in outline]
    return (
        math.floor(min(across)),
        math.floor(min(down)),
        math.ceil(max(across)) + 1,
        math.ceil(max(down)) + 1,
    )


class Canvas:
    """A picture in final pixels; its `random` and its grain depend on the seed only."""

    def __init__(self, width: int, height: int, seed: str, ground: str = "#f6efe2") -> None:
        self.random = random.Random(seed)
        self.image = Image.new("RGB", (width, height), ground)
        noise = random.Random(f"grain of {seed}").randbytes(width * height)
        self._noise = Image.frombytes("L", (width, height), noise)

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    @property
    def frame(self) -> list[Point]:
        """Return the outline of the whole picture."""
        width, height = self.size
        return [(0, 0), (width, 0), (width, height), (0, height)]

    def _mask(self, outline: Outline, box: Box) -> Image.Image:
        left, top, right, bottom = box
        large = Image.new("L", ((right - left) * OVERSAMPLING, (bottom - top) * OVERSAMPLING))
        corners = [((x - left) * OVERSAMPLING, (y - top) * OVERSAMPLING) for x, y in outline]
        ImageDraw.Draw(large).polygon(corners, fill=255)
        return large.reduce(OVERSAMPLING)

    def _opacity(self, alpha: float | Fade, whole: Box, box: Box, *, stipple: bool) -> Image.Image | None:
        """Return the alpha channel over `box`; stippling turns its grey levels into grains."""
        if isinstance(alpha, Fade):
            field = _field(alpha, (whole[2] - whole[0], whole[3] - whole[1]))
            shift = (box[0] - whole[0], box[1] - whole[1], box[2] - whole[0], box[3] - whole[1])
            layer = field.crop(shift).point(_lookup(tuple(value * 255 for value in alpha.values)))
        elif alpha < 1:
            layer = Image.new("L", (box[2] - box[0], box[3] - box[1]), round(alpha * 255))
        else:
            return None
        if stipple:
            grains = ImageChops.add(layer, self._noise.crop(box), scale=1, offset=-255)
            layer = grains.point(lambda level: min(255, level * 6)).filter(ImageFilter.GaussianBlur(0.55))
        return layer

    def fill(
        self,
        outline: Outline,
        paint: str | Blend,
        *,
        alpha: float | Fade = 1.0,
        stipple: bool = False,
        blur: float = 0,
        within: Outline | None = None,
    ) -> None:
        """Paint a shape.

        `alpha` is an opacity or a `Fade` over the shape; `stipple` turns it into grains. `blur` softens the edge by
        that many pixels (for shadows and glows). Nothing is painted outside `within`.
        """
        left, top, right, bottom = _bounds(outline)
        margin = math.ceil(blur * 3)
        whole = (left - margin, top - margin, right + margin, bottom + margin)
        width, height = self.size
        box = (max(whole[0], 0), max(whole[1], 0), min(whole[2], width), min(whole[3], height))
        if box[0] >= box[2] or box[1] >= box[3]:
            return
        mask = self._mask(outline, box)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if within is not None:
            mask = ImageChops.multiply(mask, self._mask(within, box))
        opacity = self._opacity(alpha, whole, box, stipple=stipple)
        if opacity is not None:
            mask = ImageChops.multiply(mask, opacity)
        if isinstance(paint, str):
            self.image.paste(paint, box, mask)
            return
        field = _field(paint, (whole[2] - whole[0], whole[3] - whole[1]))
        field = field.crop((box[0] - whole[0], box[1] - whole[1], box[2] - whole[0], box[3] - whole[1]))
        channels = zip(*(ImageColor.getrgb(colour) for colour in paint.colours), strict=True)
        colours = Image.merge("RGB", [field.point(_lookup(channel)) for channel in channels])
        self.image.paste(colours, box, mask)

    def shade(
        self,
        outline: Outline,
        colour: str,
        angle: float,
        strength: float = 0.6,
        within: Outline | None = None,
    ) -> None:
        """Stipple one side of a shape; `angle` points to the shaded side."""
        fade = Fade((0, 0, strength * 0.35, strength), angle)
        self.fill(outline, colour, alpha=fade, stipple=True, within=within)

    def glow(self, centre: Point, radius: float, colour: str, strength: float, within: Outline | None = None) -> None:
        """Paint a light around a point that fades out at `radius`."""
        x, y = centre
        square = [
            (x - radius, y - radius),
            (x + radius, y - radius),
            (x + radius, y + radius),
            (x - radius, y + radius),
        ]
        fade = Fade((strength, strength * 0.5, strength * 0.2, strength * 0.05, 0), radial=True)
        self.fill(square, colour, alpha=fade, within=within)

    def letter(
        self, centre: Point, words: str, size: float, colour: str, *, spacing: float = 0, room: float = 0
    ) -> None:
        """Write words around a centre, no wider than `room`, in Pillow's default font."""
        font = ImageFont.load_default(size * OVERSAMPLING)
        gap = spacing * size * OVERSAMPLING
        widths = [font.getlength(character) + gap for character in words]
        wanted = sum(widths) / OVERSAMPLING
        if room and wanted > room:
            self.letter(centre, words, size * room / wanted * 0.99, colour, spacing=spacing)
            return
        width, height = math.ceil(sum(widths) - gap), math.ceil(size * 1.6 * OVERSAMPLING)
        large = Image.new("L", (width + OVERSAMPLING, height))
        pen, draw = 0.0, ImageDraw.Draw(large)
        for character, step in zip(words, widths, strict=True):
            draw.text((pen, height / 2), character, fill=255, font=font, anchor="lm")
            pen += step
        mask = large.reduce(OVERSAMPLING)
        corner = (round(centre[0] - mask.width / 2), round(centre[1] - mask.height / 2))
        self.image.paste(colour, (*corner, corner[0] + mask.width, corner[1] + mask.height), mask)

    def jpeg(self, grain: float = 0.06) -> bytes:
        """Return the picture with film grain as a JPEG, at the best quality that keeps the file small."""
        level = round(128 * grain)
        film = self._noise.filter(ImageFilter.GaussianBlur(0.5)).point(
            lambda value: 128 + round((value - 128) * level / 64)
        )
        finished = ImageChops.soft_light(self.image, Image.merge("RGB", [film] * 3))
        for quality in QUALITIES:
            file = io.BytesIO()
            finished.save(file, "JPEG", quality=quality, subsampling=0, optimize=True, progressive=True)
            if file.tell() <= LARGEST_FILE:
                break
        return file.getvalue()
