"""Find phrases that appeal to unnamed studies or common opinion, such as “studies show” or “is thought to”. Pure."""

import re
from collections.abc import Iterator

from checks.preflight.language import is_denied
from checks.preflight.reading import before

_WHO = (
    r"(?:stud(?:y|ies)|research|trials?|evidence|experts?|scientists?|researchers|data|reports?|surveys?|findings"
    r"|(?:meta-)?analys[ei]s|experiments?|science|scientific literature|reviews?)"
)
_SAY = (
    r"(?:show(?:s|ed|n)?|suggest(?:s|ed)?|indicate[sd]?|finds?|found|demonstrate[sd]?|reveal(?:s|ed)?|confirm(?:s|ed)?"
    r"|prove[sd]?|link(?:s|ed)|point(?:s|ed)? to|concluded?|agree[sd]?|believed?|reports?|reported|thinks?|says?"
    r"|estimate[sd]?|recommends?|hints?|hinted|supports?|backs?)"
)
_HOW = r"(?:(?:also|often|consistently|recently|now|clearly|all|even|long|repeatedly|generally|increasingly) )?"
_SUPPOSED = r"(?:widely |commonly |generally |often |also |long |strongly |closely |sometimes |even )?"
_ABOUT = r"(?:(?:of|in|on|with|from|into|about|among|by|assessing|comparing|using|involving|that) (?:[\w’'-]+ ){1,7}?)?"
# Words set off by commas or brackets between the studies and what they found.
_ASIDE = r"(?:\([^)]{1,120}\),? |, [^,.;]{1,90}, )?"
_STUDIES = r"(?:stud(?:y|ies)|trials?|reviews?|experiments?)"
_PATTERNS = (
    re.compile(
        rf"\b{_WHO}(?:,? however,?)? {_ABOUT}{_HOW}(?:(?:has|have|had) {_HOW})?{_SAY}\b(?! up\b| out\b)", re.IGNORECASE
    ),
    re.compile(
        rf"\b{_STUDIES}(?: {_ABOUT}|(?=,)){_ASIDE}{_HOW}(?:(?:has|have|had) )?{_SAY}\b",
        re.IGNORECASE,
    ),
    # The same with a result that was not found, and with what was done before what was found.
    re.compile(
        rf"\b{_STUDIES} {_ABOUT}{_ASIDE}(?:did|could) not"
        r" (?:find|show|detect|see)\b(?! (?:enough|any (?:trials|studies)))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_STUDIES}\b[^.;]{{0,120}}? (?:and|but) (?:also )?(?:found|showed|reported|concluded|suggested|saw"
        r"|detected)\b(?! (?:only|no (?:trials|studies)|different|on)\b)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:studies|trials|surveys|experiments|scientists|researchers|experts) {_HOW}(?:link|tie|associate) ",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:it|this) (?:has been|was|is) (?:often |widely )?(?:shown|suggested|reported|claimed|estimated"
        r"|proposed) that\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:consistent|good|strong|clear|some|convincing|solid|(?:low|moderate|high)[ -](?:quality|certainty))"
        r" evidence (?:that|supporting|for an?|of an?|to suggest|suggesting|suggests|showing|from)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:reported|found|shown|seen|observed|described|demonstrated) (?:by|in) (?:some|several|many|most|one|two"
        r"|three|four|five|a few|other|recent|early|small|large)(?: [\w-]+){0,2} (?:stud(?:y|ies)|trials?|reviews?"
        r"|researchers|scientists|experts)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bthere (?:is|are) (?:also |some |good |strong |growing |mounting |increasing |solid |ample )+(?:evidence"
        r"|research|data|studies)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:evidence|research|data) (?:is|are) (?:growing|mounting|clear|strong|promising|encouraging)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:is|are) (?:also |however |often |strongly |closely |consistently )?associated with (?:an? )?"
        r"(?:[\w-]+ ){0,2}(?:risks?|increases?|decreases?|reductions?|rises?|rates?|numbers?|odds|chances?"
        r"|likelihood|mortality|costs?)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:been|is|are|was|were|be|being) {_SUPPOSED}linked (?:to|with)\b", re.IGNORECASE),
    re.compile(rf"\b(?:been|is|are|was|were|be) {_SUPPOSED}(?:thought|believed|said) to\b", re.IGNORECASE),
    re.compile(
        r"\b(?:been|was|were) (?:also )?(?:shown|found|proven|reported|demonstrated)(?: in [\w ]{1,30})? to\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:been|was|were) {_SUPPOSED}associated with\b", re.IGNORECASE),
    re.compile(
        r"\baccording (?:to|with) (?:[\w-]+ ){0,3}?(?:evidence|stud(?:y|ies)|research\w*|trials?|analys[ei]s|experts"
        r"|scientists"
        r"|surveys?|data"
        r"|reports?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bin (?:some|several|many|numerous|most) (?:[\w-]+ )?(?:studies|trials|experiments)\b"
        r"|(?:\A\W*|[:,] )in (?:(?:one|two|three|four|five) (?:[\w-]+ )?)?(?:stud(?:y|ies)|trials?)"
        r"(?: that| which| comparing| of| in| with|,)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:is|are) (?:scientifically|clinically) (?:shown|tested|supported)\b", re.IGNORECASE),
)
# Letters of which some occur in whatever a pattern matches, so that most sentences need only one search.
_LETTERS = re.compile(
    r"stud|trial|research|eviden|expert|scien|data|report|survey|finding|analys|experiment|literat|review|link|associat"
    r"|thought|believed|said|claimed|suggest|estimat|propos|shown|found|proven|demonstrat|clinically",
    re.IGNORECASE,
)
# “What studies show”, “how far research has shown”: such a sentence announces a result without stating it.
_ANNOUNCED = re.compile(
    r"\b(?:what|how|where|which|why|whether|until|if|when|before|unless)\b[^,;:.]{0,50}$", re.IGNORECASE
)
# Words before a phrase about missing evidence, as in “few studies show”, and words after “linked to” that show that it
# is about a link on a page, as in “linked to below” and “linked to your account”.
_SCARCE = re.compile(r"\b(?:few|fewer|little|no|not enough|more|further|better|larger)(?: [\w-]+)? $", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r" (?:below|above|here|this page|your|our|its|their|his|her|my|the (?:page|site|account|source|list))\b",
    re.IGNORECASE,
)

# The finding is only that too little is known, or the phrase only dates the studies.
_NOTHING_FOUND = re.compile(
    r" that (?:there (?:is|was) (?:not enough|no|insufficient|little|limited)|(?:[\w-]+ ){0,4}too few)"
    r"|(?<=found) (?:only |just )?(?:[\w-]+ ){1,3}(?:trials?|studies|RCTs)\b|(?<=reported) on\b"
    r"| that there (?:are|were) (?:only )?[\w-]+ (?:[\w-]+ )?(?:trials|studies|reviews)\b"
    r"|(?: that)?(?: the| these| our)? (?:results?|findings|conclusions) (?:should|must|need|have to)\b"
    r"|(?<=reported) from \d",
    re.IGNORECASE,
)


def hearsay(text: str) -> Iterator[re.Match[str]]:
    """Yield a match for each phrase in `text` (one sentence) that appeals to unnamed studies or to common opinion.

    Negated phrases (“does not show that”), phrases about missing evidence (“few studies show”), phrases that announce a
    result without stating it (“what studies show”) and links to a page or account are left out.
    """
    if not _LETTERS.search(text):
        return
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            words = before(text, found.start())
            if is_denied(text, found.start()) or _ANNOUNCED.search(words) or _SCARCE.search(words):
                continue
            if _NOTHING_FOUND.match(text, found.end()):
                continue
            if "link" in found[0].lower() and _ELSEWHERE.match(text, found.end()):
                continue
            yield found
