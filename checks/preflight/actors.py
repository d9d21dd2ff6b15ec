"""Decide who acts at a position in a tagged text: something of ours, nobody named, a pronoun or somebody else. Pure.

Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

import re
from enum import Enum

from checks.preflight.claim_words import MEDICAL_ACTOR, OURS, PRONOUN, STUDIED, THING

_REACH = 140  # characters in which the subject of a verb is looked for
_CLAUSE = re.compile(r"[.;:!?–—•(]| - |…")
_ASIDE = re.compile(r",? (?:say|says|said|writes?|notes?|according to) [^,]{0,40},", re.IGNORECASE)
# A tradition of healing is where something was used, not who acts: “used in Chinese medicine to treat …”.
_TRADITION = re.compile(
    r"\b(?:in|by|of|throughout) (?:the )?(?:traditional|oriental|chinese|ayurvedic|folk|herbal|alternative|eastern"
    r"|indian|ancient|native) (?:[\w-]+ )?(?:medicine|healers?|practitioners?|doctors?)\b",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r" (?:to )?(?:aids?|supports?|helps?|assists?) (?:the |your |our |human )*(?:(?:body|bodies)['’]s? |own |natural )*"
    r"(?:immune system|immunity|defen[cs]es)(?: to| in)? $|"
    r" (?:helps?|allows?|lets?|enables?|assists?|gets?|supports?|works? with) (?:you|your body|the body|people|women"
    r"|men"
    r"|adults|patients|those|anyone|us|our bod(?:y|ies))(?: to)? $| \w+s you(?: \w+)? and $",
    re.IGNORECASE,
)
# The first of two promises on a label: “Supports the heart and lowers …”.
_PROMISE = re.compile(
    r"^\W*(?:(?:strengthen|boost|support|improve|enhance|promote|increase|maintain|provide|deliver|calm|help|balance"
    r"|restore"
    r"|nourish|energi[sz]e|sharpen|aid|stimulate)s?|amplif(?:y|ies))\b(?: [\w’'-]+,?){0,6} ?\Z",
    re.IGNORECASE,
)
# Words that may come before a verb whose subject is left out, as on a label: “Clinically shown to help prevent …”.
_LABEL_WORDS = re.compile(
    r"^\W*(?:(?:can|may|might|could|will|also|and|or|to|helps?|naturally|quickly|effectively|safely|gently|used|shown"
    r"|proven|known|clinically|developed|rapidly|gently|made|works?|great|good|designed|formulated|guaranteed"
    r"|yes|plus|even"
    r"|fast|that|which|totally"
    r"|completely|easily|instantly|useful|effective|for|in|by|at|benefits|may include|rapid|quick|instant|natural"
    r"|gentle"
    r"|lasting|long-lasting|experience|get|feel|enjoy|real|the|an?|percent|per cent|most|more|has|have|been|be"
    r"|is|are|an"
    r"|soothing|today|now|times|ingredients?|even|just|\d+)\b\W*)*\Z",
    re.IGNORECASE,
)
# A pronoun is the subject only if there are no other words than these between it and the verb.
_ONLY_HELPERS = re.compile(
    r"^\W*(?:(?:is|are|was) (?:an?|the|one of the) (?:[\w-]+ ){0,3})?(?:(?:can|may|might|could|will|would|also"
    r"|helps?|to|naturally|quickly|effectively|really|actually|even|often"
    r"|is|are|was|were|has|have|had|been|used|said|known|shown|proven|believed|thought|normally|usually|sometimes"
    r"|always|now|markedly|significantly|greatly|dramatically|rapidly|directly|works?|does|do|both|safely|not"
    r"|only|just|merely|an?|the|fast|and|all|i['’]s|['’]s|effective|useful|good|great|potent|powerful|natural"
    r"|best)\b\W*)*\Z",
    re.IGNORECASE,
)

# A line that names something of ours and then says what it is or does: “Mullein: a popular remedy for …”.
_NAMED_LINE = re.compile(rf"\W*(?:[\w’'-]+ ){{0,3}}{OURS}(?: [\w’'-]+)?\s*(?:[:–—(]| - ?)")


class Actor(Enum):
    """Who acts in a claim."""

    OURS = "something that we sell or write about"
    UNNAMED = "nobody named, as on a label"
    PRONOUN = "a pronoun whose meaning is unknown"
    MEDICAL = "a professional, a therapy, a way of life, the body or the reader"
    OTHER = "something else"


def actor(text: str, place: int, previous: str = "") -> Actor:
    """Return who acts at the offset `place` (in characters) of a tagged text.

    That is the last one whom the clause names before this offset. `previous` is the tagged sentence before the text, to
    which a pronoun may refer.
    """
    left = text[max(0, place - _REACH) : place]
    last = _CLAUSE.split(left)[-1]
    clause = _TRADITION.sub("", _ASIDE.sub(" ", last))
    clause = _HELPED.sub(" ", clause)
    who = _actor_in(clause, left[: len(left) - len(clause)], previous)
    if who in (Actor.UNNAMED, Actor.OTHER) and _NAMED_LINE.fullmatch(text[: place - len(last)].rstrip()):
        return Actor.OURS
    return who


def _actor_in(clause: str, earlier: str, previous: str) -> Actor:
    """Return who acts, from the words of the clause before the verb, the sentence before it and the previous one."""
    last, who, start = -1, Actor.OTHER, 0
    for pattern, kind in ((THING, Actor.OURS), (MEDICAL_ACTOR, Actor.MEDICAL), (PRONOUN, Actor.PRONOUN)):
        for found in pattern.finditer(clause):
            if found.end() > last:
                last, who, start = found.end(), kind, found.start()
    if last < 0:
        return Actor.UNNAMED if _LABEL_WORDS.match(clause) or _PROMISE.match(clause) else Actor.OTHER
    if who is not Actor.PRONOUN:
        return who
    if not _ONLY_HELPERS.match(clause[last:]):
        return Actor.OTHER
    word = clause[start:last].lower()
    if word == "we":
        return Actor.OURS
    if clause[:start].strip(" ,"):
        # The pronoun stands for what the sentence named before it.
        nearer = _actor_in(clause[:start], earlier, previous)
        if nearer is not Actor.UNNAMED and nearer is not Actor.OTHER:
            return nearer
    for words in (earlier, previous):
        things = [(found.end(), Actor.OURS) for found in THING.finditer(words)]
        others = [(found.end(), Actor.MEDICAL) for found in MEDICAL_ACTOR.finditer(words)]
        if things or others:
            return max(things + others, key=lambda each: each[0])[1]
    return Actor.PRONOUN


def is_studied(text: str, place: int) -> bool:
    """Return whether the 160 characters before the offset `place` say that the matter was studied or is in question."""
    return bool(STUDIED.search(text[max(0, place - 160) : place]))
