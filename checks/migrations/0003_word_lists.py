from django.db import migrations

SLIP = "A slip of the pen."
PERSON = "The person comes first; the condition is not who somebody is."
CALM = "A diagnosis is named without pity."
PLAIN = "The plain word is shorter and clearer."
PROMISE = "It promises more than evidence can."

# The term to avoid, the term to write instead, and the reason.
TERMS = [
    # Spelling mistakes.
    ("side-affects", "side effects", "An effect is a result; to affect is to act on."),
    ("side affects", "side effects", "An effect is a result; to affect is to act on."),
    ("side-affect", "side effect", "An effect is a result; to affect is to act on."),
    ("asleep all together", "asleep altogether", "“All together” means in one place."),
    ("stop all together", "stop altogether", "“All together” means in one place."),
    ("avoid all together", "avoid altogether", "“All together” means in one place."),
    ("leguns", "legumes", SLIP),
    ("legums", "legumes", SLIP),
    ("recieve", "receive", SLIP),
    ("recieved", "received", SLIP),
    ("seperate", "separate", SLIP),
    ("seperately", "separately", SLIP),
    ("definately", "definitely", SLIP),
    ("occured", "occurred", SLIP),
    ("occuring", "occurring", SLIP),
    ("untill", "until", SLIP),
    ("alot", "a lot", SLIP),
    ("wide spread", "widespread", "One word."),
    ("healthly", "healthily", SLIP),
    ("dosis", "dose", SLIP),
    ("dossage", "dosage", SLIP),
    ("perscription", "prescription", SLIP),
    ("perscribed", "prescribed", SLIP),
    ("diarrea", "diarrhoea", SLIP),
    ("diahrrea", "diarrhoea", SLIP),
    ("diarhea", "diarrhoea", SLIP),
    ("nauseau", "nausea", SLIP),
    ("inflamation", "inflammation", SLIP),
    ("inflamatory", "inflammatory", SLIP),
    ("imune", "immune", SLIP),
    ("imunity", "immunity", SLIP),
    ("magnesuim", "magnesium", SLIP),
    ("melantonin", "melatonin", SLIP),
    ("melatonine", "melatonin", SLIP),
    ("ashwaganda", "ashwagandha", SLIP),
    ("ashwaghanda", "ashwagandha", SLIP),
    ("l-theanin", "L-theanine", SLIP),
    ("tumeric", "turmeric", SLIP),
    ("caffiene", "caffeine", SLIP),
    ("cafeine", "caffeine", SLIP),
    ("antioxident", "antioxidant", SLIP),
    ("antioxidents", "antioxidants", SLIP),
    ("protien", "protein", SLIP),
    ("vitamine", "vitamin", SLIP),
    ("mineralls", "minerals", SLIP),
    ("placeebo", "placebo", SLIP),
    ("diabetis", "diabetes", SLIP),
    ("alzheimers", "Alzheimer’s disease", "Named after Alois Alzheimer, hence the apostrophe."),
    ("parkinsons", "Parkinson’s disease", "Named after James Parkinson, hence the apostrophe."),
    ("circadium", "circadian", SLIP),
    ("cortisal", "cortisol", SLIP),
    ("seratonin", "serotonin", SLIP),
    ("serotonine", "serotonin", SLIP),
    ("tryptophane", "tryptophan", SLIP),
    ("hypertention", "hypertension", SLIP),
    ("menapause", "menopause", SLIP),
    ("anxeity", "anxiety", SLIP),
    ("insomia", "insomnia", SLIP),
    ("underdosed yourself", "took too little", PLAIN),
    # People and their conditions.
    ("addict", "person with an addiction", PERSON),
    ("addicts", "people with an addiction", PERSON),
    ("drug abuser", "person who uses drugs", PERSON),
    ("substance abuse", "substance use disorder", "“Abuse” lays blame."),
    ("alcoholic", "person with alcohol dependence", PERSON),
    ("alcoholics", "people with alcohol dependence", PERSON),
    ("insomniac", "person with insomnia", PERSON),
    ("insomniacs", "people with insomnia", PERSON),
    ("diabetics", "people with diabetes", PERSON),
    ("epileptics", "people with epilepsy", PERSON),
    ("asthmatics", "people with asthma", PERSON),
    ("schizophrenics", "people with schizophrenia", PERSON),
    ("the mentally ill", "people with a mental illness", PERSON),
    ("the obese", "people with obesity", PERSON),
    ("the elderly", "older adults", "It makes one group of many people."),
    ("the disabled", "disabled people", PERSON),
    ("wheelchair-bound", "wheelchair user", "A wheelchair frees more than it binds."),
    ("suffers from", "has", CALM),
    ("suffer from", "have", CALM),
    ("suffering from", "with", CALM),
    ("sufferers", "people with", CALM),
    ("afflicted with", "with", CALM),
    ("victim of a stroke", "person who had a stroke", CALM),
    ("stroke victims", "people who had a stroke", CALM),
    ("cancer victims", "people with cancer", CALM),
    ("committed suicide", "died by suicide", "“Commit” belongs to crimes."),
    ("commit suicide", "die by suicide", "“Commit” belongs to crimes."),
    ("failed suicide", "attempted suicide", "Nobody failed."),
    ("normal people", "people without the condition", "Nobody is abnormal for being ill."),
    ("non-compliant patients", "people who did not take it as planned", "It lays blame."),
    # Plain and precise words.
    ("utilize", "use", PLAIN),
    ("utilizes", "uses", PLAIN),
    ("utilise", "use", PLAIN),
    ("micturition", "passing urine", PLAIN),
    ("prior to", "before", PLAIN),
    ("in order to", "to", PLAIN),
    ("due to the fact that", "because", PLAIN),
    ("at this point in time", "now", PLAIN),
    ("sleep journey", "sleep", PLAIN),
    ("health journey", "health", PLAIN),
    ("toxins", "the substance by its name", "Nobody can check a poison without a name."),
    ("detox", "what is meant", "Liver and kidneys clear the body; name what is meant."),
    ("chemical-free", "what is left out", "Everything is made of chemicals."),
    ("superfood", "the food by its name", PROMISE),
    ("superfoods", "the foods by their names", PROMISE),
    ("breakthrough", "new finding", PROMISE),
    ("game changer", "what changes, for whom", PROMISE),
    ("game-changer", "what changes, for whom", PROMISE),
    ("boosts immunity", "what was measured", PROMISE),
    ("boost your immune system", "what was measured", PROMISE),
    ("all natural", "what it is made of", "Natural says nothing about safety."),
    ("all-natural", "what it is made of", "Natural says nothing about safety."),
]

DISEASES = """
acid reflux; acne; addiction; ADHD; allergic rhinitis; allergy; allergies; alopecia; Alzheimer’s; Alzheimer's
Alzheimer’s disease; Alzheimer's disease; anaemia; anemia; angina; anorexia; anxiety disorder; anxiety; arrhythmia
arthritis; asthma; atherosclerosis; athlete’s foot; atrial fibrillation; autism; autoimmune disease; bacterial vaginosis
bipolar disorder; bowel cancer; breast cancer; bronchitis; bulimia; burnout; cancer; candida; cardiovascular disease
cataract; chickenpox; cholera; chronic fatigue syndrome; chronic kidney disease; chronic pain; cirrhosis
clinical depression; coeliac disease; celiac disease; cold sore; colds; colitis; common cold; conjunctivitis; COPD
coronary heart disease; Covid; Covid-19; COVID-19; Crohn’s disease; Crohn's disease; cystic fibrosis; cystitis
deep vein thrombosis; dementia; dengue; depression; dermatitis; diabetes; diverticulitis; dry eye disease; dyslexia
eating disorder; eczema; emphysema; endometriosis; epilepsy; erectile dysfunction; fatty liver; fibromyalgia; flu
food poisoning; gallstone; gastritis; gastroenteritis; glaucoma; gout; gum disease; haemorrhoid; hemorrhoid; hay fever
heart attack; heart disease; heart failure; hepatitis; hernia; herpes; high blood pressure; high cholesterol; HIV
Huntington’s disease; hypercholesterolaemia; hypertension; hyperthyroidism; hypothyroidism; IBS; impetigo; infection
infertility; inflammatory bowel disease; influenza; insomnia; insulin resistance; irritable bowel syndrome; jaundice
kidney disease; kidney stone; leukaemia; leukemia; liver disease; long Covid; lung cancer; lupus; Lyme disease; lymphoma
macular degeneration; malaria; malnutrition; ME/CFS; measles; melanoma; meningitis; mental illness; metabolic syndrome
migraine; mononucleosis; multiple sclerosis; mumps; muscular dystrophy; narcolepsy; neuropathy; obesity
obsessive-compulsive disorder; osteoarthritis; osteopenia; osteoporosis; ovarian cancer; pancreatitis; panic attack
panic disorder; Parkinson’s; Parkinson's; Parkinson’s disease; Parkinson's disease; peptic ulcer
periodontitis; pneumonia; polio; polycystic ovary syndrome; PCOS; postnatal depression; post-traumatic stress disorder
PTSD; pre-eclampsia; premenstrual syndrome; prostate cancer; psoriasis; psychosis; rabies; restless legs syndrome
rheumatoid arthritis; rickets; ringworm; rosacea; sarcopenia; schizophrenia; sciatica; scurvy
seasonal affective disorder; sepsis; shingles; sickle cell disease; sinusitis; skin cancer; sleep apnoea; sleep apnea
sleep disorder; sleeping disorder; stomach ulcer; stroke; tendonitis; tetanus; thrombosis; thrush; thyroid disease
tinnitus; tonsillitis; tuberculosis; type 1 diabetes; type 2 diabetes; ulcer; ulcerative colitis
urinary tract infection; UTI; varicose vein; vertigo; wart; whooping cough; yeast infection
"""

SYMPTOMS = """
abdominal pain; aches; back pain; bloating; brain fog; chest pain; chronic fatigue; congestion; constipation; cough
cramp; diarrhoea; diarrhea; dizziness; erection problem; exhaustion; fatigue; fever; hair loss; headache; heartburn
high blood sugar; hot flush; hot flash; indigestion; inflammation; itching; jet lag; joint pain; low libido; low mood
memory loss; mood swing; morning sickness; muscle cramp; muscle pain; nausea; nerve pain; night sweat; nosebleed
numbness; pain; palpitation; period pain; rash; seizure; shortness of breath; skin rash; sleeplessness; snoring
sore throat; stomach ache; swelling; tiredness; toothache; tremor; vomiting; water retention; weight loss resistance
wheezing; wrinkles
"""


def names(block):
    """Return the names in a block without duplicates, ignoring case."""
    found = (name.strip() for line in block.splitlines() for name in line.split(";"))
    return list({name.casefold(): name for name in found if name}.values())


def fill(apps, schema_editor):
    """Add the missing entries; leave those that editors have changed or added."""
    PreferredTerm = apps.get_model("checks", "PreferredTerm")
    Condition = apps.get_model("checks", "Condition")
    known = {avoid.casefold() for avoid in PreferredTerm.objects.values_list("avoid", flat=True)}
    PreferredTerm.objects.bulk_create(
        PreferredTerm(avoid=avoid, prefer=prefer, why=why)
        for avoid, prefer, why in TERMS
        if avoid.casefold() not in known
    )
    known = {name.casefold() for name in Condition.objects.values_list("name", flat=True)}
    for kind, block in (("disease", DISEASES), ("symptom", SYMPTOMS)):
        missing = [name for name in names(block) if name.casefold() not in known]
        known.update(name.casefold() for name in missing)
        Condition.objects.bulk_create(Condition(name=name, kind=kind) for name in missing)


def empty(apps, schema_editor):
    """Delete the terms that are still as `fill` added them, and all conditions with a kind and name that it added."""
    PreferredTerm = apps.get_model("checks", "PreferredTerm")
    Condition = apps.get_model("checks", "Condition")
    shipped = set(TERMS)
    rows = PreferredTerm.objects.values_list("pk", "avoid", "prefer", "why")
    PreferredTerm.objects.filter(pk__in=[pk for pk, *row in rows if tuple(row) in shipped]).delete()
    for kind, block in (("disease", DISEASES), ("symptom", SYMPTOMS)):
        Condition.objects.filter(kind=kind, name__in=names(block)).delete()


class Migration(migrations.Migration):
    """Fill the word lists of the editorial checks with first entries, which editors can change."""

    dependencies = [("checks", "0002_roles")]
    operations = [migrations.RunPython(fill, empty)]
