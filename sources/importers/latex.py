"""Decode and encode LaTeX as bibliographies use it: accents, symbols, a little mathematics. Pure.

The text is read once, without recursion. An unknown macro stays as it was typed, because people notice a wrong
character but not a missing one.
"""

import re
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db
from pylatexenc.macrospec import LatexContextDb

from core.text import normalised

TOKEN = re.compile(r"\\([A-Za-z]+)[ \t]*|\\(.)|([{}])|(---|--|``|'')|([$~])|([^\\{}$~\-`']+|.)", re.DOTALL)
ACCENTS = {
    **{"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", '"': "\u0308", ".": "\u0307"},
    **{"u": "\u0306", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328"},
    **{"b": "\u0331", "textcommabelow": "\u0326", "ocirc": "\u030a", "overline": "\u0305", "t": "\u0361"},
    # The same accents in mathematics.
    **{"grave": "\u0300", "acute": "\u0301", "hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "ddot": "\u0308"},
    **{"breve": "\u0306", "dot": "\u0307", "check": "\u030c", "vec": "\u20d7"},
}
WORDS = {
    **{"i": "ı", "j": "ȷ", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł"},
    **{"L": "Ł", "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ"},
    **{"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~"},
    **{"textasciicircum": "^", "textless": "<", "textgreater": ">", "textbar": "|", "textquotedbl": '"'},
    **{"lbrace": "{", "rbrace": "}", "backslash": "\\", "textdegree": "°", "textmu": "µ", "slash": "/"},
    **{"textquotesingle": "'", "textendash": "–", "textemdash": "—", "textellipsis": "…", "ldots": "…", "dots": "…"},
    **{"textregistered": "®", "texttrademark": "™", "textcopyright": "©", "leq": "≤", "geq": "≥", "times": "×"},
    **{"textunderscore": "_", "textdollar": "$", "textsection": "§", "textasteriskcentered": "*"},
    **{"TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "hyphen": "-", "cprime": "ʹ", "quad": " ", "qquad": " "},
    # biblatex's punctuation.
    **{
        "space": " ",
        "addspace": " ",
        "addcomma": ",",
        "addsemicolon": ";",
        "addcolon": ":",
        "adddot": ".",
        "slash": "/",
    },
}
SIGNS = {sign: sign for sign in "&%#_${}"} | dict.fromkeys(" \\,;:", " ")
# Macros that only change the appearance of their argument.
LOOKS = frozenset(
    (
        *("emph", "textit", "textbf", "textrm", "textsc", "texttt", "textsf", "textsl", "textup"),
        *("textnormal", "text", "mathrm", "mathit", "mathbf", "mathsf", "mbox", "url", "em", "it", "bf"),
        *("rm", "sc", "sl", "tt", "sf", "ensuremath", "protect", "relax", "path", "nolinkurl", "uppercase"),
        *("textsuperscript", "textsubscript", "left", "right", "bibinfo", "mathregular", "textmd", "null"),
        *("mkbibemph", "mkbibitalic", "mkbibbold", "mathcal", "mathbb", "bibcyr", "pno", "ppno"),
        *("aftergroup", "ignorespaces", "singleletter"),
    )
)
# Macros that put their argument in quotation marks.
QUOTES = frozenset(("enquote", "mkbibquote"))
LIGATURES = {"---": "—", "--": "–", "``": "“", "''": "”"}
BELOW = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
ABOVE = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
# Letters in a row of which every one has such a form.
LETTERS_BELOW = str.maketrans("aehijklmnoprstuvxβγρφχ", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
LETTERS_ABOVE = str.maketrans("in", "ⁱⁿ")
# Text between dollar signs is mathematics only if it looks like it. “$5 to $10” is money, “$p < 0.05$” is not.
MATHS = re.compile(
    r"(?<!\\)\$((?:[^$\s\\]|\\.){1,200}|\s[^\W\d_]\s|[^$]{0,200}[\\^_][^$]{0,200}?|(?=[^$\d])[^$=<>]{1,20}[=<>][^$]{1,40})"
    r"(?<!\\)\$"
)
DEGREES = re.compile(r"\^\s*(?:\{\s*(?:\\(?:circ|degree)|∘|°)\s*\}|\\(?:circ|degree)(?![A-Za-z])|∘|°)\s*")
MACRO_LAST = re.compile(r"\\[A-Za-z]+\Z")
UPRIGHT = re.compile(r"\\(?:(?:text|math)(?:rm|sf|it|bf)?|mbox)\{([^{}]{1,40})\}")
# The names that AMS styles and Mathematical Reviews give to “^” and “_”.
SPELLED_SCRIPT = re.compile(r"\\s([pb])(?![A-Za-z])\s*")
# A place where an upright text begins right after a macro, whose name it would otherwise join.
AFTER_MACRO = re.compile(r"(?<=[A-Za-z])(?=\\(?:text|math))")
# Commands that print nothing but a space, with their argument: a group or, for a phantom, an escaped brace.
SPACE = re.compile(r"\\[hv]space\*?\{[^{}]{0,40}\}|\\[hv]?phantom(?![A-Za-z])(?:\{(?:\\.|[^{}\\]){0,40}\}|\\[{}])?")
# Commands that do not print their argument: environments, and those that only sort (xampl.bib, biblatex's examples).
UNPRINTED = re.compile(r"\\(?:noopsort|sortnoop|begin|end)\s*\{[^{}]{0,80}\}", re.IGNORECASE)
# LaTeX's own signs around mathematics.
INLINE_MATHS = re.compile(r"(?<!\\)\\[()]")
# The URL of a link, which is dropped; only the text of the link is shown.
LINK = re.compile(r"\\href\s*\{[^{}]*\}")
SCRIPT = re.compile(
    r"\\textsu(?P<which>b|per)script\{(?P<figures>[0-9+-]{1,8})\}|([_^])(?:\{([0-9+-]{1,8})\}|([0-9+-]))"
)
WORD_SCRIPT = re.compile(r"([_^])(?:\{([^{}]{1,40})\}|([^\W\d_]))")
# A comment of LaTeX at the end of a line.
COMMENT = re.compile(r"(?<!\\)%[^\n]{0,200}\n\s*")


def decode(text: str) -> str:
    """Return LaTeX as plain text. Never raise an exception."""
    if not text:
        return ""
    if "\\(" in text and "\\)" in text:
        text = INLINE_MATHS.sub("$", text)
    if "$" in text:
        text = MATHS.sub(_maths, text)
    if "\\textsu" in text:
        text = re.sub(
            r"\\textsu(?:b|per)script\{[0-9+-]{1,8}\}", lambda match: SCRIPT.sub(_script, match.group()), text
        )
    if "space" in text or "phantom" in text:
        text = SPACE.sub("", text)
    if "\\" in text:
        text = UNPRINTED.sub("", text)
    if "\\href" in text:
        text = LINK.sub("", text)
    if "%" in text:
        text = COMMENT.sub(" ", text)
    if not any(sign in text for sign in "\\{}$~-`'"):
        return text
    out: list[str] = []
    accents: list[str] = []  # accents whose letter has not come yet
    closing: list[str] = []  # what each open brace puts where it closes
    opens_quote = False
    for word, sign, brace, ligature, active, plain in TOKEN.findall(text):
        if brace == "}" and accents:
            out += accents
            accents = []
        if brace == "{":
            out.append("“" if opens_quote else "")
            closing.append("”" if opens_quote else "")
            opens_quote = False
        if brace:
            out.append(closing.pop() if brace == "}" and closing else "")
            continue
        if word in QUOTES:
            opens_quote = True
            continue
        if (word and word in ACCENTS) or (sign and sign in ACCENTS):
            accents.append(word or sign)
            continue
        if word:
            shown = _word(word, bool(accents))
        elif sign:
            shown = SIGNS.get(sign, "" if sign in "-/!" else f"\\{sign}")
        else:
            shown = LIGATURES.get(ligature) or (" " if active == "~" else active) or plain
        if accents and shown:
            shown = shown.lstrip() or shown
            marks = "".join(ACCENTS[accent] for accent in reversed(accents))
            shown = normalised(shown[0] + marks) + shown[1:]
            accents = []
        out.append(shown)
    return "".join(out + accents)


def verbatim(text: str) -> str:
    """Return a URL or a number without LaTeX escapes, braces and the command `\\url`; the rest is taken literally."""
    if not any(sign in text for sign in "\\{}"):
        return text
    text = re.sub(r"\\(?:url|path|nolinkurl)\s*(?=\{)", "", text)
    text = re.sub(r"\\([&%#_$~^])(?:\{\})?", r"\1", text)
    escapes = (
        r"\\(textbackslash|textbraceleft|textbraceright|textasciitilde|textasciicircum|textunderscore)(?:\{\}|\s)?"
    )
    parts = re.split(escapes, text)
    return "".join(WORDS[part] if place % 2 else re.sub(r"\\?[{}]", "", part) for place, part in enumerate(parts))


def encode(text: str) -> str:
    """Return the text as LaTeX, with accents in UTF-8. `decode(encode(text)) == text`."""
    text = "".join(ESCAPES.get(sign, sign) for sign in text)
    return re.sub(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')", "{}", text)


def encode_verbatim(text: str) -> str:
    """Return a URL or a number with the escapes that BibTeX needs. `verbatim(encode_verbatim(text)) == text`."""
    return "".join(ESCAPES[sign] if sign in "\\{}" else sign for sign in text)


ESCAPES = {
    **{sign: f"\\{sign}" for sign in "&%#_$"},
    **{"\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}"},
    **{"~": "\\textasciitilde{}", "^": "\\textasciicircum{}"},
}


def _word(name: str, has_accent: bool) -> str:
    """Return the text for a macro, "" if it only changes the appearance, or the macro itself if it is unknown."""
    if has_accent and name in ("i", "j"):
        return name
    if name in LOOKS:
        return ""
    return WORDS.get(name) or _symbol(name) or f"\\{name} "


@cache
def _symbols() -> LatexContextDb:
    return get_default_latex_context_db()


def _symbol(name: str) -> str:
    r"""Return the character for a macro without arguments (“alpha”) from pylatexenc's table, or "".

    Only the table is used. pylatexenc's converter would run a macro without its arguments and raise an exception (for
    `\date`, `\href`, `\footnote` and others), log every such macro, and open files for `\input`.
    """
    shown = getattr(_symbols().get_macro_spec(name), "simplify_repl", None)
    return shown if isinstance(shown, str) and len(shown) == 1 and not shown.isspace() else ""


def _maths(match: re.Match[str]) -> str:
    """Return the inside of a formula, closed with “{}” after a macro, whose name would otherwise join the next word."""
    inside = SPELLED_SCRIPT.sub(lambda spelled: "^" if spelled[1] == "p" else "_", match.group(1).strip())
    inside = AFTER_MACRO.sub("{}", DEGREES.sub("°", inside))
    inside = SCRIPT.sub(_script, UPRIGHT.sub(r"\1", inside))
    inside = WORD_SCRIPT.sub(_word_script, inside)
    return f"{inside}{{}}" if MACRO_LAST.search(inside) else inside


def _script(match: re.Match[str]) -> str:
    """Return the match's figures as subscript or superscript characters."""
    which, figures, sign, group, one = match.groups()
    is_below = which == "b" or sign == "_"
    return (figures or group or one).translate(BELOW if is_below else ABOVE)


def _word_script(match: re.Match[str]) -> str:
    """Return letters below or above the line: as such characters if there are any, else as they are.

    One sign above the line that has no such character keeps its “^”, because “2^N” is not “2N”.
    """
    sign, group, one = match.groups()
    letters = group or one
    shown = letters.translate(LETTERS_BELOW if sign == "_" else LETTERS_ABOVE)
    if not set(letters) & set(shown):
        return shown
    return letters if sign == "_" or len(letters) > 1 else match.group()
