from decimal import Decimal

from django.db import migrations

DRI = "https://doi.org/10.17226"
# The reports on Dietary Reference Intakes that set adult upper levels.
IOM_1997 = f"US Institute of Medicine, Dietary Reference Intakes, 1997, {DRI}/5776"
IOM_1998 = f"US Institute of Medicine, Dietary Reference Intakes, 1998, {DRI}/6015"
IOM_2000 = f"US Institute of Medicine, Dietary Reference Intakes, 2000, {DRI}/9810"
IOM_2001 = f"US Institute of Medicine, Dietary Reference Intakes, 2001, {DRI}/10026"
IOM_2011 = f"US Institute of Medicine, Dietary Reference Intakes, 2011, {DRI}/13050"
EFSA_CAFFEINE = "European Food Safety Authority, 2015, https://doi.org/10.2903/j.efsa.2015.4102"
EFSA_OMEGA = "European Food Safety Authority, 2012, https://doi.org/10.2903/j.efsa.2012.2815"
SCF_NIACIN = (
    "EU Scientific Committee on Food, 2002, in: Tolerable upper intake levels for vitamins and minerals, EFSA, 2006,"
    " https://www.efsa.europa.eu"
)

# Name, other names, unit, upper limit a day for adults (None: none has been set), who set it.
INGREDIENTS = [
    ("Magnesium", "Mg;elemental magnesium", "mg", "350", f"{IOM_1997} (from supplements and medicines)"),
    ("Calcium", "elemental calcium", "mg", "2500", f"{IOM_2011} (19 to 50 years; 2000 mg from 51)"),
    ("Iron", "elemental iron", "mg", "45", IOM_2001),
    ("Zinc", "elemental zinc", "mg", "40", IOM_2001),
    ("Copper", "", "mg", "10", IOM_2001),
    ("Manganese", "", "mg", "11", IOM_2001),
    ("Iodine", "iodide", "µg", "1100", IOM_2001),
    ("Molybdenum", "", "µg", "2000", IOM_2001),
    ("Boron", "", "mg", "20", IOM_2001),
    ("Selenium", "selenomethionine", "µg", "400", IOM_2000),
    ("Phosphorus", "phosphate", "mg", "4000", f"{IOM_1997} (19 to 70 years; 3000 mg from 71)"),
    ("Fluoride", "", "mg", "10", IOM_1997),
    ("Chromium", "chromium picolinate", "µg", None, ""),
    ("Potassium", "", "mg", None, ""),
    ("Vitamin A", "retinol;retinyl palmitate;retinyl acetate", "µg", "3000", f"{IOM_2001} (preformed vitamin A)"),
    ("Beta-carotene", "beta carotene;β-carotene", "mg", None, ""),
    ("Vitamin C", "ascorbic acid;ascorbate", "mg", "2000", IOM_2000),
    ("Vitamin D", "vitamin D3;vitamin D2;cholecalciferol;colecalciferol;ergocalciferol", "µg", "100", IOM_2011),
    ("Vitamin E", "alpha-tocopherol;tocopherol", "mg", "1000", f"{IOM_2000} (from supplements)"),
    ("Vitamin K", "vitamin K1;vitamin K2;phylloquinone;menaquinone", "µg", None, ""),
    ("Thiamin", "thiamine;vitamin B1", "mg", None, ""),
    ("Riboflavin", "vitamin B2", "mg", None, ""),
    ("Niacin", "nicotinic acid;vitamin B3", "mg", "35", f"{IOM_1998} (from supplements and fortified food)"),
    ("Nicotinamide", "niacinamide", "mg", "900", SCF_NIACIN),
    ("Pantothenic acid", "vitamin B5", "mg", None, ""),
    ("Vitamin B6", "pyridoxine;pyridoxal phosphate", "mg", "100", IOM_1998),
    ("Biotin", "vitamin B7", "µg", None, ""),
    ("Folic acid", "folate;vitamin B9;methylfolate", "µg", "1000", f"{IOM_1998} (from supplements and fortified food)"),
    ("Vitamin B12", "cobalamin;cyanocobalamin;methylcobalamin", "µg", None, ""),
    ("Choline", "", "mg", "3500", IOM_1998),
    ("Caffeine", "", "mg", "400", f"{EFSA_CAFFEINE} (200 mg at once; 200 mg a day in pregnancy)"),
    ("Omega-3 (EPA and DHA)", "EPA and DHA;EPA plus DHA;EPA+DHA", "g", "5", f"{EFSA_OMEGA} (from supplements)"),
    ("Melatonin", "N-acetyl-5-methoxytryptamine", "mg", None, ""),
    ("Ashwagandha", "Withania somnifera;withania;ashwagandha extract", "mg", None, ""),
    ("L-theanine", "theanine", "mg", None, ""),
    ("L-tryptophan", "tryptophan", "mg", None, ""),
    ("5-HTP", "5-hydroxytryptophan", "mg", None, ""),
    ("Glycine", "", "g", None, ""),
    ("Creatine", "creatine monohydrate", "g", None, ""),
    ("Valerian", "Valeriana officinalis;valerian root", "mg", None, ""),
    ("Lemon balm", "Melissa officinalis", "mg", None, ""),
    ("Curcumin", "turmeric", "mg", None, ""),
    ("Rhodiola", "Rhodiola rosea", "mg", None, ""),
    ("GABA", "gamma-aminobutyric acid;γ-aminobutyric acid", "mg", None, ""),
]


def values(row):
    """Return the field values of a row of INGREDIENTS."""
    name, others, unit, limit, source = row
    return {
        "name": name,
        "other_names": "\n".join(filter(None, others.split(";"))),
        "unit": unit,
        "upper_limit": Decimal(limit) if limit else None,
        "limit_source": source,
    }


def fill(apps, schema_editor):
    """Add the ingredients that are missing, compared by name. Existing ones are not changed."""
    Ingredient = apps.get_model("products", "Ingredient")
    known = {name.casefold() for name in Ingredient.objects.values_list("name", flat=True)}
    Ingredient.objects.bulk_create(Ingredient(**values(row)) for row in INGREDIENTS if row[0].casefold() not in known)


def empty(apps, schema_editor):
    """Delete the ingredients of the list that are unchanged and in no product."""
    Ingredient = apps.get_model("products", "Ingredient")
    for row in INGREDIENTS:
        Ingredient.objects.filter(**values(row), products=None).delete()


class Migration(migrations.Migration):
    """Add an initial list of ingredients with their upper limits, which editors maintain."""

    dependencies = [("products", "0002_roles")]
    operations = [migrations.RunPython(fill, empty)]
