"""The verbs by which something acts on a disease, with their forms. Pure.

Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from checks.preflight.draft import WordLists

# Verbs with their forms: base, third person, past, participle.
_IRREGULAR = {
    "beat": "beats beat beaten beating",
    "fight": "fights fought fighting",
    "stop": "stops stopped stopping",
    "combat": "combats combated combatted combating combatting",
    "shrink": "shrinks shrank shrunk shrinking",
    "cut": "cuts cut cutting",
    "control": "controls controlled controlling",
    "curb": "curbs curbed curbing",
    "quell": "quells quelled quelling",
    "attack": "attacks attacked attacking",
    "help": "helps helped helping",
    "slow": "slows slowed slowing",
    "block": "blocks blocked blocking",
    "break": "breaks broke broken breaking",
    "expel": "expels expelled expelling",
}
# Verbs that imply by themselves that something acts on a disease.
_STRONG = """
battle obliterate crush zap smash
treat cure prevent heal remedy reverse fight combat beat conquer defeat eliminate eradicate banish kill destroy halt
vanquish
"""
# Verbs that imply it only with a disease, a symptom or a biomarker as their object.
_SOFT = """
relieve ease alleviate reduce lessen lower decrease diminish soothe control manage inhibit suppress block slow delay
mitigate improve counter counteract tackle target correct clear stop minimise minimize help benefit address resolve
repair erase dissolve shrink attack neutralise neutralize disable curb tame cut abolish quell expel solve stabilise
stabilize normalise normalize regulate balance penetrate end defy hinder impede restrain thwart
"""
_PHRASES = """
protect against; protect from; protect you from; protect yourself from; protect your family from; guard against
defend against; ward off; fend off; stave off; clear up; knock out; work against; act against; help with; help against
flush out; break down
"""
_IRREGULAR_PHRASES = """
bring down; brings down; brought down; bringing down; do away with; does away with; did away with; doing away with
put an end to; puts an end to; putting an end to; keep away; keeps away; kept away; keeping away
overcome; overcomes; overcame; overcoming; wipe out; wipes out; wiped out; wiping out
deal with; deals with; dealt with; dealing with; get rid of; gets rid of; got rid of; getting rid of; drops; dropped
"""


class Verbs:
    """The verbs that act on a disease: those of this module and those added by editors, without the excluded ones."""

    def __init__(self, added: tuple[str, ...], excluded: tuple[str, ...]) -> None:
        """Take the verbs that editors have added and excluded, in their base forms, such as “do away with”."""
        left_out = {form for verb in excluded for form in _forms(verb.lower())}
        strong = [form for verb in _STRONG.split() for form in _forms(verb)]
        added_forms = [form for verb in added for form in _forms(verb.lower())]
        soft = [form for verb in [*_SOFT.split(), *_listed(_PHRASES)] for form in _forms(verb)]
        forms = {*strong, *soft, *_listed(_IRREGULAR_PHRASES), *added_forms} - left_out
        self._any = re.compile(rf"\b(?:{_either(forms)})\b", re.IGNORECASE)
        self._first_words = frozenset(form.split()[0] for form in forms)
        self._strong = re.compile(rf"(?:{_either(strong)})\Z", re.IGNORECASE)
        self._added = frozenset(added_forms)

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Yield a match for each form of these verbs in the text, from left to right.

        The first word of each form is looked up before the pattern is tried, because the pattern is long.
        """
        end = 0
        for word in _LETTERS.finditer(text):
            if word.start() >= end and word[0].lower() in self._first_words:
                found = self._any.match(text, word.start())
                if found:
                    end = found.end()
                    yield found

    def is_strong(self, verb: str) -> bool:
        """Return whether this form of a verb alone implies that something acts on a disease, as “cures” does."""
        return bool(self._strong.match(verb))

    def is_added(self, verb: str) -> bool:
        """Return whether this is a form of a verb that editors have added."""
        return verb.lower() in self._added


@lru_cache(maxsize=8)
def claim_verbs(lists: WordLists) -> Verbs:
    """Return the verbs of health claims: those of this module and those added by editors, without the excluded ones."""
    return Verbs(lists.verbs, lists.excluded)


_LETTERS = re.compile(r"[^\W\d_]+")


def _either(forms: set[str] | list[str]) -> str:
    """Return a pattern that matches any of these forms, the longest first."""
    return "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))


def _forms(verb: str) -> list[str]:
    """Return the forms of a verb, the base first."""
    base, _, rest = verb.partition(" ")
    if base in _IRREGULAR:
        forms = [base, *_IRREGULAR[base].split()]
    elif base.endswith("e"):
        forms = [base, f"{base}s", f"{base}d", f"{base[:-1]}ing"]
    elif base.endswith("y") and base[-2] not in "aeo":
        forms = [base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"]
    else:
        forms = [base, f"{base}{'es' if base.endswith(('s', 'sh', 'x')) else 's'}", f"{base}ed", f"{base}ing"]
    return [f"{form} {rest}".strip() for form in forms]


def _listed(block: str) -> list[str]:
    """Return the phrases in a block, which are separated by semicolons and line breaks."""
    return [phrase.strip() for line in block.splitlines() for phrase in line.split(";") if phrase.strip()]
