"""Patterns of promises to fight, replace or get over something, which advertisements make in many words. Pure.

Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

from checks.preflight.claim_words import CONDITION, OBJECT, OURS
from checks.preflight.forms.needs import Needs
from checks.preflight.vocabulary import DISEASE, MEDICINE

_GAP = r"(?:[\w’'-]+,? ){0,5}?"
_FIGHT = (
    r"(?:fight|beat|battle|overcome|combat|conquer|defeat|ward|fend|resist|avoid|prevent|get rid|recover|treat|cure"
    r"|kill|destroy|neutrali[sz]e)(?: off| of| from| against)?"
)
_NAMED = r"(?:defen[cs]e|cure|fighter|buster|formula|shield|tea|drops|blend|away|be gone)"

# Each entry is letters of which one group must occur (so that most patterns need not be tried), a pattern, whether it
# can be explicit, and what it needs.
PROMISES = (
    # “Helps you fight off flu”, “strengthen your body’s ability to fight flu”.
    (
        "help",
        rf"(?<!cells )(?<!bodies )(?<!vaccines )\bhelp(?:s|ing)? (?:you"
        rf"|us|your (?:body|child|children|family|kids))(?: to)? (?:\w+ly )?{_FIGHT}"
        rf" {_GAP}{OBJECT}",
        True,
        Needs.OURS_OR_WARN,
    ),
    (
        "ability|power|strength|capacity",
        r"\b(?:strengthen|boost|increas|enhanc|improv|support|restor)\w* (?:[\w’']+ ){0,4}?(?:ability|power|strength"
        rf"|capacity) to (?:\w+ly )?{_FIGHT} {_GAP}{OBJECT}",
        True,
        Needs.OURS_OR_WARN,
    ),
    # “Keeps tumours from growing”.
    (
        " from ",
        rf"\b(?:keep|prevent|stop|block)s? {_GAP}{OBJECT}(?: cells)? from (?:growing|spreading|forming|developing"
        r"|multiplying|coming back|returning|replicating|entering|sticking|taking hold)\b",
        True,
        Needs.OURS,
    ),
    # “Our solution for managing high blood pressure”.
    (
        "solution|remed|answer|formula|secret",
        r"\b(?:solutions?|remed(?:y|ies)|answers?|formulas?|secrets?) (?:for|to) (?:\w+ly )?(?:manag|treat|prevent"
        rf"|revers|control|heal|cur|fight|beat|eas|reliev|lower|reduc|overcom)\w* {_GAP}{OBJECT}",
        True,
        Needs.OURS_OR_WARN,
    ),
    # Lines of advertisements: “Guaranteed flu prevention”, “Season-long relief from the symptoms of hay fever”.
    (
        "prevention|protection|cure|remover|eliminator",
        r"\b(?:guaranteed|proven|complete|total|effective|natural|effortless|#1|number one|\d+ ?%) "
        rf"(?:[\w-]+ ){{0,2}}?{CONDITION} (?:prevention|protection|cure|remover|eliminator)\b",
        True,
        Needs.FRAGMENT,
    ),
    (
        "relief",
        rf"\brelief (?:from|of) (?:the |all |your )?(?:symptoms of |misery of |pain of ){_GAP}{CONDITION}\W*\Z",
        True,
        Needs.FRAGMENT,
    ),
    (
        "relief",
        r"\b(?:provid|offer|giv|deliver|bring)\w* (?:[\w-]+,? ){0,5}?relief (?:from|of) "
        rf"{_GAP}{CONDITION}",
        True,
        Needs.OURS_OR_WARN,
    ),
    (
        " will| can| help",
        rf"\A\W*(?:[\w’'®™-]+ ){{0,2}}?{DISEASE} {_NAMED} (?:will|can|helps?)\b",
        True,
        Needs.OURS_OR_WARN,
    ),
    # In place of a medicine: “the leading herbal sleeping pill alternative”, “it can replace medicine for diabetes”.
    (
        "alternative|substitute|replacement",
        r"\b(?:natural|herbal|leading|best|safe|safer|all-natural|gentle|recommended|plant-based)"
        rf" (?:[\w-]+ )?(?:{MEDICINE}|{DISEASE} shot) (?:alternatives?|substitutes?|replacements?)\b",
        True,
        Needs.OURS_OR_WARN,
    ),
    (
        "replace",
        rf"\breplaces? (?:your |all |any |conventional )?(?:medicine|medication|drug|pill|{MEDICINE})s?\b"
        rf"(?=[^.;]{{0,60}}{OBJECT})",
        False,
        Needs.NOTHING,
    ),
    # Praise: “fantastic for PMS”, “this has helped my five-year-old with her eczema”, “for dementia, I recommend sage”.
    (
        "fantastic|amazing|brilliant|incredible|superb|terrific|miraculous|magic",
        r"\b(?:fantastic|amazing|brilliant|incredible|superb|terrific|miraculous|magic) (?:for|with|in|against|at)"
        rf" (?:[\w’'-]+,? ){{0,8}}?{CONDITION}",
        True,
        Needs.OURS_OR_WARN,
    ),
    (
        "helped",
        rf"\bhelped (?:me|my|our) (?:[\w’'-]+ ){{0,8}}?{CONDITION}",
        True,
        Needs.NOTHING,
    ),
    (
        "recommend",
        rf"{CONDITION}[^;?!]{{0,80}}\bI (?:really |highly |strongly |would |always |definitely )*recommend\b"
        rf"[^.;]{{0,60}}{OURS}",
        False,
        Needs.NOTHING,
    ),
)
