"""Our references compared with those that citeproc-py makes by the AMA style of the Citation Style Language.

Others made that style (american-medical-association.csl, “AMA Manual of Style 11th edition”) from the manual. Both
texts go through `normalised`, each rule of which states its reason. The remaining differences are listed by name in
`DIFFERENCES`, with the reason why the manual supports us, so that a new difference fails.
"""

import re
import tomllib
import warnings
from datetime import date
from pathlib import Path

import citeproc
import pytest
from citeproc.source.json import CiteProcJSON

from core.html import text_of
from sources.author_names import is_body
from sources.citation_styles import FOLDER
from sources.models import Source, Work
from sources.references import reference

SUFFIX = re.compile(r",\s*(Jr|Sr|II|III)\.?$")
TYPES = {
    Work.JOURNAL_ARTICLE: "article-journal",
    Work.PREPRINT: "article",
    Work.MANUSCRIPT: "manuscript",
    Work.BOOK: "book",
    Work.CHAPTER: "chapter",
    Work.REPORT: "report",
    Work.CONFERENCE_PAPER: "paper-conference",
    Work.THESIS: "thesis",
    Work.WEB_PAGE: "webpage",
    Work.MAGAZINE_ARTICLE: "article-newspaper",
    Work.PATENT: "patent",
    Work.SOFTWARE: "software",
    Work.DATASET: "dataset",
}
MANY = "\n".join(f"{letter}{letter.lower()}ton, {letter}va" for letter in "BCDFGHKL")
ARTICLE = {
    "title": "A trial of magnesium in sleep",
    "authors": "Abbasi, Behnood\nKimiagar, Masud",
    "container": "Journal of Research in Medical Sciences",
    "year": 2012,
    "volume": "17",
    "issue": "12",
    "pages": "1161-1169",
}
BOOK = {"work": "book", "title": "Human Nutrition", "authors": "Doe, Jane", "publisher": "Press", "year": 2015}
CHAPTER = {
    "work": "chapter",
    "title": "Minerals in health",
    "authors": "Doe, Jane",
    "container": "Human Nutrition",
    "publisher": "Press",
    "year": 2015,
    "pages": "10-20",
}
PAGE = {
    "work": "web_page",
    "title": "Magnesium for sleep",
    "authors": "Doe, Jane",
    "container": "Health Notes",
    "url": "https://example.org/magnesium",
    "accessed_on": date(2026, 3, 4),
}
NEWS = {
    "work": "magazine_article",
    "title": "Peanut allergy relief?",
    "authors": "Schencker, Lisa",
    "container": "Chicago Tribune",
    "year": 2019,
    "published_on": date(2019, 9, 22),
    "pages": "C1",
}

# Works of every kind, with the difficulty of each.
WORKS: dict[str, dict] = {
    "an article": ARTICLE,
    "an article with a DOI": {**ARTICLE, "doi": "10.1000/abc.1"},
    "an abbreviated journal": {**ARTICLE, "container_short": "J Res Med Sci"},
    "a journal abbreviated with full stops": {**ARTICLE, "container_short": "J. Res. Med. Sci."},
    "an article number": {**ARTICLE, "issue": "4", "pages": "e0123456", "doi": "10.1000/abc.2"},
    "pages cut short": {**ARTICLE, "pages": "1161-9"},
    "pages with an en dash": {**ARTICLE, "pages": "1161–1169"},
    "no issue": {**ARTICLE, "issue": ""},
    "no volume": {**ARTICLE, "volume": ""},
    "no pages": {**ARTICLE, "pages": ""},
    "a supplement": {**ARTICLE, "issue": "Suppl 1", "pages": "S10-S20"},
    "a supplement of an issue": {**ARTICLE, "issue": "3 Suppl 1", "pages": "S10-S20"},
    "online ahead of print": {
        **ARTICLE,
        "volume": "",
        "issue": "",
        "pages": "",
        "published_on": date(2012, 5, 6),
        "doi": "10.1000/abc.3",
    },  # fmt: skip
    "a year and pages alone": {**ARTICLE, "volume": "", "issue": ""},
    "a year alone": {**ARTICLE, "volume": "", "issue": "", "pages": ""},
    "one author": {**ARTICLE, "authors": "Abbasi, Behnood"},
    "six authors": {**ARTICLE, "authors": "\n".join(MANY.splitlines()[:6])},
    "seven authors": {**ARTICLE, "authors": "\n".join(MANY.splitlines()[:7])},
    "eight authors": {**ARTICLE, "authors": MANY},
    "no author": {**ARTICLE, "authors": ""},
    "a body as author": {**ARTICLE, "authors": "{National Institute for Health and Care Excellence}"},
    "a person and a body": {**ARTICLE, "authors": "Doe, Jane\n{Sleep Study Group}"},
    "many persons and a body": {**ARTICLE, "authors": MANY + "\n{Sleep Study Group}"},
    "a younger namesake": {**ARTICLE, "authors": "Wright, Kenneth P., Jr\nDoe, Jane"},
    "a third of the name": {**ARTICLE, "authors": "Roe, John P., III"},
    "a particle": {**ARTICLE, "authors": "van der Berg, Jan Pieter\nde Bruin, Eveline A."},
    "two family names": {**ARTICLE, "authors": "Garcia-Borreguero, Diego\nDolenc Groselj, Leja"},
    "a hyphen in the given name": {**ARTICLE, "authors": "Müller, Karl-Heinz"},
    "a title that asks": {**ARTICLE, "title": "Does magnesium help?"},
    "a title that exclaims": {**ARTICLE, "title": "Go to sleep!"},
    "a title with a colon and an ampersand": {**ARTICLE, "title": "Sleep & rest: a systematic review"},
    "an article by address alone": {**ARTICLE, "url": "https://example.org/a", "accessed_on": date(2026, 3, 4)},
    "a preprint": {
        "work": "preprint",
        "title": "A trial of magnesium in sleep",
        "authors": MANY,
        "container": "medRxiv",
        "year": 2024,
        "published_on": date(2024, 5, 6),
        "doi": "10.1101/2024.05.06.1",
    },
    "a preprint of a year": {
        "work": "preprint",
        "title": "A trial",
        "authors": "Doe, Jane",
        "container": "medRxiv",
        "year": 2024,
    },  # fmt: skip
    "a book": BOOK,
    "a second edition": {**BOOK, "edition": "2", "doi": "10.1000/book"},
    "a third edition in words": {**BOOK, "edition": "3rd ed."},
    "a first edition": {**BOOK, "edition": "1"},
    "a twelfth edition": {**BOOK, "edition": "12"},
    "a volume of a book": {**BOOK, "volume": "2", "pages": "10-20"},
    "a book of one editor": {**BOOK, "authors": "", "editors": "Roe, Ann"},
    "a book of two editors": {**BOOK, "authors": "", "editors": "Roe, Ann\nPoe, Eve"},
    "a book of an author and an editor": {**BOOK, "editors": "Roe, Ann"},
    "a chapter": CHAPTER,
    "a chapter with an editor": {**CHAPTER, "editors": "Roe, Ann"},
    "a chapter with editors and an edition": {**CHAPTER, "editors": "Roe, Ann\nPoe, Eve", "edition": "4"},
    "a chapter with seven editors": {**CHAPTER, "editors": "\n".join(MANY.splitlines()[:7])},
    "a chapter by address": {**CHAPTER, "url": "https://example.org/c", "accessed_on": date(2026, 3, 4), "pages": ""},
    "a report": {
        **BOOK,
        "work": "report",
        "authors": "{World Health Organization}",
        "publisher": "World Health Organization",
        "url": "https://example.org/r",
        "accessed_on": date(2026, 3, 4),
    },  # fmt: skip
    "a report without a publisher": {**BOOK, "work": "report", "publisher": ""},
    "a paper in proceedings": {**CHAPTER, "work": "conference_paper", "container": "Proceedings of Sleep"},
    "a paper in edited proceedings": {**CHAPTER, "work": "conference_paper", "editors": "Roe, Ann"},
    "a paper read": {
        "work": "conference_paper",
        "title": "On sleep",
        "authors": "Doe, Jane",
        "container": "World Sleep",
        "year": 2019,
        "published_on": date(2019, 9, 20),
    },  # fmt: skip
    "a thesis": {"work": "thesis", "title": "On Sleep", "authors": "Doe, Jane", "publisher": "MIT", "year": 2000},
    "a thesis by address": {
        "work": "thesis",
        "title": "On Sleep",
        "authors": "Doe, Jane",
        "publisher": "MIT",
        "year": 2000,
        "url": "https://example.org/t",
        "accessed_on": date(2026, 3, 4),
    },  # fmt: skip
    "an article in a newspaper": NEWS,
    "an article in a newspaper of a day": {**NEWS, "published_on": date(2019, 9, 22), "pages": ""},
    "an article in a magazine with a volume": {**NEWS, "volume": "4", "issue": "2"},
    "a manuscript": {**BOOK, "work": "manuscript"},
    "a patent": {**BOOK, "work": "patent", "issue": "7,050,534", "container": "US"},
    "software": {**BOOK, "work": "software", "edition": "13.1"},
    "a data set": {**BOOK, "work": "dataset", "edition": "2", "doi": "10.5061/x"},
    "a web page": PAGE,
    "a web page of a day": {**PAGE, "published_on": date(2016, 1, 26), "year": 2016},
    "a web page of a year": {**PAGE, "year": 2016},
    "a web page without author": {**PAGE, "authors": ""},
    "a web page of another body": {**PAGE, "authors": "{Sleep Society}"},
    "a web page of its own body": {**PAGE, "authors": "{Health Notes}"},
}

OWN_PAGE = (
    "AMA 3.15: a site's own body is named once, as the site (“Zika travel information. Centers for Disease Control and "
    "Prevention. January 26, 2016.”)."
)
# The differences, what the style gives there, and why we do not follow it.
DIFFERENCES = {
    "pages cut short": (":1161-9.", "AMA 3.11.4: no figure is left out; citeproc-py leaves page-range-format undone."),
    "a person and a body": (
        "Doe J, Sleep Study Group.",
        "AMA 3.7: a body that signs beside persons follows a semicolon (“Doe JF, Roe JP III; Laser ROP Study Group”).",
    ),
    "many persons and a body": (
        "Bbton B, Ccton C, Ddton D, et al.",
        "AMA 3.7: the body is named after “et al”; the style counts it as one more person and drops it.",
    ),
    "a supplement": ("2012;17(Suppl 1):S10-S20.", "AMA 3.11: “(suppl 1)”, small; the style wants a field of its own."),
    "a supplement of an issue": (
        "2012;17(3 Suppl 1):S10-S20.",
        "AMA 3.11: issue and supplement in brackets of their own; the style wants a field of its own.",
    ),
    "a year and pages alone": (
        "Published online 2012:1161-1169.",
        "AMA 3.11.4: what has pages was printed; the style calls all that has no volume published online.",
    ),
    "a year alone": (
        "Published online 2012.",
        "AMA 3.11: an article is published online on a day; where none is known, nobody knows that it was.",
    ),
    "a first edition": ("Human Nutrition. 1st ed. Press", "AMA 3.12: a first edition is not named."),
    "a book of an author and an editor": (
        "Human Nutrition. (Roe A, ed.). Press",
        "AMA 3.12: “Plato. The Laws. Taylor EA, trans-ed. JM Dent & Sons Ltd”, without brackets.",
    ),
    "a paper read": (
        "On sleep. In: World Sleep. 2019.",
        "AMA 3.13: “Presented at: …; September 2009; …”; the style knows that for speeches alone.",
    ),
    "an article in a magazine with a volume": (
        ". 2019:C1.",
        "AMA 3.11: a periodical with volumes is cited by them; the style leaves them out of what it calls a newspaper.",
    ),
    "a patent": (
        "Human Nutrition. US. 2015",
        "AMA 3.13: “Pagedas AC, inventor; Ancel Surgical R&D Inc, assignee.”; the style has no form for patents.",
    ),
    "a manuscript": (
        "Human Nutrition. Published online 2015.",
        "AMA 3.13: unpublished material is called so; the style says that it was published online.",
    ),
    "software": (
        "Published online 2015.",
        "AMA 3.15: the version and who issued it; the style has no form for software.",
    ),
    "a data set": (
        "Published online 2015.",
        "AMA 3.15: the version and the repository; the style has no form for them.",
    ),
    "a web page of its own body": ("Health Notes. Magnesium for sleep. Health Notes.", OWN_PAGE),
    "odsmagnesium": ("NIH Office of Dietary Supplements. Magnesium: Fact Sheet", OWN_PAGE),
    "nhsminerals": ("NHS. Vitamins and minerals: Others. NHS.", OWN_PAGE),
    "nccihmelatonin": ("National Center for Complementary and Integrative Health. Melatonin:", OWN_PAGE),
    "odszinc": ("NIH Office of Dietary Supplements. Zinc: Fact Sheet", OWN_PAGE),
    "odsvitaminc": ("NIH Office of Dietary Supplements. Vitamin C: Fact Sheet", OWN_PAGE),
    "odsvalerian": ("NIH Office of Dietary Supplements. Valerian: Fact Sheet", OWN_PAGE),
    "fda2012": ("US Food and Drug Administration. FDA Drug Safety Communication:", OWN_PAGE),
    "nccihchamomile": ("National Center for Complementary and Integrative Health. Chamomile:", OWN_PAGE),
    "nccih2023": ("National Center for Complementary and Integrative Health. Ashwagandha:", OWN_PAGE),
}


def demo_works() -> dict[str, dict]:
    """Return the works that the demonstration cites."""
    rows = tomllib.loads((Path(__file__).parents[2] / "demo/content/sources.toml").read_text(encoding="utf-8"))
    works = {}
    for row in rows["source"]:
        fields = {name: value for name, value in row.items() if name not in ("accessed", "supports", "authors")}
        works[row["key"]] = {**fields, "authors": "\n".join(row["authors"]), "accessed_on": row.get("accessed")}
    return works


def person(name: str) -> dict[str, str]:
    """Return a name in CSL's parts. Particles and suffixes are those that the person who entered the name marked."""
    if is_body(name):
        return {"literal": name[1:-1]}
    found = SUFFIX.search(name)
    family, _, given = SUFFIX.sub("", name).partition(",")
    if not found and (spaced := re.fullmatch(r"(.+) (Jr|Sr|III?)", family)):
        family, found = spaced[1], spaced
        suffix = spaced[2]
    else:
        suffix = found[1] if found else ""
    return {"family": family, "given": given.strip(), **({"suffix": suffix} if suffix else {})}


def parts(day: date) -> dict:
    return {"date-parts": [[day.year, day.month, day.day]]}


def csl(source: Source) -> dict:
    """Return the source as CSL-JSON."""
    item = {
        "id": "x",
        "type": TYPES[source.work],
        "title": source.title,
        "author": [person(name) for name in source.author_list],
        "editor": [person(name) for name in source.editor_list],
        "container-title": source.container,
        "container-title-short": source.container_short or source.container,
        "publisher": source.publisher,
        "edition": re.sub(r"(st|nd|rd|th) ed\.", "", source.edition),
        "volume": source.volume,
        "issue": source.issue,
        "page": source.pages,
        "genre": "Thesis" if source.work == Work.THESIS else "",
        "DOI": source.doi,
        "URL": source.url,
    }
    if source.published_on:
        item["issued"] = parts(source.published_on)
    elif source.year:
        item["issued"] = {"date-parts": [[source.year]]}
    if source.accessed_on:
        item["accessed"] = parts(source.accessed_on)
    return {name: value for name, value in item.items() if value}


@pytest.fixture(scope="module")
def style():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its parser warns about unknown parts of the style
        return citeproc.CitationStylesStyle(str(FOLDER / "ama.csl"), validate=False)


def theirs(style, source: Source) -> str:
    """Return the reference that citeproc-py makes, as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bibliography = citeproc.CitationStylesBibliography(style, CiteProcJSON([csl(source)]), citeproc.formatter.plain)
        bibliography.register(citeproc.Citation([citeproc.CitationItem("x")]))
        return str(bibliography.bibliography()[0])


RULES: tuple[tuple[str, str, str], ...] = (
    # The style numbers its list; our list is numbered by the page.
    (r"\A1\.", "", "the number"),
    # CSL 1.0.2 (“Substitute”): what stands in for the author is not printed again. citeproc-py prints it again.
    (r"\A(.+?\. )\1", r"\1", "the title in the author's place"),
    (r"\A(?P<editors>.+?, eds?\.)(?P<title> .+?\.) \((?P=editors)\)\.", r"\g<editors>\g<title>", "the editors there"),
    # CSL 1.0.2 (“Appendix”, display of punctuation): no full stop after “?” and “!”. citeproc-py sets one.
    (r"([?!])\.", r"\1", "two marks in a row"),
    # AMA 3.7 writes “et al” without a full stop; the locale of citeproc-py has one, which shows before a comma.
    (r"et al\.,", "et al,", "et al, and a comma"),
)


def normalised(text: str, rules: tuple[tuple[str, str, str], ...] = RULES) -> str:
    """Return their text without differences that are not of style; each rule states its reason."""
    for pattern, replacement, _ in rules:
        text = re.sub(pattern, replacement, text)
    return text


ALL = {**WORKS, **demo_works()}


def made(name: str) -> Source:
    return Source(**({"work": Work.JOURNAL_ARTICLE} | ALL[name]))


@pytest.mark.parametrize("name", [name for name in ALL if name not in DIFFERENCES])
def test_our_reference_is_the_style_files(style, name):
    source = made(name)
    assert text_of(reference(source)) == normalised(theirs(style, source))


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_on_the_list_is_still_one(style, name):
    source, (says, why) = made(name), DIFFERENCES[name]
    assert says in normalised(theirs(style, source)) and says not in text_of(reference(source))
    assert why.startswith("AMA 3.")


def test_every_kind_of_work_is_held_against_it():
    assert {made(name).work for name in WORKS} == set(Work.values)


def test_the_demonstrations_works_are_all_held_against_it():
    assert len(demo_works()) == 57


@pytest.mark.parametrize("place", range(len(RULES)), ids=[rule[2] for rule in RULES])
def test_every_rule_of_the_normaliser_is_needed(style, place):
    texts = [normalised(theirs(style, made(name)), RULES[:place]) for name in ALL]
    assert any(re.search(RULES[place][0], text) for text in texts)
