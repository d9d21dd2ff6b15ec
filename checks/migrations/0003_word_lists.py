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

LAY_NAMES = """
attention deficit; attention deficit disorder; attention deficit hyperactivity disorder; ADD; AIDS; blood clot
blood poisoning; blocked arteries; clogged arteries; hardening of the arteries; bone loss; brittle bones; boils
broken heart syndrome; cataracts; chilblains; cognitive decline; coronavirus; corona virus; Covid; COVID; cyst; cysts
dandruff; diabetic neuropathy; eating disorders; failing heart; fibroids; fungal infection; gum infection; hangover
heart trouble; heavy periods; hormonal imbalance; hot flushes; hot flashes; hyperactivity; impotence; incontinence
joint damage; joint inflammation; inflamed joints; kidney failure; kidney infection; leaky gut; leg cramp; liver damage
airway constriction; ailment; arterial blockage; blockage in the blood vessel; blockage in the artery; bone fracture; Ebola; Zika; MERS; HPV; RSV
Epstein-Barr; health issue; health problem; medical condition; irregular heartbeat; kidney damage; joint problem; skin problem; digestive problem
breathing problem; vision loss; hearing loss; nerve problem; stomach problem; lung disease; lung infection; broken bone; bronchial asthma; cavity; cavities; colic; colon cancer
colorectal cancer; concussion; degenerative eye disease; dental plaque; digestive upset; disease; disorder; drug withdrawal
eye disease; foot fungus; goitre; fungal overgrowth; illness; kidney problem; liver problem; metastasis; metastases
morphine withdrawal; nail fungus; necrotising enterocolitis; necrotizing enterocolitis; neurodegeneration; oncology
prostate problem; reflux; respiratory condition; respiratory illness; skin condition; stomach bug; stomach flu; tumor growth
tumour growth; thyroid disorder; traumatic brain injury; TBI; viral illness; wound; skin infection; thyroid problem
low testosterone; manic depression; melancholy; menopausal symptoms; menopause symptom; symptoms of menopause
symptoms of the menopause; mood disorder; MRSA; nerve damage; neurodegenerative disorder; neurodegenerative disease
neurological disorder; opioid addiction; opioid withdrawal; panic; parasites; parasite; PMS; post partum depression
postpartum depression; prediabetes; pre-diabetes; diabetic; prostate trouble; enlarged prostate; BPH; sinus infection
sore joint; stiff joint; substance use disorder; thinning hair; tooth decay; urinary infection; bladder infection
chest infection; ear infection; viral infection; bacterial infection; ADHD; autism spectrum disorder; mental health issue
mental disorder; mental health disorder; psychosis; cancers; tumor; tumour; skin lesion; actinic keratosis; sunspot; carcinoma
squamous cell carcinoma; basal cell carcinoma; withdrawal symptom; hypoglycemia; hypoglycaemia; heart condition
restless leg syndrome; opiate withdrawal; opiate addiction; drug addiction; poor circulation; respiratory infection
respiratory tract infection; upper respiratory infection; upper respiratory tract infection; cytokine storm; bird flu
head lice; pink eye; damaged cartilage; cartilage damage; mpox; monkeypox; chronic inflammation; chronic disease
inflammatory condition; degenerative disease; brain disorder; Crohn’s; Crohn's
"""

LAY_SYMPTOMS = """
aching joint; aching knee; achy joint; aching back; ache; arthritic pain; pains; muscle ache; muscle tension
muscle tightness; muscle spasm; joint stiffness; stiffness; soreness; migraine pain; neck pain; knee pain; nerve ache
burning feet; tingling feet; restless legs; swollen ankle; fluid retention; puffiness; sleepless night; sleep problem
poor sleep; bad sleep; trouble sleeping; brain fog episode; forgetfulness; memory problem; runny nose; stuffy nose
blocked nose; phlegm; mucus; upset stomach; stomach upset; upset tummy; motion sickness; car sickness; travel sickness; hiccups; menstrual discomfort
menstrual pain; bladder discomfort; post-nasal drip; plaque; joint swelling; cramping; itching skin; sore muscle; chills
tummy ache; stomach cramp; stomach pain; belly pain; gas; burping; nervousness
nervous tension; panic feelings; irritability; anxiousness; feelings of sadness; sadness; low spirits
hay fever symptom; itchy skin; dry skin; flare-up; inflammation; painful inflammation; painful periods; cramps
vaginal dryness; menopause; perimenopause; post-menopause; night blindness; blurred vision; ringing in the ears; sensitive teeth; bleeding gum; bad breath
gum bleeding; hives; sprain; bruise; bruising; scarring; bed sore; bedsore; insect bite; bug bite; age spot
liver spot; hyperpigmentation; dry eye; sneezing; muscle strain
"""

MARKERS = """
A1C; A1c; HbA1c; LDL; LDL cholesterol; LDLs; HDL; VLDL; bad cholesterol; cholesterol; cholesterol level; total cholesterol
blood cholesterol; triglyceride; blood fat; bad fat; blood lipid; blood pressure; systolic blood pressure
diastolic blood pressure; blood glucose; glucose; glucose level; fasting glucose; blood sugar; blood sugar level
sugar level; sugar spike; blood sugar spike; insulin level; insulin sensitivity; glycemic control
glycaemic control; C-reactive protein; CRP; homocysteine; uric acid; arterial plaque; plaque in the arteries; PSA
inflammatory response; blood clotting; blood coagulation; insulin response; thyroid hormone level; iron level; haemoglobin level; hemoglobin level
liver enzyme; blood thickness; bone density; viral load; intraocular pressure; eye pressure; thyroid level; TSH
"""

GERMS = """
bacteria; bacterium; virus; viruses; germ; microbe; pathogen; fungus; fungi; mould spores; yeast; candida overgrowth
staph; E. coli; E coli; salmonella; streptococcus; strep; H. pylori; Helicobacter; Helicobacter pylori; flu virus
cold virus; coronaviruses; SARS; SARS-CoV-2; cancer cell; tumour cell; tumor cell; glioma cell; leukaemia cell
leukemia cell; malignant cell; cancerous cell; malignant tumor; malignant tumour; worm; tapeworm; superbug; norovirus
"""

MEDICINES = """
Adderall; Advil; Ambien; antibiotic; anticoagulant; anticonvulsant; antidepressant; antihistamine; antipsychotic; aspirin
Ativan; acetaminophen; amoxicillin; atorvastatin; benzodiazepine; beta blocker; blood pressure medication; blood thinner
Botox; cancer drug; chemotherapy; chemo; cholesterol medication; codeine; corticosteroid; cortisone; Cialis; diazepam
donepezil; fluoxetine; GLP-1 drug; heart medicine; hormone replacement therapy; HRT; ibuprofen; insulin
insulin injection; levothyroxine; Lipitor; lithium; memantine; metformin; methotrexate; morphine; Motrin; naproxen
NSAID; NSAIDs; opioid; over-the-counter pain reliever; Ozempic; pain medication; pain medicine; pain reliever
painkiller; paracetamol; penicillin; pharmaceutical; pharmaceutical drug; prescription; prescription drug
prescription medicine; prescription medication; prednisone; Prozac; Ritalin; radiotherapy; radiation therapy
sedative; semaglutide; sertraline; sleeping pill; sleeping tablet; SSRI; SSRIs; statin; steroid; tranquilliser
tranquilizer; Tylenol; Valium; Viagra; Wegovy; Xanax; Zoloft; warfarin; antacid; laxative; PPI; antiviral drug
antiviral medicine; anti-inflammatory drug; anti-inflammatory medicine; vaccine; vaccination
"""

SUBSTANCES = """
acai; activated charcoal; aloe; aloe vera; alpha-lipoic acid; amino acid; anise; apple cider vinegar; arginine; arnica
artichoke leaf; astragalus; baobab; barley grass; bee pollen; beetroot powder; berberine; bergamot extract; bilberry
bitter melon; black cohosh; black cumin; black salve; black seed; black seed oil; black walnut; bloodroot; boswellia
brahmi; bromelain; burdock; butterbur; calendula; cannabidiol; CBD; CBD oil; carnitine; L-carnitine; cascara
castor oil; cat’s claw; cayenne; chaga; chamomile; camomile; chasteberry; chia; chlorella; chondroitin; cinnamon
clove oil; coconut oil; coenzyme Q10; CoQ10; cod liver oil; collagen; colloidal silver; nano silver; cordyceps; cranberry
curcumin; dandelion; dandelion root; devil’s claw; DHA; dong quai; echinacea; elderberry; elderflower; EPA; essential oil
evening primrose; evening primrose oil; eyebright; fennel; fenugreek; feverfew; fish oil; flaxseed; flaxseed oil; GABA
garcinia; garlic; ginger; ginkgo; ginkgo biloba; ginseng; glucosamine; goldenseal; gotu kola; grape seed extract
grapeseed extract; green tea; green tea extract; guarana; hawthorn; hemp; hemp oil; hibiscus; holy basil; honey; hops
horse chestnut; horsetail; hyaluronic acid; inositol; inulin; karela; kava; kelp; kombucha; kratom; krill oil; lapacho
lavender; lavender oil; lecithin; lemon balm; licorice; liquorice; lion’s mane; lutein; lysine; L-lysine; maca; maitake
manuka honey; marshmallow root; milk thistle; moringa; MSM; mucuna; mugwort; mullein; mushroom extract; neem; nettle
nigella; nutmeg; olive leaf; omega-3; omega-3s; omega 3; oregano; oregano oil; oil of oregano; papaya leaf; passionflower
pau d’arco; pectin; peppermint; peppermint oil; phenibut; phytoestrogen; pine bark; pine bark extract; piperine
polyphenol; prebiotic; probiotic; propolis; psyllium; pumpkin seed; pycnogenol; pygeum; quercetin; raspberry ketone
raspberry leaf; red clover; red yeast rice; reishi; resveratrol; rhodiola; rosehip; rose hip; rosemary; royal jelly
rutin; S-adenosylmethionine; SAMe; saffron; sage; Saint John’s wort; St John’s wort; St. John’s wort; saw palmetto
schisandra; sea buckthorn; sea moss; senna; shallaki; shiitake; shilajit; silymarin; skullcap; slippery elm; soy isoflavone
spirulina; stevia; stinging nettle; superfood; tamanu oil; tart cherry; taurine; tea tree oil; thyme; tribulus; triphala
tulsi; turmeric; tyrosine; valerian; velvet antler; vitamin; multivitamin; wheatgrass; white willow; willow bark; witch hazel
wormwood; yam; yarrow; yohimbe; zeaxanthin; herb; herbal blend; herbal remedy; herbal tea; root; extract; tincture
supplement; food supplement; dietary supplement; gummy; gummies; capsule; softgel; elixir; formula; nootropic; adaptogen
antioxidant; mineral; botanical; noni; soursop; graviola; turkey tail; kefir; colostrum; lactoferrin; bacopa; shatavari
amla; giloy; guduchi; zeolite; fulvic acid; N-acetylcysteine; NAC; glutathione; NMN; nicotinamide riboside; beta-glucan
tongkat ali; horny goat weed; chaparral; comfrey; sarsaparilla; MCT oil; apricot kernel; laetrile; green coffee; DHEA
moringa; soy protein; hydrogen water; alkaline water; bee venom; usnea; lobelia; jiaogulan; mangosteen; goji
"""

LISTS = (
    ("disease", DISEASES + LAY_NAMES),
    ("symptom", SYMPTOMS + LAY_SYMPTOMS),
    ("marker", MARKERS),
    ("germ", GERMS),
    ("medicine", MEDICINES),
    ("substance", SUBSTANCES),
)


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
    for kind, block in LISTS:
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
    for kind, block in LISTS:
        Condition.objects.filter(kind=kind, name__in=names(block)).delete()


class Migration(migrations.Migration):
    """Fill the word lists of the editorial checks with first entries, which editors can change."""

    dependencies = [("checks", "0002_roles")]
    operations = [migrations.RunPython(fill, empty)]
