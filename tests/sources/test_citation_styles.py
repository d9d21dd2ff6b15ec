"""References in the styles that readers may ask for besides AMA."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from sources import citation_styles
from sources.citation_styles import FOLDER, STYLES, in_style, rendered, style_item
from sources.importers.mapping import item_of
from sources.kinds import Work
from sources.models import Source
from tests.sources.importers.test_there_and_back import ITEM

PEOPLE = "Abbasi, Behnood\nKimiagar, Masud"
ARTICLE = {
    "title": "A trial of magnesium in sleep",
    "authors": PEOPLE,
    "container": "Journal of Research in Medical Sciences",
    "container_short": "J Res Med Sci",
    "year": 2012,
    "volume": "17",
    "issue": "12",
    "pages": "1161-9",
    "doi": "10.1000/abc.1",
}
BOOK = {"work": "book", "title": "Human Nutrition", "authors": "Doe, Jane", "publisher": "Press", "year": 2015}
PATENT = {
    "work": "patent",
    "title": "Analysis of images",
    "authors": "Lang, Philipp\nSteines, Daniel",
    "publisher": "Imaging Inc",
    "container": "US",
    "issue": "7,050,534",
    "year": 2006,
}
PAGE = {
    "work": "web_page",
    "title": "Magnesium for sleep",
    "container": "Health Notes",
    "url": "https://example.org/m",
    "accessed_on": date(2026, 3, 4),
}


def cited(style: str, **fields) -> str:
    """Return the reference of a source with these fields."""
    return in_style(item_of(Source(**{"work": Work.JOURNAL_ARTICLE, **fields})), style)


# The forms of the manuals: Publication Manual of the APA (7th ed., chapters 9 and 10), Citing Medicine (2nd ed.).
@pytest.mark.parametrize(
    ("style", "fields", "reference"),
    [
        (
            "apa",
            ARTICLE,
            "Abbasi, B., & Kimiagar, M. (2012). A trial of magnesium in sleep. Journal of Research in Medical "
            "Sciences, 17(12), 1161–1169. https://doi.org/10.1000/abc.1",
        ),
        (
            "vancouver",
            ARTICLE,
            "Abbasi B, Kimiagar M. A trial of magnesium in sleep. J Res Med Sci. 2012;17(12):1161–9. doi:10.1000/abc.1",
        ),
        ("vancouver", {**ARTICLE, "pmid": "23853635", "pmcid": "PMC3703169"},
         "Abbasi B, Kimiagar M. A trial of magnesium in sleep. J Res Med Sci. 2012;17(12):1161–9. doi:10.1000/abc.1. "
         "PubMed PMID: 23853635; PubMed Central PMCID: PMC3703169."),
        ("apa", {**ARTICLE, "title": "Does it?", "authors": "", "pages": "", "doi": ""},
         "Does it? (2012). Journal of Research in Medical Sciences, 17(12)."),
        ("apa", {**ARTICLE, "authors": f"{PEOPLE}\nothers", "pages": "", "doi": ""},
         "Abbasi, B., Kimiagar, M., et al. (2012). A trial of magnesium in sleep. Journal of Research in Medical "
         "Sciences, 17(12)."),
        ("vancouver", {**ARTICLE, "authors": f"{PEOPLE}\nothers", "pages": "", "doi": ""},
         "Abbasi B, Kimiagar M, et al. A trial of magnesium in sleep. J Res Med Sci. 2012;17(12)."),
        ("apa", {**ARTICLE, "authors": "Wright, Kenneth P., Jr", "pages": "", "doi": "", "volume": "AOP", "issue": ""},
         "Wright, K. P., Jr. (2012). A trial of magnesium in sleep. Journal of Research in Medical Sciences."),
        ("apa", {**BOOK, "authors": "", "editors": "Roe, Ann", "edition": "2nd ed."},
         "Roe, A. (Ed.). (2015). Human Nutrition (2nd ed.). Press."),
        ("apa", {**BOOK, "authors": "", "editors": "Roe, Ann\nPoe, Eve", "edition": "1"},
         "Roe, A., & Poe, E. (Eds.). (2015). Human Nutrition. Press."),
        ("vancouver", {**BOOK, "authors": "", "editors": "Roe, Ann"}, "Roe A, editor. Human Nutrition. Press; 2015."),
        ("apa", {**BOOK, "authors": ""}, "Human Nutrition. (2015). Press."),
        ("vancouver", {**BOOK, "authors": ""}, "Human Nutrition. Press; 2015."),
        ("apa", {**BOOK, "work": "thesis"}, "Doe, J. (2015). Human Nutrition [Thesis]. Press."),
        ("apa", {**BOOK, "work": "manuscript"}, "Doe, J. (2015). Human Nutrition [Unpublished manuscript]. Press."),
        ("apa", {**BOOK, "work": "preprint", "publisher": "", "container": "medRxiv"},
         "Doe, J. (2015). Human Nutrition [Preprint]. medRxiv."),
        ("apa", PAGE, "Magnesium for sleep. (n.d.). Health Notes. Retrieved March 4, 2026, from https://example.org/m"),
        ("vancouver", PAGE,
         "Health Notes [Internet]. [cited 2026 Mar 4]. Magnesium for sleep. Available from: https://example.org/m"),
        ("apa", {**PAGE, "authors": "{Health Notes}"},
         "Health Notes. (n.d.). Magnesium for sleep. Retrieved March 4, 2026, from https://example.org/m"),
        ("vancouver", {**PAGE, "authors": "{Health Notes}"},
         "Health Notes [Internet]. [cited 2026 Mar 4]. Magnesium for sleep. Available from: https://example.org/m"),
        ("apa", {**PAGE, "authors": "{Health Notes}\nDoe, Jane"},
         "Health Notes, & Doe, J. (n.d.). Magnesium for sleep. Health Notes. Retrieved March 4, 2026, from "
         "https://example.org/m"),
        ("apa", PATENT, "Lang, P., & Steines, D. (2006). Analysis of images (US Patent No. 7,050,534). Imaging Inc."),
        ("apa", {**BOOK, "work": "software", "title": "Stata", "edition": "13.1"},
         "Doe, J. (2015). Stata (Version 13.1) [Computer software]. Press."),
        ("vancouver", {**ARTICLE, "volume": "", "issue": "", "pages": "", "published_on": date(2012, 5, 6)},
         "Abbasi B, Kimiagar M. A trial of magnesium in sleep. J Res Med Sci. 2012 May 6. doi:10.1000/abc.1"),
    ],
)  # fmt: skip
def test_a_reference_has_the_form_of_the_manual(style, fields, reference):
    assert cited(style, **fields) == reference


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("work", Work)
def test_every_kind_of_work_has_a_reference_with_its_title_and_author(style, work):
    text = cited(style, work=work, title="On sleep", authors="Doe, Jane", container="The Place", year=2019)
    assert text.count("On sleep") == 1 and text.startswith("Doe") and "2019" in text


@pytest.mark.parametrize("style", STYLES)
@given(item=ITEM)
@settings(max_examples=60)
def test_any_item_has_a_reference_of_one_line_without_markup(style, item):
    text = in_style(item, style)
    assert text and text == " ".join(text.split()) and not text.startswith("1.")


@pytest.mark.parametrize("style", STYLES)
def test_signs_of_html_are_left_as_they_are(style):
    assert "p < .05 & q > 2" in cited(style, title="p < .05 & q > 2")


def test_every_correction_of_what_citeproc_prints_is_needed():
    works = [
        {**ARTICLE, "title": "Does it?"},
        {**ARTICLE, "pmid": "23853635"},
        PAGE,
        {**BOOK, "authors": "", "editors": "Roe, Ann"},
        {**BOOK, "work": "thesis"},
        {**ARTICLE, "authors": f"{PEOPLE}\nothers"},
        PATENT,
    ]
    items = [style_item(item_of(Source(**{"work": Work.JOURNAL_ARTICLE, **work}))) for work in works]
    texts = [rendered(FOLDER / style.file, item) for style in STYLES.values() for item in items]
    for pattern, _ in citation_styles._MENDED:
        assert any(pattern.search(text) for text in texts), pattern.pattern


def test_every_style_file_names_its_licence_and_is_listed_in_the_readme():
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.csl"):
        info = ElementTree.parse(path).getroot().find("{*}info")
        assert info.find("{*}rights").get("license") == "http://creativecommons.org/licenses/by-sa/3.0/"
        assert re.search(rf"`{path.name}` .* {info.find('{*}updated').text[:10]} \|", listed), path.name


@pytest.mark.parametrize("work", ["book", "report"])
def test_an_organisation_that_publishes_its_own_book_is_named_once_in_apa(work):
    fields = {**BOOK, "work": work, "authors": "{Elm Institute}", "publisher": "Elm Institute"}
    assert cited("apa", **fields).count("Elm Institute") == 1
    assert cited("vancouver", **fields).count("Elm Institute") == 2


def test_a_report_has_its_number_in_apa():
    assert "(NIH publication 18-2059)" in cited("apa", **{**BOOK, "work": "report", "issue": "NIH publication 18-2059"})
