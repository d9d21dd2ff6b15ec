"""The vocabulary of health claims: who acts on a disease, and the words in between. The verbs are in verbs.py. Pure.

Patterns are applied to texts whose terms are replaced by tags (`lexicon.TaggedText`, `vocabulary`).
"""

import re

from checks.preflight.vocabulary import DISEASE, GERM, MARKER, MEDICINE, OWN, SUBSTANCE, SYMPTOM

CONDITION = f"[{DISEASE}{SYMPTOM}]"
OBJECT = f"[{DISEASE}{SYMPTOM}{MARKER}{GERM}]"
OURS = f"[{OWN}{SUBSTANCE}]"

# Words that may come between a verb and the condition that it acts on. One other word is allowed as well.
_BETWEEN = """
a acute advanced against aged all also an and any anyone as attack attacks better blood bothersome bout bouts case
cases cause causes certain chance chances children chronic common complications conditions control cure daily damage
daytime deadly decay development diagnose different discomfort due duration early ease effect effects episodes even
everyday existing family fast feelings flare for form forms frequency frequent from future growth has have heal
healthy heart help helps high how impact in incidence including inflamed intense intensity irritated itching itchy its
joint kids kind kinds length level levels like likelihood living long manage many men mild mitigate moderate monthly
more most muscle my nasty naturally night number occasional occurrence of off often old on onset or other our out
overall pain painful pains patients people persistent physical prevent production progress progression quickly rate
recurrence recurrent reduce related relieve risk risks seasonal serious several severe severity sign signs some sore
sorts spread stages struggle struggles struggling stubborn such suffer suffering suffers swelling swollen symptom
symptoms terrible that the their those to treat type types up various very well who wide with women worst years your
"""
ORDINARY = frozenset(_BETWEEN.split())

# Actors that may be said to act on a disease without a health claim being made: professionals, therapies, medicines,
# ways of life, the body itself and people who look after themselves.
MEDICAL_ACTOR = re.compile(
    rf"{MEDICINE}|\b(?:doctors?|physicians?|clinicians?|specialists?|surgeons?|nurses?|psychiatrists?|psychologists?"
    r"|midwives|dentists?|pharmacists?|providers?|professionals?|teams?|therap(?:y|ies|ists?)|CBT(?:-I)?|medicines?"
    r"|medications?|medicinals?(?! (?:qualit|propert|herb|plant|mushroom|value|use|benefit|power))|drugs?"
    r"|prescri\w+|surger(?:y|ies)|surgical|operations?|procedures?|antivirals?"
    r"|antibiotics?|anti-?inflammator(?:y|ies)|anti-?\w+s|vaccin\w+|immuni[sz]ations?|hospitals?|clinics?|guidelines?"
    r"|treatments?|interventions?|programm?es?|training|counsel+ing|education|services?|strateg(?:y|ies)"
    r"|approach(?:es)?"
    r"|measures?|methods?|techniques?|devices?|stockings?|splints?|insoles?|brac(?:e|es|ing)|pumps?|implants?|inhalers?"
    r"|injections?|infusions?|transplants?|transfusions?|oxygen|dialysis|radiation|rehabilitation|physiotherapy"
    r"|acupuncture|massage|hypnosis|\w+(?:ologists?|apists?|icians?)"
    r"|\w*(?:statin|pril|sartan|olol|azole|cillin|mycin|floxacin|triptan|prazole|setron"
    r"|oxetine|dipine|parin|xaban|gliptin|glitazone|caine|mab|tinib|vir|pam|lam|idone|apine|profen|coxib|dronate"
    r"|zosin)s?"
    r"|FDA|regulators?|laws?|wash(?:ing)?|brush(?:ing)?|hygiene|exercis\w+|physical activit\w+|activity|walk(?:s|ing)?"
    r"|swimming|yoga|tai chi|sunscreen|condoms?|masks|nets?|screening|test(?:s|ing)?|diets?|eating|foods?|fruits?"
    r"|vegetables|fish|fib(?:re|er)|smok\w+|quitting|weight|drinking|sleep(?:ing)?|rest(?:ing)?|stretch\w*|breathing"
    r"|relaxation|meditation|mindfulness|avoiding|avoid|limiting|cutting|changes?|lifestyles?|habits?"
    r"|care(?! (?:drink|cream|balm|blend|formula|tea|product|kit))|self-care"
    r"|immune (?:system|cells?)|stomach|bile|white blood cells|cells?|antibod(?:y|ies)|hormones?|proteins?|lungs?"
    r"|kidneys?|liver"
    r"|body|mother|parents?|patients?|participants?|people|person|women|men|children|adults|you|who|researchers?"
    r"|scientists?|experts?|bed|compress(?:es)?|air|light|steps?|ways?|goals?|options?|plans?)\b",
    re.IGNORECASE,
)
# Actors that are a product or a substance like ours. PRONOUN has the words that may stand for one.
THING = re.compile(
    rf"{OURS}|\b(?:(?:our|this|these|new|natural|herbal|daily) (?:[\w-]+ ){{0,2}}(?:blends?|formulas?|products?|drops?"
    r"|tablets?|pills?|powders?|shots?|teas?|tonics?|oils?|creams?|balms?|gels?|sprays?|syrups?|recipes?|ingredients?"
    r"|plants?|leaves|leaf|berr(?:y|ies)|mushrooms?|flowers?|seeds?|compounds?|constituents?|solutions?|remed(?:y|ies)"
    r"|benefits?)|(?!cooking|vegetable|olive)[a-z]{3,} oil"
    r"|(?:all-natural|potent|powerful|delicious|herbal) (?:[\w-]+ ){0,2}(?:drink|juice|shake|elixir|beverage)s?"
    r"|ingredients|constituents|properties|benefits(?: may)? include|a daily (?:spoonful|dose|cup|shot)"
    r"|(?:cup|glass|mug|bowl|spoonful|teaspoon|sip)s? of (?:this|our|the|your)|the (?:oil|root|herb|leaf|leaves|tea"
    r"|berr(?:y"
    r"|ies)|flowers?|seeds?|mushrooms?|bark|blend|formula|broth|plant))\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"\b(?:it|they|this|these|that|which|we)\b", re.IGNORECASE)
# Words of research: to say that a question was studied is not a claim.
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
# Everyday complaints, which structure/function claims may name (FDA, small entity compliance guide on
# structure/function claims, 2002).
EVERYDAY = re.compile(
    r"\b(?:occasional|everyday|ordinary|minor|after (?:exercise|sport|meals?|eating|a (?:long|busy|hard) day|workouts?"
    r"|training)|from (?:exercise|over-?exertion)|associated with (?:ag(?:e)?ing|pregnancy)|common symptoms of PMS)\b",
    re.IGNORECASE,
)
# Values that stay in their normal range, which structure/function claims may name (same source).
NORMAL = re.compile(
    r"\b(?:already|normal range|healthy range|normal limits|(?:healthy|normal) (?:[\w-]+ )?"
    rf"{MARKER})|{MARKER} (?:levels? )?(?:that (?:is|are) )?(?:already|within|in the normal|healthy)",
    re.IGNORECASE,
)
