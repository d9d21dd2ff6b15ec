"""The words of claims on health: verbs that act on a disease, who acts, and what comes between. Pure.

Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

import re
from collections.abc import Iterator

from checks.preflight.vocabulary import DISEASE, GERM, MARKER, MEDICINE, OWN, SUBSTANCE, SYMPTOM

CONDITION = f"[{DISEASE}{SYMPTOM}]"
OBJECT = f"[{DISEASE}{SYMPTOM}{MARKER}{GERM}]"
OURS = f"[{OWN}{SUBSTANCE}]"

# Verbs with their forms: base, third person, past, participle.
_IRREGULAR = {
    "beat": "beats beat beaten beating",
    "fight": "fights fought fighting",
    "stop": "stops stopped stopping",
    "combat": "combats combated combatted combating combatting",
    "shrink": "shrinks shrank shrunk shrinking",
    "cut": "cuts cut cutting",
    "control": "controls controlled controlling",
    "curb": "curbs curbed curbing",
    "quell": "quells quelled quelling",
    "attack": "attacks attacked attacking",
    "help": "helps helped helping",
    "slow": "slows slowed slowing",
    "block": "blocks blocked blocking",
    "expel": "expels expelled expelling",
}


def actions(text: str) -> Iterator[re.Match[str]]:
    """Yield the forms of these verbs in a text. Words are looked up first, because the pattern is long."""
    end = 0
    for word in _LETTERS.finditer(text):
        if word.start() >= end and word[0].lower() in _FIRST_WORDS:
            found = _ACTION.match(text, word.start())
            if found:
                end = found.end()
                yield found


def _forms(verb: str) -> list[str]:
    """Return the forms of a verb, the base first."""
    base, _, rest = verb.partition(" ")
    if base in _IRREGULAR:
        forms = [base, *_IRREGULAR[base].split()]
    elif base.endswith("e"):
        forms = [base, f"{base}s", f"{base}d", f"{base[:-1]}ing"]
    elif base.endswith("y") and base[-2] not in "aeo":
        forms = [base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"]
    else:
        forms = [base, f"{base}{'es' if base.endswith(('s', 'sh', 'x')) else 's'}", f"{base}ed", f"{base}ing"]
    return [f"{form} {rest}".strip() for form in forms]


# Verbs that say by themselves that a disease is acted on.
_STRONG = """
battle obliterate crush zap smash
treat cure prevent heal remedy reverse fight combat beat conquer defeat eliminate eradicate banish kill destroy halt
vanquish
"""
# Verbs that say so with a disease, a symptom or a biomarker as their object.
_SOFT = """
relieve ease alleviate reduce lessen lower decrease diminish soothe control manage inhibit suppress block slow delay
mitigate improve counter counteract tackle target correct clear stop minimise minimize help benefit address resolve
repair erase dissolve shrink attack neutralise neutralize disable curb tame cut abolish quell expel solve stabilise
stabilize normalise normalize regulate balance penetrate
"""
_PHRASES = """
protect against; protect from; protect you from; protect yourself from; protect your family from; guard against
defend against; ward off; fend off; stave off; clear up; knock out; work against; act against; help with; help against
flush out
"""
_IRREGULAR_PHRASES = """
bring down; brings down; brought down; bringing down; do away with; does away with; did away with; doing away with
put an end to; puts an end to; putting an end to; keep away; keeps away; kept away; keeping away
overcome; overcomes; overcame; overcoming; wipe out; wipes out; wiped out; wiping out
deal with; deals with; dealt with; dealing with; get rid of; gets rid of; got rid of; getting rid of; drops; dropped
"""


def _listed(block: str) -> list[str]:
    """Return the phrases in a block, which are separated by semicolons and line breaks."""
    return [phrase.strip() for line in block.splitlines() for phrase in line.split(";") if phrase.strip()]


_OF_STRONG = [form for verb in _STRONG.split() for form in _forms(verb)]
_ALL = _OF_STRONG + [form for verb in [*_SOFT.split(), *_listed(_PHRASES)] for form in _forms(verb)]
_ALL += _listed(_IRREGULAR_PHRASES)
_ACTION = re.compile(rf"\b(?:{'|'.join(sorted(_ALL, key=len, reverse=True))})\b", re.IGNORECASE)
_FIRST_WORDS = frozenset(form.split()[0] for form in _ALL)
_LETTERS = re.compile(r"[a-z]+", re.IGNORECASE)
IS_STRONG = re.compile(rf"(?:{'|'.join(_OF_STRONG)})\Z", re.IGNORECASE)

# Words that may come between a verb and the condition that it acts on. One other word is allowed as well.
_BETWEEN = """
a acute advanced against aged all also an and any anyone as attack attacks better blood bothersome bout bouts case
cases cause causes certain chance chances children chronic common complications conditions control cure daily damage
daytime deadly decay development diagnose different discomfort due duration early ease effect effects episodes even
everyday existing family fast feelings flare for form forms frequency frequent from future growth has have heal
healthy heart help helps high how impact in incidence including inflamed intense intensity its joint kids kind kinds
length level levels like likelihood living long manage many men mild mitigate moderate monthly more most muscle my
nasty naturally night number occasional occurrence of off often old on onset or other our out overall pain painful
pains patients people persistent physical prevent production progress progression quickly rate recurrence recurrent
reduce related relieve risk risks seasonal serious several severe severity sign signs some sorts spread stages
struggle struggles struggling stubborn such suffer suffering suffers swelling symptom symptoms terrible that the
their those to treat type types up various very well who wide with women worst years your
"""
ORDINARY = frozenset(_BETWEEN.split())

# Who may be said to act on a disease without a claim being made: professionals, therapies, medicines, ways of life, the
# body itself and people who look after themselves.
MEDICAL_ACTOR = re.compile(
    rf"{MEDICINE}|\b(?:doctors?|physicians?|clinicians?|specialists?|surgeons?|nurses?|psychiatrists?|psychologists?"
    r"|midwives|dentists?|pharmacists?|providers?|professionals?|teams?|therap(?:y|ies|ists?)|CBT(?:-I)?|medicines?"
    r"|medications?|medicinals?|drugs?|prescri\w+|surger(?:y|ies)|surgical|operations?|procedures?|antivirals?"
    r"|antibiotics?|anti-?inflammator(?:y|ies)|anti-?\w+s|vaccin\w+|immuni[sz]ations?|hospitals?|clinics?|guidelines?"
    r"|treatments?|interventions?|programm?es?|training|counsel+ing|education|services?|strateg(?:y|ies)"
    r"|approach(?:es)?"
    r"|measures?|methods?|techniques?|devices?|stockings?|splints?|insoles?|brac(?:e|es|ing)|pumps?|implants?|inhalers?"
    r"|injections?|infusions?|transplants?|transfusions?|oxygen|dialysis|radiation|rehabilitation|physiotherapy"
    r"|acupuncture|massage|hypnosis|\w+(?:statin|pril|sartan|olol|azole|cillin|mycin|floxacin|triptan|prazole|setron"
    r"|oxetine|dipine|parin|xaban|gliptin|glitazone|caine|mab|tinib|vir|pam|lam|idone|apine|profen|coxib|dronate"
    r"|zosin)s?"
    r"|FDA|regulators?|laws?|wash(?:ing)?|brush(?:ing)?|hygiene|exercis\w+|physical activit\w+|activity|walk(?:s|ing)?"
    r"|swimming|yoga|tai chi|sunscreen|condoms?|masks|nets?|screening|test(?:s|ing)?|diets?|eating|foods?|fruits?"
    r"|vegetables|fish|fib(?:re|er)|smok\w+|quitting|weight|drinking|sleep(?:ing)?|rest(?:ing)?|stretch\w*|breathing"
    r"|relaxation|meditation|mindfulness|avoiding|avoid|limiting|cutting|changes?|lifestyles?|habits?|care|self-care"
    r"|immune (?:system|cells?)|stomach|bile|white blood cells|cells?|antibod(?:y|ies)|hormones?|proteins?|lungs?"
    r"|kidneys?|liver"
    r"|body|mother|parents?|patients?|participants?|people|person|women|men|children|adults|you|who|researchers?"
    r"|scientists?|experts?|bed|compress(?:es)?|air|light|steps?|ways?|goals?|options?|plans?)\b",
    re.IGNORECASE,
)
# Who acts where the text names a thing like ours, or speaks of it as “it”.
THING = re.compile(
    rf"{OURS}|\b(?:(?:our|this|these|new|natural|herbal|daily) (?:[\w-]+ ){{0,2}}(?:blends?|formulas?|products?|drops?"
    r"|tablets?|pills?|powders?|shots?|teas?|tonics?|oils?|creams?|balms?|gels?|sprays?|syrups?|recipes?|ingredients?"
    r"|plants?|leaves|leaf|berr(?:y|ies)|mushrooms?|flowers?|seeds?|compounds?|constituents?|solutions?|remed(?:y|ies)"
    r"|benefits?)|ingredients|constituents|properties|benefits(?: may)? include|a daily (?:spoonful|dose|cup|shot)"
    r"|(?:cup|glass|mug|bowl|spoonful|teaspoon|sip)s? of (?:this|our|the|your)|the (?:oil|root|herb|leaf|leaves|tea"
    r"|berr(?:y"
    r"|ies)|flowers?|seeds?|mushrooms?|bark|blend|formula|broth|plant))\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"\b(?:it|they|this|these|that|which|we)\b", re.IGNORECASE)
# Words of research: who studies a question claims nothing.
STUDIED = re.compile(
    r"\b(?:trials?|studies|study|research|reviews?|evidence|data|experiments?|investigat\w+"
    r"|interventions?) (?:\w+ ){0,2}?"
    r"(?:of|on|about|into|for|in which|whether|that (?:compared|tested|looked|assessed|examined|evaluated|used|included"
    r"|investigated|measured)|comparing|testing|looking|assessing|examining|evaluating|using|investigating)\b"
    r"|\b(?:we|the authors?|review authors|this review|the review|the aim|aims?|our aim|objectives?|purpose|researchers"
    r"|scientists|investigators) (?:\w+ ){0,3}?(?:look\w*|search\w*|want\w*|assess\w*|aim\w*|compar\w+|review\w*"
    r"|includ\w+"
    r"|identif\w+|stud\w+|test\w*|investigat\w+|examin\w+|evaluat\w+|is to|was to|ask\w*|sought|set out|explor\w+"
    r"|tr(?:y|ied"
    r"|ying)|need\w*)\b|\b(?:whether|if|to (?:see|find out|determine|assess|test|learn|know|confirm|establish"
    r"|investigate"
    r"|evaluate|examine|compare|study|show)|how well|effects? of|effectiveness of|efficacy of|benefits? of|role of"
    r"|in (?:rats|mice|animals|cells|test tubes|dogs|the laboratory)|insufficient|not enough|no evidence|question"
    r"|hope\w*|placebo|compared (?:with|to)|versus|randomi[sz]ed|certainty"
    r"|low-quality|high-quality|meta-analys[ei]s|participants|confidence interval)\b",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(?:may|might|could|would|possibl[ey]|perhaps|maybe|probably|appear(?:s|ed)? to|seem(?:s|ed)? to|suggest\w*"
    r"|likely|potential(?:ly)?|promising|believed|thought|said|reported|some evidence|tend(?:s|ed)? to)\b",
    re.IGNORECASE,
)
# Everyday complaints, which claims about the body may name (FDA, small entity compliance guide on structure/function
# claims, 2002).
EVERYDAY = re.compile(
    r"\b(?:occasional|everyday|ordinary|minor|after (?:exercise|sport|meals?|eating|a (?:long|busy|hard) day|workouts?"
    r"|training)|from (?:exercise|over-?exertion)|associated with (?:ag(?:e)?ing|pregnancy)|common symptoms of PMS)\b",
    re.IGNORECASE,
)
# Values kept where they are, which claims about the body may name (same source).
NORMAL = re.compile(
    r"\b(?:already|normal range|healthy range|normal limits|(?:healthy|normal) (?:[\w-]+ )?"
    rf"{MARKER})|{MARKER} (?:levels? )?(?:that (?:is|are) )?(?:already|within|in the normal|healthy)",
    re.IGNORECASE,
)
