"""CIT07, CIT08: checks for citations that are only typed, so that they lead readers to no source."""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import passage
from checks.preflight.leftovers.passages import written
from checks.preflight.leftovers.superscripts import cites_in_superscript, notes_of_tables
from checks.preflight.reading import CELLS, Sentence, before

# What reference managers, LaTeX, Markdown, wikis and chat programs leave in a text in place of a citation.
_CODES = re.compile(
    r"\{[^{}#]{0,80}#\d{1,7}[^{}]{0,200}\}"  # EndNote: {Smith, 2019 #12}
    r"|\{[A-Z][^{}\d]{1,60}, ?(?:19|20)\d\d[a-z]?(?:[,;|][^{}]{0,200})?\}"  # Zotero and EndNote: {Smith, 2019}
    r"|\{\{ ?(?:[Cc]it(?:e|ation)|[Ss]fn|[Cc]n|[Rr]ef)\b[^{}]{0,300}\}\}"  # Wikipedia
    r"|\[-?@\w[^\[\]]{0,200}\]|\[(?:see|cf\.|e\.g\.,?) @\w[^\[\]]{0,200}\]"  # Pandoc
    r"|\[\^[\w-]{1,40}\]"  # Markdown
    r"|\\[a-zA-Z]{0,10}cite[a-z]{0,10}\*?[\[{][^\[\]{}]{0,200}[\]}]"  # LaTeX
    r"|\bADDIN (?:ZOTERO_\w{1,20}|EN\.\w{1,20}|CSL_\w{1,20}|Mendeley)\b"  # fields of Word
    r"|:contentReference\[oaicite:\d{1,4}\]|\boaicite\b|【[^【】]{0,40}†[^【】]{0,80}】"  # chat programs
    r"|\b(?:cite)?turn\d{1,3}(?:search|view|news|fetch)\d{1,3}"
)
_YEAR = r"(?:19|20)\d\d(?!\d)"
_SIGNS_OF_CODES = ("{", "[", "\\", "【", "ADDIN", "oaicite", "turn")
_BRACKETED = re.compile(r"\[(\d{1,3}(?:\s?[,;–—-]\s?\d{1,3}){0,40})\](?![\w+]|[-–]\w)")
_NUMBER = re.compile(r"\d+")
_WORD_BEFORE = re.compile(r"[^\W\d_]+\Z")
# Before two numbers in brackets that are the limits of an interval, and before the number of an equation.
_OF_INTERVAL = re.compile(
    r"\b(?:CI|CrI|IQR|intervals?(?: of| on| from)?|ranges?(?: of| from)?|ranged|ranging|median|mean|average|quartiles"
    r"|percentiles|limits|scores?|scored|scales?|rated|between|OR|RR|HR|SD|SE)\W{0,3}\Z"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:%|°|(?:mm|cm|m|km|g|mg|kg|µg|mcg|ng|IU|ml|mL|dl|l|L|mmol|nmol|pmol|mol|kcal|kJ|h|min|s|ms|Hz|points?|degrees?"
    r"|years?|months?|weeks?|days?|nights?|hours?|minutes?|seconds?|percent|times)\b)"
)
# The degrees of freedom of a test: “F [1,306] = 0.56”.
_VALUE_AFTER = re.compile(r"\s?[=<>≤≥]")
_OF_EQUATION = re.compile(r"\b(?:eqs?\.?|equations?|formulas?)\s\Z", re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(r"(?<![\w.,])(\d{1,3}(?:\.\d{1,3})?)\s?(?:%|[a-zA-Zµ/]{1,10})?[,;:]?\s?\Z")
_PLAIN_AMOUNT_BEFORE = re.compile(rf"(?<![\w.,])(?!{_YEAR}\s)\d[\d.,]{{0,11}}\s\Z")
# In a list within a sentence, as in “It is [1] safe, [2] cheap and [3] easy to take”.
_OPENS_ITEM = re.compile(r"(?:\A|[:,;(]\s|\b(?:and|or|is|are|were|to)\s)\Z")

_PARENTHESES = re.compile(r"\(([^()]{6,300})\)")
_NAME = r"[A-ZÀ-ÖØ-ÞŁŚŠŽ][\w'’-]{1,30}"
_AUTHOR_AND_YEAR = re.compile(
    rf"\bet al\.?,? {_YEAR}|{_NAME},? & {_NAME},? {_YEAR}|{_NAME},? and {_NAME},? {_YEAR}"
    rf"|{_NAME}, {_YEAR}(?:[a-z]\b|, pp?\. ?\d)"
)
# What the standard form of a reference ends with: “2019;393(1):1161-9”.
_VOLUME_AND_PAGES = re.compile(rf"\b{_YEAR};\s?\d{{1,4}}(?:\([^()]{{1,20}}\))?:\s?[A-Za-z]?\d[\w–-]{{0,20}}")
# Two of these beside a year are no authors: “(England and Wales, 2021)”.
_NO_AUTHORS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn"
    r"|Fall|Winter|England|Wales|Scotland|Ireland|Britain|Europe|America|Africa|Asia|Australia|Zealand|Canada|States"
    r"|Kingdom|Norway|Sweden|Denmark|Finland|Germany|France|Spain|Italy|China|Japan|India|Korea|Johnson & Johnson)\b"
)


def typed_marks(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (CIT07) for each sentence with a number in brackets or superscript, or a code for a citation.

    Such as “[1]”, “[3, 4]”, “{Smith, 2019 #12}”, “[@smith2019]” and “\\cite{smith}”. Readers look for a reference that
    is not there.
    """
    for name, run in groupby(written(draft), key=lambda each: each[0]):
        sentences = [sentence for _name, sentence in run]
        notes = notes_of_tables(sentences)
        for sentence in sentences:
            if found := _mark(sentence, notes):
                place, words = found
                yield Finding(
                    "CIT07",
                    Level.BLOCKER,
                    translated(_("“%(words)s” looks like a citation, but it leads to no source."), words=words),
                    translated(_("Cite the source in its place, or delete it.")),
                    passage(sentence, place),
                    name,
                )


def typed_names(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (CIT08) for each sentence without a citation in which a typed reference stands in parentheses.

    Such as “(Smith et al., 2019)”, “(Smith & Lee, 2020)” and “(Lancet 2019;393:1161-9)”.
    """
    for name, sentence in written(draft):
        found = None if sentence.keys else _typed_reference(sentence.said)
        if found and not _mark(sentence, set()):
            yield Finding(
                "CIT08",
                Level.WARNING,
                translated(_("“%(words)s” looks like a citation, but it leads to no source."), words=found[0]),
                translated(_("Cite the source in its place, or say why the sentence names it.")),
                passage(sentence, found.start()),
                name,
            )


def _mark(sentence: Sentence, notes: set[str]) -> tuple[int, str] | None:
    """Return the offset and the words of the first mark or code in the sentence, or None."""
    text = sentence.text
    if any(sign in text for sign in _SIGNS_OF_CODES) and (code := _CODES.search(text)):
        return code.start(), code[0]
    if bracketed := next(_bracketed(sentence), None):
        return bracketed.start(), bracketed[0]
    return next(cites_in_superscript(sentence, notes), None)


def _bracketed(sentence: Sentence) -> Iterator[re.Match[str]]:
    """Yield the numbers in brackets that stand for sources, outside quotations."""
    text = sentence.said
    found = [each for each in _BRACKETED.finditer(text) if _stands_for_sources(text, each)]
    if sentence.kind in CELLS:  # an interval may be all that is in a cell
        found = [each for each in found if each[0] != text or len(_NUMBER.findall(text)) != 2]
    items = {each.start(): each[1] for each in found if _is_item(text, each)}
    if not {"1", "2"} <= set(items.values()):
        items = {}
    yield from (each for each in found if each.start() not in items)


def _stands_for_sources(text: str, found: re.Match[str]) -> bool:
    numbers = _NUMBER.findall(found[1])
    if any(number.startswith("0") for number in numbers):
        return False
    preceding = before(text, found.start(), 40)
    if word := _WORD_BEFORE.search(preceding):  # “sleep[1]”, but not “x[1]” or “IL[6]”
        return len(word[0]) > 2
    if preceding and not (preceding[-1].isspace() or preceding[-1] in ".,;:!?()”’·\"'%*]–-"):
        return False
    if (
        _OF_EQUATION.search(preceding)
        or _PLAIN_AMOUNT_BEFORE.search(preceding)
        or _VALUE_AFTER.match(text, found.end())
    ):
        return False
    if len(numbers) == 2:
        if _OF_INTERVAL.search(preceding) or _UNIT_AFTER.match(text, found.end()):
            return False
        amount = _AMOUNT_BEFORE.search(preceding)
        if amount and int(numbers[0]) <= float(amount[1]) <= int(numbers[1]):
            return False
    return True


def _is_item(text: str, found: re.Match[str]) -> bool:
    """Return whether the number in brackets opens an item of a list within the sentence."""
    follower = text[found.end() : found.end() + 2]
    return follower[:1] == " " and follower[1:].islower() and bool(_OPENS_ITEM.search(before(text, found.start(), 6)))


def _typed_reference(text: str) -> re.Match[str] | None:
    """Return the first typed reference of a text, or None."""
    for found in _PARENTHESES.finditer(text):
        if (reference := _AUTHOR_AND_YEAR.search(found[1])) and not _NO_AUTHORS.search(reference[0]):
            return found
    return _VOLUME_AND_PAGES.search(text) if ";" in text else None


CHECKS = (typed_marks, typed_names)
