"""CLM: what each check finds, and a similar sentence that it accepts."""

import pytest

from tests.checks.desk import GUMMY, SOURCES, found, ids, words


def clm(sentence: str, **fields) -> list[str]:
    return [name for name in ids(words(sentence), sources=SOURCES, **fields) if name.startswith("CLM")]


DISEASE_CLAIMS = [
    "Chamomile tea treats insomnia.",
    "This root can cure migraines.",
    "A spoonful of honey prevents the common cold.",
    "Zinc heals acne quickly.",
    "It is a remedy for constipation.",
    "It is an old remedy for people who struggle with headaches.",
    "Magnesium is sometimes used to treat various sleep disorders.",
    "Take it to help prevent and treat chronic pain.",
    "Depression can be treated with saffron.",
    "Warm milk is the oldest insomnia cure.",
    "Ginger is a natural treatment for nausea.",
]


@pytest.mark.parametrize("sentence", DISEASE_CLAIMS)
def test_a_disease_beside_a_cure_blocks_where_a_product_is_recommended(sentence):
    assert clm(sentence, products=(GUMMY,)) == ["CLM01"]


@pytest.mark.parametrize("sentence", DISEASE_CLAIMS)
def test_a_disease_beside_a_cure_warns_where_no_product_is_near(sentence):
    assert clm(sentence) == ["CLM02"]


def test_naming_a_product_is_as_near_as_recommending_it():
    assert "CLM01" in clm("Evening Gummies are new. Chamomile tea treats insomnia.", disclosure="We sell them.")


@pytest.mark.parametrize(
    "sentence",
    [
        "It does not cure insomnia.",
        "It is not a treatment for migraine.",
        "No supplement prevents colds.",
        "Nothing here is meant to diagnose, treat, cure or prevent any disease.",
        "Whether it prevents migraine is not known.",
        "Sellers claim that it cures cancer.",
        "Can honey cure a cough?",
        "Doctors treat insomnia with a talking therapy.",
        "Medicines that treat high blood pressure can interact.",
        "If you are being treated for diabetes, ask first.",
        "Calcium prevents absorption of iron in people with anaemia.",
        "Salt is used to cure meat, and pain is what remains of a bad knife.",
        "Good sleep is part of health for people with diabetes.",
        "Treat yourself to a walk when stress is high.",
        "“It cures insomnia,” says the label.",
        "A graze heals in a week, and a headache passes sooner.",
        "An itch can be treated as a sign of eczema.",
        "Wash your hands to prevent infection.",
    ],
)
def test_denials_medicine_and_other_senses_are_left_alone(sentence):
    assert clm(sentence, products=(GUMMY,)) == []


def test_a_claim_is_found_in_title_and_key_messages_too():
    fields = {"title": "Tea cures insomnia", "key_messages": ("Tea prevents migraine.",), "products": (GUMMY,)}
    assert [(each.id, each.field) for each in found(**fields)] == [("CLM01", "title"), ("CLM01", "key_messages")]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is a proven way to rest.",
        "Our clinically proven blend is here.",
        "Some call it a small miracle.",
        "It is the most advanced gummy yet.",
        "Tea is the antidote to a long day.",
        "Better sleep in three nights, guaranteed.",
        "A revolutionary way to wind down.",
        "Clinically shown to calm.",
        "It is backed by science and recommended by doctors.",
        "The #1 sleep brand for students.",
        "Lose 20 pounds in six weeks.",
    ],
)
def test_a_promise_beyond_evidence_blocks(sentence):
    assert clm(sentence) == ["CLM03"]


@pytest.mark.parametrize(
    "sentence",
    [
        "It has not been proven to work.",
        "Its use is unproven.",
        "There is no miracle in a jar.",
        "Nothing about it is proven.",
        "Is it clinically proven?",
        "The label says “clinically proven”.",
        "People with a proven allergy to mint should not use it.",
        "Naloxone is the antidote in opioid poisoning.",
        "The province is known for its tea, whose provenance is recorded.",
        "Advanced age changes sleep.",
        "Dough should be proven for an hour.",
        "Breakthrough bleeding is common in the first months.",
        "The right to see your records is guaranteed by law.",
    ],
)
def test_what_is_denied_diagnosed_or_quoted_is_left_alone(sentence):
    assert clm(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Coffee reduces the risk of falls.[cohort]",
        "A short night raises blood sugar.[cross_sectional cohort]",
        "The extract improves memory.[animal]",
        "It lowered the level of cortisol.[in_vitro]",
    ],
)
def test_cause_and_effect_from_watching_or_from_animals_warns(sentence):
    assert clm(sentence) == ["CLM04"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Coffee reduces the risk of falls.[randomised_trial]",
        "Coffee reduces the risk of falls.[cohort randomised_trial]",
        "Coffee reduces the risk of falls.",
        "Coffee is associated with a lower risk, which increases with age.[cohort]",
        "Coffee may reduce the risk of falls, which causes concern.[cohort]",
        "The study cannot show that coffee reduces the risk.[cohort]",
        "Among the causes were noise and light.[cohort]",
        "In mice, the extract improves memory.[animal]",
        "Cells in a dish lived longer when it lowered the acid.[in_vitro]",
        "Does coffee cut the risk?[cohort]",
    ],
)
def test_trials_hedges_and_named_animals_are_left_alone(sentence):
    assert clm(sentence) == []
