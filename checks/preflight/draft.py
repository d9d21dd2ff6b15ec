"""What the checks look at: plain values, no database."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class DraftSource:
    """A source attached to the draft. `evidence`, `work` and `retraction` are the values of the model's choices."""

    key: str
    title: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    dated: bool = False
    evidence: str = ""
    retraction: str = ""
    year: int | None = None
    work: str = ""
    link_is_dead: bool = False


@dataclass(frozen=True)
class DraftProduct:
    """One of our products; `topics` are the names of those it belongs to."""

    name: str
    brand: str = ""
    topics: tuple[str, ...] = ()
    needs_fda_statement: bool = True


@dataclass(frozen=True)
class DraftIngredient:
    """An active ingredient by its names, and the most an adult should take of it in a day, in its unit (g, mg, µg)."""

    names: tuple[str, ...]
    unit: str = "mg"
    upper_limit: Decimal | None = None
    limit_source: str = ""


@dataclass(frozen=True)
class Term:
    """A slip or a term that is not ours, and what is written instead."""

    avoid: str
    prefer: str
    why: str = ""


@dataclass(frozen=True)
class Lists:
    """What editors keep for the checks to go by."""

    terms: tuple[Term, ...] = ()
    diseases: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    ingredients: tuple[DraftIngredient, ...] = ()
    products: tuple[DraftProduct, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A draft's text (sanitised HTML where it is HTML), what it stands on, and what stands beside it.

    `products` are those recommended below the text; `lists.products` all that the shop sells. `today` is the day
    on which the checks are run, in the newsroom's zone; without it nothing is said of age.
    """

    title: str = ""
    standfirst: str = ""
    key_messages: tuple[str, ...] = ()
    body: str = ""
    safety_note: str = ""
    disclosure: str = ""
    search_description: str = ""
    hero: bool = False
    hero_alt: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[DraftSource, ...] = field(default=())
    products: tuple[DraftProduct, ...] = ()
    lists: Lists = field(default_factory=Lists)
    today: date | None = None

    @property
    def has_fda_statement(self) -> bool:
        """Whether the page puts the statement of 21 CFR 101.93(c): it does beside a supplement it recommends."""
        return any(product.needs_fda_statement for product in self.products)
