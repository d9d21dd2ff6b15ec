"""The texts of the demonstration pass the checks without blockers and with few warnings."""

import tomllib
from pathlib import Path

import pytest

from checks import preflight
from checks.preflight import Draft, DraftProduct, DraftSource, Level
from core.html import sanitise
from tests.checks.desk import LISTS, TODAY

CONTENT = Path(__file__).parents[2] / "demo" / "content"
TEXTS = [
    ("magnesium-and-sleep", "body.html", "sources"),
    ("melatonin-for-jet-lag", "body.html", "sources"),
    ("l-theanine-and-attention", "body.html", "sources"),
    ("l-theanine-and-attention", "body-2.html", "sources_2"),
    ("caffeine-and-bedtime", "body.html", "sources"),
    ("ashwagandha-and-stress", "body.html", "sources"),
    ("menthol-and-sore-muscles", "body.html", "sources"),
    ("valerian-chamomile-and-sleep", "body.html", "sources"),
    ("zinc-and-the-common-cold", "body.html", "sources"),
]


def table(name: str) -> dict:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def shop() -> dict[str, DraftProduct]:
    rows = table("products.toml")["product"]
    return {row["slug"]: DraftProduct(row["name"], needs_fda_statement=row["kind"] != "topical") for row in rows}


def sources() -> dict[str, DraftSource]:
    return {
        row["key"]: DraftSource(
            row["key"],
            row["title"],
            **{name: row.get(name, "") for name in ("doi", "pmid", "url", "evidence", "work")},
            dated="accessed" in row,
            year=row.get("year"),
        )
        for row in table("sources.toml")["source"]
    }


def demonstrated(slug: str, body: str, cited: str) -> Draft:
    """Return an article of the demonstration as the checks read it."""
    row, products, known = table(f"{slug}/article.toml"), shop(), sources()
    return Draft(
        **{name: row[name] for name in ("title", "standfirst", "disclosure", "search_description", "hero_alt")},
        key_messages=tuple(row["key_messages"]),
        body=sanitise((CONTENT / slug / body).read_text(encoding="utf-8")),
        safety_note=sanitise((CONTENT / slug / "safety.html").read_text(encoding="utf-8")),
        hero=True,
        authors=("A",),
        topics=tuple(row["topics"]),
        sources=tuple(known[key] for key in row[cited]),
        products=tuple(products[name] for name in row["products"]),
        lists=LISTS.__class__(LISTS.terms, LISTS.diseases, LISTS.symptoms, LISTS.ingredients, tuple(products.values())),
        today=TODAY,
    )


def test_no_article_of_the_demonstration_is_left_out():
    assert {slug for slug, _, _ in TEXTS} == {path.parent.name for path in CONTENT.glob("*/article.toml")}


def test_on_the_good_article_there_is_no_blocker_and_at_most_three_warnings():
    found = preflight.run(demonstrated(*TEXTS[0]))
    assert preflight.blockers(found) == []
    assert len(preflight.unanswered(found)) <= 3
    assert {each.id for each in found if each.level is Level.WARNING} <= {"CIT05"}


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: " ".join(text[:2]))
def test_no_article_has_a_blocker_and_every_warning_has_its_answer(text):
    found = preflight.run(demonstrated(*text))
    answers = {(row["check"], row["passage"]) for row in table(f"{text[0]}/article.toml").get("answer", ())}
    assert preflight.blockers(found) == []
    assert {(each.id, each.passage) for each in preflight.unanswered(found)} <= answers
