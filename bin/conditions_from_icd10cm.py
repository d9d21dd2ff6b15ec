#!/usr/bin/env python3
"""Print the names of conditions in the ICD-10-CM tabular list, one per line, for checks/preflight/terms/conditions.txt.

Usage: bin/conditions_from_icd10cm.py TABULAR.xml > checks/preflight/terms/conditions.txt

The US National Center for Health Statistics publishes the list each year, in the public domain. Names are taken from
titles and inclusion terms of the chapters on diseases (codes A to N and Q). A name is kept if a text would use it: up
to four words, without qualifiers such as “unspecified”, and not a word that has another common meaning.
"""

import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator

_HEADER = """\
# Names of diseases from the titles and inclusion terms of ICD-10-CM (US National Center for Health Statistics, 2026,
# public domain), chosen by bin/conditions_from_icd10cm.py. Do not edit: add or exclude terms in the newsroom.
"""
_QUALIFIERS = re.compile(
    r"^(?:(?:other|others|unspecified|certain|acute|subacute|chronic|recurrent|primary|secondary|essential|idiopathic"
    r"|malignant|benign|mild|moderate|severe|persistent|congenital|nontraumatic|diffuse|localized|generalized) )+",
    re.IGNORECASE,
)
_ENDINGS = re.compile(r"(?: (?:NOS|NEC|unspecified|syndrome NOS)| of (?:unspecified|other) .*)$", re.IGNORECASE)
_UNWANTED = re.compile(
    r"\b(?:with|without|due|not|and|or|other|unspecified|site|sites|in|as|by|from|classified|elsewhere|status|personal"
    r"|history|encounter|screening|carrier|resistance|organisms?|agents?|complications?|following|sequelae|deficiency"
    r"|deficiencies|lack|abnormal|specified|multiple sites|remission|stage|grade|use|abuse|intoxication|withdrawal"
    r"|dependence|conditions?|changes?|problems?|disturbances?|effects?|phase|episode|type|level"
    r"|acquired|bilateral|unilateral|right|left|upper|lower|region|quadrant|causing|associated|induced|undetermined"
    r"|uncertain|behavior|current|presence|absence|single)\b",
    re.IGNORECASE,
)
# Words that mark a name as that of a disease.
_TELLING = re.compile(
    r"(?:itis|[ao]sis|[aeo]ses|[aeh]?emia|oma|omas|omata|opathy|openia|algia|plegia|rrhea|dynia|uria|dystrophy|pnea"
    r"|phobia|plasia|megaly|sclerosis|phrenia|epilepsy|lepsy|somnia|trophy)$"
    r"|^(?:disease|syndrome|fever|infection|infections|influenza|diabetes|pneumonia|cancer|ulcer|ulcers|asthma|angina"
    r"|arrhythmia|dementia|eczema|migraine|headache|hepatitis|hernia|herpes|leprosy|malaria|measles|mumps|palsy|pox"
    r"|rabies|rash|rickets|scurvy|seizures?|shingles|stones?|stroke|tumou?r|warts?|autism|alcoholism|bulimia|anorexia"
    r"|cataracts?|cholera|cold|colic|croup|depression|diphtheria|embolism|emphysema|fibrillation|gallstones?|glaucoma"
    r"|gout|hyperthyroidism|hypothyroidism|hypertension|hypotension|impotence|infarction|infertility|ischemia|jaundice"
    r"|lupus|lymphedema|mania|menopause|neuralgia|obesity|parkinsonism|plague|psoriasis|ringworm|rosacea|sciatica"
    r"|scabies|smallpox|sprue|sunburn|syphilis|tachycardia|tetanus|thrush|tinnitus|trachoma|typhoid|typhus|urticaria"
    r"|varices|vertigo|vitiligo|worms?)$",
    re.IGNORECASE,
)
_GENERAL_FIRST = {"forms", "lesions", "neoplasm", "fistula", "abscess", "on", "manifestations", "reactions", "wart"}
# Words with another common meaning.
_ORDINARY = {"plague", "cold", "rash", "worm", "worms", "stones", "stone", "depression", "palsy", "diagnosis", "trophy"}
_BRITISH = (
    ("emia", "aemia"),
    ("anemi", "anaemi"),
    ("rrhea", "rrhoea"),
    ("edema", "oedema"),
    ("tumor", "tumour"),
    ("celiac", "coeliac"),
    ("esophag", "oesophag"),
    ("hemorrh", "haemorrh"),
    ("hemo", "haemo"),
)


def names(path: str) -> Iterator[str]:
    """Yield the names to keep, in the order of the file at `path`, with repetitions."""
    for diag in ET.parse(path).getroot().iter("diag"):
        code = diag.findtext("name") or ""
        if not re.match(r"[A-NQ]\d", code):
            continue
        notes = [note.text or "" for note in diag.findall("inclusionTerm/note")]
        for words in [diag.findtext("desc") or "", *notes]:
            name = _ENDINGS.sub("", re.sub(r"\s*[(\[].*?[)\]]", "", words).split(",")[0].strip())
            name = _QUALIFIERS.sub("", name).strip()
            if _wanted(name):
                name = name if name.split()[0].isupper() else name[0].lower() + name[1:]
                yield name
                yield from (name.replace(*pair) for pair in _BRITISH if pair[0] in name and pair[1] not in name)


def _wanted(name: str) -> bool:
    """Return whether a text would use this name."""
    words = name.casefold().split()
    if len(name) < 4 or not re.fullmatch(r"[A-Za-z’'-]+(?: [A-Za-z’'-]+){0,3}", name) or _UNWANTED.search(name):
        return False
    if words[0] in _GENERAL_FIRST or (len(words) == 1 and words[0] in _ORDINARY):
        return False
    return bool(_TELLING.search(words[-1]) or (words[1:2] == ["of"] and _TELLING.search(words[0])))


if __name__ == "__main__":
    found = {name.casefold().replace("'", "’"): name.replace("'", "’") for name in names(sys.argv[1])}
    sys.stdout.write(_HEADER + "\n".join(found[key] for key in sorted(found)) + "\n")
