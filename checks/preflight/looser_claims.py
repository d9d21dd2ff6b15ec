"""Find looser claims: a sentence in which something of ours, or something unknown, is said to act on a condition. Pure.

These are warnings unless a form in label_forms.py is explicit.
"""

import re
from collections.abc import Iterator

from checks.preflight.actors import Actor, actor, is_studied
from checks.preflight.claim_words import EVERYDAY, HEDGE, MEDICAL_ACTOR, NORMAL, OBJECT, OURS, THING
from checks.preflight.forms.needs import Needs
from checks.preflight.label_forms import is_fragment, label_claims
from checks.preflight.language import is_denied
from checks.preflight.vocabulary import DISEASE, MARKER, MEDICINE, SYMPTOM

_ACT = (
    r"(?:treat(?:s|ing|ment|ed)?|cur(?:e|es|ed|ing)|prevent(?:s|ing|ion|ative)?|heal(?:s|ing|er)?|revers(?:e|es|ing)"
    r"|fight(?:s|ing|er)?|combat(?:s|ing)?|reliev(?:e|es|ing)|relief|eas(?:e|es|ing)|alleviat(?:e|es|ing)"
    r"|reduc(?:e|es|ing|tion)|lower(?:s|ing)?|decreas(?:e|es|ing)|lessen(?:s|ing)?|inhibit(?:s|ing|ion|or)?"
    r"|suppress(?:es|ing)?|slow(?:s|ing)?|control(?:s|ling)?|manag(?:e|es|ing)|mitigat(?:e|es|ing)|improv(?:e|es|ing)"
    r"|help(?:s|ing|ful)?|benefit(?:s|ing)?|beneficial|protect(?:s|ing|ion|ive)?|eliminat(?:e|es|ing)|kill(?:s|ing)?"
    r"|block(?:s|ing)?|sooth(?:e|es|ing)|address(?:es|ing)?|overcom(?:e|es|ing)|battl(?:e|es|ing)|defen[cs]e|effective"
    r"|effectively|target(?:s|ing)?|ridding|recover(?:y)?|eradicat(?:e|es|ing)|avoid|hope|useful|good|best)"
)
_OURS_ACTS = re.compile(
    rf"{OURS}(?P<subject>[^.;?!]{{0,110}}?)\b(?P<act>{_ACT})\b(?P<between>[^.;?!]{{0,70}}?)(?P<object>{OBJECT})",
    re.IGNORECASE,
)
# The same without doubt about who acts on what: “Fucoidan quickly reduces the size of stubborn uterine fibroids”.
_PLAINLY = re.compile(
    rf"{OURS}(?: extract| tea| oil| powder)? (?:\w+ly |also |even |actively )?(?:treat|cure|prevent|heal|reverse|fight"
    r"|combat|relieve|ease|alleviate|reduce|lower|kill|inhibit|eliminate|destroy|slow|stop|control|shrink)s"
    rf"(?!.*\b(?:that|which|who|caused|with|by|in|when|if)\b)[^.;]*[{DISEASE}{SYMPTOM}]",
    re.IGNORECASE,
)
_ACTS_BY = re.compile(
    rf"\b(?P<act>{_ACT})\b(?P<between>[^.;?!]{{0,60}}?)(?P<object>{OBJECT})[^.;?!]{{0,60}}?\b(?:with|by|through|using"
    rf"|from|thanks to) (?:[\w’'-]+ ){{0,4}}{OURS}",
    re.IGNORECASE,
)
# What makes a sentence with a substance and a condition something other than a claim.
_RESEARCH = re.compile(
    r"\b(?:placebo|compar(?:ed|ing|ison)|versus|participants|randomi[sz]ed|trials?|certainty|quality|studies|study"
    r"|review(?:s|ed|ers)?|authors?|researchers?|research|evidence|groups?|uncertain\w*|unclear|unknown|insufficient"
    r"|inconclusive|limited|conflicting|scientists|investigat\w+|question|whether|follow-up|supplementation|alone"
    r"|infants|dummy|per cent|mg)\b|\d ?%",
    re.IGNORECASE,
)
# A percentage on a label boasts of something, and reports no research: “100% guaranteed flu prevention”.
_SHARE = re.compile(r"\d ?%")
# An appeal to research without a word on what was done: “Studies have shown that reishi can help …”.
_APPEAL = re.compile(
    r"\b(?:stud(?:y|ies)|researchers?|research|scientists?|science|evidence|reports?|experts?|doctors)\b[^.;]{0,40}?"
    r"\b(?:show(?:s|n|ed)?|found|prov(?:es?|ed|en)|concludes?d?|confirms?|confirmed|reveal(?:s|ed)?|demonstrates?d?"
    rf"|suggests?|done on how)\b[^.;]{{0,40}}?{OURS}",
    re.IGNORECASE,
)
_METHOD = re.compile(
    r"\b(?:placebo|compar(?:ed|ing|ison)|versus|participants|randomi[sz]ed|trials?|certainty|quality|reviews?"
    r"|authors?|we"
    r"|groups?|uncertain\w*|unclear|insufficient|limited|conflicting|some|early|low|infants|weeks?|months?|mg|although"
    r"|more research)\b|\d ?%",
    re.IGNORECASE,
)
# What a study is said to have found in a title.
_RESULT = re.compile(
    rf"{OURS}.*\b(?:induces?|exerts?|reduction|inhibits?|inhibition|suppress(?:es|ion)|prevents?|protects?|improves?"
    rf"|attenuates?|ameliorates?)\b.*{OBJECT}|\b(?:inhibition|reduction|suppression|prevention) (?:of"
    rf"|in)\b.*{OBJECT}.*{OURS}",
    re.IGNORECASE,
)
_CAUTION = re.compile(
    r"\b(?:side effects?|interact\w*|harm\w*|toxic\w*|overdos\w+|caus(?:e|es|ed|ing)|increas(?:e|es|ed"
    r"|ing) (?:the|your)"
    r" risk|too (?:much|little|many)|deficien\w+|lack(?:s|ing)?|low in|not enough|without|do not|should|must|doctors?"
    r"|providers?|pharmacist|prescri\w+|people who|if you|ask|talk|tell|before (?:you|taking)|bleeding risk|worsen\w*"
    r"|avoid(?:ing)?|contain no|foods?|diets?|eat(?:ing)?|meals?|some people (?:use|take|try)|is (?:being )?studied"
    r"|such as nausea|symptoms? (?:of|include)|test(?:s|ing)?|drugs?|medicines?|medications?|body needs|need(?:s"
    r"|ed)?)\b",
    re.IGNORECASE,
)
_ACTS_ON_VALUES = re.compile(
    r"(?:reduc|lower|decreas|control|manag|regulat|improv|mitigat|balanc|target|address|help|lessen)", re.IGNORECASE
)
# An unknown noun as the subject of a plain act: “Barley may help regulate …”, “Moonwort tablets ease …”.
_UNKNOWN = re.compile(
    r"\A\W*(?:(?:our|this|these|the) )?(?P<subject>[A-Z][\w’'™®-]*(?: [\w’'™®-]+){0,4}?) "
    r"(?:(?:can|may|could|might|will|also|even|naturally|effectively|safely|quickly|helps?(?: to)?|aids? in"
    r"|works? to) )*$"
)
_NO_PRODUCT = re.compile(
    r"\b(?:anti\w+|this|these|that|those|it|they|there|he|she|we|such|some|many|most|several|other|both|all|each"
    r"|early|and|or"
    r"|if|when|while|also|but|in|for|to|as|by|with|of|people|scientists|experts|goals?|trials?|screening|steps?"
    r"|results?"
    r"|findings?|risk|stress|cancer|disease|damage|genes?|mutations?|factors?|symptoms?|virus|bacteria|cells?|blood"
    r"|reducing|lowering|getting|taking|having|making|keeping|using|knowing|finding|controlling|managing|treating"
    r"|age|ageing|aging|support|oxygen|surger\w+|stents?|device|shots?|levels?|nothing|anything|what|which|who|how|why"
    r"|immun\w+|government|programs?|organi[sz]ations?|centers?|institute|association|not|also|data|evidence)\b",
    re.IGNORECASE,
)
_FORM = re.compile(r"(?:tablet|capsule|drop|pill|powder|gummie|seed|berrie|leave|sprout|mushroom)s\Z", re.IGNORECASE)
_STATED = re.compile(r"\b(?:was|were|is|are|has|had)\b")
_UPTAKE = re.compile(r"\b(?:absorption|absorb|uptake|in (?:people|those|patients) with)\b", re.IGNORECASE)
_BLUR = re.compile(rf"[{DISEASE}{MEDICINE}]")


def looser_claims(text: str, previous: str, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield (offset in characters, whether it is explicit) for each looser claim in a tagged text.

    `previous` is the tagged sentence before it, and `is_cited` says whether the text cites a source.
    """
    yield from _labelled(text, previous, is_cited)
    if is_cited or not re.search(OBJECT, text) or _CAUTION.search(text):
        return
    if _is_title(text) and (result := _RESULT.search(text)):
        yield result.start(), False
    appeal = _APPEAL.search(text)
    if _RESEARCH.search(text) and (appeal is None or _METHOD.search(text)):
        return
    for pattern in (_OURS_ACTS, _ACTS_BY):
        found = pattern.search(text)
        if found and _is_claim(text, found):
            yield found.start("act"), bool(_PLAINLY.match(found[0])) and not HEDGE.search(text[: found.end()])
            return


def _labelled(text: str, previous: str, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield the claims of the forms of labels, titles and testimonials."""
    for place, explicit, needs in label_claims(text):
        if needs is Needs.NOTHING:
            yield place, explicit
            continue
        told = _SHARE.sub("", text) if needs is Needs.FRAGMENT else text
        if is_studied(text, place) or _RESEARCH.search(told) or is_cited:
            continue
        if needs is Needs.WARN:
            if not _CAUTION.search(text):
                yield place, False
            continue
        who = actor(text, place, previous)
        if who is Actor.MEDICAL and not is_fragment(text):
            continue
        if needs is Needs.OURS_NOUN and who is not Actor.OURS:
            if THING.search(text) and not _CAUTION.search(text):
                yield place, explicit and is_fragment(text)
            continue
        if who is Actor.UNNAMED and _STATED.search(text, place):
            continue  # the words are the subject: “Control of blood sugar was not affected.”
        plain = explicit and not HEDGE.search(text[:place])
        if who in (Actor.OURS, Actor.UNNAMED) or (needs is Needs.FRAGMENT and who is not Actor.MEDICAL):
            yield place, plain
        elif (needs is Needs.OURS_OR_WARN or who is Actor.PRONOUN) and not _CAUTION.search(text):
            yield place, False


def _is_title(text: str) -> bool:
    """Return whether the text has no full stop and most of its words begin with a capital."""
    words = [word for word in text.split() if len(word) > 3]
    return text.rstrip()[-1:] not in ".!?…" and sum(word[0].isupper() for word in words) * 2 > len(words)


def _is_claim(text: str, found: re.Match[str]) -> bool:
    """Return whether something of ours acts on a condition here, and nobody else does."""
    place, thing = found.start("act"), found["object"]
    if is_denied(text, place) or MEDICINE in text[: found.start()] or _UPTAKE.search(found["between"]):
        return False
    if not _APPEAL.search(text) and (is_studied(text, place) or is_studied(text, found.end())):
        return False
    if thing == MARKER and (NORMAL.search(text) or not _ACTS_ON_VALUES.match(found["act"])):
        return False
    if thing == SYMPTOM and EVERYDAY.search(text):
        return False
    others = found.groupdict().get("subject") or ""
    return not (MEDICINE in others or re.search(r"\b(?:doctors?|therap\w+|drugs?|exercise|surgery|you)\b", others))


def is_unknown_subject(left: str) -> bool:
    """Return whether the text before a verb is an unknown noun that may be the name of a plant or a product."""
    found = _UNKNOWN.search(left)
    if found is None or _NO_PRODUCT.search(found["subject"]) or _BLUR.search(left):
        return False
    if found["subject"][-1:] == "s" and not _FORM.search(found["subject"]):
        return False  # a plural is seldom a plant or a product: “cooler rooms”, “triptans”
    return not MEDICAL_ACTOR.search(found["subject"])
