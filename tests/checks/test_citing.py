"""CIT: what each check finds, and a similar sentence that it accepts."""

import pytest

from checks.preflight import Level
from tests.checks.desk import SOURCES, found, ids, source, words

CITED = '<sup data-cite="randomised_trial"></sup>'


def cit(sentence: str, **fields) -> list[str]:
    return [name for name in ids(words(sentence), sources=SOURCES, **fields) if name.startswith("CIT")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Older women need about 320 mg of it each day.",
        "The range runs from 0.5–2 µg in a day.",
        "Take 1,000 IU in the winter months.",
        "Some eight percent of adults run low.",
        "It rose by 12%.",
        "One in five adults sleeps badly.",
        "Half of all women wake at night.",
        "More than three hundred enzymes depend on it.",
        "Sleep was measured in 43 older adults.",
        "Millions of people take it.",
        "Use has grown fivefold among adults.",
        "Two per thousand travellers fall ill.",
    ],
)
def test_a_figure_without_a_source_blocks(sentence):
    assert cit(sentence) == ["CIT01"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Older women need about 320 mg of it each day.[randomised_trial]",
        "Older women need about 320 mg[randomised_trial] of it each day.",
        "It rose by 12%. That is a small change.[randomised_trial]",
        "Is 320 mg enough?",
        "Go to bed at 10.30 pm and sleep for 7 hours.",
        "She was 43 and had slept badly for 12 years.",
        "People aged 19 to 30 slept for about 20 minutes more.",
        "A jar costs $30, and 20% off is a fair offer.",
        "Two gummies hold 2 mg of melatonin.",
        "Set the screen to a brightness of 30%.",
        "You will never be 100% sure.",
        "Mix 20 g of oats with water.",
        "If your waist is more than 35 inches for women, talk to a nurse.",
        "Rule 21 CFR 101.93 gives the wording in 40 mg type.",
        "We look at five trials below.",
        "“Take 500 mg and sleep,” the advertisement said.",
        "The pandemic of 2020 changed how we sleep.",
    ],
)
def test_a_cited_figure_and_a_figure_of_another_kind_are_left_alone(sentence):
    assert cit(sentence) == []


def test_a_mark_behind_the_full_stop_belongs_to_the_sentence_before():
    body = f"<p>It rose by 12%.{CITED} It fell by 9%.</p>"
    (finding,) = [each for each in found(body, sources=SOURCES) if each.id == "CIT01"]
    assert finding.passage == "It fell by 9%."


def test_one_citation_covers_a_table_and_a_list():
    table = f"<table><caption>In food{CITED}</caption><tbody><tr><td>Nuts, 80 mg</td></tr></tbody></table>"
    listed = f"<p>Doses were:{CITED}</p><ul><li>first 100 mg;</li><li>then 200 mg.</li></ul>"
    assert ids(table, sources=SOURCES) == ids(listed, sources=SOURCES) == []


def test_an_uncited_table_is_said_once():
    rows = "".join(f"<tr><td>{mg} mg</td></tr>" for mg in range(40, 60))
    assert [each.id for each in found(f"<table><tbody>{rows}</tbody></table>")] == ["CIT01"]


def test_titles_and_the_safety_note_cite_nothing():
    assert ids("<h2>What 300 mg does</h2><p>Text.</p>", title="300 mg a night", key_messages=("300 mg.",)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Studies show that it works.",
        "Recent research suggests a link.",
        "The evidence has consistently shown a gain.",
        "Light has been linked to better sleep.",
        "It is thought to play a part.",
        "It is widely believed to help.",
        "Oats have been shown to fill people up.",
        "According to several studies, naps are good.",
        "In some recent trials, naps made days sharper.",
        "Naps have been associated with sharper days.",
        "Several studies link short nights to colds.",
        "A 2019 analysis found that readers fell asleep sooner.",
        "Naps appear to help the heart, according to different studies.",
        "Studies of night workers have found no such effect.",
        "Poor sleep can be linked to weight gain.",
        "There is growing evidence for naps.",
    ],
)
def test_leaning_on_studies_without_naming_one_blocks(sentence):
    assert "CIT02" in cit(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Studies show that it works.[randomised_trial]",
        "No studies show that it works.",
        "Research has not shown whether it works.",
        "Few studies suggest more than that.",
        "It has never been linked to harm.",
        "Here is what the studies found.",
        "Until trials show more, food comes first.",
        "Do studies show that it works?",
        "Headlines say “studies show that it works”.",
        "The page linked to below explains the terms.",
        "The study of sleep is old.",
        "Some women have headaches that seem to be linked to their cycle.",
        "A quiet room is associated with rest in most of our minds.",
        "People who nap in the afternoon are considered lazy by some.",
    ],
)
def test_cited_denied_or_announced_studies_are_left_alone(sentence):
    assert "CIT02" not in cit(sentence)


def test_a_safety_note_leans_on_no_unnamed_study_either():
    note = "<p>It has been linked to liver injury. No upper limit. Ask a doctor in pregnancy. Medicines interact.</p>"
    assert [(each.id, each.field) for each in found(safety_note=note)] == [("CIT02", "safety_note")]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["consumer"], 2),
        (["consumer", "government"], 1),
        (["government"], 1),
        (["consumer", "consumer", "cohort"], 1),
        (["consumer", "cohort"], 0),
        (["guideline"], 0),
        (["consumer", ""], 0),
        ([], 0),
    ],
)
def test_an_article_rests_on_research(kinds, expected):
    sources = tuple(source(f"a{place}", evidence=kind) for place, kind in enumerate(kinds))
    warned = [each for each in found(sources=sources) if each.id == "CIT03"]
    assert len(warned) == expected and all(each.level is Level.WARNING for each in warned)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"evidence": "preprint"}, ["is a preprint"]),
        ({"work": "preprint"}, ["is a preprint"]),
        ({"link_is_dead": True}, ["no longer answers"]),
        ({"year": 2015}, ["from 2015"]),
        ({"year": 2016}, []),
        ({"year": None}, []),
        ({"retraction": "concern", "year": 2001}, ["expression of concern", "from 2001"]),
    ],
)
def test_a_doubtful_source_warns_where_it_is_cited(fields, says):
    warned = [
        each.message for each in found(words("Slept.[doe2020]".replace("2020", "")), sources=(source("doe", **fields),))
    ]
    assert len(warned) == len(says) and all(part in message for part, message in zip(says, warned, strict=True))


def test_what_is_said_of_one_source_is_answered_one_by_one():
    old = source("doe", year=2001, link_is_dead=True)
    assert len({each.mark for each in found(words("Slept.[doe]"), sources=(old,))}) == 2


def test_without_a_day_nothing_is_said_of_age():
    assert found(words("Slept.[doe]"), sources=(source("doe", year=1950),), today=None) == []
