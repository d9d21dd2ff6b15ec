"""Heroes: the wide picture at the head of an article."""

from __future__ import annotations

import random

from demo.pictures.canvas import Blend, Canvas, mix
from demo.pictures.palette import CREAM, INK
from demo.pictures.props import moon, sprig, stars
from demo.pictures.scenes_day import ashwagandha_shore, tea_terraces
from demo.pictures.scenes_flight import jet_lag
from demo.pictures.scenes_meadow import moonlit_meadow
from demo.pictures.scenes_night import coffee_clock, magnesium_window
from demo.pictures.scenes_seasons import mint_morning, winter_oranges
from demo.pictures.shapes import curve, ellipse, ridge

WIDTH, HEIGHT = 1600, 900
SCENES = {
    "ashwagandha-and-stress": ashwagandha_shore,
    "caffeine-and-bedtime": coffee_clock,
    "l-theanine-and-attention": tea_terraces,
    "magnesium-and-sleep": magnesium_window,
    "melatonin-for-jet-lag": jet_lag,
    "menthol-and-sore-muscles": mint_morning,
    "valerian-chamomile-and-sleep": moonlit_meadow,
    "zinc-and-the-common-cold": winter_oranges,
}
SKIES = (
    (("#cfdfe2", "#eee8d4", "#f6d9ba"), "#7f9f7d", "sun"),
    (("#f1dcc0", "#f3c7a6", "#dd9a7c"), "#8a5a55", "sun"),
    (("#14213d", "#33446d", "#8f8fae"), "#2b4a5c", "moon"),
    (("#d9d3e2", "#e9dcd8", "#f4dfc4"), "#6f7fa0", "sun"),
)


def article_hero(slug: str) -> bytes:
    """Return a JPEG of 1600 by 900 pixels for an article; a landscape for a slug without a scene."""
    canvas = Canvas(WIDTH, HEIGHT, f"hero {slug}")
    if slug in SCENES:
        SCENES[slug](canvas)
    else:
        _landscape(canvas, slug)
    return canvas.jpeg()


def _landscape(canvas: Canvas, slug: str) -> None:
    """Paint hills in a random light, season and shape, with a branch in front of them."""
    chance = random.Random(slug)
    sky, land, light = chance.choice(SKIES)
    canvas.fill(canvas.frame, Blend(sky))
    centre = (chance.uniform(420, 900), chance.uniform(230, 330))
    if light == "moon":
        stars(canvas, 70, (0, 0, 1600, 480))
        moon(canvas, centre, 104)
    else:
        canvas.glow(centre, 430, "#fff6e0", 0.8)
        canvas.fill(ellipse(*centre, 124), Blend(("#f4cf86", "#e3935f"), 80))
        canvas.shade(ellipse(*centre, 124), "#c4684a", 75, 0.5)
    for row in range(5):
        near = row / 4
        top = mix(mix(sky[1], land, 0.3 + 0.5 * near), INK, 0.28 * near)
        low = mix(top, INK, 0.2)
        hill = ridge(WIDTH, 920, 470 + row * 88, 62 - row * 5, f"{slug} {row}", chance.uniform(620, 1200))
        canvas.fill(hill, Blend((top, low)))
        canvas.shade(hill, mix(low, INK, 0.4), 40, 0.4)
    greens = (mix(land, CREAM, 0.35), land, mix(land, INK, 0.55))
    if chance.random() < 0.5:
        branch = curve((1660, 40), (1500, 60), (1370, 140), (1260, 290))
    else:
        branch = curve((1500, 960), (1470, 800), (1400, 640), (1270, 500))
    sprig(canvas, branch, 4, 270, 96, greens, 0.16)
