"""Make slugs from names and titles. Letters such as “ø”, which Unicode does not decompose, become ASCII letters."""

from django.utils.text import slugify

from core.text import normalised

# The letters that Unicode does not decompose, as the transform Latin-ASCII of the Unicode CLDR writes them
# (https://github.com/unicode-org/cldr/blob/main/common/transforms/Latin-ASCII.xml), in lower case, because addresses
# are. `slugify` alone leaves them out: “Łukasz” would be “ukasz”.
_LATIN = {
    "ae": "æ",
    "b": "ƀɓƃ",
    "c": "ƈȼ",
    "d": "ðđɖɗƌ",
    "e": "ǝəɛɇ",
    "f": "ƒ",
    "g": "ɠǥ",
    "h": "ħ",
    "i": "ıɨɩ",
    "j": "ɉ",
    "k": "ƙ",
    "l": "łƚɫ",
    "n": "ŋƞɲ",
    "o": "øɵɔ",
    "oe": "œ",
    "p": "ƥ",
    "q": "ĸɋ",
    "r": "ɍ",
    "s": "ȿ",
    "ss": "ß",
    "t": "ŧƫƭʈⱦ",
    "th": "þ",
    "u": "ʉ",
    "v": "ʋ",
    "y": "ƴɏ",
    "z": "ƶȥɀ",
}
_LETTERS = str.maketrans({letter: written for written, letters in _LATIN.items() for letter in letters})


def slug_of(text: str, longest: int = 70) -> str:
    """Return the text as the last part of an address: ASCII letters in lower case, digits and hyphens.

    It has at most `longest` characters, and is empty for a text without a Latin letter or digit.
    """
    return slugify(normalised(text, "NFKD").lower().translate(_LETTERS))[:longest].strip("-_")


def heading_anchor(words: str) -> str:
    """Return the anchor of a heading with these words, without the number that tells equal headings apart.

    It consists of ASCII letters in lower case, digits, hyphens and underscores, and begins with a letter or a digit.
    """
    base = slugify(normalised(words, "NFKD"))[:60].strip("-") or "section"
    # Anchors with these beginnings belong to the sources and the citation markers of the page.
    return f"section-{base}" if base.startswith(("source-", "mark-")) else base
