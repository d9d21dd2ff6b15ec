"""The pictures of the demonstration, drawn by code: article heroes, products, portraits.

They share one style: flat shapes with soft gradients, stippled shade, film grain, and the colours of `palette`. A
picture depends on its slug only: the same slug gives the same bytes.
"""

from demo.pictures.heroes import article_hero
from demo.pictures.portraits import portrait
from demo.pictures.products import product_picture

__all__ = ["article_hero", "portrait", "product_picture"]
