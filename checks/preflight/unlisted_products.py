"""Find claims about products on no list, known by a trademark sign, capitals or the wording of a label. Pure.

Such claims are warnings, because it is unknown whether we sell the product, except for wording that only labels of
medicines have. Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

import re
from collections.abc import Iterator

from checks.preflight.actors import Actor, actor, is_studied
from checks.preflight.claim_words import CONDITION, HEDGE, NORMAL, OBJECT
from checks.preflight.label_forms import is_fragment
from checks.preflight.language import is_denied
from checks.preflight.looser_claims import is_unknown_subject
from checks.preflight.loosest_claims import ELSEWHERE, PRAISE, counts
from checks.preflight.vocabulary import DISEASE, GERM, MARKER

# A name with a trademark sign, or with a capital inside a word.
_BRAND = re.compile(r"(?<![\w’'-])[A-Za-z][\w’'-]{0,30} ?[®™]|\b[A-Z][a-z]+[A-Z][a-z]+\b|\b[A-Z]{3,}[a-z]{2,}\b")
_LIKE_A_BRAND = re.compile(r"Mc[A-Z]|MedlinePlus|PubMed|YouTube|LinkedIn|Mac[A-Z]")
# What the label of a medicine says: “For the temporary relief of …”, “temporarily relieves …”.
_MONOGRAPH = re.compile(
    rf"\A\W*(?:(?:uses?|indications?|purpose)\b\W*)?(?:for )?(?:the )?temporar(?:y relief|ily relieves?)\b"
    rf"[^.;?!]{{0,80}}?{CONDITION}",
    re.IGNORECASE,
)
_TEMPORARILY = re.compile(rf"\btemporar(?:y relief|ily relieves)\b[^.;?!]{{0,80}}?{CONDITION}", re.IGNORECASE)
_HEADED = re.compile(
    r"\A\W*(?:(?:key|main|potential|health|possible|amazing|top|some|recommended|common|traditional"
    r"|suggested) )?(?:uses?|indications?|indicated|purposes?"
    rf"|benefits?|helps?|relieves|treats|targets)(?: include| for|:|\s*…|,| -)[^.;?!]{{0,90}}?{OBJECT}",
    re.IGNORECASE,
)
_APPLIED = re.compile(
    rf"(?:{CONDITION}|{MARKER})[ -](?:[\w-]+ ){{0,2}}?(?:patch(?:es)?|gels?|creams?|roll-ons?|sprays?|rubs?|balms?"
    r"|ointments?|salves?|lotions?|soaps?|wipes|shots?|protocols?|kits?|lozenges|drops?|oils?|serums?|packs?|bundles?"
    r"|formulas?|complex|support|aid|away|buster|be gone|agent|control|balance|regulation|balancing)\b",
    re.IGNORECASE,
)
_TREATMENT = re.compile(
    rf"\b(?:breakthrough|natural|best|new|alternative|effective|powerful|amazing|ultimate|miracle|herbal|proven"
    rf"|holistic|organic|advanced) {CONDITION} (?:treatments?|therap(?:y|ies)|solutions?|prevention|help|support)\b",
    re.IGNORECASE,
)
_GIVES = re.compile(
    r"\b(?:provid|offer|giv|deliver|bring|get|find|experience|enjoy|feel)\w* (?:[\w-]+,? ){0,4}?"
    rf"(?:{CONDITION} relief|(?:relief|protection) (?:from|of|for|against) (?:[\w’'-]+,? ){{0,4}}?{CONDITION})",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:useful|great|good|ideal|perfect|excellent|wonderful|best|effective|amazing|works?|used|use it|apply|helpful"
    r"|recommended|indicated) (?:topically |externally |internally )?(?:for|on|against|with|in)\b"
    rf"[^.;?!]{{0,60}}?[{DISEASE}{GERM}]",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"\b(?:treat|cure|heal|reverse|relieve|ease|alleviate|soothe|combat|fight|eliminate|destroy|shrink|repair"
    r"|prevent|reduce|lower|mitigate|inhibit|improve|suppress)s?\b",
    re.IGNORECASE,
)
_ON_A_CONDITION = re.compile(rf"[^.;,?!]{{0,90}}?{CONDITION}")


def claims_of_unlisted_products(text: str, previous: str, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield (offset in characters, whether it is explicit) for such a claim in a tagged text, if any.

    `previous` is the tagged sentence before it, and `is_cited` says whether the text cites a source.
    """
    if is_cited or not re.search(OBJECT, text) or ELSEWHERE.search(text) or NORMAL.search(text):
        return
    if (relief := _MONOGRAPH.match(text) or _TEMPORARILY.search(text)) and not _is_left_alone(
        text, relief.start(), previous
    ):
        yield relief.start(), relief.start() == 0 and not HEDGE.search(text)
        return
    if not any(counts(text, found[0]) for found in re.finditer(OBJECT, text)):
        return
    if (place := _place(text)) is not None and not _is_left_alone(text, place, previous):
        yield place, False


def _place(text: str) -> int | None:
    """Return the offset at which a claim about a product on no list begins, or None if there is none."""
    if is_shouted(text):
        return 0
    if is_headline(text):
        for pattern in (_HEADED, _APPLIED, _TREATMENT, _AGAINST, _GIVES):
            if found := pattern.search(text):
                return found.start()
    elif is_fragment(text) and (found := _HEADED.match(text) or _TREATMENT.search(text)):
        return found.start()
    brand = _BRAND.search(text)
    if brand and not _LIKE_A_BRAND.match(brand[0]) and PRAISE.search(text):
        return brand.start()
    act = _ACTS.search(text)
    if act and is_unknown_subject(text[: act.start()]) and _ON_A_CONDITION.match(text, act.end()):
        return act.start()
    found = _GIVES.search(text) or _AGAINST.search(text)
    return found.start() if found and re.match(r"\W*(?:it|we|our|this|these) ", text, re.IGNORECASE) else None


def is_headline(text: str) -> bool:
    """Return whether most words of more than three letters begin with a capital, as in titles and names of products."""
    words = re.findall(r"[A-Za-z][\w’'®™-]{3,}", text)
    return len(words) > 1 and sum(word[0].isupper() for word in words) * 3 > len(words) * 2


def is_shouted(text: str) -> bool:
    """Return whether most letters of a text of three words or more are capitals, as in an advertisement."""
    letters = [each for each in text if each.isalpha() and each.isascii()]
    return len(text.split()) > 2 and sum(each.isupper() for each in letters) * 10 > len(letters) * 7


def _is_left_alone(text: str, place: int, previous: str) -> bool:
    """Return whether a claim at the offset `place` is denied, studied, or about a medicine or a therapy."""
    if is_denied(text, place) or is_studied(text, place):
        return True
    return actor(text, place, previous) is Actor.MEDICAL and not is_headline(text)
