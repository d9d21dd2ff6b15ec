"""Find figures in a sentence: doses, percentages, prevalences and counts. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checks.preflight.reading import before

# At most six groups of three digits: without the limit, matching a long list of figures takes quadratic time.
_DIGITS = r"(?:\d{1,3}(?:[ ,]\d{3}){1,6}(?!\d)|\d+)(?:\.\d+)?"
_ONES = "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy"
_WORDS = "|".join([*_ONES.split(), "eighty", "ninety"])
_NUMBER = rf"(?:{_DIGITS}|(?:{_WORDS})(?:-(?:{_WORDS}))?)"
_UNIT = (
    r"(?P<unit>mg|(?-i:g)|µg|μg|mcg|ug|(?-i:IU)|milligrams?|micrograms?|grams?|international units)"
    r"(?!\w)(?! ?/ ?(?:kg|dl|l|ml|m)\b| per (?:kilo|kg|lit|dec|ml|100)| of body)"
)
_DOSE = re.compile(
    rf"(?<![\w.,/$£€-])(?P<low>{_DIGITS})(?: ?(?:to|–|—|-|or|and) ?(?P<high>{_DIGITS}))?[ -]?{_UNIT}", re.IGNORECASE
)
_SHARE = re.compile(
    rf"(?<![\w.])(?:{_NUMBER} ?(?:to|–|-) ?)?(?P<number>{_NUMBER}) ?(?:%|per ?cent\b|percentage points?\b)",
    re.IGNORECASE,
)
_PEOPLE = (
    r"(?:people|adults|persons|patients|participants|volunteers|women|men|children|teenagers|adolescents|students"
    r"|infants|babies|newborns|mothers|males|females|girls|boys|athletes|americans|britons|europeans|sleepers|users|respondents"
    r"|households|families|citizens|population)"
)
_COUNTED = (
    rf"(?:{_PEOPLE}|trials|studies|experiments|cases|deaths|enzymes?|enzymatic|reactions|processes|genes|hormones"
    r"|species|strains|compounds|proteins|diseases|nutrients)"
)
_FOLD = re.compile(
    rf"\b(?:{_WORDS}|\d+(?:\.\d+)?|hundred|many)(?:[ -]?fold\b| times (?:more|less|as|higher|lower|greater)\b)",
    re.IGNORECASE,
)
_BETWEEN = r"(?: [\w-]+){0,3}? "
_PREVALENCE = re.compile(
    rf"\b(?:(?:one|two|three|four|five|six|seven|eight|nine|\d+) "
    rf"(?:in|per|out of)(?: every)? (?:{_WORDS}|hundred|thousand|million|\d+)\b(?! (?:of|minutes|hours|days))"
    rf"|(?:half|a third|one third|two thirds|a quarter|one quarter|three quarters|a fifth|the majority) of"
    rf"(?: all| the| our| these| us)*{_BETWEEN}?{_PEOPLE}\b)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\w.,$£€/-])(?:(?P<figure>" + _DIGITS + r")(?: (?:million|billion|thousand|hundred))?"
    rf"|(?:(?:{_WORDS}|several|many|a few|a) )?(?:hundreds?|thousands?|millions?|billions?|dozens?)(?: of)?)"
    rf"{_BETWEEN}?{_COUNTED}\b",
    re.IGNORECASE,
)
# Figures that need no evidence: those on a label, in prices, recipes, designs and laws, and figures of speech.
_LABEL = re.compile(
    r"\b(?:servings?|gumm(?:y|ies)|capsules?|tablets?|sachets?|scoops?|labels?|packets?|jars?|bottles?|packs?)\b"
    r"[^.;]{0,60}\b(?:contains?|holds?|provides?|lists?|says?|states?|reads?|delivers?|has|have)\b",
    re.IGNORECASE,
)
_KITCHEN = re.compile(r"^(?:add|mix|stir|weigh|measure|boil|roast|soak|cook|bake|whisk|sprinkle|chop)\b", re.IGNORECASE)
_LAW = re.compile(r"\b(?:CFR|Regulation|Directive|Act \d{4}|Act of \d{4})\b")
_STYLE = re.compile(r"(?:width|height|margin|padding|opacity|zoom|size|brightness|volume|battery)(?: to| of|:)? $")
_IDIOM = re.compile(
    r" (?:off|discount|cheaper|recycled|organic|cotton|wool|VAT|tax|sure|certain|natural|cocoa|cacao|dark|cream|gel"
    r"|solution|extract|withanolides|fat|alcohol|juice|effort|battery)\b",
    re.IGNORECASE,
)

# Durations, sizes and ages, which are not counts of people.
_NO_COUNT = re.compile(
    r"\b(?:years?|minutes|hours|days|weeks|months|times|kcal|calories|inch(?:es)?|cm|centimet\w+|feet|degrees|aged"
    r"|or older|and older|or over|and over)\b",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(rf" of (?:the )?{_PEOPLE}\b", re.IGNORECASE)

_TO_MICROGRAMS = {"g": Decimal(1_000_000), "mg": Decimal(1_000), "µg": Decimal(1)}


@dataclass(frozen=True)
class Dose:
    """An amount with its unit (g, mg, µg or IU). The amount of a range is its upper end.

    `start` and `end` are the offsets of the dose in the text, in characters.
    """

    amount: Decimal
    unit: str
    start: int
    end: int

    def micrograms(self, units: Decimal | None = None) -> Decimal | None:
        """Return the amount in µg, or None for international units without a known factor.

        `units` is the number of µg in one international unit.
        """
        factor = units if self.unit == "IU" else _TO_MICROGRAMS[self.unit]
        return None if factor is None else self.amount * factor


def in_micrograms(amount: Decimal, unit: str) -> Decimal:
    """Return an amount in the unit g, mg or µg, converted to µg."""
    return amount * _TO_MICROGRAMS[unit]


def doses(text: str) -> Iterator[Dose]:
    """Yield the doses in a sentence, except concentrations (mg/dl) and amounts per kilogram of body weight."""
    for found in _DOSE.finditer(text):
        amount = Decimal(re.sub("[ ,]", "", found["high"] or found["low"]))
        yield Dose(amount, _unit(found["unit"]), found.start(), found.end())


def _unit(written: str) -> str:
    """Return the unit as g, mg, µg or IU, however it is spelled."""
    written = written.lower()
    if written in ("iu", "international units"):
        return "IU"
    if written in ("µg", "μg", "mcg", "ug") or written.startswith("micro"):
        return "µg"
    return "mg" if written == "mg" or written.startswith("milli") else "g"


def figure(text: str) -> re.Match[str] | None:
    """Return a match for a figure in the sentence `text` that needs evidence, or None.

    If there are several, a dose is preferred, then a percentage, a prevalence, a count and a multiple (“threefold”).
    Durations, ages, dates, prices and figures of speech are ignored, and so is a sentence about a label, a recipe or a
    law.
    """
    if _LABEL.search(text) or _KITCHEN.search(text) or _LAW.search(text):
        return None
    return (
        _first_dose(text) or _first_share(text) or _PREVALENCE.search(text) or _first_count(text) or _FOLD.search(text)
    )


def _first_dose(text: str) -> re.Match[str] | None:
    """Return the first dose, or None."""
    return next(_DOSE.finditer(text), None)


def _first_share(text: str) -> re.Match[str] | None:
    """Return the first percentage that is neither an idiom nor a style setting, or None."""
    for found in _SHARE.finditer(text):
        if _IDIOM.match(text, found.end()) or _STYLE.search(before(text, found.start())):
            continue
        if found["number"] == "100" and not _OF_PEOPLE.match(text, found.end()):
            continue
        return found
    return None


def _first_count(text: str) -> re.Match[str] | None:
    """Return the first count of at least ten that is neither a duration nor a year, or None."""
    for found in _COUNT.finditer(text):
        digits = re.sub("[ ,]", "", found["figure"] or "")
        if _NO_COUNT.search(found[0]):
            continue
        if digits and (Decimal(digits) < 10 and "llion" not in found[0]):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", found["figure"] or ""):
            continue
        return found
    return None
