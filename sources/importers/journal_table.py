"""Titles and abbreviations of journals as in the catalogue of the National Library of Medicine (NLM).

The table was written for this project and compared with NLM's list of journals (J_Entrez.txt, in the copy that JabRef
distributes) and with PubMed records. The place that NLM adds to some titles in brackets is left out.
"""

# One journal a line: the title and the abbreviation.
JOURNALS = """
Age and ageing|Age Ageing
Ageing research reviews|Ageing Res Rev
Alimentary pharmacology & therapeutics|Aliment Pharmacol Ther
The American journal of clinical nutrition|Am J Clin Nutr
American journal of epidemiology|Am J Epidemiol
The American journal of gastroenterology|Am J Gastroenterol
The American journal of psychiatry|Am J Psychiatry
Annals of internal medicine|Ann Intern Med
Appetite|Appetite
Arthritis & rheumatology|Arthritis Rheumatol
Biochimica et biophysica acta|Biochim Biophys Acta
BMC bioinformatics|BMC Bioinformatics
BMC complementary and alternative medicine|BMC Complement Altern Med
BMC medicine|BMC Med
BMC public health|BMC Public Health
Brain|Brain
British journal of clinical pharmacology|Br J Clin Pharmacol
The British journal of nutrition|Br J Nutr
The British journal of psychiatry|Br J Psychiatry
British journal of sports medicine|Br J Sports Med
Cell metabolism|Cell Metab
Cell|Cell
Circulation|Circulation
Clinical pharmacology and therapeutics|Clin Pharmacol Ther
Complementary therapies in medicine|Complement Ther Med
Critical reviews in food science and nutrition|Crit Rev Food Sci Nutr
Diabetes care|Diabetes Care
Diabetes|Diabetes
Diabetologia|Diabetologia
Drug safety|Drug Saf
eLife|Elife
Endocrine reviews|Endocr Rev
Environmental health perspectives|Environ Health Perspect
European heart journal|Eur Heart J
European journal of clinical nutrition|Eur J Clin Nutr
European journal of nutrition|Eur J Nutr
Frontiers in neurology|Front Neurol
Frontiers in physiology|Front Physiol
Gastroenterology|Gastroenterology
Gut|Gut
Hepatology|Hepatology
Hypertension|Hypertension
International journal of environmental research and public health|Int J Environ Res Public Health
International journal of epidemiology|Int J Epidemiol
International journal of obesity|Int J Obes (Lond)
International journal of sport nutrition and exercise metabolism|Int J Sport Nutr Exerc Metab
JAMA|JAMA
Journal of affective disorders|J Affect Disord
Journal of bone and mineral research|J Bone Miner Res
The Journal of clinical endocrinology and metabolism|J Clin Endocrinol Metab
Journal of clinical epidemiology|J Clin Epidemiol
Journal of dairy science|J Dairy Sci
Journal of ethnopharmacology|J Ethnopharmacol
Journal of medical Internet research|J Med Internet Res
The journal of nutrition, health & aging|J Nutr Health Aging
The Journal of nutritional biochemistry|J Nutr Biochem
The Journal of nutrition|J Nutr
Journal of research in medical sciences|J Res Med Sci
Journal of sleep research|J Sleep Res
Journal of the American College of Cardiology|J Am Coll Cardiol
Journal of the American Geriatrics Society|J Am Geriatr Soc
Journal of the International Society of Sports Nutrition|J Int Soc Sports Nutr
The journals of gerontology. Series A, Biological sciences and medical sciences|J Gerontol A Biol Sci Med Sci
The Lancet. Infectious diseases|Lancet Infect Dis
The Lancet. Neurology|Lancet Neurol
The Lancet. Oncology|Lancet Oncol
Medicine and science in sports and exercise|Med Sci Sports Exerc
Molecular nutrition & food research|Mol Nutr Food Res
Nature chemical biology|Nat Chem Biol
Nature medicine|Nat Med
Nature|Nature
Neurology|Neurology
Neuropsychopharmacology|Neuropsychopharmacology
The New England journal of medicine|N Engl J Med
Nutrition journal|Nutr J
Nutrition reviews|Nutr Rev
Nutrition|Nutrition
Occupational and environmental medicine|Occup Environ Med
Osteoporosis international|Osteoporos Int
Pediatrics|Pediatrics
PLoS biology|PLoS Biol
PLoS computational biology|PLoS Comput Biol
PLoS genetics|PLoS Genet
PLoS medicine|PLoS Med
PloS one|PLoS One
Proceedings of the National Academy of Sciences of the United States of America|Proc Natl Acad Sci U S A
Psychoneuroendocrinology|Psychoneuroendocrinology
Psychopharmacology|Psychopharmacology (Berl)
Public health nutrition|Public Health Nutr
Science|Science
Sleep medicine reviews|Sleep Med Rev
Sleep medicine|Sleep Med
Sleep|Sleep
Sports medicine|Sports Med
Stroke|Stroke
World neurosurgery|World Neurosurg
"""
