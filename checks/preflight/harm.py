"""SAF01: checks that no text tells readers that a product cannot do harm."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from checks.preflight.draft import Draft
from checks.preflight.elisions import Unbroken
from checks.preflight.findings import Finding, Level, translated
from checks.preflight.language import is_denied, passage
from checks.preflight.reading import ALL_TEXTS, before, fields, spoken

_KINDS = (
    r"(?:(?:any|known|serious|negative|adverse|harmful|unpleasant|dangerous|nasty|unwanted|bad|the|real|significant"
    r"|usual"
    r"|common|other|major|ill)[, ]+){0,4}"
)
_HARM = (
    r"(?:side[ -]?effects?|adverse (?:effects?|reactions?|events?)|ill effects?|after[ -]?effects?|drawbacks?"
    r"|downsides?"
    r"|contra-?indications?|(?:drug |medicine )?interactions?|toxicity)"
)
_HARMLESS = re.compile(
    rf"\b(?:(?:no|zero|without|free of|free from|none of the|not a single) {_KINDS}{_HARM}(?: or {_HARM})?"
    rf"|without (?:causing|producing|giving you|the worry of|worrying about|the risk of|fear of) {_KINDS}{_HARM}"
    rf"|(?:virtually no|practically no|hardly any|few if any|little to no|little or no|minimal to no) {_KINDS}{_HARM}"
    rf"|{_HARM} (?:is|are) (?:non-?existent|unheard of|zero|virtually none)"
    r"|safe to (?:use|take|consume|drink) (?:every ?day|daily|with any|at any|for (?:everyone|anyone|life|all)"
    r"|by (?:everyone|anyone|all)|long[- ]term|during pregnancy|while pregnant|even)"
    r"|(?:suitable|safe|gentle) for (?:all ages|the whole family|everyone)"
    r"|(?:taken|used) (?:safely )?by (?:everyone|anyone|people of all ages)"
    r"|side[ -]?effect[ -]free"
    r"|(?:completely|totally|perfectly|entirely|absolutely|utterly|always|(?<!\d)100 ?%|100 per ?cent) (?:safe"
    r"|harmless)"
    r"|safe (?:and (?:\w+ )?)?(?:for|in) (?:everyone|everybody|anyone|all(?: ages| of us)?|the (?:whole"
    r"|entire) family|every age"
    r"|children and adults|adults and children|long[- ]term use|toddlers|babies|pregnan\w+(?: women)?"
    r"|daily use for life)"
    r"|even (?:for |safe for )?(?:pregnant|breastfeeding) (?:women|mothers)|fit for (?:toddlers|everyone|all ages)"
    r"|gentle enough for (?:every night|everyone|children|babies|toddlers|daily use)"
    r"|overdos(?:e|es|ing) (?:is|are) (?:not|never|no)(?: \w+)?(?: an?| any)? (?:threat|risk|danger|concern|problem"
    r"|possible"
    r"|issue|worry)|overdos(?:e|es|ing) (?:is|are) (?:impossible|no (?:threat|risk|danger|concern|problem))"
    r"|(?:cannot|can[’']?t|can not|impossible to|unable to|never) overdose|no (?:risk|danger|threat|fear) of"
    r" (?:an? )?(?:overdos\w+|dependenc[ey]|addiction|habituation|harm)"
    r"|(?:without|no) (?:[\w ]{0,30} or )?(?:any )?risk of (?:overdose|dependenc[ey]|addiction)"
    r"|non-?(?:toxic|addictive|habit[ -]forming)|not (?:toxic|addictive|habit[ -]forming)"
    r"|no such thing as too much|as (?:much|many|often) as you (?:like|want|wish|please)"
    r"|(?:has|have|carries|carry|poses?|with|there are|at) no risks?(?= (?:at all|whatsoever|and|or)|[.,;!]|\Z)"
    r"|risk-free"
    r"|(?:safer|healthier|gentler|non-toxic|harmless|side-effect-free) (?:and [\w-]+ )?(?:alternatives?|options?"
    r"|choices?"
    r"|substitutes?|replacements?) (?:to|for)|safe enough (?:for|to)"
    r"|safer (?:and [\w ]+ )?than (?:aspirin|ibuprofen|prescription|drugs?|medicines?|medications?|pills|painkillers?"
    r"|statins?|opioids?|antidepressants?|sleeping|conventional)"
    r"|\Asafe(?:,| and| &) (?:[\w-]+,? ){0,2}(?:effective|natural|gentle|reliable)"
    r"|safe,? (?:and )?(?:natural|gentle|herbal|organic)(?:,? and effective)?(?= (?:way|relief|remedy|formula|solution"
    r"|choice|option|alternative|supplement))"
    r"|(?:does not|do not|doesn['’]t|don['’]t|won['’]t|will not|never) (?:cause|causes|have|produce) (?:any )?(?:known"
    r" |unwanted |harmful |negative )*(?:side[ -]?effects?|drowsiness|dependenc[ey]|addiction|harm)"
    r"|(?:healthy|safe|natural|gentle)(?: and [\w-]+)? alternatives? to (?:[\w-]+ ){0,3}(?:drugs?|medicines?"
    r"|medications?"
    r"|laxatives?|painkillers?|pills|antibiotics|steroids?|opioids?|antidepressants?|statins?)"
    r"|(?:far|much|a lot) safer than|do(?:es)? no harm|cannot (?:harm|hurt) (?:you|anyone)|nothing (?:can"
    r"|will) go wrong)"
    r"(?![\w-])",
    re.IGNORECASE,
)
# Words around a report of what a trial did or did not find, such as “no side effects were reported”.
_OBSERVED_AFTER = re.compile(
    r"(?:[^.;]{0,50}?)\b(?:were|was|was ever|have been|has been|had been|that were|are"
    r"|could be) (?:\w+ )?(?:reported|seen|found"
    r"|recorded|observed|noted|described|identified|detected|known|measured|documented|mentioned|associated)\b"
    r"| or (?:just |only |very )?(?:a few|few|some|mild|minor|many)\b"
    r"|[ ,](?:reported|recorded|in (?:the|this|that|one|either|both|these|any) (?:trials?|stud(?:y|ies)|group|review)"
    r"|compared|than|over the|during the|between|when|from (?:either|the)|attributable|related|that (?:made|caused"
    r"|led|lead|stop))\b",
    re.IGNORECASE,
)
_OBSERVED_BEFORE = re.compile(
    r"\b(?:trials?|stud(?:y|ies)|reviews?|groups?|participants|patients|people|authors?|researchers|they|children|women"
    r"|men|arms?|adults|we|users|volunteers|infants|doses?|reports?) (?:\w+ ){0,6}?(?:reported|report|found|find|had"
    r"|have"
    r"|has|showed|show|saw|described|noted|observed|recorded|experience[sd]?|with|without|identified|suffered|developed"
    r"|detected|documented)(?: that)?(?: there (?:was|were))? ?$"
    r"|\bresulted in [^.;]{0,80}$|\bthere were $|\bthemselves have $|\b(?:most|many|some) (?:people|patients|women"
    r"|men|children"
    r"|adults)[^.;]{0,60}$",
    re.IGNORECASE,
)
_BELIEVED = re.compile(
    r"\b(?:think|thinks|believe[sd]?|assume[sd]?|suppose[sd]?|imagine|feel|say|says|said|advertised|marketed|sold)"
    r"(?: that| as)?\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_OTHER_SENSE = re.compile(
    r" (?:goit\w*|nodul\w*|adenoma|mega\w*|cleaning|paint\w*|household|chemicals?|glue|materials?|hormone|trial|offer"
    r"|purchase|period|cosmetics|multinodular|nerve|shampoo|bile|acid|salts?|plants?|compounds?|substances?|doses?"
    r"|levels?|amounts?|if (?:left|not)|drugs? of)\b",
    re.IGNORECASE,
)
_GOITRE = re.compile(r"\b(?:goit\w*|nodul\w*|adenomas?)\b", re.IGNORECASE)
_WHO_IS = re.compile(r"\b(?:if|whether|when|unless|until|make sure|is it|are they|which)\b[^.;]{0,60}$", re.IGNORECASE)
_ENOUGH = re.compile(r"\b(?:rest|sleep|eat|fruit|vegetables|walk|move|exercise)\b", re.IGNORECASE)


def harm_not_denied(draft: Draft) -> Iterator[Finding]:
    """Yield findings (SAF01) for claims such as “without the side effects”, “non-habit-forming” or “cannot overdose”.

    Results of a trial (“two trials reported no side effects”), reported beliefs, and other senses (“non-toxic goitre”)
    are ignored.
    """
    for name, sentence in fields(draft, *ALL_TEXTS):
        unbroken = Unbroken(spoken(sentence))
        text = unbroken.text
        if sentence.is_question:
            continue
        for found in _HARMLESS.finditer(text):
            if is_denied(text, found.start()) or _denies_nothing(text, found):
                continue
            yield Finding(
                "SAF01",
                Level.BLOCKER,
                translated(_("“%(words)s” tells readers that nothing can go wrong."), words=found[0]),
                translated(_("Say which unwanted effects were seen, how often, and who should take care.")),
                passage(sentence, unbroken.at(found.start())),
                name,
            )
            break


def _denies_nothing(text: str, found: re.Match[str]) -> bool:
    """Return whether these words report what was seen or believed, or have another sense."""
    earlier = before(text, found.start())
    if _OBSERVED_AFTER.match(text, found.end()) or _OBSERVED_BEFORE.search(earlier):
        return True
    if _BELIEVED.search(earlier) or _OTHER_SENSE.match(text, found.end()) or _WHO_IS.search(earlier):
        return True
    if "toxic" in found[0].lower() and _GOITRE.search(text):
        return True
    return found[0].lower().startswith("as ") and bool(_ENOUGH.search(text))


CHECKS = (harm_not_denied,)
