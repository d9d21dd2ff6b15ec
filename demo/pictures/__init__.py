"""The pictures of the demo content, drawn by code: heroes, products, portraits.

One visual language: flat shapes with soft gradients, stippled shade on the side away from the light, one
film of grain, the colours of `palette`. All is drawn from the slug alone: the same slug gives the same bytes.
"""

from demo.pictures.heroes import article_hero
from demo.pictures.portraits import portrait
from demo.pictures.products import product_picture

__all__ = ["article_hero", "portrait", "product_picture"]
