"""The site-wide models. They are imported from their own modules; this one lets Django find them."""

from betterment.models.changes import Change
from betterment.models.counts import Count

__all__ = ["Change", "Count"]
