"""Find where a sentence claims that something acts on a disease, and whether the claim is explicit. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checks.preflight.actors import Actor, actor, is_studied
from checks.preflight.claim_forms import noun_claims
from checks.preflight.claim_words import (
    EVERYDAY,
    HEDGE,
    MEDICAL_ACTOR,
    NORMAL,
    OBJECT,
    ORDINARY,
    OURS,
    THING,
)
from checks.preflight.elisions import Unbroken
from checks.preflight.label_forms import is_fragment
from checks.preflight.language import is_denied
from checks.preflight.lexicon import Lexicon, TaggedText
from checks.preflight.looser_claims import is_unknown_subject, looser_claims
from checks.preflight.loosest_claims import ELSEWHERE, counts, loosest_claims
from checks.preflight.unlisted_products import claims_of_unlisted_products
from checks.preflight.verbs import Verbs
from checks.preflight.vocabulary import DISEASE, GERM, MARKER, MEDICINE, SYMPTOM

_FARTHEST = 90
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
    r"(?:to )?(?:help )?to (?:help )?(?:\w+ly (?:and \w+ly )?)?$|\bused (?:[\w-]+ ){1,6}to (?:help )?$",
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
# Probably the name of a product that is on no list.
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
# “I” as a number: “stage I cancers are treated …”. It is read as “1”, so that it is no witness.
_ROMAN_ONE = re.compile(r"\b(stage|type|phase|grade|class|factor|level|part|bipolar|angiotensin) I\b", re.IGNORECASE)
_WITNESS = re.compile(r"(?<![\w-])(?:[Mm]y|me|I|I['’]ve|mine)(?![\w-])")
_PASSIVE = re.compile(
    r" (?:can|could|may|might|will|is|are|was|were)(?: often| easily| even| also| best| sometimes| all)*(?: be)?"
    r" (?:treated|cured|prevented|healed|remedied|relieved|eased|reversed|beaten|controlled|managed|reduced|lowered)"
    r" (?P<by>with|by|through|using|naturally)\b(?P<rest>.{0,40})",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:placebo|compared (?:with|to)|participants|randomi[sz]ed|trials?|certainty|quality|treated|per cent"
    r"|control group|therapy|mg|follow-up|(?:we|review|authors) (?:\w+ )?found|evidence (?:that|shows)|usually"
    r"|prevalence|alone)\b|\d ?%",
    re.IGNORECASE,
)
_ONLY_HEDGED = re.compile(r"\W*(?:can|may|might|could|helps?)(?: (?:also|even|help))?(?: to)? \Z", re.IGNORECASE)
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


# What comes before a finite verb in its base form, and subjects of which it is no claim.
_MODAL = re.compile(
    r"\b(?:can|could|may|might|will|helps?|to help)(?: (?:also|even|really|actually|help|to|[a-z]+ly)){0,3} \Z",
    re.IGNORECASE,
)
# “Stents can …”: a plural that no list knows is seldom a plant or a product.
_ONLY_A_PLURAL = re.compile(r"\W*(?:[\w’'-]+ ){0,2}[\w’'-]+s (?:can|could|may|might|will|help)\b", re.IGNORECASE)
_NOT_OTHERS = re.compile(
    rf"{MEDICAL_ACTOR.pattern}|{ELSEWHERE.pattern}"
    r"|\b(?:stents?|anti\w+|boil\w*|heat\w*|cook\w*|soaps?|bleach|disinfect\w*|\w+ectomy|freez\w+)\b|\A\W*to help\b",
    re.IGNORECASE,
)
_CURE_NOUN = re.compile(r"\b(?:cures?|remed(?:y|ies)|antidotes?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HealthClaim:
    """A claim in a sentence: the offset at which it begins, and whether it is explicit and about what we sell."""

    place: int
    is_explicit: bool


@lru_cache(maxsize=2048)
def _tagged(text: str, lexicon: Lexicon) -> TaggedText:
    """Return the text with its terms tagged. Cached, because each sentence is also read as the one before the next."""
    return TaggedText(text, lexicon)


def health_claim(
    text: str, previous: str, lexicon: Lexicon, verbs: Verbs, *, is_cited: bool = False
) -> HealthClaim | None:
    """Return the first explicit claim in the sentence `text` that something acts on a condition, biomarker or germ.

    If no claim is explicit, return the first of the others, or None if there is none. A hashtag that begins with a
    condition comes before all other claims, explicit or not. `previous` is the sentence before it in the same
    paragraph, to which a pronoun may refer. In a text that cites its source (`is_cited`), a past result such as “zinc
    shortened colds” is not a claim.
    """
    unbroken = Unbroken(_ROMAN_ONE.sub(r"\1 1", text))
    tagged = _tagged(unbroken.text, lexicon)
    for hashtag in _HASHTAG.finditer(text):
        if condition := _condition_in(hashtag[1], lexicon):
            return HealthClaim(hashtag.start(), bool(_CURE.match(hashtag[1], condition)))
    before = _tagged(Unbroken(previous).text, lexicon).text if previous else ""
    found: HealthClaim | None = None
    for place, is_explicit in _all_claims(tagged.text, before, verbs, is_cited):
        if is_explicit:
            return HealthClaim(unbroken.at(tagged.at(place)), True)
        found = found or HealthClaim(unbroken.at(tagged.at(place)), False)
    return found


def _condition_in(hashtag: str, lexicon: Lexicon) -> int:
    """Return the length of the name of a condition with which a hashtag begins, or 0 if it begins with none."""
    for length in range(len(hashtag), 3, -1):
        if lexicon.tag_of(hashtag[:length]) in (DISEASE, SYMPTOM):
            return length
    return 0


def _all_claims(text: str, previous: str, verbs: Verbs, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield the offset of each claim in a tagged text, and whether it is explicit."""
    if re.search(OBJECT, text) and not _PATIENT.search(text):
        yield from _verb_claims(text, previous, verbs, is_cited)
        yield from _passive_claims(text)
    yield from _claims_about_it(text, previous, verbs)
    for place, is_explicit, needs_actor in noun_claims(text, previous):
        if not needs_actor:
            yield place, is_explicit
            continue
        who = actor(text, place, previous)
        if who is Actor.MEDICAL or is_studied(text, place):
            continue
        if who is Actor.OTHER and _is_name(text):
            who = Actor.UNNAMED
        if who is Actor.UNNAMED and not text[:place].strip() and not is_fragment(text) and not THING.search(text):
            continue  # the noun is the subject: “Relief of pain is a goal of …”
        if who in (Actor.OURS, Actor.UNNAMED):
            yield place, is_explicit and not HEDGE.search(text[:place]) and not _RESULT.search(text)
        elif who is Actor.PRONOUN or (who is Actor.OTHER and _CURE_NOUN.search(text, place)):
            yield place, False
    yield from looser_claims(text, previous, is_cited)
    yield from loosest_claims(text, is_cited)
    yield from claims_of_unlisted_products(text, previous, is_cited)
    if not is_cited:
        yield from _acts_of_others(text, verbs)


def _acts_of_others(text: str, verbs: Verbs) -> Iterator[tuple[int, bool]]:
    """Yield where something that no list knows is said to act on a condition, unless medicine or research is near."""
    if MEDICINE in text or not re.search(OBJECT, text) or _RESULT.search(text):
        return
    actions = [
        found
        for found in verbs.find(text)
        if found[0].split()[0].lower().endswith("s") or _MODAL.search(text[max(0, found.start() - 60) : found.start()])
    ]
    ends = [action.end() for action in actions]
    for thing in re.finditer(OBJECT, text) if actions else ():
        if not counts(text, thing[0]):
            continue
        for action in actions[bisect_left(ends, thing.start() - _FARTHEST) : bisect_left(ends, thing.start())]:
            left = text[max(0, action.start() - 140) : action.start()]
            if not _fits(action[0], thing[0], verbs) or not acts_on(text[action.end() : thing.start()]):
                continue
            if is_denied(text, action.start()) or is_studied(text, action.start()) or _NOT_OTHERS.search(left):
                continue
            if not _ONLY_A_PLURAL.match(left):
                yield action.start(), False


def _is_name(text: str) -> bool:
    """Return whether a tagged text is a name or a slogan: at most six words, and no common verb."""
    return len(text.split()) <= 6 and not re.search(r"\b(?:is|are|was|were|has|have|had|can|may|will|do|does)\b", text)


def _verb_claims(text: str, previous: str, verbs: Verbs, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield the claims in which a verb acts on a condition that follows it."""
    actions = [found for found in verbs.find(text) if not _NOUN_BEFORE.search(text[: found.start()][-20:])]
    ends = [action.end() for action in actions]
    for thing in re.finditer(OBJECT, text):
        near = slice(bisect_left(ends, thing.start() - _FARTHEST), bisect_left(ends, thing.start()))
        for action in actions[near]:
            if not _fits(action[0], thing[0], verbs) or not acts_on(text[action.end() : thing.start()]):
                continue
            if _EMERGENCY.match(text, thing.end()) or is_denied(text, action.start()):
                continue
            if thing[0] == SYMPTOM and EVERYDAY.search(text, action.start(), thing.end() + 40):
                continue
            if thing[0] == MARKER and NORMAL.search(text):
                continue
            claim = _weigh(text, action, previous, verbs, is_cited)
            if claim is not None:
                yield action.start(), claim


def _fits(verb: str, thing: str, verbs: Verbs) -> bool:
    """Return whether this verb can act on this kind of thing: values are lowered, germs are killed."""
    if verbs.is_added(verb):
        return True
    if thing == MARKER:
        return bool(_MARKER_VERBS.match(verb))
    return not (thing == GERM and _NOT_ON_GERMS.match(verb))


def acts_on(between: str) -> bool:
    """Return whether the words `between` a verb and a condition connect the two, so that the verb acts on it."""
    if not between.startswith((" ", ",", ":")) or len(between) > _FARTHEST or re.search(r"[.;()?!]", between):
        return False
    words = re.findall(r"[\w’'/-]+", re.sub(rf"{OBJECT}|{MEDICINE}", " ", between).lower())
    others = [place for place, word in enumerate(words) if word not in ORDINARY]
    # One other word may come right before the condition or before “of”, as in “formation of kidney stones”.
    return not others or (len(others) == 1 and _links(words[others[0] + 1 :], between))


def _links(after: list[str], between: str) -> bool:
    """Return whether an unknown word may stand between a verb and a condition; `after` are the words that follow it.

    It may if no word follows it, or “of”, or an “and” without a comma before it.
    """
    return not after or after[0] == "of" or (after[0] == "and" and ", and" not in between)


def _weigh(text: str, action: re.Match[str], previous: str, verbs: Verbs, is_cited: bool) -> bool | None:
    """Return whether this use of a verb with a condition is an explicit claim, or None if it is no claim at all."""
    left = text[: action.start()]
    if is_studied(text, action.start()):
        return None
    who = actor(text, action.start(), previous)
    witness = bool(_WITNESS.search(text))
    if who is Actor.MEDICAL and not (witness and not re.search(r"\b(?:doctor|therapy|you)\b", left)):
        return None
    hedged = bool(HEDGE.search(left[-60:]))
    plain = (who is Actor.OURS or who is Actor.UNNAMED) and not _RESULT.search(text)
    if re.match(r"\W*to help $", left, re.IGNORECASE):
        return None
    if re.search(r"\bto (?:\w+ly (?:and \w+ly )?)?$", left, re.IGNORECASE) and not re.search(
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
        plainly = (verbs.is_strong(action[0]) or named) and action[0].endswith("s")
        unknown = not is_cited and not _RESULT.search(text) and is_unknown_subject(left)
        return False if plainly or unknown else None
    if who is Actor.PRONOUN:
        return bool(_PLAIN_PRONOUN.match(action[0])) and not hedged
    if who is Actor.UNNAMED and not action[0].split()[0].lower().endswith("s") and not _is_label(text, action):
        return False if _is_slogan(text, action) or _ONLY_HEDGED.match(left) else None
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


def _passive_claims(text: str) -> Iterator[tuple[int, bool]]:
    """Yield the claims in which a condition is acted on, as in “depression can be treated with saffron”."""
    for thing in re.finditer(f"[{DISEASE}{SYMPTOM}{MARKER}]", text):
        passive = _PASSIVE.match(text, thing.end())
        if passive is None or is_denied(text, thing.start()) or is_studied(text, thing.start()):
            continue
        if passive["by"].lower() == "naturally":
            yield thing.start(), True
            continue
        ours, medical = THING.search(passive["rest"]), MEDICAL_ACTOR.search(passive["rest"])
        if ours and not (medical and medical.start() < ours.start()):
            yield thing.start(), not HEDGE.search(passive[0])


def _claims_about_it(text: str, previous: str, verbs: Verbs) -> Iterator[tuple[int, bool]]:
    """Yield the claims that name their condition in the sentence before: “Do you have gout? Cherries cure it.”"""
    asks = previous.rstrip().endswith("?") or re.search(r"\b(?:not|n['’]t) (?:just|only|merely)\b", previous)
    if not _BACK.search(text) or not re.search(OBJECT, text + previous):
        return
    for action in verbs.find(text):
        named = re.search(OBJECT, text[max(0, action.start() - 60) : action.start()]) or (
            asks and re.search(OBJECT, previous)
        )
        if named and _BACK.match(text, action.end()) and not is_denied(text, action.start()):
            who = actor(text, action.start(), previous)
            if who in (Actor.OURS, Actor.PRONOUN) and (verbs.is_strong(action[0]) or re.match(OBJECT, named[0])):
                yield action.start(), who is Actor.OURS or bool(_PLAIN_PRONOUN.match(action[0]))
