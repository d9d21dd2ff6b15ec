"""Claims on health: explicit ones about what we sell block, looser ones warn, and what others do is left alone."""

from dataclasses import replace

import pytest

from tests.checks.desk import GUMMY, LISTS, SOURCES, found, words


def levels(sentence: str, **fields) -> set[str]:
    """Return the levels of the findings CLM01 in an article that recommends a product."""
    fields = {"products": (GUMMY,), "disclosure": "We sell it.", "sources": SOURCES, **fields}
    return {each.level.value for each in found(words(sentence), **fields) if each.id == "CLM01"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Feverfew eases migraine within the hour.",
        "Saffron reduces depression and anxiety.",
        "Turmeric cures arthritis, says our pharmacist.",
        "It is no secret that turmeric cures arthritis.",
        "Ginger never fails to cure migraine.",
        "Turmeric helps you beat stubborn joint pain.",
        "Brings down LDL in six weeks.",
        "Made to gently ease inflammation.",
        "For a better A1C and steadier glucose.",
        "Oregano oil kills viruses and bacteria on contact.",
        "The root makes tumour cells die off.",
        "Our Panic Attack Relief Tea",
        "Ginger is among the most potent anti-inflammatories there are.",
        "Garlic has anti-cancer and anti-diabetic properties.",
        "A natural stand-in for statins.",
        "Curcumin works better than prescription drugs.",
        "“It cured my insomnia in a week,” writes Ruth from Leeds.",
        "“My gout is gone after a week on the drops,” says Ada.",
        "Since I take them I have had no more migraines or cramps.",
        "Wave goodbye to psoriasis with our herb blend.",
        "A calm evening with us. #migrainerelief",
        "Did you know how well green tea prevents cancer?",
        "Do you have gout? Turmeric cures it.",
        "Need less insulin? Take our blend with breakfast.",
        "In folk medicine, nettle has been used to treat gout and eczema.",
        "Depression can be treated with saffron.",
        # Lines of labels, and things that only the list of substances knows.
        "Jiaogulan reduces the severity of stubborn bronchitis.",
        "FOR KIDNEY STONES",
        "Temporary relief of motion sickness",
        "The herbs in this blend are antimicrobial and expectorant.",
        "Mulberry leaf supports blood sugar control.",
    ],
)
def test_an_explicit_claim_about_what_we_sell_blocks(sentence):
    assert levels(sentence) == {"blocker"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Zinc may shorten a cold, and could prevent pneumonia.",
        "Ginkgo is said to guard against dementia.",
        "Sunlight cured her depression, she writes.",
        "It reduces LDL.",
        "Moonwort tablets may help lower blood sugar.",
        "Kaempferol Induces Apoptosis in Lung Cancer Cells",
        "Women with endometriosis may also benefit from chasteberry.",
    ],
)
def test_a_looser_claim_warns(sentence):
    assert levels(sentence) == {"warning"}


@pytest.mark.parametrize(
    "sentence",
    [
        # Others act: professionals, medicines, ways of life, the body.
        "Statins lower cholesterol.",
        "Doctors treat insomnia with a talking therapy.",
        "Less salt and more walking help prevent high blood pressure.",
        "White blood cells fight infection.",
        "Some antacids hold magnesium for treating heartburn.",
        # Studied, or under treatment.
        "We looked for trials of zinc to prevent pneumonia and found six.[systematic_review]",
        "Larger trials would be needed to confirm a benefit in preventing depression.[systematic_review]",
        "None of the trials was set up to treat fatigue.[systematic_review]",
        "Anybody treated for gout should ask first.",
        "In most trials zinc shortened colds by a day.[systematic_review]",
        # Denied.
        "Turmeric does not cure arthritis.",
        "The label says that it “cures arthritis”.",
        # Claims about the body that the FDA accepts.
        "Magnesium helps maintain a healthy blood sugar level.",
        "Vitamin D helps maintain cholesterol that is already in the normal range.",
        "Ginger relieves occasional heartburn after meals.",
        "Calcium builds strong bones.",
        # Headings, and subjects that are neither a plant nor a product.
        "Melatonin for jet lag",
        "Living with psoriasis",
        "Prevention of heart disease begins with not smoking.",
        "Cooler rooms can help people with hot flushes.",
        "Early screening can prevent bowel cancer.",
        "Cannabidiol can interact with medicines for epilepsy.",
    ],
)
def test_what_others_do_what_was_studied_and_what_the_body_does_is_left_alone(sentence):
    assert levels(sentence) == set()


def test_a_pronoun_stands_for_what_the_sentence_before_names():
    assert levels("Turmeric is a root. It lowers LDL.") == {"blocker"}
    assert levels("Statins are old medicines. They lower LDL.") == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Turmeric cures gout"),
        ("safety_note", "<p>Turmeric cures gout.</p>"),
        ("disclosure", "We sell turmeric, which cures gout."),
        ("hero_alt", "A root of turmeric, which cures gout"),
        ("hero_caption", "Turmeric cures gout."),
        ("search_description", "Turmeric cures gout."),
        ("key_messages", ("Turmeric cures gout.",)),
        ("body", '<p><img src="/root.jpg" alt="Turmeric cures gout."></p>'),
        ("body", "<figure><figcaption>Turmeric cures gout.</figcaption></figure>"),
    ],
)
def test_a_claim_is_found_in_every_field_that_readers_read(field, value):
    fields = {"products": (GUMMY,), "disclosure": "We sell it.", **({} if field == "body" else {field: value})}
    body = value if field == "body" else "<p>Text.</p>"
    assert [each.field for each in found(body, **fields) if each.id == "CLM01"] == [field]


def test_a_term_that_editors_exclude_is_no_condition():
    assert levels("Turmeric cures nephrotic syndrome.") == {"blocker"}
    without = replace(LISTS, excluded=("nephrotic syndrome",))
    assert levels("Turmeric cures nephrotic syndrome.", lists=without) == set()


def test_a_verb_that_editors_add_is_found_in_all_its_forms_and_one_that_they_exclude_is_not():
    added = replace(LISTS, verbs=("outwit", "melt away"))
    for sentence in (
        "Our gummies outwit gout.",
        "Turmeric melts away arthritis.",
        "Saffron outwits your blood pressure.",
    ):
        assert levels(sentence, lists=added), sentence
        assert not levels(sentence), sentence
    assert levels("Turmeric tames arthritis.")
    assert not levels("Turmeric tames arthritis.", lists=replace(LISTS, excluded=("tame",)))
