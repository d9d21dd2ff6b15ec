"""Patterns of claims on labels, in titles and in testimonials, which often have no verb. Pure.

Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

import re
from collections.abc import Iterator

from checks.preflight.claim_words import CONDITION, EVERYDAY, NORMAL, OBJECT, OURS
from checks.preflight.forms.needs import Needs
from checks.preflight.forms.promises import PROMISES
from checks.preflight.language import is_denied
from checks.preflight.vocabulary import DISEASE, GERM, MARKER, MEDICINE, SYMPTOM

_GAP = r"(?:[\w’'-]+,? ){0,6}?"
_LIST = rf"{OBJECT}(?:(?:\W{{1,3}}|,? (?:and|or) ){OBJECT})*"
# What a substance does, as an adjective of pharmacology. What a medicine of that kind is called is among the medicines.
_DOES = (
    rf"(?:anti-?(?:{CONDITION}|{GERM}|microbial|bacterial|viral|fungal|parasitic|spasmodic|tumou?r(?:al)?|tumorigenic"
    r"|cancer|carcinogenic|inflammator(?:y|ies)|pyretic|diabetic|hypertensive|convulsant|depressive|anxiety"
    r"|ulcer|septic"
    rf"|thrombotic|allergic|arthritic|recurrence|emetic|tussive|rheumatic|malarial|proliferative)"
    r"|analgesic|anxiolytic|expectorant|anthelmintic|vermifuge|antipyretic|febrifuge|hepatoprotective|neuroprotective"
    rf"|cardioprotective|chemopreventive|hypoglyc(?:a?)emic|hypotensive|virucidal|bactericidal|fungicidal"
    rf"|haemostatic|hemostatic|cytotoxic|pain-relieving)"
)
_QUALITY = (
    r"(?:propert(?:y|ies)|effects?|actions?|activity|powers?|benefits?|qualities|abilit(?:y|ies)|capabilities"
    r"|potency|potential|compounds?|herbs?|constituents?)"
)
_FOR_NOBODY_ELSE = (
    r"(?! (?:drug|medic|treat|therap|agent|pill|cream|gel|ointment|tablet|injection|spray|shampoo|resist))"
)
_QUICK = (
    r"(?:temporar(?:y|ily)|symptomatic|trusted|fast(?:-acting)?|rapid(?:ly)?|quick(?:ly)?|prompt(?:ly)?|instant(?:ly)?"
    r"|effective(?:ly)?|lasting|long-lasting|natural(?:ly)?|soothing|gentl[ey]|drug-free|safe(?:ly)?|powerful(?:ly)?"
    r"|herbal|homeopathic|plant-based|all-natural|organic|total|complete)"
)
_ACTS = (
    r"(?:treat|cur|prevent|heal|revers|fight|combat|reliev|eas|alleviat|reduc|lower|sooth|eliminat|control|manag|calm"
    r"|overcom|beat|stop|kill|support|help)(?:e?s|ing|e|ting|ping)?"
)
_MAKES = r"(?:made|designed|formulated|created|developed|crafted|intended|meant|ideal|perfect|blended|built)"

_SOLD = (
    r"(?:powders?|drops?|capsules?|tablets?|teas?|creams?|balms?|oils?|sprays?|juices?|syrups?|drinks?|patch(?:es)?)"
)
_NAMED_FOR = r"(?:formula|advantage|rescue|cure|fighter|buster|defen[cs]e|helper|blend|relief)"
_MAYBE_NAMED_FOR = r"(?:support|solution|protocol|aid|kit|pack|package)"
# Letters of which one group occurs in whatever the pattern above matches.
_DOES_LETTERS = (
    "anti|analgesic|anxiolytic|expectorant|anthelmintic|vermifuge|febrifuge|protective|preventive|hypogly|hypotensive"
    "|cidal|static|cytotoxic|relieving"
)
_DOES_GROUPS = tuple(_DOES_LETTERS.split("|"))
_QUICK_LETTERS = (
    "temporar|symptomatic|trusted|fast|rapid|quick|prompt|instant|effective|lasting|natural|soothing|gentl|drug-free"
    "|safe|powerful|herbal|homeopathic|plant-based|organic|total|complete"
)
_MAKES_LETTERS = "made|designed|formulated|created|developed|crafted|intended|meant|ideal|perfect|blended|built"
_I = re.compile(r"\bI\b")


# Each entry is letters of which one group must occur (so that most patterns need not be tried), a pattern, whether it
# can be explicit, and what it needs.
_FORMS: tuple[tuple[tuple[str, ...], re.Pattern[str], bool, Needs], ...] = tuple(
    (tuple(letters.split("|")), re.compile(pattern, re.IGNORECASE), explicit, needs)
    for letters, pattern, explicit, needs in (
        *PROMISES,
        # “Antiviral, expectorant, antispasmodic”, “is antibacterial”, “demonstrates antifungal effects”.
        (
            _DOES_LETTERS,
            rf"\b(?:is|are|be|both|as) (?:an? )?(?:[\w-]+ ){{0,2}}?"
            rf"{_DOES}(?=[\s,.;!]|\Z){_FOR_NOBODY_ELSE}",
            True,
            Needs.OURS,
        ),
        (
            _DOES_LETTERS,
            rf"\b(?:shows?|demonstrates?|exhibits?|possess(?:es)?|displays?|exerts?|include|known for|due to)"
            rf" (?:[\w-]+ ){{0,3}}{_DOES}(?:,? (?:and )?[\w-]+){{0,4}} {_QUALITY}\b",
            True,
            Needs.OURS_OR_WARN,
        ),
        (_DOES_LETTERS, rf"\b{_DOES}(?:,? (?:and )?[\w-]+){{0,4}} {_QUALITY}\b", True, Needs.OURS),
        (_DOES_LETTERS, rf"\A\W*{_DOES}(?:, [\w-]+){{2,}}", True, Needs.NOTHING),
        (_DOES_LETTERS, rf"\b{_DOES} {OURS}", False, Needs.OURS),
        (_DOES_LETTERS, rf"\A\W*{_DOES}(?:(?:,? and|,? &|,|/) ?[\w-]+(?: relieving)?)*\W*\Z", True, Needs.NOTHING),
        (MEDICINE, rf"\b(?:is|are) (?:an? |the )?(?:[\w’'-]+ )?natural {MEDICINE}", True, Needs.OURS),
        (MEDICINE, rf"{MEDICINE} (?:properties|qualities|activity|effects)\b", True, Needs.OURS),
        # “Symptomatic relief of colic”, “promptly relieves nausea”, “Relief: cramps”.
        (
            "relief|remedy|help|support|treatment|cure",
            rf"\b{_QUICK} (?:(?:and )?{_QUICK} )?(?:support |{CONDITION} )?(?:relief|remedy|help|support"
            rf"|treatment|cure)"
            rf" (?:of|from|for|against) {_GAP}{CONDITION}",
            True,
            Needs.OURS_OR_WARN,
        ),
        (_QUICK_LETTERS, rf"\A\W*(?:[\w’'-]+ ){{0,3}}?{_QUICK} {_ACTS} {_GAP}{CONDITION}", True, Needs.OURS_OR_WARN),
        (
            ":",
            r"\b(?:relief|relieves|indications?|uses?|treats|remedy for|good for|(?:key |potential |health )?benefits):"
            rf" ?(?:{_ACTS} )?{_GAP}{CONDITION}",
            True,
            Needs.OURS_OR_WARN,
        ),
        ("healing", rf"\A\W*(?:uses?: )?promotes (?:the )?healing of {_GAP}{CONDITION}", True, Needs.NOTHING),
        # “For erectile dysfunction”, “made for oncology patients”, “powder for diabetics”.
        (
            "for ",
            rf"\A\W*(?:{_MAKES} )?for (?:(?!people|those|anyone|adults|women|men|children|patients|parents)\w+ ){{0,2}}"
            rf"{DISEASE}(?: patients| sufferers|\W|and|or|{CONDITION})*\Z",
            True,
            Needs.NOTHING,
        ),
        (
            _MAKES_LETTERS,
            rf"\b{_MAKES}(?: \w+ly)? (?:for|to (?:help|support|aid|assist)) {_GAP}{DISEASE}",
            True,
            Needs.OURS_OR_WARN,
        ),
        (" for ", rf"(?:{OURS}|{_SOLD}) for (?:\w+ ){{0,2}}{DISEASE}(?: patients)?\W*\Z", True, Needs.FRAGMENT),
        (
            "support",
            r"\bsupport(?:s|ing)? (?:\w+ )?(?:patients|people|those|anyone) (?:\w+ )?(?:suffering from|with|fighting"
            rf"|battling) {_GAP}{CONDITION}",
            True,
            Needs.OURS,
        ),
        (
            DISEASE,
            rf"\A(?:\W*[\w’']+){{0,8}}\W+{DISEASE}(?:[ /,&]+{DISEASE})* {_NAMED_FOR}\b",
            True,
            Needs.FRAGMENT,
        ),
        (
            DISEASE,
            rf"\A\W*{DISEASE}(?:[ /,&]+{DISEASE})* {_NAMED_FOR}\W*\Z",
            True,
            Needs.NOTHING,
        ),
        (DISEASE, rf"\A\W*{DISEASE}(?:[ /,&]+{DISEASE})* {_MAYBE_NAMED_FOR}\W*\Z", False, Needs.WARN),
        (
            "work",
            rf"\bwork(?:s|ed)? (?:best|well|great|wonders|fast|wonderfully) (?:for|on|against) {_GAP}{CONDITION}",
            True,
            Needs.OURS_OR_WARN,
        ),
        # “Cancer-fighting”, “a cancer fighter”.
        (
            "ing",
            rf"{OBJECT}[- ](?:fighting|killing|busting|preventing|curing|beating|relieving|reducing|lowering"
            rf"|inhibiting)\b"
            r"(?! (?:drug|medic|treat|therap|cells?|white|antibod|agent|properties of))",
            True,
            Needs.OURS_OR_WARN,
        ),
        ("no more", rf"\bno more {_GAP}{CONDITION}", True, Needs.FRAGMENT),
        (
            " for ",
            rf"\b(?:hope|relief|help|answer|solution|remedy) for (?:\w+ ){{0,2}}{CONDITION}(?: patients"
            rf"| sufferers)?\W*\Z",
            True,
            Needs.FRAGMENT,
        ),
        ("remed", rf"\bremed(?:y|ies) for (?:[\w’'-]+,? ){{0,9}}?{CONDITION}", True, Needs.OURS),
        # Nouns of action: “prevention of …”, “reduced risk of …”, “inhibitor of …”.
        (
            "ion of|relief of|control of|reversal of",
            r"\b(?:prevention|relief|inhibition|elimination|alleviation|suppression|control|reversal|regression"
            r"|remission)"
            rf" of {_GAP}{OBJECT}",
            True,
            Needs.OURS_NOUN,
        ),
        (
            "risk|likelihood|chance|incidence|severity|occurrence|duration",
            r"\b(?:reduced|reducing|lower|lowered|decreased|lowering|less|reduces|decreases)(?: the| your)? "
            r"(?:risk|risks|likelihood|chances?|incidence|severity|occurrence|duration) (?:of|for) "
            rf"{_GAP}{CONDITION}",
            True,
            Needs.OURS_NOUN,
        ),
        (
            "reduction|decrease|drop|improvement",
            rf"\b(?:reduction|decrease|drop|improvement)s? (?:in|of) {_GAP}{OBJECT}",
            False,
            Needs.OURS_NOUN,
        ),
        (
            "inhibitor|killer|enemy|fighter|destroyer|blocker|healer",
            rf"\b(?:inhibitor|killer|enemy|fighter|destroyer|blocker|healer)s? (?:of|for|against) {_GAP}{OBJECT}",
            True,
            Needs.OURS_OR_WARN,
        ),
        (
            "defen|protection|weapon|shield|ally|aid|fight|battle",
            rf"\b(?:defen[cs]e|protection|weapon|shield|ally|aid|fight|battle) (?:vs\.?|versus|against|from|in) {_GAP}"
            rf"[{DISEASE}{GERM}]",
            True,
            Needs.OURS_OR_WARN,
        ),
        (
            "treatment|therapy|prevention|care",
            rf"{OURS}\W{{1,3}}(?:extract )?(?:in|and|for|against) (?:\w+ )?{DISEASE} (?:treatment|therapy"
            rf"|prevention|care)",
            True,
            Needs.FRAGMENT,
        ),
        # Values.
        (
            MARKER,
            r"\b(?:supports?|helps?|promotes?|aids?|improves?|enhances?|controls?|regulates?|manages?|balances?"
            r"|optimi[sz]es?|mitigates?|lowers?|reduces?|(?<!\A)(?:regulating|lowering|reducing|controlling))"
            rf"(?: [\w-]+){{0,4}}? {MARKER}",
            True,
            Needs.OURS,
        ),
        (
            MARKER,
            rf"{MARKER}(?: levels?)?[- ](?:reducing|lowering|balancing|controlling|regulating|support|management"
            rf"|regulation|reduction)\b",
            True,
            Needs.OURS,
        ),
        # Like a medicine, or in its place.
        (
            "mimic",
            rf"\bmimic(?:s|king)? (?:the )?(?:effects?|action|benefits) of {_GAP}{MEDICINE}",
            True,
            Needs.OURS_OR_WARN,
        ),
        (MEDICINE, rf"{MEDICINE}[- ](?:mimetics?|like effects?)", True, Needs.OURS),
        (
            " as ",
            rf"\b(?:as|just as|equally) (?:effective|good|powerful|potent|strong) as {_GAP}(?:pills|drugs"
            rf"|tablets|surgery"
            rf"|chemo\w*|[\w-]+ (?:drugs|pills|medication))",
            True,
            Needs.OURS_OR_WARN,
        ),
        (
            MEDICINE,
            rf"\breduc(?:e|es|ing) (?:the|your) (?:need|dose|dependence) (?:for|of|on) {_GAP}{MEDICINE}",
            True,
            Needs.OURS_OR_WARN,
        ),
        # Cells that die, as studies of them are cited on labels.
        (
            "death|arrest|apoptosis",
            rf"(?:cell death|cycle arrest|apoptosis)[^.;]{{0,40}}(?:{DISEASE} cells|{GERM})"
            rf"|(?:{DISEASE} cells|{GERM})[^.;]{{0,40}}(?:death|apoptosis)",
            False,
            Needs.OURS,
        ),
        (
            "growth|spread|entry|replication|proliferation",
            rf"\b(?:prevents?|stops?|inhibits?|blocks?|slows?)(?: and \w+)? (?:the )?(?:growth|spread|entry|replication"
            rf"|proliferation)(?: and (?:growth|spread|entry))? of {_GAP}{OBJECT}",
            True,
            Needs.OURS_OR_WARN,
        ),
        # What a substance offers, with the condition elsewhere in the sentence.
        (
            "hope|handy|promise|to offer|healer|lifesaver|panacea",
            rf"{OURS}[^.;]{{0,50}}?\b(?:hope|handy|promise|(?:much|lots?|plenty) to offer|healer|lifesaver|panacea)\b"
            rf"(?=.*{CONDITION})",
            False,
            Needs.WARN,
        ),
        (
            "hope|handy|promise|to offer|healer|lifesaver|panacea",
            rf"{CONDITION}.*{OURS}[^.;]{{0,50}}?\b(?:hope|handy|promise|(?:much|lots?|plenty) to offer|healer|lifesaver"
            r"|panacea)\b",
            False,
            Needs.WARN,
        ),
        ("benefit", rf"{CONDITION}[^.;]{{0,60}}\bbenefit from (?:[\w’'-]+ ){{0,3}}{OURS}", False, Needs.WARN),
        (
            "you",
            rf"\b(?:with|by|using) (?:our|this|these|{OURS})[^.;]{{0,60}}?\byou(?:['’]ll| will"
            rf"| can)? {_ACTS} {_GAP}{OBJECT}",
            True,
            Needs.NOTHING,
        ),
        # Testimonials.
        (
            " off ",
            rf"\b(?:come|came|get|got|go|went|wean\w*) off (?:my|her|his|their|your|all) {_GAP}(?:{MEDICINE}"
            rf"|tablets|pills)",
            False,
            Needs.WARN,
        ),
        (
            "gone|cured|healed|disappeared|cleared|vanished|to normal",
            rf"\b(?:I|my)\b.*{OBJECT}.*\b(?:gone|cured|healed|disappeared|cleared|vanished|to normal)\b",
            False,
            Needs.WARN,
        ),
        (
            "ing my",
            rf"\b(?:controll|manag|treat|cur|beat|overcom|fight|reliev|revers|heal|eas)(?:ing|t?ing) my {_GAP}{OBJECT}",
            True,
            Needs.NOTHING,
        ),
        (
            "tak|us",
            rf"\b(?:has|have|been) (?:taken|taking|used|using) [^.;]{{2,60}}? for (?:\w+ ){{0,2}}{CONDITION}",
            True,
            Needs.OURS_OR_WARN,
        ),
    )
)
_LETTERS = frozenset(letters for groups, _pattern, _explicit, _needs in _FORMS for letters in groups)
_ABSENT = re.compile(
    rf"\bI(?:['’]ve| have| am|['’]m| can| do| did)?\b[^.;]{{0,50}}?\b(?:hardly|barely|rarely|not|n[o’']t|never"
    rf"|no longer"
    rf"|don['’]t)\b [^.;]{{0,40}}?{OBJECT}",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\b(?:since|after|now|until|any ?more|for the first time|years)\b", re.IGNORECASE)
_TAGS = re.compile(f"{OBJECT}|{MEDICINE}")
_FINITE = re.compile(
    r"\b(?:begins?|starts?|depends?|requires?|involves?|means|remains?|meets?|needs?|use|is|are|was|were|has"
    r"|have|had|can|may|might|could|will|would|should|do|does|did|you|if|when|who)\b",
    re.IGNORECASE,
)


def label_claims(text: str) -> Iterator[tuple[int, bool, Needs]]:
    """Yield each claim in one of these forms in a tagged text: (offset, whether it can be explicit, on what condition).

    Offsets are in characters.
    """
    lower = text.lower()
    if not _TAGS.search(text) and not any(letters in lower for letters in (*_DOES_GROUPS, "drugs", "pills")):
        return
    present = {letters for letters in _LETTERS if letters in lower}
    for groups, pattern, explicit, needs in _FORMS:
        if present.isdisjoint(groups) or (needs is Needs.FRAGMENT and not is_fragment(text)):
            continue
        for found in pattern.finditer(text):
            if not is_denied(text, found.start()) and not _is_allowed(text, found[0]):
                yield found.start(), explicit, needs
    absent = _ABSENT.search(text) if _I.search(text) and MEDICINE not in text and _SINCE.search(text) else None
    if absent:
        yield absent.start(), True, Needs.NOTHING


def is_fragment(text: str) -> bool:
    """Return whether a tagged text is a title or a line of a label: at most fourteen words, and no finite verb."""
    return len(text.split()) <= 14 and not _FINITE.search(text)


def _is_allowed(text: str, words: str) -> bool:
    """Return whether these words are about an everyday complaint, or a value that stays in its normal range."""
    if MARKER in words and not re.search(CONDITION, words) and NORMAL.search(text):
        return True
    return DISEASE not in words and SYMPTOM in words and bool(EVERYDAY.search(text))
