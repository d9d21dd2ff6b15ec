"""CLM: checks that the draft promises neither more than its evidence supports nor what only a medicine may promise."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft, WordLists
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import is_denied, naming, passage
from checks.preflight.reading import Sentence, before, fields
from checks.preflight.shop import mentions

TEXTS = ("title", "standfirst", "key_messages", "body", "search_description")

_ACTION = re.compile(
    r"\b(?:treat(?:s|ed|ing)?|cur(?:e|es|ed|ing)|prevent(?:s|ed|ing)?|heal(?:s|ed|ing)?|remed(?:y|ies|ied|ying)"
    r"|(?<=is )an? (?:[\w-]+ ){0,3}treatment|(?<=as )an? (?:[\w-]+ ){0,3}treatment)\b",
    re.IGNORECASE,
)
# Words that may come between the verb and the disease; one other word is allowed as well.
_BETWEEN = (
    "a acute adults against all also an and any anyone attack attacks bout bouts case cases cause causes certain "
    "chronic common cure development diagnose different ease effect effects even everyday for form forms frequent "
    "from has have heal help helps its kind kinds living manage many men mild mitigate most naturally occasional "
    "of onset or patients people prevent quickly recurrent reduce relieve seasonal severe sign signs some "
    "struggle struggles struggling stubborn suffer suffering suffers symptom symptoms the their those to treat "
    "type types various who with women your"
)
_ORDINARY = frozenset(_BETWEEN.split())
_FARTHEST = 80
_PASSIVE = re.compile(
    r" (?:can|could|may|might|will|is|are|was|were)(?: often| easily| even| also| best)?(?: be)?"
    r" (?:treated|cured|prevented|healed|remedied) (?:with|by|through|using|naturally)\b",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r" (?:remed(?:y|ies)|cures?)\b", re.IGNORECASE)
# Words of medical statements, which are not claims: about doctors, therapies, medicines, vaccines or habits.
_MEDICINE = re.compile(
    r"\b(?:doctors?|physicians?|clinicians?|specialists?|surgeons?|psychiatrists?|therap(?:y|ies|ists?)|CBT(?:-I)?"
    r"|medicines?|medications?|drugs?|prescri\w+|surgery|antibiotics?|vaccin\w+|hospitals?|clinics?|guidelines?"
    r"|insulin|antidepressants?|statins?|metformin|chemotherapy|radiotherapy|pharmacists?|FDA|regulators?|law|label"
    r"|wash(?:ing)?|brush(?:ing)?|hygiene|exercis(?:e|es|ing)|physical activity|sunscreen|condoms?|screening)\b",
    re.IGNORECASE,
)
# “Treat a sudden headache as an emergency.”
_EMERGENCY = re.compile(
    r"[^.;:]{0,50}? as (?:an? |the )?(?:medical |possible |real )*(?:emergency|sign|warning)\b", re.IGNORECASE
)
_PATIENT = re.compile(r"\b(?:are|is|be|been|being|was|were|get|getting|got)(?: \w+)? treated for\b", re.IGNORECASE)

_PUFF = re.compile(
    r"\b(?:(?:clinically|scientifically|medically) )?proven\b|\bmiracles?\b|\bmiraculous(?:ly)?\b|\bmost advanced\b"
    r"|\bantidotes?\b",
    re.IGNORECASE,
)
_TESTED = re.compile(r"(?:biopsy|laboratory|culture|lab)-$", re.IGNORECASE)
_DIAGNOSED = re.compile(
    r" (?:allerg\w+|deficienc\w+|infections?|diagnos\w+|case|intolerance|wrong"
    r"|coeliac|celiac|ovulation)\b",
    re.IGNORECASE,
)
_POISON = re.compile(
    r"\b(?:poison\w*|overdos\w*|venom|toxi\w+|paracetamol|opioids?|cyanide|methotrexate)\b", re.IGNORECASE
)

_CAUSES = re.compile(
    r"\b(?:increases(?! in)|reduces|causes(?! of)|lowers|raises|boosts|improves|prevents|decreases(?! in)|leads to"
    r"|led to|protects against|shortens|prolongs|triggers|cuts(?! of)|(?:increased|reduced|caused|lowered|raised"
    r"|boosted"
    r"|improved|prevented|decreased|shortened|cut) (?:the|their|its|his|her|your|how|people’s)\b"
    r"|cause(?! of)|reduce|increase(?! in)|improve|boost|prevent|lead to|shorten|prolong"
    r"|makes (?:you|people|us|them|adults|women|men) \w+)",
    re.IGNORECASE,
)
_NOUN_BEFORE = re.compile(
    r"\b(?:the|these|those|other|its|their|common|possible|likely|main|known|many|some|all|several|such|price|to|not|n[’']t"
    r"|an?|no|do|does|did|can|will|would|should|must|help|helps) $",
    re.IGNORECASE,
)
_CAREFUL = re.compile(
    r"\b(?:associat\w+|correlat\w+|linked|relat(?:ed|ionship)|may|might|could|possibl[ey]|perhaps|suggest\w*|whether"
    r"|appear(?:s|ed)?|seem(?:s|ed)?|likely|report(?:s|ed)?|hint\w*|cannot|tend(?:s|ed)?)\b",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\b(?:mice|mouse|rats?|animals?|rodents?|pigs?|dogs?|cells?|in vitro|test tubes?|laboratory|petri|tissue|flies"
    r"|zebrafish|monkeys)\b",
    re.IGNORECASE,
)
_OBSERVING = {"cohort", "case_control", "cross_sectional", "case_report"}
_MODELS = {"animal", "in_vitro"}


def disease_claims(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CLM01 or CLM02) for “treat”, “cure”, “prevent”, “remedy” or “heal” with a disease or its symptom.

    Such a claim makes a supplement a drug (21 CFR 101.93(g)). It is a blocker (CLM01) if the article names or
    recommends a product, and otherwise a warning (CLM02). Sentences about doctors, therapies and medicines are not
    claims of this kind.
    """
    sells = bool(draft.products) or any(True for _place in mentions(draft))
    for name, sentence in fields(draft, *TEXTS):
        place = _disease_claim(sentence, draft.lists)
        if place is None:
            continue
        yield Finding(
            "CLM01" if sells else "CLM02",
            Level.BLOCKER if sells else Level.WARNING,
            translated(
                _("This says that something treats, cures or prevents a disease. Only a medicine may claim that.")
            ),
            translated(
                _(
                    "Say what was measured and in whom, or what the body does with it, "
                    "without naming a disease that it acts on."
                )
            ),
            passage(sentence, place),
            name,
        )


def _disease_claim(sentence: Sentence, lists: WordLists) -> int | None:
    """Return the position in the sentence at which a claim begins, or None if there is no claim."""
    text = sentence.said
    diseases = naming(lists.diseases + lists.symptoms, plural=True)
    if diseases is None or sentence.is_question:
        return None
    actions = list(_ACTION.finditer(text))
    ends = [action.end() for action in actions]
    if not actions or _MEDICINE.search(text) or _PATIENT.search(text):
        return None
    for disease in diseases.finditer(text):
        near = slice(bisect_left(ends, disease.start() - _FARTHEST), bisect_left(ends, disease.start()))
        for action in actions[near]:
            if _EMERGENCY.match(text, disease.end()) or is_denied(text, action.start()):
                continue
            if _acts_on(text[action.end() : disease.start()]):
                return action.start()
        follows = _PASSIVE.match(text, disease.end()) or _COMPOUND.match(text, disease.end())
        if follows and not is_denied(text, disease.start()):
            return disease.start()
    return None


def _acts_on(between: str) -> bool:
    """Return whether these words between a verb and a disease connect the two, so that the verb acts on the disease."""
    if not between.startswith((" ", ",")) or len(between) > _FARTHEST or re.search(r"[.;:()?!]", between):
        return False
    words = re.findall(r"[\w’'-]+,?", between.lower())
    others = [place for place, word in enumerate(words) if word.rstrip(",") not in _ORDINARY]
    # One other word may come right before the disease or before “of”, as in “formation of kidney stones”.
    return not others or (len(others) == 1 and (words[others[0] + 1 :] or ["of"])[0] == "of")


def superlatives(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CLM03) for “proven”, “clinically proven”, “miracle”, “most advanced” and “antidote”.

    The FTC requires competent and reliable evidence for such words (Health Products Compliance Guidance, 2022). A
    proven allergy and the antidote to a poison are medical facts and are accepted.
    """
    for name, sentence in fields(draft, *TEXTS, "safety_note"):
        text = sentence.said
        if sentence.is_question:
            continue
        of_poison = bool(_POISON.search(text))
        for found in _PUFF.finditer(text):
            if is_denied(text, found.start()):
                continue
            if _TESTED.search(before(text, found.start())) or _DIAGNOSED.match(text, found.end()):
                continue
            if found[0].lower().startswith("antidote") and of_poison:
                continue
            yield Finding(
                "CLM03",
                Level.BLOCKER,
                translated(_("“%(words)s” promises more than evidence can."), words=found[0]),
                translated(_("Say what was found, in whom, and how sure it is.")),
                passage(sentence, found.start()),
                name,
            )
            break


def causes_shown(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CLM04) for causal verbs in sentences whose sources are all observational, animal or cell studies.

    Observation shows association, not causation, and a result in mice may not hold in people.
    """
    kinds = {source.key: source.evidence for source in draft.sources}
    for name, sentence in fields(draft, "body", "safety_note"):
        cited = {kinds.get(key, "") for key in sentence.keys}
        if not cited or not cited <= _OBSERVING | _MODELS or sentence.is_question:
            continue
        text = sentence.said
        if _CAREFUL.search(text) or (cited <= _MODELS and _MODEL.search(text)):
            continue
        for found in _CAUSES.finditer(text):
            if is_denied(text, found.start()) or _NOUN_BEFORE.search(before(text, found.start())):
                continue
            yield Finding(
                "CLM04",
                Level.WARNING,
                translated(
                    _("“%(words)s” claims cause and effect, which the sources of this sentence cannot show."),
                    words=found[0],
                ),
                translated(_("Say “is associated with”, or that it was seen in animals or cells, or cite a trial.")),
                passage(sentence, found.start()),
                name,
            )
            break


CHECKS = (disease_claims, superlatives, causes_shown)
