"""The input of the checks: plain values that need no database."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class DraftSource:
    """A source attached to the draft, with its citation key and bare identifiers.

    `evidence`, `work` and `retraction` are values of the model's choices. `dated` says whether the day of access is
    known. `reported_retraction` is an unconfirmed report of a retraction from an imported file. `year` is the year of
    publication. `link_is_dead` says whether the page at `url` no longer responds (sources.link_states).
    """

    key: str
    title: str = ""
    doi: str = ""
    pmid: str = ""
    url: str = ""
    dated: bool = False
    evidence: str = ""
    retraction: str = ""
    reported_retraction: str = ""
    year: int | None = None
    work: str = ""
    link_is_dead: bool = False


@dataclass(frozen=True)
class DraftProduct:
    """One of our products. `topics` holds the names of its topics.

    `needs_fda_statement` says whether a page about it has to show the statement of 21 CFR 101.93(c).
    """

    name: str
    brand: str = ""
    topics: tuple[str, ...] = ()
    needs_fda_statement: bool = True


@dataclass(frozen=True)
class DraftIngredient:
    """An active ingredient with its names and its daily upper limit for adults, in `unit` (g, mg or µg).

    `limit_source` says where the limit comes from.
    """

    names: tuple[str, ...]
    unit: str = "mg"
    upper_limit: Decimal | None = None
    limit_source: str = ""


@dataclass(frozen=True)
class Term:
    """A spelling mistake or an unwanted term (`avoid`), its replacement (`prefer`), and the reason (`why`)."""

    avoid: str
    prefer: str
    why: str = ""


@dataclass(frozen=True)
class WordLists:
    """The lists that editors maintain for the checks.

    `markers` are measurements that stand for a disease, such as blood pressure; `germs` include cancer cells;
    `substances` are plants and other things that supplements are made of; `verbs` are added to those of verbs.py;
    `excluded` are terms of the public vocabulary that do not count as diseases here (vocabulary.py), and verbs that
    make no claim.
    """

    terms: tuple[Term, ...] = ()
    diseases: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    ingredients: tuple[DraftIngredient, ...] = ()
    products: tuple[DraftProduct, ...] = ()
    markers: tuple[str, ...] = ()
    germs: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The content of a draft (sanitised HTML in HTML fields) and its sources, products and topics.

    `products` are recommended below the article, and `lists.products` are all that the shop sells. `today` is the date
    of the check in the newsroom's time zone. If it is None, the age of the sources and the years that the text mentions
    are not checked.
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
    hero_caption: str = ""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[DraftSource, ...] = field(default=())
    products: tuple[DraftProduct, ...] = ()
    lists: WordLists = field(default_factory=WordLists)
    today: date | None = None

    @property
    def has_fda_statement(self) -> bool:
        """Return whether the page shows the statement of 21 CFR 101.93(c), as it does with a recommended supplement."""
        return any(product.needs_fda_statement for product in self.products)
