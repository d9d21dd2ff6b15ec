"""CLM03: checks that no word promises more than evidence can, such as “proven”, “guaranteed” or “breakthrough”."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import is_denied, passage
from checks.preflight.reading import ALL_TEXTS, before, fields, spoken

_PUFF = re.compile(
    r"(?<![\w-])(?:(?:clinically|scientifically|medically)[ -](?:proven|shown|demonstrated|validated|backed|verified"
    r"|supported)|proven|(?:science|research|evidence)[ -]backed|backed by (?:\w+ )?(?:science|research|doctors"
    r"|scientists)"
    r"|(?:doctor|physician|pharmacist|dermatologist|expert)s?[ -](?:recommended|approved|formulated|trusted)"
    r"|recommended by (?:\w+ )?(?:doctors|physicians|experts|pharmacists|scientists)|miracles?|miraculous(?:ly)?"
    r"|most advanced|antidotes?|revolutionary|revolutioni[sz](?:es|ing|e)|ground-?breaking|cutting[ -]edge"
    r"|game[ -]chang\w+"
    r"|(?:scientific |medical |real |true )?breakthroughs?|guaranteed?|guarantees|(?:world|nation"
    r"|country)(?:['’]s)? (?:best|#1)"
    r"|unrivall?ed|unmatched|unbeatable|world['’]s (?:best|first|most|strongest|number one)|wonder (?:drug|pill|herb"
    r"|cure)s?"
    r"|magic (?:pill|bullet)s?|100 ?(?:%|per ?cent) (?:effective|success|guaranteed|of users)"
    r"|\d+ ?% success rate|doctors (?:don['’]t|do not) want you to know"
    r"|works? (?:for everyone|every time|instantly|100 ?%|like magic|no matter what)"
    r"|instant (?:results|effect)|extreme (?:\w+ )?effects?|results in (?:just )?(?:\d+|\w+) (?:days|nights"
    r"|hours))(?!\w)"
    r"|(?<![\w#])(?:#|No\. ?|number )(?:1|one)\b(?= (?:\w+[- ]){0,3}(?:brand|choice|brain|sleep|recommended|remedy"
    r"|natural"
    r"|doctor|selling|rated|supplement|gumm|product|formula|selling))"
    r"|\b(?:lose|lost|drop|shed|melt)s? (?:up to |over |as much as )?(?:\d+|a few|five|ten|twenty"
    r"|thirty) ?(?:pounds?|lbs?|kilos?"
    r"|kgs?|inches|sizes|stone)\b(?=[^.;]{0,40}\b(?:in|a|per|each|every|without|by)\b)"
    r"|\blos(?:e|es|ing) weight (?:permanently|fast|overnight|effortlessly|instantly|while you sleep|without)"
    r"|\b(?:cut|shed|drop|lose|melt)s? (?:\d+ |\w+ )?(?:dress sizes|pounds of [\w ]+ every|belly fat)"
    r"|\b(?:cut|shed|drop|lose|melt)s? (?:inches|pounds) [\w ]{0,20}(?:every|each|a|per) (?:day|week|night)"
    r"|\b(?:with )?no dieting\b|\b(?:weird|secret) (?:old )?trick\b|\btransforms? your (?:life|body|mind)\b"
    r"|\bsecret weapon\b|\bby as much as \d+ ?%|\btested in (?:over )?[\d,]+ (?:clinical )?(?:trials|studies)\b"
    r"|\blose weight permanently\b|\bwithout (?:diet|dieting|exercise|exercising) or (?:diet|dieting|exercis\w+)\b"
    r"|\b(?:viagra|botox|rocket fuel) for (?:the|your) \w+",
    re.IGNORECASE,
)
_TESTED = re.compile(r"(?:biopsy|laboratory|culture|lab|not |be )-?$", re.IGNORECASE)
_DIAGNOSED = re.compile(
    r" (?:allerg\w+|deficienc\w+|infections?|diagnos\w+|case|intolerance|wrong|coeliac|celiac|otherwise|ovulation"
    r"|track record"
    r"|bleeding|pain|seizures?|cancer pain|spotting|symptoms|fever)\b",
    re.IGNORECASE,
)
_POISON = re.compile(
    r"\b(?:poison\w*|overdos\w*|venom|toxi\w+|paracetamol|opioids?|cyanide|methotrexate|anticoagul\w+"
    r"|blood thinners?|warfarin)\b",
    re.IGNORECASE,
)
_DOUGH = re.compile(r"\b(?:dough|loa(?:f|ves)|bread|yeast|rolls)\b", re.IGNORECASE)
_STUDY = re.compile(r"\b(?:trials?|stud(?:y|ies)|review|evidence|researchers?|participants)\b", re.IGNORECASE)
_SHOP = re.compile(
    r"\b(?:money[ -]back|refunds?|price|delivery|warranty|returns?|law|rights?|legally)\b", re.IGNORECASE
)
# Words that belong to reports of research and to rules as well, and are promises only elsewhere.
_REPORTED = re.compile(
    r"(?:(?:clinically|scientifically) (?:shown|demonstrated|validated)|success rate|recommended by|guarantee"
    r"|breakthrough"
    r"|revolution|cutting|lost|ground|without|evidence|proven)",
    re.IGNORECASE,
)
_NEED = re.compile(r"\b(?:if|when|until|once|must|should|need\w*|after|has to be)\b[^.;]{0,40}$", re.IGNORECASE)


def superlatives(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CLM03) for “clinically proven”, “guaranteed”, “breakthrough”, “miracle”, “#1” and the like.

    The FTC requires competent and reliable evidence for such words (Health Products Compliance Guidance, 2022). A
    proven allergy, breakthrough bleeding, proven dough and the antidote to a poison are something else. So is what a
    sentence reports of a trial, except for the words that no trial supports.
    """
    for name, sentence in fields(draft, *ALL_TEXTS):
        text = spoken(sentence)
        if sentence.is_question:
            continue
        for found in _PUFF.finditer(text):
            if is_denied(text, found.start()) or _is_something_else(text, found):
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


def _is_something_else(text: str, found: re.Match[str]) -> bool:
    """Return whether these words are used in a sense that promises nothing."""
    words, earlier = found[0].lower(), before(text, found.start())
    if _TESTED.search(earlier) or _DIAGNOSED.match(text, found.end()):
        return True
    if words.startswith("antidote") and _POISON.search(text):
        return True
    if words == "proven" and _DOUGH.search(text):
        return True
    if words.startswith("guarantee") and _SHOP.search(text):
        return True
    return bool(_REPORTED.match(words) and (_STUDY.search(text) or _NEED.search(earlier)) and "proven" not in words)


CHECKS = (superlatives,)
