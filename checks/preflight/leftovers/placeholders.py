"""STR07, STR08: checks for placeholders and notes to oneself that were left in the text."""

import re
from collections.abc import Iterator
from functools import cached_property

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import passage
from checks.preflight.leftovers.abbreviations import explained, stands_for
from checks.preflight.leftovers.passages import written
from checks.preflight.reading import ALL_TEXTS, CELLS, Sentence, before, fields

# What no published text contains: filler text, error messages of Word, number signs, and unfinished notes in brackets.
_PHRASES = ("lorem ipsum", "reference source not found", "bookmark not defined", "here to enter text", "##")
_PHRASE = re.compile("|".join(_PHRASES), re.IGNORECASE)
_NOTE = re.compile(
    r"[\[({<](?:citation|source|reference|ref)s? ?(?:needed|required|missing|to come|to follow|to be added|\?)[\])}>]"
    r"|[\[({<](?:link|figure|image|picture|quote|number|dose|date)s? (?:to come|to follow|to be added)[\])}>]"
    r"|[\[{<](?:link|source|figure|image|picture|quote|number|dose|date|type) here[\]}>]"
    r"|[\[{<](?:insert|todo|to do|fixme|fill in|placeholder)\b[^\[\](){}<>]{1,200}[\]}>]"
    r"|[\[{<](?:add|check) (?:a |the |this )?(?:link|source|reference|citation|figure|quote|number|dose|date|name)\b"
    r"[^\[\](){}<>]{0,200}[\]}>]"
    r"|\[(?:todo|fixme|placeholder|cite|cit|source|link|\?{2,5})\]",
    re.IGNORECASE,
)
# “TK”, which journalists write for what is to come, and “XXX”.
_CAPITALS = re.compile(r"(?<![\w.&@/-])(?:(?:TK){1,3}|XXX{1,8}|xxx{1,8})(?![\w&@/-])")
_POSSIBLE_LETTERS = ("XX", "TBC", "TBD", "TODO", "FIXME", "CITE", "REF", "??", "[?]")
_POSSIBLE = re.compile(
    r"(?<![\w.&@/-])(?:XX|TBC|TBD|TODO|FIXME|CITE)(?![\w&@/-])"
    r"|(?<![\w-])REF(?=\?|[\])])|\?{3,}|\[\?\]"
)
# The mark of a comment in Word: initials and a number. Right after a word it is nothing else.
_COMMENT_MARK = re.compile(r"\[([A-Z]{1,3})\d{1,3}\]")
_CODE = re.compile(r"(?<![\w\[])[A-Z]{1,3}\d{1,3}\b")
_FORMULA = re.compile(r"(?:[HBCNOFPSKVYIUW]|He|Li|Na|Mg|Al|Si|Cl|Ca|Mn|Fe|Co|Ni|Cu|Zn|Se|Br|Ag|Sn|Hg|Pb)+")

# Roman numerals and chromosomes are written with the same letters.
_NUMBERED = re.compile(
    r"\b(?:factor|type|collagen|chapter|part|volume|vol\.|section|title|book|article|annex|appendix|table|figure|class"
    r"|phase|bowl|olympiad|grade|group|stage|schedule|no\.|number)\s\Z",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"\s(?:century|centuries)\b|[–-]X")
_GENETICS = re.compile(
    r"chromosom|karyotyp|trisom|triple[ -]x|genotyp|gonad|sex (?:development|reversal)|\bXY|\d,\s?XX", re.IGNORECASE
)
# “TK” as tyrosine or thymidine kinase, and as the initials of a person.
_KINASE = re.compile(r"kinase|toxicokinetic", re.IGNORECASE)
_SURNAME = re.compile(r"\s[A-Z][a-z]+")
_INITIALS_AFTER = re.compile(r"(?:[A-Z][\w'’-]{1,30},?\s)\Z")
_NEXT_AUTHOR = re.compile(r"(?:,|;|\.| et al| and [A-Z]|\Z)")


def placeholders_replaced(draft: Draft) -> Iterator[Finding]:
    """Yield findings (STR07, STR08) for placeholders and notes left in the text, at most one for each sentence.

    STR07 is a blocker, for what no published text contains, such as “TK”, “XXX”, “lorem ipsum” and “[citation needed]”.
    STR08 is a warning, for what may have another sense, such as “TBC”, “XX” and “???”.
    """
    words = _KnownWords(draft)
    for name, sentence in written(draft):
        if found := _certain(sentence, words):
            yield Finding(
                "STR07",
                Level.BLOCKER,
                translated(_("“%(words)s” was left in the text while it was being written."), words=found[0]),
                translated(_("Write what it stands for, or delete it.")),
                passage(sentence, found.start()),
                name,
            )
        elif found := _possible(sentence, words):
            yield Finding(
                "STR08",
                Level.WARNING,
                translated(_("“%(words)s” may have been left in the text by mistake."), words=found[0]),
                translated(_("Write what it stands for, or say why it is meant to be there.")),
                passage(sentence, found.start()),
                name,
            )


class _KnownWords:
    """What the whole text says about letters that may be placeholders. It is read only if there are any."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.mentioned: dict[re.Pattern[str], bool] = {}

    @cached_property
    def texts(self) -> list[str]:
        """Return the sentences of the draft."""
        return [sentence.text for _name, sentence in fields(self.draft, *ALL_TEXTS)]

    @cached_property
    def abbreviations(self) -> set[str]:
        """Return the abbreviations that the text explains."""
        return explained(self.texts)

    @cached_property
    def codes(self) -> set[str]:
        """Return the codes of letters and a number, such as “CD4”, that do not stand in square brackets."""
        return {code for text in self.texts for code in _CODE.findall(text)}

    def mentions(self, pattern: re.Pattern[str]) -> bool:
        """Return whether the pattern occurs in the text."""
        if pattern not in self.mentioned:
            self.mentioned[pattern] = any(pattern.search(text) for text in self.texts)
        return self.mentioned[pattern]


def _certain(sentence: Sentence, words: _KnownWords) -> re.Match[str] | None:
    """Return the first placeholder of the sentence that can be nothing else, or None."""
    text = sentence.text
    lower = text.lower()
    if any(phrase in lower for phrase in _PHRASES) and (phrase := _PHRASE.search(text)):
        return phrase
    if note := _NOTE.search(text):
        return note
    # Most sentences have no such letters. To ask for them first takes a tenth of the time.
    for found in _CAPITALS.finditer(text) if "TK" in text or "xxx" in lower else ():
        if not (_is_roman_or_genetic(text, found, words) if found[0][0] in "Xx" else _is_other_tk(text, found, words)):
            return found
    for found in _COMMENT_MARK.finditer(text):
        if _is_attached(text, found) and not _is_explained_before(text, found):
            return found
    return None


def _possible(sentence: Sentence, words: _KnownWords) -> re.Match[str] | None:
    """Return the first expression of the sentence that may be a placeholder, or None. Quotations are ignored."""
    text = sentence.said
    for found in _POSSIBLE.finditer(text) if any(letters in text for letters in _POSSIBLE_LETTERS) else ():
        if found[0] == "XX":
            if not _is_roman_or_genetic(text, found, words):
                return found
        elif found[0] == "REF":
            # In tables, “1.00 (REF)” is the group to which the others are compared.
            if sentence.kind not in CELLS and not before(text, found.start(), 3).strip(" ([").isdigit():
                return found
        elif found[0] not in words.abbreviations:
            return found
    for found in _COMMENT_MARK.finditer(text):
        is_other = _FORMULA.fullmatch(found[1]) or _is_explained_before(text, found)
        if not is_other and found[0][1:-1] not in words.codes:
            return found
    return None


def _is_attached(text: str, found: re.Match[str]) -> bool:
    """Return whether a word of several letters or a punctuation mark stands right before the match."""
    preceding = before(text, found.start(), 3)
    return len(preceding) == 3 and (preceding[1:].isalpha() and preceding[1:].islower() or preceding[-1] in ".,;:!?”’")


def _is_explained_before(text: str, found: re.Match[str]) -> bool:
    return stands_for(found[1], before(text, found.start(), 60))


def _is_roman_or_genetic(text: str, found: re.Match[str], words: _KnownWords) -> bool:
    """Return whether the letters X are a number or chromosomes."""
    if _NUMBERED.search(before(text, found.start(), 12)) or _CENTURY.match(text, found.end()):
        return True
    return before(text, found.start(), 1) == "," or words.mentions(_GENETICS)


def _is_other_tk(text: str, found: re.Match[str], words: _KnownWords) -> bool:
    """Return whether “TK” is an enzyme, an abbreviation that the text explains, or a person's initials."""
    if found[0] != "TK":
        return False
    if _SURNAME.match(text, found.end()):
        return True
    if _INITIALS_AFTER.search(before(text, found.start(), 40)) and _NEXT_AUTHOR.match(text, found.end()):
        return True
    return "TK" in words.abbreviations or words.mentions(_KINASE)


CHECKS = (placeholders_replaced,)
