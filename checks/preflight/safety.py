"""SAF02 and SAF03: checks that doses stay within limits and come with a safety note."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from checks.preflight.amounts import doses, in_micrograms
from checks.preflight.attribution import attributed, micrograms
from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import passage
from checks.preflight.reading import CELLS, Sentence, fields, read

TEXTS = ("title", "standfirst", "key_messages", "body")

# Words about food, requirements and amounts in the body, to which limits for supplements do not apply, and about
# amounts that are not per day.
_FOOD_OR_NEED = re.compile(
    r"\b(?:foods?|diets?|dietary (?:intake|allowance)|meals?|eat(?:s|ing)?|drinks?|needs?|needed|requires?"
    r"|requirements?"
    r"|recommended (?:daily|dietary|intake|amount)|RDA|RNI|adequate intake|reference|average intake|take in|took in"
    r"|allowance|cups?|ounces?|(?:serving|portion|slice|glass(?:e))s? of|in the (?:body|blood)|hold(?:s)?|stores?"
    r"|contains?"
    r"|per week|a week|weekly|a month|monthly|per year|a year|intravenous\w*|infusion|injection)\b",
    re.IGNORECASE,
)
_WARNS = re.compile(
    r"\b(?:upper|limit(?:s|ed)?|tolerable|maximum|max|at most|no more than|not (?:more than|exceed)|exceed\w*|too"
    r" (?:much|high|large)|toxic\w*|overdos\w*|above|beyond|harm\w*|dangerous\w*|unsafe|poison\w*|risk\w*|caution\w*"
    r"|avoid\w*"
    r"|never|do not|don[’']t|should not|stay (?:below|under)|less than|below|side effects?|diarrh\w+|laxative|nausea"
    r"|adverse"
    r"|damage|injur\w+|mega-?dos\w+|prescri\w+|medical supervision|doctor[’']s"
    r" (?:advice|orders)|deficien\w+)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|participants|volunteers|patients|researchers|randomi[sz]ed|placebo|group|took|taken"
    r"|received|were given|was given|tested|gave)\b",
    re.IGNORECASE,
)
_SALT = re.compile(
    r"\s(?:oxide|citrate|chloride|sulphate|sulfate|carbonate|gluconate|lactate|aspartate|malate|glycinate|bisglycinate"
    r"|threonate|taurate|picolinate|fumarate|orotate|phosphate)\b",
    re.IGNORECASE,
)
_NOTE = {
    _("who should not take it"): re.compile(
        r"\b(?:pregnan|breastfe|should not|do not take|avoid|medical advice|ask (?:a|your) (?:doctor|pharmacist)"
        r"|who should|children|under 18|kidney|liver)",
        re.IGNORECASE,
    ),
    _("interactions"): re.compile(r"\b(?:interact|medicine|medication|drug|blood thinner|antibiotic)", re.IGNORECASE),
    _("the upper limit"): re.compile(
        r"\b(?:limit|no more than|at most|maximum|not exceed|more than|up to|above|highest)\b", re.IGNORECASE
    ),
}


def doses_below_limits(draft: Draft) -> Iterator[Finding]:
    """Yield findings (SAF02) for doses above the upper limit on record for their ingredient (products.Ingredient).

    Ignored are sentences about requirements or food, because limits apply to supplements; questions, tables, and
    sentences that warn or name the limit; a dose of a salt, because limits count the element; and a cited dose from a
    trial, if the safety note names the limit. The safety note itself is not checked.
    """
    note_names_limit = bool(_NOTE["the upper limit"].search(draft.safety_note))
    for name, sentence in fields(draft, *TEXTS):
        text = sentence.said
        if sentence.is_question or sentence.kind in CELLS or _FOOD_OR_NEED.search(text) or _WARNS.search(text):
            continue
        if note_names_limit and sentence.keys and _TOLD.search(text):
            continue
        for dose in doses(text):
            ingredient, place = attributed(dose, sentence, draft)
            if ingredient is None or ingredient.upper_limit is None or _SALT.match(text, place):
                continue
            amount = micrograms(dose, ingredient)
            if amount is None or amount <= in_micrograms(ingredient.upper_limit, ingredient.unit):
                continue
            yield Finding(
                "SAF02",
                Level.BLOCKER,
                translated(
                    _("%(dose)s of %(ingredient)s is above the upper limit on record, %(limit)s %(unit)s a day."),
                    dose=text[dose.start : dose.end],
                    ingredient=ingredient.names[0],
                    limit=f"{ingredient.upper_limit.normalize():f}",
                    unit=ingredient.unit,
                ),
                translated(
                    _("Name a dose within the limit, or say that this one exceeds it (%(source)s)."),
                    source=ingredient.limit_source,
                ),
                passage(sentence, dose.start),
                name,
            )
            break


def doses_have_safety_note(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (SAF03) if the body names a dose of an ingredient and the safety note is missing or incomplete.

    The note has to say who should not take the ingredient, and name its interactions and its upper limit.
    """
    first = next(_doses_of_ingredients(draft), None)
    if first is None:
        return
    note = " ".join(sentence.text for sentence in read(draft.safety_note))
    missing = [part for part, words in _NOTE.items() if not words.search(note)]
    if not note.strip():
        message = translated(_("The text names a dose, and there is no safety note."))
    elif missing:
        message = translated(
            _("The text names a dose, and the safety note does not say: %(missing)s."),
            missing=", ".join(gettext(part) for part in missing),
        )
    else:
        return
    hint = translated(
        _("Say in the safety note who should not take it, what it interacts with, and what the upper limit is.")
    )
    yield Finding("SAF03", Level.WARNING, message, hint, passage(first))


def _doses_of_ingredients(draft: Draft) -> Iterator[Sentence]:
    """Yield each sentence of the body once for each dose of a known ingredient in it."""
    for _name, sentence in fields(draft, "body"):
        for dose in doses(sentence.said):
            if attributed(dose, sentence, draft)[0] is not None:
                yield sentence


CHECKS = (doses_below_limits, doses_have_safety_note)
