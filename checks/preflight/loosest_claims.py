"""Find the loosest health claims: texts that name a condition but do not say outright what acts on it. Pure.

One form is a line as on a label (“Helps with gout”). The other is a text that names a product or an ingredient of ours,
a condition and a word of praise (“This tea is great for gout”). Such claims are warnings. A sentence about research,
about caution or about a medicine makes none.
"""

import re
from collections.abc import Iterator

from checks.preflight.claim_words import EVERYDAY, NORMAL, OBJECT, THING
from checks.preflight.language import is_denied
from checks.preflight.vocabulary import DISEASE, GERM, MARKER, MEDICINE, SYMPTOM

PRAISE = re.compile(
    r"\b(?:treat\w*|cure[sd]?|curing|prevent\w*|heal\w*|revers\w+|fight\w*|fought|combat\w*|reliev\w+|relief"
    r"|eas(?:e|es|ed"
    r"|ing)|alleviat\w+|reduc\w+|lower\w*|decreas\w+|lessen\w*|inhibit\w*|suppress\w*|slow\w*|control\w*|manag\w+"
    r"|mitigat\w+|improv\w+|help\w*|benefi\w+|protect\w*|eliminat\w+|kill\w*|destroy\w*|block\w*|sooth\w+|address\w*"
    r"|overc[ao]m\w+|battl\w+|defen[cs]e|effective\w*|target\w*|recover\w*|eradicat\w+|useful|taken|given|used|remed\w+"
    r"|recommended|great|ideal|perfect|promising|support\w*|love|turn to|swear by|remov\w+|ends?|ending|rebuild\w*"
    r"|regrow\w*|detoxif\w+|breaks? down|correct\w*|normali[sz]\w+|dissolv\w+|rids?|known for|clears?|wonders"
    r"|cleans\w+|flush\w*|repair\w*|restor\w+|boost\w*|calm\w*|neutrali[sz]\w+)\b",
    re.IGNORECASE,
)
# How a line of a label begins that leaves out its subject.
_LABEL_VERBS = """
help treat cure prevent heal reverse fight combat relieve ease alleviate reduce lower lessen inhibit suppress slow
control manage mitigate improve benefit protect eliminate kill destroy block soothe address target support remove end
rebuild regrow break correct normalise normalize dissolve rid clear cleanse repair restore boost calm neutralise
neutralize contribute play work act strengthen promote assist aid stop beat shrink stimulate balance regulate
stabilise stabilize enhance increase decrease provide offer deliver give guard ward defend detoxify purify
"""
_LABEL = re.compile(
    rf"\A\W*(?:(?:\w+ly )?(?:{'|'.join(_LABEL_VERBS.split())})s|detoxifies|purifies"
    r"|(?:from )?(?:helping|aiding|assisting)"
    r"|has (?:the |an? )?(?:potential|been|ability|proven|shown)|(?:can|could|may|might|will) (?:also )?"
    r"(?:be |help|assist|aid|support|treat|cure|prevent|heal|fight|relieve|ease|reduce|lower|improve|protect|slow|stop)"
    r"|(?:traditionally|commonly|widely|often|historically) (?:used|taken|given|known)"
    r"|(?:believed|known|shown|thought|said|proven|tested|clinically tested|designed|formulated|intended|used|taken"
    r"|recommended|indicated) (?:to|for|in|by)"
    r"|(?:ideal|great|good|perfect|useful|helpful|promising|excellent|wonderful|beneficial|effective|best) "
    r"(?:for|in|against|at|when)"
    r"|(?:immune |natural |herbal |daily )+(?:support|defen[cs]e|help|relief|aid|protection|cure)"
    r"|for (?:the )?(?:treatment|relief|prevention|management) of|say no to|no more|not just for)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"\A\W*(?:treat|cure|prevent|heal|reverse|fight|combat|relieve|alleviate|eliminate|kill|destroy|stop|end|correct"
    rf"|ease)s [^.;?!]{{0,60}}?[{DISEASE}{GERM}]",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(r"\W*(?:say no to|no more)\b", re.IGNORECASE)
ELSEWHERE = re.compile(
    rf"{MEDICINE}|\b(?:doctors?|physicians?|surg\w+|hospitals?|therap\w+|exercis\w+|vaccin\w+|medicines?"
    rf"|medications?|drugs?"
    r"|treatments?|patients?|screening|tests?|tested in|diet\w*|smok\w+|weight|risk factors?|groups?|rates?|guidelines?"
    r"|prescri\w+|operations?|procedure|devices?|radiation|transplant\w*|injections?|insulin|clinics?|programm?e?s?"
    r"|services?|questions?|information|learn|read|living with|diagnos\w+|caused|causes?|cells? in|whether|if"
    r"|when|should"
    r"|must|ask|talk|see|avoid|careful|caution|safety|unless|until|who have|women with"
    r"|men with|children with|adults with|certain|types? of|forms? of|worse\w*|also called|deficien\w+|body"
    r"|blood|needs?"
    r"|contain\w*|rich in|found in|source|foods?|eat\w*|drink\w*|absor\w+|mg|levels? of|interact\w*|side effects?"
    r"|too much|harm\w*|toxic\w*|infants?|babies|newborns?|pregnan\w+|breast-?feed\w*|supplementation|trials?"
    r"|stud(?:y|ies"
    r"|ied)|review\w*|research\w*|evidence|placebo|participants?|certainty|quality|compar\w+|more likely|less likely"
    r"|unclear|uncertain|unknown|investigat\w+|scientists?|result(?:s|ed)?|effects? of|efficacy|effectiveness"
    r"|outcomes?)\b"
    r"|\d ?%",
    re.IGNORECASE,
)
_VALUE_VERBS = re.compile(
    r"\b(?:reduc\w+|lower\w*|decreas\w+|control\w*|manag\w+|normali[sz]\w+|stabili[sz]\w+|balanc\w+|drop\w*)\b",
    re.IGNORECASE,
)


def loosest_claims(text: str, is_cited: bool) -> Iterator[tuple[int, bool]]:
    """Yield (offset in characters, whether it is explicit) for such a claim in a tagged text, if any.

    A line that begins with a verb such as “treats” is explicit. `is_cited` says whether the text cites a source.
    """
    objects = [found for found in re.finditer(OBJECT, text) if counts(text, found[0])]
    if is_cited or not objects:
        return
    label = _LABEL.match(text)
    thing = THING.search(text)
    if not (label or (thing and PRAISE.search(text))):
        return
    last = objects[-1].end()
    if ELSEWHERE.search(text) or (is_denied(text, last, last) and not _NO_LONGER.match(text)):
        return
    yield (thing.start() if thing else 0), bool(_PLAIN.match(text))


def counts(text: str, thing: str) -> bool:
    """Return whether the tag `thing` is a disease, a germ, an uncommon symptom, or a marker that something acts on."""
    if thing == MARKER:
        return not NORMAL.search(text) and bool(_VALUE_VERBS.search(text))
    return thing in (DISEASE, GERM) or (thing == SYMPTOM and not EVERYDAY.search(text))
