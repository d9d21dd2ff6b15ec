"""CLM03: checks that no word promises more than evidence can, such as “proven”, “guaranteed” or “breakthrough”."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.elisions import Unbroken
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import is_denied, passage
from checks.preflight.reading import ALL_TEXTS, before, fields, spoken

_PUFF = re.compile(
    r"(?<![\w-])(?:(?:clinically|scientifically|medically)[ -](?:proven|shown|demonstrated|validated|backed|verified"
    r"|supported)|proven|(?:science|research|evidence)[ -]backed|backed by (?:\w+ )?(?:science|research|doctors"
    r"|scientists)"
    r"|(?:doctor|physician|pharmacist|dermatologist|expert)s?[ -](?:recommended|approved|formulated|trusted)"
    r"|recommended by (?:\w+ )?(?:doctors|physicians|experts|pharmacists|scientists)|miracles?|miraculous(?:ly)?"
    r"|most advanced(?! (?:stages?|forms?|types?|cancers?|cases?|diseases?|tumou?rs?|age|levels?))|antidotes?"
    r"|revolutionary|revolutioni[sz](?:es|ing|e)|ground-?breaking|cutting[ -]edge"
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
    r"|\b(?:viagra|botox|rocket fuel) for (?:the|your) \w+"
    r"|\b(?:incredib|amazing|unbelievab|remarkab|extraordinari|astonishing|phenomenal|miraculous)ly"
    r" (?:effective|powerful|potent|fast|successful)\b"
    r"|\bmore (?:powerful|potent|effective) than (?:any|all|every) other\b"
    r"|\bworks? better than (?:any|all) other\b|\b(?:the )?only (?:product|supplement|formula|solution|remedy)"
    r" (?:that|you|on|in)\b|\bnever (?:fails?|disappoints?)\b|\bresults (?:are )?(?:assured"
    r"|certain)\b|\b(?:clinical|scientific|medical) proof\b|\bproves? (?:to be )?effective\b"
    r"|\bfirst and only\b(?=[^.;]{0,60}\b(?:solution|product|formula|supplement|brand|gummies|drink|capsules?|cream))",
    re.IGNORECASE,
)
# Softer puffery, which is a warning.
_SOFT_PUFF = re.compile(
    r"(?<![\w-])(?:(?:remarkable|amazing|incredible|extraordinary|astonishing|phenomenal|unbelievable|unique|powerful"
    r"|countless|endless|fantastic|stunning|spectacular) (?:health |healing |natural )*(?:benefits?|results?|properties"
    r"|power|powers|formula|balm|blend|difference|remedy|plant|herb|ingredients?)"
    r"|(?:in|within) (?:just |only |mere )(?:seconds|minutes|hours)|in (?:seconds|minutes)|(?:in|within) (?:just"
    r"|only|as little as)"
    r" (?:\d+|\w+) (?:seconds|minutes|hours|days|nights|weeks)|(?:\d+|\w+) (?:minutes|days|weeks) or less"
    r"|(?:the )?ultimate (?!goal|aim|cause|decision|responsib|outcome|test|fate|result)[\w-]+"
    r"|life[ -]changing|chang(?:e|es|ed|ing) (?:my|your) life|everything (?:has )?changed|like no other|second to none"
    r"|unparalleled|unsurpassed|unequall?ed|state[ -]of[ -]the[ -]art|world[ -]class|powerhouse|super-?charge[sd]?"
    r"|well[ -](?:researched and|documented and|proven)|100 ?(?:%|per ?cent) (?:natural|pure|organic|herbal)"
    r"|(?:the )?(?:best|finest|purest|highest[ -]quality|strongest|most (?:powerful|potent|natural|effective|trusted"
    r"|complete|amazing)) (?:and (?:most )?\w+ )?(?:natural |herbal |organic |quality )?(?:ingredients?|supplements?"
    r"|formulas?|herbs?|remed(?:y|ies)|products?|extracts?|antioxidants?|blend|way to (?:lose|beat|boost|look|feel))"
    r"|(?:high|highest|premium)[ -](?:quality|grade) (?:natural |herbal |organic )*(?:ingredients?|supplements?"
    r"|formulas?"
    r"|herbs?|products?|extracts?)|fast[ -]acting (?:natural |herbal )*(?:formula|answers?|relief|remedy|blend|gummies)"
    r"|(?:key|secret) (?:to|of) (?:a |an |your )?(?:youth\w*|eternal|long(?:er)? life|perfect|ageless|radiant)"
    r"|(?:fountain|elixir) of (?:youth|life)|turns? back (?:the|your) (?:clock|years)|youthful glow"
    r"|anti-?ag(?:e)?ing miracle"
    r"|(?:has|have) (?:it all|all (?:I|you) (?:need|require))|you(?:['’]ve| have) been (?:looking|waiting"
    r"|searching) for"
    r"|(?:power|magic|wisdom|secret) of (?:nature|plants|herbs)|nature['’]s (?:most|best|own|finest|secret|perfect)"
    r"|(?:we )?highly recommend|thousands of (?:happy|satisfied)|feel (?:the|its) (?:effects?|difference)"
    r"|(?:real|visible|noticeable|lasting|maximum|fast|quick|rapid) results)(?!\w)",
    re.IGNORECASE,
)
# The same with a word between, or in words that hardly anything but an advertisement uses.
_ADVERTISED = re.compile(
    r"\b(?:remarkable|amazing|incredible|extraordinary|astonishing|phenomenal|unbelievable|powerful|potent|superior"
    r"|advanced|premium|perfect|magic(?:al)?|ultimate|revolutionary|exceptional|outstanding|impressive|fantastic) "
    r"(?:(?:and|&) [\w-]+ )?(?:[\w’'-]+ ){0,2}?(?:formulas?|blends?|complex|solutions?|supplements?|herbs?"
    r"|gumm(?:y|ies)|capsules?|tonics?|elixirs?|balms?|creams?|antioxidants?|superfoods?|benefits|ingredients?)\b"
    r"|\b(?:immediate|instant|fast|rapid|complete|total|maximum|lasting|long-lasting)(?: [\w-]+){0,2} relief\b"
    r"|\b(?:the )?real deal\b|\bmaximum[ -]strength\b|\b(?:extra|super|ultra|double|triple)[ -](?:strength|potent)\b"
    r"|\bhigh(?:est)?[ -]potency\b|\b(?:you(?:['’]ll| will) (?:be amazed|never|wonder|love)|see (?:the )?results)\b"
    r"|\bmust[ -]have (?:supplement|remedy|for)\b|\bnature['’]s (?:\w+ )?(?:pharmacy|miracle|gift)\b"
    r"|\b(?:best|finest|strongest|top|purest) (?:[\w’'-]+ ){0,2}?(?:on the market|in the world|on earth"
    r"|available|money can buy)\b"
    r"|\b(?:powerful|effective|potent) (?:&|and) (?:powerful|effective|potent|natural)\b",
    re.IGNORECASE,
)
_RESEARCH = re.compile(
    r"\b(?:doctors?|medicines?|medications?|drugs?|vaccin\w+|patients|surg\w+|stud(?:y|ies)|trials?|evidence|reviews?"
    r"|researchers?|participants|treatments?|therap\w+|opioids?|painkillers?"
    r"|operations?|nurses?|clinics?|hospitals?)\b",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"\b(?:doctors?|surg\w+|hospitals?|insulin|medicines?|medications?|drugs?|treatments?|tests?|patients|pain"
    r"|symptoms?"
    r"|seizures?|attacks?|vaccin\w+|people|adults|children|women|men|onset|bed|asleep|stud(?:y|ies)|trials?|evidence"
    r"|review\w*|research)\b",
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
# Words that reports of research and rules also use, and that are promises only elsewhere.
_REPORTED = re.compile(
    r"(?:(?:clinically|scientifically) (?:shown|demonstrated|validated)|success rate|recommended by|guarantee"
    r"|breakthrough"
    r"|revolution|cutting|lost|ground|without|evidence|proven)",
    re.IGNORECASE,
)
# What turned out to work, of medicines and treatments: “these medicines have proven effective”.
_TURNED_OUT = re.compile(
    r"\b(?:medications?|medicines?|drugs?|vaccin\w+|surger\w+|therap\w+|treatments?|inhibitors?|blockers?|antibiotics?"
    r"|interventions?|tests?|screening)\b[^.;]{0,60}\b(?:has|have|had) (?:\w+ )?$",
    re.IGNORECASE,
)
_NOT_AT_ALL = re.compile(r"[^.;]{0,40}\b(?:(?:has|have|had|is|are|was|were|does|do) not|cannot)\b|[^.;]{0,40}n[’']t\b")
_NEED = re.compile(r"\b(?:if|when|until|once|must|should|need\w*|after|has to be)\b[^.;]{0,40}$", re.IGNORECASE)


def superlatives(draft: Draft) -> Iterator[Finding]:
    """Yield findings (CLM03) for “clinically proven”, “guaranteed”, “breakthrough”, “miracle”, “#1” and the like.

    The FTC requires competent and reliable evidence for such words (Health Products Compliance Guidance, 2022). Other
    senses are ignored: a proven allergy, breakthrough bleeding, proven dough, the antidote to a poison. Reports of a
    trial are ignored too, except for words that no trial supports. Softer words, such as “remarkable benefits”, are
    warnings unless the sentence is about treatment or reports research.
    """
    for name, sentence in fields(draft, *ALL_TEXTS):
        unbroken = Unbroken(spoken(sentence))
        text = unbroken.text
        if sentence.is_question:
            continue
        hard = _first(text, (found for found in _PUFF.finditer(text) if not _is_something_else(text, found)))
        found = hard or _soft(text)
        if found:
            yield Finding(
                "CLM03",
                Level.BLOCKER if hard else Level.WARNING,
                translated(_("“%(words)s” promises more than evidence can."), words=found[0]),
                translated(_("Say what was found, in whom, and how sure it is.")),
                passage(sentence, unbroken.at(found.start())),
                name,
            )


def _soft(text: str) -> re.Match[str] | None:
    """Return the first softer word of praise where nobody is under treatment and no research is reported, or None."""
    found = None if _CARE.search(text) else _first(text, _SOFT_PUFF.finditer(text))
    return found or (None if _RESEARCH.search(text) else _first(text, _ADVERTISED.finditer(text)))


def _first(text: str, places: Iterator[re.Match[str]]) -> re.Match[str] | None:
    """Return the first of these matches that is not denied."""
    return next((found for found in places if not is_denied(text, found.start())), None)


def _is_something_else(text: str, found: re.Match[str]) -> bool:
    """Return whether these words are used in a sense that promises nothing."""
    words, earlier = found[0].lower(), before(text, found.start())
    if _TESTED.search(earlier) or (words.startswith(("proven", "break")) and _DIAGNOSED.match(text, found.end())):
        return True
    if words.startswith("antidote") and _POISON.search(text):
        return True
    if words == "proven" and (_DOUGH.search(text) or _TURNED_OUT.search(earlier)):
        return True
    if words.startswith("work") and _NOT_AT_ALL.match(text, found.end()):
        return True
    if words.startswith("guarantee") and _SHOP.search(text):
        return True
    return bool(_REPORTED.match(words) and (_STUDY.search(text) or _NEED.search(earlier)) and "proven" not in words)


CHECKS = (superlatives,)
