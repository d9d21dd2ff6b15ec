"""CLM: checks that the draft promises neither more than its evidence supports nor what only a medicine may promise."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.health_claims import HealthClaim, health_claim
from checks.preflight.language import is_denied, passage
from checks.preflight.lexicon import Lexicon
from checks.preflight.reading import ALL_TEXTS, Sentence, before, fields, spoken
from checks.preflight.shop import mentions
from checks.preflight.verbs import Verbs, claim_verbs
from checks.preflight.vocabulary import claim_lexicon

_CLAIMING_QUESTION = re.compile(
    r"\bdid you know\b|\bhow (?:can|does|do)\b.{0,40}\bhelp fight\b|\bwhy not\b", re.IGNORECASE
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
    r"\b(?:the|these|those|other|its|their|common|possible|likely|main|known|many|some|all|several|such|price|to|not"
    r"|n[’']t"
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
    """Yield findings (CLM01 or CLM02) for claims to act on a disease, its symptoms, a biomarker or a germ.

    Such a claim makes a supplement a drug (21 CFR 101.93(g)). If the article names or recommends a product, an explicit
    claim about something that we sell or write about is a blocker (CLM01), and a looser one is a warning with the same
    id. In other articles every claim is a warning (CLM02).
    """
    sells = bool(draft.products) or any(True for _place in mentions(draft))
    lexicon, verbs = claim_lexicon(draft.lists), claim_verbs(draft.lists)
    last: tuple[str, Sentence] | None = None
    for name, sentence in fields(draft, *ALL_TEXTS):
        near = last is not None and (last[0], last[1].paragraph) == (name, sentence.paragraph)
        claim = _claim(sentence, last[1].text if near and last else "", lexicon, verbs)
        last = name, sentence
        if claim is None:
            continue
        message = translated(
            _("This says that something treats, cures or prevents a disease. Only a medicine may claim that.")
            if claim.is_explicit
            else _("This can be read as a claim to treat, cure or prevent a disease. Only a medicine may claim that.")
        )
        hint = translated(
            _(
                "Say what was measured and in whom, or what the body does with it, "
                "without naming a disease that it acts on."
            )
        )
        where = passage(sentence, claim.place)
        if sells and claim.is_explicit:
            yield Finding("CLM01", Level.BLOCKER, message, hint, where, name)
        elif sells:
            yield Finding("CLM01", Level.WARNING, message, hint, where, name)
        else:
            yield Finding("CLM02", Level.WARNING, message, hint, where, name)


def _claim(sentence: Sentence, previous: str, lexicon: Lexicon, verbs: Verbs) -> HealthClaim | None:
    """Return the claim in a sentence, or None. Of questions, only those like “Did you know …” can be claims."""
    text = spoken(sentence)
    if sentence.is_question and not _CLAIMING_QUESTION.search(text):
        return None
    return health_claim(text, previous, lexicon, verbs, is_cited=sentence.is_cited)


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


CHECKS = (disease_claims, causes_shown)
