"""LNG and TIM: checks that the draft is readable, uses the publication's terms, and will not be out of date soon."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

from checks.preflight.draft import Draft, Term
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import passage
from checks.preflight.lexicon import Lexicon, TermMatch
from checks.preflight.reading import CELLS, Sentence, before, fields

GRADE = 10
LONG = 30  # words in a sentence
FEWEST = 100  # number of words from which a reading grade is computed
YEARS_THAT_AGE = 3

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_VOWELS = re.compile(r"[aeiouyäöüéè]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^dt]ed|[^l]e)$")

_NOW = re.compile(
    r"\b(?:currently|nowadays|(?:more )?recent(?:ly)?|this year|last year|next year|these days|in recent years"
    r"|as of today|at the time of writing|so far this|just published|brand-new)\b",
    re.IGNORECASE,
)
# Words about the reader's own present and past, not the article's, as in “if you currently take”, “had recent surgery”.
_PERSONAL_BEFORE = re.compile(
    r"\b(?:you|anyone|someone|those|people|person|patients|women|men|adults|who|if|your?|a|any|the|their|his|her|had"
    r"|have"
    r"|has|with|after|most|more)(?: (?:are|is|were|was|have|has|had|not|already))? $",
    re.IGNORECASE,
)
_PERSONAL_AFTER = re.compile(
    r" (?:taking|take|takes|use|using|pregnant|breastfeeding|smok\w+|ill|treated|had|have|given|stopped|started|began"
    r"|begun|memor\w+|version"
    r"|past|night|nights|than|test|tests|change|changes|blood|weight|fall|falls)\b",
    re.IGNORECASE,
)
_HEALTH_AFTER = re.compile(
    r" (?:\w+ )?(?:bites?|exposures?|contacts?|vaccinations?|losses|loss of|moves?)\b"
    r"| (?:surger\w+|operations?|injur\w+|infections?|illness\w*|births?|travel|meals?|dose|heart attack|strokes?)\b",
    re.IGNORECASE,
)
# What is said of people and of studies in the past: “were currently taking”, “currently healthy people”.
_OF_OTHERS_BEFORE = re.compile(r"\b(?:were|was)(?: not)? $|\b(?:have|has|had) only $", re.IGNORECASE)
_OF_OTHERS_AFTER = re.compile(
    r" (?:healthy|ill|infected|affected) (?:people|adults|women|men|children)\b", re.IGNORECASE
)
_WITH_DATE = re.compile(r"[^.;]{0,60}\b(?:in|of|on|from|to) (?:\w+ ){0,2}(?:19|20)\d\d\b")
_YOURS = re.compile(r"\byou(?: are| have|’re|'re)? $", re.IGNORECASE)
_YEAR = re.compile(
    r"\b(?:in|by|since|until|before|after|from|of|during|for|throughout|early|late|mid) (20\d\d)(?![\w/–-]|[.,]\d)",
    re.IGNORECASE,
)
# Words for works and events that are named by their year, which does not age, as in “the 2020 guideline”.
_DATED = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|reviews?|guidelines?|guidance|reports?|surveys?|analys[ei]s|meta-analys[ei]s|papers?"
    r"|articles?|search(?:ed|es)?|current to|up[ -]to[ -]date|updated?|evidence|Act|Regulation|Directive|CFR|law"
    r"|pandemic|edition|census|opinion|published|founded|approved|banned)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Return the approximate number of syllables of an English word, at least 1.

    This is the number of groups of vowels, less a silent ending.
    """
    word = word.casefold()
    count = len(_VOWELS.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    return max(count, 1)


def grade(sentences: int, words: int, parts: int) -> float:
    """Return the Flesch-Kincaid grade level of a text with these numbers of sentences, words and syllables (`parts`).

    The formula is 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid et al., 1975).
    """
    return 0.39 * words / sentences + 11.8 * parts / words - 15.59


# Words that show that “breakthrough”, “alcoholic” or “suffer” is not said of a person.
_OF_ILLNESS = re.compile(r" (?:bleeding|pain|cancer pain|seizures?|infections?|symptoms|spotting)\b", re.IGNORECASE)
_OF_THINGS = re.compile(
    r"[ -](?:drinks?|beverages?|hepatitis|liver|fatty|cirrhosis|ketoacidosis|solutions?|extracts?|steatohepatitis"
    r"|cider|gel)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|reviews?|estimates?|designs?|data|methods?|evidence|results?|analys[ei]s|surveys?)"
    r"(?: \w+){0,3} $",
    re.IGNORECASE,
)


def readable(draft: Draft) -> Iterator[Finding]:
    """Yield advice (LNG01) if the reading grade is above 10 or any sentence has more than 30 words.

    Texts of fewer than FEWEST words are not graded. The finding about long sentences points to the longest one.
    """
    sentences = words = parts = 0
    too_long: list[tuple[Sentence, int]] = []
    for _name, sentence in fields(draft, "body"):
        if sentence.is_heading or sentence.kind in CELLS:
            continue
        found = _WORD.findall(sentence.text)
        if not found:
            continue
        sentences, words, parts = sentences + 1, words + len(found), parts + sum(map(syllables, found))
        if len(found) > LONG:
            too_long.append((sentence, len(found)))
    if words >= FEWEST and (reached := grade(sentences, words, parts)) > GRADE:
        yield Finding(
            "LNG01",
            Level.ADVICE,
            translated(
                _("The text reads at grade %(grade)s. Most adults easily read texts up to grade %(limit)s."),
                grade=f"{reached:.0f}",
                limit=GRADE,
            ),
            translated(_("Shorten sentences, and use plainer words.")),
        )
    if too_long:
        longest, length = max(too_long, key=lambda each: each[1])
        message = ngettext(
            "A sentence has more than %(limit)s words; the longest has %(length)s.",
            "%(count)s sentences have more than %(limit)s words; the longest has %(length)s.",
            len(too_long),
        ) % {"count": len(too_long), "limit": LONG, "length": length}
        yield Finding("LNG01", Level.ADVICE, message, translated(_("Split it into two.")), passage(longest))


@lru_cache(maxsize=16)
def _terms(terms: tuple[Term, ...]) -> tuple[Lexicon, dict[str, Term]]:
    """Return a lexicon of the terms to avoid, each of which is its own tag, and the terms by their text."""
    known = {term.avoid: term for term in terms}
    return Lexicon(((avoid, avoid) for avoid in known), plurals=False), known


def preferred_terms(draft: Draft) -> Iterator[Finding]:
    """Yield a finding (LNG02) for each spelling mistake and unwanted term, once per field. Quotations are ignored."""
    lexicon, known = _terms(draft.lists.terms)
    seen = set()
    names = ("title", "standfirst", "key_messages", "body", "safety_note", "disclosure", "search_description")
    for name, sentence in fields(draft, *names):
        for found in lexicon.find(sentence.said):
            term, words = known[found.tag], sentence.said[found.start : found.end]
            if words == term.prefer or (name, term.avoid) in seen or _has_other_sense(sentence.said, found):
                continue
            seen.add((name, term.avoid))
            hint = translated(_("Write “%(term)s”. %(why)s"), term=term.prefer, why=term.why).strip()
            yield Finding(
                "LNG02",
                Level.WARNING,
                translated(_("We do not write “%(words)s”."), words=words),
                hint,
                words,
                name,
            )


def _has_other_sense(text: str, found: TermMatch) -> bool:
    """Return whether a term has another sense: “alcoholic drinks”, “breakthrough bleeding”, “trials suffer from”.

    This is also so in a web address, and in the name of Alcoholics Anonymous.
    """
    return bool(
        text[max(0, found.start - 1) : found.start] in ("/", "@")
        or text.startswith("Alcoholics Anonymous", found.start)
        or (found.tag.casefold() in ("alcoholic", "diabetics") and _OF_THINGS.match(text, found.end))
        or (found.tag.casefold() == "breakthrough" and _OF_ILLNESS.match(text, found.end))
        or (found.tag.casefold().startswith("suffer") and _THINGS.search(before(text, found.start)))
    )


def time_bound_wording(draft: Draft) -> Iterator[Finding]:
    """Yield findings (TIM01) for phrases such as “currently” and “this year”, and for years that will soon look dated.

    A year is accepted if it is more than three years ago, or if its sentence has a citation or a word for a source or
    law.
    """
    for name, sentence in fields(draft, "standfirst", "key_messages", "body", "safety_note"):
        if sentence.is_heading or sentence.is_question or sentence.kind in CELLS:
            continue
        found = _ageing_word(sentence.said) or (None if sentence.keys else _ageing_year(sentence.said, draft))
        if found:
            yield Finding(
                "TIM01",
                Level.WARNING,
                translated(_("“%(words)s” will not be true for long."), words=found[0]),
                translated(_("Give the date, or word it so that it is still true in five years.")),
                passage(sentence, found.start()),
                name,
            )


def _ageing_word(text: str) -> re.Match[str] | None:
    """Return the first expression that dates the sentence, or None. Expressions about the reader or their health are
    ignored.
    """
    first_word = len(text) - len(text.lstrip(" ·(“\"'"))
    for found in _NOW.finditer(text):
        words = before(text, found.start())
        is_title = found[0][0].isupper() and first_word < found.start()
        personal = _PERSONAL_AFTER.match(text, found.end()) and _PERSONAL_BEFORE.search(words or "you ")
        personal = personal or _HEALTH_AFTER.match(text, found.end())
        others = _OF_OTHERS_BEFORE.search(words) or _OF_OTHERS_AFTER.match(text, found.end())
        dated = "recent" in found[0].lower() and _WITH_DATE.match(text, found.end())
        yours = _YOURS.search(words)
        if not (is_title or personal or yours or others or dated):
            return found
    return None


def _ageing_year(text: str, draft: Draft) -> re.Match[str] | None:
    """Return the first year that is at most three years ago or in the future, or None.

    Return None as well if the date of the check is unknown or the sentence names a source, a law or an event by its
    year.
    """
    if draft.today is None or _DATED.search(text):
        return None
    years = (found for found in _YEAR.finditer(text) if int(found[1]) >= draft.today.year - YEARS_THAT_AGE)
    return next(years, None)


CHECKS = (readable, preferred_terms, time_bound_wording)
