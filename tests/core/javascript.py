"""The string literals of a script, and which of them a person would see although they are not translated.

This is a reader of literals and brackets, not a parser. What it reports is certainly shown; a single lower-case word
that is shown cannot be told from a class or an event, and is not reported.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

GETTEXT = {"gettext", "ngettext", "pgettext", "npgettext", "gettext_noop"}
# Calls whose words are for developers.
NOT_SHOWN = re.compile(r"(?:Error|console\.\w+)$")
# Methods that put their arguments on the page. Words in the arguments of other methods are mostly names.
SHOWS = re.compile(r"(?:^|\.)(?:append|prepend|replaceChildren|replaceWith|before|after|alert|confirm)$")
ATTRIBUTES = "textContent|innerText|title|placeholder|alt|label|ariaLabel"
SHOWN_PLACE = re.compile(
    rf"\.(?:{ATTRIBUTES})\s*\+?=(?!=)[^;{{}}]*$"
    rf"|(?<![\w.])(?:{ATTRIBUTES})\s*:[^;,{{}}]*$"
    rf"""|setAttribute\(\s*["'](?:aria-label|aria-description|title|placeholder|alt)["']\s*,[^;]*$"""
)
COMPARED = re.compile(r"(?:[=!]=|\bcase)\s*$")
STARTS_REGEX = re.compile(r"(?:^|[(,=:\[!&|?{};>]|\breturn|\btypeof)\s*$")
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/\w*")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
QUOTED = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")
CALLED = re.compile(r"([\w$.?]*[\w$])\s*$")
SUBSTITUTED = "\0"

WORDS = re.compile(r"[^\W\d_]{2}")
CLAUSE = re.compile(r"(?:^|[\s“(\0])[A-Z][a-z’']*,? [a-z]")
END_OF_SENTENCE = re.compile(r"[a-z]+ (?:.*[ \0])?[a-z]{2,}[.?!…]$")
ONE_WORD = re.compile(r"[A-Z][a-z]{2,}[.:…!?]?")
MARKUP = re.compile(r"</?[a-z][^>]*>")
IN_MARKUP = re.compile(r"""(?:aria-label|title|placeholder|alt)="[^"\0]*[^\W\d_]{2}""")
NOT_LITERAL = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(GETTEXT))})\(\s*(?![\s\"'`])")


@dataclass(frozen=True)
class Literal:
    """A string or template: its text with SUBSTITUTED for each ${…}, its line, the code before it, and its bracket.

    `bracket` is "(", "[", "{" or "" for none; `call` is the name before the innermost "(" if that is the bracket.
    """

    text: str
    line: int
    before: str
    bracket: str
    call: str

    @property
    def is_translated(self) -> bool:
        return self.call in GETTEXT

    @property
    def is_shown(self) -> bool:
        """Return whether a person would see this text."""
        if self.is_translated or NOT_SHOWN.search(self.call) or not WORDS.search(self.text):
            return False
        if MARKUP.search(self.text):
            return bool(WORDS.search(MARKUP.sub(" ", self.text)) or IN_MARKUP.search(self.text))
        if CLAUSE.search(self.text) or END_OF_SENTENCE.search(self.text):
            return True
        if COMPARED.search(self.before):
            return False
        if self.bracket == "(" and self.call and "setAttribute" not in self.call:
            is_function = "." not in self.call and not re.search(rf"\bnew\s+{re.escape(self.call)}\($", self.before)
            return bool(ONE_WORD.fullmatch(self.text) and (is_function or SHOWS.search(self.call)))
        return bool(SHOWN_PLACE.search(self.before))


def literals(code: str) -> Iterator[Literal]:
    """Yield the literals of a script, those inside ${…} too."""
    yield from _Reader(code).read()


def problems(code: str) -> list[str]:
    """Return a line for each text that is shown untranslated, and each that gettext cannot find in a catalogue."""
    found = list(literals(code))
    lines = [f"{one.line}: not translated: {_plain(one.text)}" for one in found if one.is_shown]
    lines += [f"{one.line}: ${{…}} in gettext: {_plain(one.text)}" for one in found if _is_filled(one)]
    bare = COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), code)
    return lines + [f"{bare.count(chr(10), 0, at.start()) + 1}: not a literal" for at in NOT_LITERAL.finditer(bare)]


def _is_filled(literal: Literal) -> bool:
    return literal.is_translated and SUBSTITUTED in literal.text


def _plain(text: str) -> str:
    return text.replace(SUBSTITUTED, "${…}")


class _Reader:
    """Walks through a script once, with the brackets that are open."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.at = 0
        self.open: list[tuple[str, str]] = []

    def read(self, end: str = "") -> Iterator[Literal]:
        """Yield literals up to the end of the script, or up to the bracket `end` that closes a substitution."""
        depth = len(self.open)
        while self.at < len(self.code):
            sign, before = self.code[self.at], self.code[max(0, self.at - 300) : self.at]
            if comment := COMMENT.match(self.code, self.at):
                self.at = comment.end()
            elif quoted := QUOTED.match(self.code, self.at):
                yield self._literal(quoted.group()[1:-1], self.at)
                self.at = quoted.end()
            elif sign == "`":
                yield from self._template()
            elif sign == "/" and STARTS_REGEX.search(before) and (regex := REGEX.match(self.code, self.at)):
                self.at = regex.end()
            elif sign == end and len(self.open) == depth:
                return
            else:
                if sign in "([{":
                    called = CALLED.search(before) if sign == "(" else None
                    self.open.append((sign, called.group(1) if called else ""))
                elif sign in ")]}" and self.open:
                    self.open.pop()
                self.at += 1

    def _template(self) -> Iterator[Literal]:
        start, text = self.at, ""
        self.at += 1
        while self.code[self.at] != "`":
            if self.code.startswith("${", self.at):
                self.at += 2
                self.open.append(("${", ""))
                yield from self.read("}")
                self.open.pop()
                text += SUBSTITUTED
                self.at += 1
            else:
                step = 2 if self.code[self.at] == "\\" else 1
                text += self.code[self.at : self.at + step]
                self.at += step
        self.at += 1
        yield self._literal(text, start)

    def _literal(self, text: str, at: int) -> Literal:
        # Brackets that only group do not change whose argument a literal is.
        around = [one for one in self.open if one != ("(", "")]
        bracket, call = around[-1] if around else ("", "")
        return Literal(text, self.code.count("\n", 0, at) + 1, self.code[max(0, at - 300) : at], bracket, call)
