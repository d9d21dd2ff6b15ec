"""Tell a number in superscript that stands for a citation from an exponent, an isotope and the number of a table note.

Where it is not clear, the number counts as no citation. Pure.
"""

import re
from collections.abc import Iterable, Iterator

from checks.preflight.reading import CELLS, Sentence, before

# One number or several, as in “3,4” and “(3–5)”.
_NUMBERS = re.compile(r"\(?\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,40}\)?")
# The superscript digits of Unicode.
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED = re.compile(rf"[{_DIGITS}]{{1,3}}(?:[,–⁻-][{_DIGITS}]{{1,3}}){{0,40}}")
_NUMBER = re.compile(rf"[{_DIGITS}]+")
_OPENING_NUMBER = re.compile(rf"\(?([\d{_DIGITS}]{{1,2}})[.)]?\s")
_AS_PLAIN = str.maketrans(_DIGITS + "⁻", "0123456789-")
_AS_RAISED = str.maketrans("0123456789", _DIGITS)

_BETWEEN = re.compile(r"[\s(\[“\"«]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d\Z")
_PLAIN_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*")
_GREEK = re.compile(r"[Α-ω\u03d5]")
_LONG_WORD = re.compile(r"(?<![^\W\d_])[a-z]{4,}(?![^\W\d_])")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may have an exponent, as a word on its own.
_UNITS = _words(
    "m mm cm dm km nm µm μm in ft yd mi sq s sec secs min h hr g mg kg µg l ml dl mol mmol nmol pmol pg ng px "
    "metre metres meter meters centimetre centimetres centimeter centimeters millimetre millimetres millimeter "
    "millimeters kilometre kilometres kilometer kilometers micrometre micrometres micrometer micrometers inch inches "
    "foot feet yard yards mile miles second seconds minute minutes hour hours rad rads radian radians degree degrees "
    "pixel pixels voxel voxels unit units"
)
_MATHS = _words(
    "log ln lg exp sin cos tan sinh cosh tanh chi eta phi psi rho tau sigma omega alpha beta gamma delta epsilon kappa "
    "lambda theta"
)
# What is squared or cubed in formulas.
_QUANTITIES = _words(
    "age height weight length width time distance radius diameter dose speed velocity size bmi year years day days term"
)
# What may be followed by the number of an isotope.
_ELEMENTS = _words(
    "americium barium caesium calcium carbon cesium chlorine chromium cobalt copper fluorine gallium gold helium "
    "hydrogen indium iodine iridium iron krypton lead lutetium magnesium nitrogen oxygen palladium phosphorus "
    "plutonium polonium potassium radium radon rhenium rubidium samarium selenium sodium strontium sulfur sulphur "
    "technetium thallium thorium tritium uranium xenon yttrium zinc zirconium"
)
_ORGANISATIONS = _words("BMJ CDC EFSA EMA EU FDA JAMA MHRA NASEM NHS NICE NIH ODS UK US USA USDA WHO")


def numbers_in_superscript(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Yield (offset, numbers) for each superscript of the sentence that looks like a citation.

    The numbers are written in superscript digits.
    """
    spans = [(start, end, sentence.text[start:end]) for start, end in sentence.raised]
    spans += [(found.start(), found.end(), found[0].translate(_AS_PLAIN)) for found in _RAISED.finditer(sentence.text)]
    for start, end, content in spans:
        numbers = content.strip()
        if _NUMBERS.fullmatch(numbers) and _stands_for_source(sentence.text, start, end, numbers):
            yield start, numbers.translate(_AS_RAISED)


def notes_of_tables(sentences: Iterable[Sentence]) -> set[str]:
    """Return the numbers, in superscript digits, that stand in a cell of a table and open a sentence as well."""
    in_cells: set[str] = set()
    at_starts: set[str] = set()
    for sentence in sentences:
        if opening := _OPENING_NUMBER.match(sentence.text):
            at_starts.add(opening[1].translate(_AS_RAISED))
        for start, numbers in numbers_in_superscript(sentence):
            if start and sentence.kind in CELLS:
                in_cells.update(_NUMBER.findall(numbers))
    return in_cells & at_starts


def cites_in_superscript(sentence: Sentence, notes: set[str]) -> Iterator[tuple[int, str]]:
    """Yield what `numbers_in_superscript` does, without the numbers of the notes of a table (`notes_of_tables`)."""
    for start, numbers in numbers_in_superscript(sentence):
        is_note = (not start or sentence.kind in CELLS) and notes.issuperset(_NUMBER.findall(numbers))
        if not is_note:
            yield start, numbers


def _stands_for_source(text: str, start: int, end: int, numbers: str) -> bool:
    """Return whether the superscript from `start` to `end` looks like a citation."""
    follower = text[end : end + 1]
    if follower.isalnum() or (follower and follower in "-–−/+(·×"):
        return False
    preceding = before(text, start).rstrip()
    if not preceding:
        return follower == " "
    last = preceding[-1]
    if last.isalpha():
        return _after_word(preceding, numbers)
    if last.isdigit():
        return bool(_YEAR.search(preceding))
    if last == ")":
        inner = preceding[preceding.rfind("(") + 1 : -1]
        if _YEAR.fullmatch(inner):
            return True
        return numbers not in ("2", "3") and bool(_LONG_WORD.search(inner)) and not set(inner) & set("/+=×·*^")
    if last in "'’″′":
        return len(preceding) > 1 and preceding[-2].isalpha()
    if last == ".":
        return not (numbers in ("2", "3") and _last_word(preceding[:-1]).lower() in _UNITS)
    return last in ',;:!?…”"%'


def _last_word(text: str) -> str:
    return _BETWEEN.split(text)[-1]


def _after_word(preceding: str, numbers: str) -> bool:
    """Return whether numbers in superscript after this text, which ends in a letter, look like a citation."""
    word = _last_word(preceding)
    if word in _ORGANISATIONS:
        return True
    # Units such as “kg/m”, and names with digits such as “CD4a”, are no plain words.
    if not _PLAIN_WORD.fullmatch(word) or _GREEK.search(word) or word.lower() in _UNITS | _MATHS:
        return False
    if not numbers.isdigit():
        return word.islower() or len(word) > 2
    last = re.split(r"['’-]", word)[-1]
    if word.lower() in _ELEMENTS or last.lower() in _ELEMENTS or len(last) < 2:
        return False
    if numbers in ("2", "3") and word.lower() in _QUANTITIES:
        return False
    # Symbols and names such as “Ca”, “PM”, “FGF” and “IgG” take numbers; words and surnames do not.
    return word.islower() or (len(word) > 2 and word.istitle())
