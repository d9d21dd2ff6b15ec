"""CLM01 for products that are on no list: what is found, and a similar sentence that is left alone."""

import pytest

from tests.checks.desk import GUMMY, found


def levels(sentence: str) -> list[str]:
    """Return the levels of the claims found in a sentence of an article that recommends a supplement."""
    fields = {"products": (GUMMY,), "disclosure": "We sell supplements."}
    return [each.level.value for each in found(f"<p>{sentence}</p>", **fields) if each.id == "CLM01"]


@pytest.mark.parametrize(
    ("sentence", "similar"),
    [
        ("SleepWell® calms minds and eases insomnia.", "SleepWell® comes in a blue jar, and insomnia is common."),
        ("GlucoMend lowers the strain of diabetes.", "The MedlinePlus page on diabetes helps readers."),
        ("WINTER IS HERE: BEAT THE FLU", "Winter is here, and so is the flu."),
        ("Fernhill Eczema Calming Balm", "Living With Eczema"),
        ("Organic Psoriasis Help From The Hills", "Psoriasis and Its Causes"),
        ("Heathertine soothes and relieves the burning of cystitis.", "Antibodies relieve nobody of cystitis."),
    ],
)
def test_a_claim_of_a_product_on_no_list_warns(sentence, similar):
    assert levels(sentence) == ["warning"]
    assert levels(similar) == []


def test_the_wording_of_a_label_of_a_medicine_blocks():
    assert levels("For the temporary relief of minor aches and joint pain") == ["blocker"]
    assert levels("Temporarily relieves nausea.") == ["blocker"]


def test_a_medicine_may_relieve_for_a_time():
    assert levels("A prescription medicine may give temporary relief of nausea.") == []
