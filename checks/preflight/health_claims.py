"""Find the place at which a sentence claims to act on a disease, and how plainly it does. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from checks.preflight.claim_forms import noun_claims
from checks.preflight.claim_words import (
    EVERYDAY,
    HEDGE,
    IS_STRONG,
    MEDICAL_ACTOR,
    NORMAL,
    OBJECT,
    ORDINARY,
    OURS,
    PRONOUN,
    STUDIED,
    THING,
    actions,
)
from checks.preflight.language import is_denied
from checks.preflight.lexicon import Lexicon, TaggedText
from checks.preflight.vocabulary import DISEASE, GERM, MARKER, SYMPTOM

_FARTHEST = 90
_REACH = 140  # characters in which the subject of a verb is looked for
_CLAUSE = re.compile(r"[.;:!?–—•(]| - |…")
_ASIDE = re.compile(r",? (?:say|says|said|writes?|notes?|according to) [^,]{0,40},", re.IGNORECASE)
_HELPED = re.compile(
    r" (?:to )?(?:aids?|supports?|helps?|assists?) (?:the|your) immune system (?:in )?$|"
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
# What may stand before a verb whose subject is left out, as on a label: “Clinically shown to help prevent …”.
_LABEL_WORDS = re.compile(
    r"^\W*(?:(?:can|may|might|could|will|also|and|or|to|helps?|naturally|quickly|effectively|safely|gently|used|shown"
    r"|proven|known|clinically|developed|rapidly|gently|made|works?|great|good|designed|formulated|guaranteed|yes|plus|even"
    r"|fast|that|which|totally"
    r"|completely|easily|instantly|useful|effective|for|in|by|at|benefits|may include|rapid|quick|instant|natural"
    r"|gentle"
    r"|lasting|long-lasting|experience|get|feel|enjoy|real|the|an?|percent|per cent|most|more|has|have|been|is|are|an"
    r"|soothing|today|now|times|ingredients?|even|just|\d+)\b\W*)*\Z",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?:\w+ed|fought|beaten|got rid of|brought down|kept away|dealt with|shrank|shrunk)\b", re.IGNORECASE
)
_GERUND = re.compile(r"\w+ing\b", re.IGNORECASE)
_ABLE = re.compile(
    r"(?:effective|useful|helpful|beneficial|good|great|ideal|perfect|excellent|best|works?|working|wonderful|powerful"
    r"|potent|capable|known|amazing|essential|aids?|assists?|helps?|used|success(?:ful)?|ability|power)"
    r"(?: (?:for|in|at|by|of|when))? $|(?:aids?|assists?|helps?|supports?)(?: [\w-]+){1,4} in $",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    rf"\b(?:used|helps?|able|ability|designed|formulated|made|known|shown|proven|taken|developed|said|believed|thought"
    r"|found|fails?|works?|meant|created|enough|power|ways?|remed(?:y|ies)|products?|how|best|recommended|solution"
    r"|formula|tea|blend"
    rf"|reputed|claimed|guaranteed|key|potential|it|them|{OURS}|supplements?|likely|continues?|seems?|appears?|and"
    r"|need|want|looking|better|weapon|tool|ally)(?: (?:naturally|daily|internationally|traditionally|widely"
    r"|for centuries|every day))? "
    r"(?:to )?(?:help )?to (?:\w+ly )?$",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:used|known|shown|proven|guaranteed|designed|formulated|developed|made|sure|able)\b", re.IGNORECASE
)
_CURED = re.compile(r"(?:cured|healed|beat|reversed) (?:his|her|their|my|our) ", re.IGNORECASE)
_ADVICE = re.compile(r"\b(?:take|try|use|drink|choose|add|buy|order|sip|chew)\b", re.IGNORECASE)
_NOUN_BEFORE = re.compile(
    r"\b(?:a|an|the|of|in|no|any|this|its|their|your|with|birth|pain|pest|weight|health|more|some|better|good|poor"
    r"|immune|quality|risk|glucose|tight|such|first|one|cost) $",
    re.IGNORECASE,
)
# What seems to be the name of a product that is on no list.
_CAPITALS = re.compile(r"(?!The |A |In |This |These |Our )(?:[A-Z][\w’'-]+ ){2,}")
_EMERGENCY = re.compile(
    r"[^.;:]{0,50}? as (?:an? |the )?(?:medical |possible |real )*(?:emergency|sign|warning)\b", re.IGNORECASE
)
_PATIENT = re.compile(
    r"\b(?:are|is|be|been|being|was|were|get|getting|got|people|those|anybody|anyone|patients?|women|men|children"
    r"|adults)"
    r"(?: \w+)? treated for\b|\b(?:people|those|patients?|women|men|children|adults)(?: \w+)? treated with\b",
    re.IGNORECASE,
)
_WITNESS = re.compile(r"(?<![\w-])(?:my|me|I|I['’]ve|mine)(?![\w-])")
_PASSIVE = re.compile(
    r" (?:can|could|may|might|will|is|are|was|were)(?: often| easily| even| also| best| sometimes| all)*(?: be)?"
    r" (?:treated|cured|prevented|healed|remedied|relieved|eased|reversed|beaten|controlled|managed|reduced|lowered)"
    r" (?P<by>with|by|through|using|naturally)\b(?P<rest>.{0,40})",
    re.IGNORECASE,
)
# A pronoun is the subject only if nothing else is said between it and the verb.
_ONLY_HELPERS = re.compile(
    r"^\W*(?:(?:is|are|was) (?:an?|the|one of the) (?:[\w-]+ ){0,3})?(?:(?:can|may|might|could|will|would|also"
    r"|helps?|to|naturally|quickly|effectively|really|actually|even|often"
    r"|is|are|was|were|has|have|had|been|used|said|known|shown|proven|believed|thought|normally|usually|sometimes"
    r"|always|now|works?|does|do|both|safely|not"
    r"|only|just|merely|an?|the|fast|and|all|i['’]s|['’]s|effective|useful|good|great|potent|powerful|natural"
    r"|best)\b\W*)*\Z",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:placebo|compared (?:with|to)|participants|randomi[sz]ed|trials?|certainty|quality|treated|per cent"
    r"|control group|therapy|mg|follow-up|(?:we|review|authors) (?:\w+ )?found|evidence (?:that|shows)|usually"
    r"|prevalence|alone)\b|\d ?%",
    re.IGNORECASE,
)
_PLAIN_PRONOUN = re.compile(r"(?:cure|treat|heal|reverse)s\Z", re.IGNORECASE)
_MARKER_VERBS = re.compile(
    r"(?:reduc|lower|decreas|improv|control|manag|regulat|balanc|stabili|normali|drop|bring|brought|cut|diminish|lessen"
    r"|tackl|fight|fought|combat|revers|help (?:with)?|treat|address|optimi|enhanc)",
    re.IGNORECASE,
)
_NOT_ON_GERMS = re.compile(r"(?:help|improv|manag|balanc|regulat|benefit|treat|relie|eas|lower|reduc)", re.IGNORECASE)
_BACK = re.compile(r" (?:it|them|that|this)\b(?! (?:is|are|was|can|may|will))", re.IGNORECASE)


_HASHTAG = re.compile(r"(?<!\w)#(\w+)")
_CURE = re.compile(r"relief|cure|remedy|treatment|healing|heal|prevention|support|help", re.IGNORECASE)


_CURE_NOUN = re.compile(r"\b(?:cures?|remed(?:y|ies)|antidotes?)\b", re.IGNORECASE)


class Actor(Enum):
    """Who acts in a claim."""

    OURS = "something that we sell or write about"
    UNNAMED = "nobody named, as on a label"
    PRONOUN = "a pronoun whose meaning is unknown"
    MEDICAL = "a professional, a therapy, a way of life, the body or the reader"
    OTHER = "something else"


@dataclass(frozen=True, slots=True)
class HealthClaim:
    """The position in the sentence at which a claim begins, and whether it is made outright about what we sell."""

    place: int
    is_explicit: bool


@lru_cache(maxsize=2048)
def _tagged(text: str, lexicon: Lexicon) -> TaggedText:
    """Return the text with its terms tagged; cached, since each sentence is read again as the one before the next."""
    return TaggedText(text, lexicon)


def health_claim(text: str, previous: str, lexicon: Lexicon, *, is_cited: bool = False) -> HealthClaim | None:
    """Return the plainest claim that the text acts on a condition, a biomarker or a germ, or None if there is none.

    `previous` is the sentence before it in the same paragraph, in which a pronoun may be explained. In a
    text that cites its source (`is_cited`), what was seen is no claim: “zinc shortened colds”.
    """
    tagged = _tagged(text, lexicon)
    for hashtag in _HASHTAG.finditer(text):
        if condition := _condition_in(hashtag[1], lexicon):
            return HealthClaim(hashtag.start(), bool(_CURE.match(hashtag[1], condition)))
    before = _tagged(previous, lexicon).text if previous else ""
    found: HealthClaim | None = None
    for place, is_explicit in _all_claims(tagged.text, before, is_cited):
        if is_explicit:
            return HealthClaim(tagged.at(place), True)
        found = found or HealthClaim(tagged.at(place), False)
    return found


def _condition_in(hashtag: str, lexicon: Lexicon) -> int:
    """Return the length of the name of a condition with which a hashtag begins, or 0 if it begins with none."""
    for length in range(len(hashtag), 3, -1):
        if lexicon.tag_of(hashtag[:length]) in (DISEASE, SYMPTOM):
            return length
    return 0


def _all_claims(text: str, previous: str, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield the position of each claim in a tagged text, and whether it is explicit."""
    if re.search(OBJECT, text) and not _PATIENT.search(text):
        yield from _verb_claims(text, previous, is_cited)
        yield from _passive_claims(text)
    yield from _claims_about_it(text, previous)
    for place, is_explicit, needs_actor in noun_claims(text, previous):
        if not needs_actor:
            yield place, is_explicit
            continue
        who = actor(text, place, previous)
        if who is Actor.MEDICAL or _is_studied(text, place):
            continue
        if who is Actor.OTHER and _is_name(text):
            who = Actor.UNNAMED
        if who in (Actor.OURS, Actor.UNNAMED):
            yield place, is_explicit and not HEDGE.search(text[:place]) and not _RESULT.search(text)
        elif who is Actor.PRONOUN or (who is Actor.OTHER and _CURE_NOUN.search(text, place)):
            yield place, False


def _is_name(text: str) -> bool:
    """Return whether a tagged text is so short, and without a verb, that it is a name or a slogan."""
    return len(text.split()) <= 6 and not re.search(r"\b(?:is|are|was|were|has|have|had|can|may|will|do|does)\b", text)


def _verb_claims(text: str, previous: str, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield the claims in which a verb acts on a condition that follows it."""
    verbs = [found for found in actions(text) if not _NOUN_BEFORE.search(text[: found.start()][-20:])]
    ends = [verb.end() for verb in verbs]
    for thing in re.finditer(OBJECT, text):
        near = slice(bisect_left(ends, thing.start() - _FARTHEST), bisect_left(ends, thing.start()))
        for action in verbs[near]:
            if not _fits(action[0], thing[0]) or not acts_on(text[action.end() : thing.start()]):
                continue
            if _EMERGENCY.match(text, thing.end()) or is_denied(text, action.start()):
                continue
            if thing[0] == SYMPTOM and EVERYDAY.search(text, action.start(), thing.end() + 40):
                continue
            if thing[0] == MARKER and NORMAL.search(text):
                continue
            claim = _weigh(text, action, previous, is_cited)
            if claim is not None:
                yield action.start(), claim


def _fits(verb: str, thing: str) -> bool:
    """Return whether this verb says that such a thing is acted on: values are lowered, germs are killed."""
    if thing == MARKER:
        return bool(_MARKER_VERBS.match(verb))
    return not (thing == GERM and _NOT_ON_GERMS.match(verb))


def acts_on(between: str) -> bool:
    """Return whether these words between a verb and a condition connect the two, so that the verb acts on it."""
    if not between.startswith((" ", ",", ":")) or len(between) > _FARTHEST or re.search(r"[.;()?!]", between):
        return False
    words = re.findall(r"[\w’'/-]+", re.sub(rf"(?:{OBJECT})", " ", between).lower())
    others = [place for place, word in enumerate(words) if word not in ORDINARY]
    # One other word may come right before the condition or before “of”, as in “formation of kidney stones”.
    return not others or (len(others) == 1 and _links(words[others[0] + 1 :], between))


def _links(after: list[str], between: str) -> bool:
    """Return whether an unknown word may stand there, given the words after it: before “of”, “and” or the condition."""
    return not after or after[0] == "of" or (after[0] == "and" and ", and" not in between)


def _weigh(text: str, action: re.Match[str], previous: str, is_cited: bool) -> bool | None:
    """Return whether this act of a verb on a condition is an explicit claim; None if it is no claim at all."""
    left = text[: action.start()]
    if _is_studied(text, action.start()):
        return None
    who = actor(text, action.start(), previous)
    witness = bool(_WITNESS.search(text))
    if who is Actor.MEDICAL and not (witness and not re.search(r"\b(?:doctor|therapy|you)\b", left)):
        return None
    hedged = bool(HEDGE.search(left[-60:]))
    plain = (who is Actor.OURS or who is Actor.UNNAMED) and not _RESULT.search(text)
    if re.match(r"\W*to help $", left, re.IGNORECASE):
        return None
    if re.search(r"\bto (?:\w+ly )?$", left, re.IGNORECASE) and not re.search(
        r"(?:helps?|helped|help) to $", left, re.IGNORECASE
    ):
        if not _PURPOSE.search(left):
            return None
        if re.search(rf"{OURS} to $", left):
            return plain and bool(_ADVICE.search(left))
        return plain and not hedged and (who is Actor.OURS or bool(_SHOWN.search(left)))
    if _GERUND.match(action[0]):
        if _ABLE.search(left):
            return plain and not hedged
        if not left.strip() and re.search(rf"\b(?:with|through|by) {OURS}|\bnaturally\b", text):
            return False
        return False if re.search(rf"{OURS} for $", left) and not MEDICAL_ACTOR.search(left) else None
    if _PAST.match(action[0]):
        if witness:
            return True
        if who is Actor.OTHER and _CURED.search(text[action.start() :]):
            return False
        return False if who is Actor.OURS and not is_cited and not _RESULT.search(text) else None
    if who is Actor.OTHER:
        named = _CAPITALS.match(left)
        plainly = (IS_STRONG.match(action[0]) or named) and action[0].endswith("s")
        return False if plainly else None
    if who is Actor.PRONOUN:
        return bool(_PLAIN_PRONOUN.match(action[0])) and not hedged
    if who is Actor.UNNAMED and not action[0].split()[0].lower().endswith("s") and not _is_label(text, action):
        return False if _is_slogan(text, action) else None
    return plain and not hedged


def _is_label(text: str, action: re.Match[str]) -> bool:
    """Return whether a verb in its base form without a subject reads as on a label, not as advice to the reader."""
    follows = text[action.end() :]
    begins = text.lstrip()[:1].islower() or re.match(r"\W*\w+s\b", text)
    return bool(begins and action[0][0].islower()) or bool(
        THING.search(follows) or re.search(r"\bnatural(?:ly)?\b", follows)
    )


def _is_slogan(text: str, action: re.Match[str]) -> bool:
    """Return whether a sentence without a subject is short and addresses nobody: “Reduce stress and anxiety”."""
    return len(text.split()) <= 7 and not re.search(r"\b(?:you|your|by|if|when|to|should|do)\b", text, re.IGNORECASE)


def actor(text: str, place: int, previous: str = "") -> Actor:
    """Return who acts at this position of a tagged text: the last one named before it in its clause."""
    left = text[max(0, place - _REACH) : place]
    clause = _ASIDE.sub(" ", _CLAUSE.split(left)[-1])
    clause = _HELPED.sub(" ", clause)
    return _actor_in(clause, left[: len(left) - len(clause)], previous)


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


def _is_studied(text: str, place: int) -> bool:
    """Return whether the words before this position say that the matter was studied or is in question."""
    return bool(STUDIED.search(text[max(0, place - 160) : place]))


def _passive_claims(text: str) -> Iterator[tuple[int, bool]]:
    """Yield the claims in which a condition is acted on, as in “depression can be treated with saffron”."""
    for thing in re.finditer(f"[{DISEASE}{SYMPTOM}{MARKER}]", text):
        passive = _PASSIVE.match(text, thing.end())
        if passive is None or is_denied(text, thing.start()) or _is_studied(text, thing.start()):
            continue
        if passive["by"].lower() == "naturally":
            yield thing.start(), True
            continue
        ours, medical = THING.search(passive["rest"]), MEDICAL_ACTOR.search(passive["rest"])
        if ours and not (medical and medical.start() < ours.start()):
            yield thing.start(), not HEDGE.search(passive[0])


def _claims_about_it(text: str, previous: str) -> Iterator[tuple[int, bool]]:
    """Yield the claims that name their condition in the sentence before: “Do you have gout? Cherries cure it.”"""
    asks = previous.rstrip().endswith("?") or re.search(r"\b(?:not|n['’]t) (?:just|only|merely)\b", previous)
    if not _BACK.search(text) or not re.search(OBJECT, text + previous):
        return
    for action in actions(text):
        named = re.search(OBJECT, text[max(0, action.start() - 60) : action.start()]) or (
            asks and re.search(OBJECT, previous)
        )
        if named and _BACK.match(text, action.end()) and not is_denied(text, action.start()):
            who = actor(text, action.start(), previous)
            if who in (Actor.OURS, Actor.PRONOUN) and (IS_STRONG.match(action[0]) or re.match(OBJECT, named[0])):
                yield action.start(), who is Actor.OURS or bool(_PLAIN_PRONOUN.match(action[0]))
