"""Find health claims without a verb that acts on a disease: nouns, names, testimonials and comparisons. Pure."""

import re
from collections.abc import Iterator

from checks.preflight.claim_words import CONDITION, EVERYDAY, NORMAL, OBJECT, OURS
from checks.preflight.language import is_denied
from checks.preflight.vocabulary import DISEASE, GERM, MARKER, MEDICINE, SYMPTOM

_GAP = r"(?:[\w’'-]+,? ){0,4}?"
_ADJECTIVES = r"(?:[\w’'-]+ ){0,2}?"
_ANTI = (
    rf"anti-?(?:{OBJECT}|cancer|tumou?r|carcinogenic|diabetic|hypertensive|inflammator(?:y|ies)|arthritic|depressant"
    rf"|depressive"
    r"|anxiety|bacterial|viral|fungal|microbial|parasitic|malarial|convulsant|allerg(?:y|ic)|asthmatic|biotic|septic"
    r"|ischemic|ischaemic|spasmodic|psychotic|neuralgic|cholesterol|migraine|nausea|rheumatic|ulcer|viral)"
)
_MADE = (
    r"(?:teas?|formulas?|drops?|tonics?|blends?|syrups?|tinctures?|remed(?:y|ies)|cures?|fighters?|destroyers?|killers?"
    r"|busters?|defen[cs]e|complex|gumm(?:y|ies)|capsules?|supplements?|herbs?|oils?|balms?|antidotes?|solutions?)"
)
# Each entry is a pattern, whether its claim is explicit, and whether the claim depends on who acts.
_FORMS: tuple[tuple[re.Pattern[str], bool, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), explicit, depends)
    for pattern, explicit, depends in (
        # Nouns: “relief from migraine”, “a remedy for gout”, “protection against flu”.
        (
            rf"\b(?:relief|remed(?:y|ies)|cures?|antidotes?|solutions?|answer) (?:from|of|for|against"
            rf"|to)[: ]+{_GAP}{CONDITION}",
            True,
            True,
        ),
        (rf"\b(?:is|are|as|was) an? {_ADJECTIVES}treatment (?:for|of) {_GAP}{CONDITION}", True, True),
        (rf"\btreatment and prevention of {_GAP}{CONDITION}", True, True),
        (rf"\b(?:protection|protective|defen[cs]e|fight|weapon|shield) (?:against|from) {_GAP}{CONDITION}", True, True),
        (
            rf"\b(?:natural|herbal|safe|plant-based|holistic|gentle)(?: [\w-]+){{0,2}} {CONDITION}"
            r" (?:treatment|therapy|medicine)\b",
            True,
            True,
        ),
        (rf"\bprotects? (?:[\w’'-]+ ){{1,5}}(?:against|from) {_GAP}{OBJECT}", True, True),
        (rf"\bprevention for {_GAP}{CONDITION}", False, True),
        # “Used for”, “good for”, “effective against”.
        (
            rf"\b(?:used|good|great|useful|beneficial|helpful|effective|excellent|wonderful|ideal|perfect|indicated"
            rf"|works|take it|taken|recommended|valuable)(?: \w+ly)? (?:for|against|in|to people (?:with|who \w+ from))"
            rf"[: ]+(?:symptoms of |the |all |people with |conditions (?:such as"
            rf"|like) )?{_GAP}[{DISEASE}{SYMPTOM}{GERM}]",
            True,
            True,
        ),
        (rf"\b(?:use|using|uses) (?!{MEDICINE})\w+ (?:\w+ )?for (?:the )?(?:symptoms of )?{CONDITION}", False, False),
        # Names of conditions before a noun: “insomnia cure”, “Migraine Relief Tea”.
        (rf"{OBJECT}(?:[ ,-]|, | and )*(?:relief |prevention |support |control )?{_MADE}\b", True, True),
        (rf"{CONDITION}(?: {CONDITION})* relief\b", True, True),
        (rf"{OBJECT} (?:relief|prevention|support|control|defence|defense) {OURS}", True, True),
        (rf"{OBJECT} prevention (?:with|by|through) {_GAP}{OURS}", True, False),
        (
            rf"\A\W*(?:may )?(?:prevent|fight|beat|cure|heal|treat|stop|alleviate"
            rf"|may alleviate) {CONDITION}(?: {CONDITION})*(?: symptoms)?\W*\Z",
            True,
            True,
        ),
        (rf"\bprotect(?:s|ing)? (?:your|the)[\w ]{{0,30}} (?:from|against) {OBJECT} with {OURS}", True, False),
        (rf"\b(?:immune system|immunity|defen[cs]es|body) against {_GAP}{OBJECT}", True, True),
        (
            rf"\b(?:useful|effective|helpful|beneficial|used) in the (?:treatment|prevention) of {_GAP}{OBJECT}",
            True,
            True,
        ),
        (rf"\bproducts? to help {_GAP}{OBJECT}", True, False),
        # Values: “for a better A1C”, “improved A1c levels”, “my cholesterol dropped”.
        (
            rf"\b(?:better|improved|(?<!\A)lower|reduced|steadier|balanced|stable|healthier) {_ADJECTIVES}{MARKER}",
            True,
            True,
        ),
        (rf"{MARKER} (?:\w+ )?(?:control|reduction|lowering|reducer)\b(?! (?:effect|medic|drug|treat))", True, True),
        (rf"\bmaintain healthy (?:{MARKER} ?)+(?:levels )?in {DISEASE}", True, False),
        # Germs and cancer cells that die.
        (rf"{GERM} (?:to )?(?:die|dies|commit suicide|self-destruct|disappear)", True, False),
        (rf"\bkills? (?:[\w%]+ ){{0,5}}?(?:for|of) {_GAP}{GERM}", True, False),
        (rf"{GERM} (?:growth|replication|entry|invasion)\b", False, True),
        (rf"\b(?:inhibits?|reduces?|stops?|prevents?|blocks?)(?: or \w+)? (?:the )?{GERM} (?:from|growth)", True, True),
        # “Anti-cancer properties”, “a potent anti-inflammatory”.
        (
            rf"\b{_ANTI}(?:,? (?:and )?{_ANTI})*(?: and [\w-]+)? (?:propert(?:y|ies)|effects?|action|activity"
            rf"|agents?|powers?"
            r"|benefits?|qualities|compounds?|herbs?|food|foods|ingredients?|plant|abilit(?:y|ies))",
            True,
            True,
        ),
        (
            rf"\b(?:potent|powerful|strong|natural|nature['’]s|best|excellent|effective)\b[\w ,-]{{0,25}}? {_ANTI}"
            r"(?! (?:drug|medic|treat|therap))",
            True,
            True,
        ),
        (rf"(?:\b{_ANTI}\W{{1,6}}){{2,}}", True, True),
        # Compared with a medicine, or in its place.
        (
            rf"\b(?:alternatives?|stand-ins?|substitutes?|replacements?|answer) (?:to|for) {_GAP}(?:{MEDICINE})",
            True,
            True,
        ),
        (rf"{MEDICINE} (?:alternatives?|substitutes?|replacements?)\b", True, True),
        (rf"\bnature['’]s (?:answer to )?{MEDICINE}", True, False),
        (rf"\bnatural {MEDICINE}(?!\w)", False, False),
        (
            rf"\b(?:as|more|just as|equally) (?:[\w%, –-]+ )?(?:effective|good|powerful|potent|strong)\b[^.;]{{0,60}}?"
            rf"(?:as|than|to) {_GAP}{MEDICINE}",
            True,
            True,
        ),
        (rf"\b(?:more effective|better|stronger|safer) than {_GAP}{MEDICINE}", True, True),
        (rf"\bsimilar (?:\w+ )?(?:potency|effects?|strength|power) to {_GAP}{MEDICINE}", True, True),
        (rf"\bworks? (?:just )?(?:like|better than|as well as) {_GAP}{MEDICINE}", True, True),
        (
            rf"\b(?:need for|use of|dependence on|rely on|need|take|takes|use|using|off)(?: any)? (?:less|no|fewer"
            rf"|without)"
            rf" {_GAP}{MEDICINE}",
            True,
            False,
        ),
        (rf"\bno longer (?:need|take|use|needs|takes) (?:my |your |their |any )?{MEDICINE}", True, False),
        (rf"\b(?:decrease|reduce|lower)s? your (?:body['’]s )?need for {_GAP}{MEDICINE}", True, False),
        (
            rf"\bavoid (?:painful )?(?:surgery,? )?(?:or |and )?{MEDICINE}(?:, {MEDICINE})*,? or other conventional",
            True,
            False,
        ),
        # Testimonials: “I have no more migraines”, “my tumour was gone”.
        (rf"\bI(?:['’]ve)?\b[^.;]{{0,80}}? (?:no|zero|fewer|less) (?:more )?{_ADJECTIVES}{OBJECT}", True, False),
        (rf"\b(?:cured|healed|ended|relieved|fixed|reversed|helped(?: with)?) my {_GAP}{OBJECT}", True, False),
        (rf"\brid of (?:my|your) {_GAP}{OBJECT}", True, False),
        (
            rf"\bmy {_GAP}{OBJECT} (?:\w+ )?(?:is|was|has|have|are|were|went|dropped|disappeared|vanished|improved"
            rf"|cleared|fell"
            r"|came down|stopped|shrank)(?: (?:now|all|almost|completely))? ?(?:gone|disappeared|vanished|cleared"
            r"|better"
            r"|from|by|away|down|under|to)?",
            True,
            False,
        ),
        # Conditions that go away.
        (
            rf"{OBJECT} (?!usually|often|sometimes|may|can|that|which)(?:\w+ )?(?:disappears?|vanish(?:es)?|melts? away"
            r"|(?:is|are) gone)\b(?! on (?:its|their) own)",
            True,
            True,
        ),
        (rf"\b(?:say|wave|bid|kiss) good-?bye to {_GAP}{OBJECT}", True, False),
        (rf"\b(?:no more|goodbye|without|free of|end to) {_ADJECTIVES}{CONDITION}[.!]?\Z", False, True),
        (rf"{CONDITION}-free\b", False, True),
        (rf"\b(?:symptoms|{CONDITION}) (?:were|are) (?:relieved|eased|gone)\b", False, True),
        # Kept in check.
        (
            rf"\b(?:keeps?|kept|gets?|brings?|holds?|helps? (?:you )?(?:keep|get|bring)) (?:your |my "
            rf"|the )?{_ADJECTIVES}"
            rf"{OBJECT} (?:under control|under check|in check|at bay|away)",
            True,
            True,
        ),
        (rf"\bkept my {OBJECT} (?:under control|at bay|in check|away)", True, False),
        # Questions that imply a claim, and statements about the people whom a product is for.
        (
            rf"\bdid you know\b[^?]{{0,60}}\b{OURS}[^?]{{0,40}}?"
            rf"\b(?:cur|treat|prevent|heal|revers|beat|fight|lower|reliev|eas)\w+ {_GAP}{OBJECT}",
            True,
            False,
        ),
        (
            rf"\b(?:how|why)\b[^?]{{0,30}}{OURS} (?:can )?help(?:s)? (?:fight|prevent|cure|treat|beat) {OBJECT}",
            True,
            False,
        ),
        (rf"\b(?:dietary )?supplement for {DISEASE}", True, False),
        (rf"\btarget(?:s|ed)? (?:common )?symptoms\b[^.;]{{0,40}}{CONDITION}", True, False),
    )
)


def _needed(pattern: str) -> str:
    """Return a tag or letters without which the pattern cannot match, so that most patterns need not be tried."""
    for classes in (OBJECT, CONDITION, f"[{DISEASE}{SYMPTOM}{GERM}]"):
        pattern = pattern.replace(classes, "")
    return next((sign for sign in (MEDICINE, MARKER, GERM) if sign in pattern), "anti" if "anti-?" in pattern else "")


_NEEDED = tuple((form, _needed(form[0].pattern)) for form in _FORMS)
_TAKE = re.compile(
    rf"\b(?:{OURS}|our)\b[^.;]{{0,30}}?\b(?:can |will |may )?(?:helps?|works?|is the answer)\b", re.IGNORECASE
)
_ASKED = re.compile(
    rf"\b(?:do you|are you|have you|got|tired of|suffer\w*|struggl\w*|living with|fed up with|worried about)\b[^?]*"
    rf"{OBJECT}|\bneed (?:less|fewer|no) {MEDICINE}",
    re.IGNORECASE,
)
# A testimonial over two sentences: “I have gout. This really helps.”
_MINE = re.compile(
    r"\b(?:I(?:['’]ve)? (?:have|had|suffer\w*|was diagnosed with|live with|been diagnosed with)|my)\b"
    rf"[^.;]{{0,40}}?{OBJECT}"
)
_IT_HELPS = re.compile(
    r"\A\W*(?:it|this|they|these)\b[^.;]{0,30}?\b(?:help(?:s|ed|ing)?|works?|worked|working)\b", re.IGNORECASE
)
_OFFER = re.compile(rf"\b(?:take|try|use|order|choose|drink|meet)\b[^.;]{{0,25}}(?:\bour\b|{OURS})", re.IGNORECASE)
_NAMED = re.compile(rf"{OBJECT}|{MEDICINE}|\banti|\bsymptoms\b", re.IGNORECASE)
_HELP = re.compile(rf"{OURS}[^.;]{{0,30}}? (?:can |may |will )?helps? {OBJECT}", re.IGNORECASE)


def noun_claims(text: str, previous: str) -> Iterator[tuple[int, bool, bool]]:
    """Yield each claim without a verb in a tagged text: (offset, whether explicit, whether it depends on who acts).

    Offsets are in characters. `previous` is the tagged sentence before it.
    """
    known = text.lower() if _NAMED.search(text) else ""
    for (pattern, explicit, depends), needed in _NEEDED if known else ():
        if needed not in known:
            continue
        for found in pattern.finditer(text):
            if is_denied(text, found.start()) or _is_everyday(text, found[0]):
                continue
            yield found.start(), explicit, depends
    if _ASKED.search(previous) and (found_offer := _OFFER.search(text) or _TAKE.search(text)):
        yield found_offer.start(), True, False
    if _ASKED.search(text) and "?" not in text.rstrip()[-1:] and (found_offer := _TAKE.search(text)):
        yield found_offer.start(), True, False
    if (found_mine := _IT_HELPS.match(text)) and _MINE.search(previous) and not is_denied(text, found_mine.end()):
        yield found_mine.start(), False, False
    if found_help := _HELP.search(text):
        yield found_help.start(), True, True


def _is_everyday(text: str, words: str) -> bool:
    """Return whether a claim is about an everyday complaint, or about a value that stays in its normal range."""
    if MARKER in words and NORMAL.search(text):
        return True
    return DISEASE not in words and bool(EVERYDAY.search(text)) and SYMPTOM in words
