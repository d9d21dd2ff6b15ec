"""References in the style of the AMA Manual of Style, 11th edition, chapter 3."""

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.html import text_of
from sources.author_names import author, authors
from sources.models import Source, Work
from sources.references import reference


def names(count: int) -> str:
    return "\n".join(f"Family{letter}, Given" for letter in "ABCDEFGHIJ"[:count])


def source(**fields: object) -> Source:
    """Return an unsaved journal article."""
    return Source(
        **{
            "work": Work.JOURNAL_ARTICLE,
            "title": "A trial of magnesium",
            "authors": "Abbasi, Behnood",
            "container": "J Res Med Sci",
            "year": 2012,
            "volume": "17",
            "issue": "12",
            "pages": "1161-1169",
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Abbasi, Behnood", "Abbasi B"),
        ("Shirazi, Minoo M.", "Shirazi MM"),
        ("van der Berg, J. P.", "van der Berg JP"),
        ("Le Guin, Ursula K.", "Le Guin UK"),
        ("Müller, Karl-Heinz", "Müller KH"),
        ("Plato", "Plato"),
        ("Wright, Kenneth P., Jr.", "Wright KP Jr"),
        ("Wright, Jr, Kenneth P.", "Wright KP Jr"),
        ("Wright Jr, Kenneth P.", "Wright KP Jr"),
        ("Roe, John P. III", "Roe JP III"),
        ("Doe, John V", "Doe JV"),
        ("Beethoven, Ludwig van", "van Beethoven L"),
        ("Doe, JP", "Doe JP"),
        (
            "{National Institute for Health and Care Excellence}",
            "National Institute for Health and Care Excellence",
        ),
        ("{Office, Head}", "Office, Head"),
        ("", ""),
    ],
)
def test_one_author(name, shown):
    assert author(name) == shown


def test_six_authors_are_all_named():
    assert authors(names(6).splitlines()) == "FamilyA G, FamilyB G, FamilyC G, FamilyD G, FamilyE G, FamilyF G"


def test_of_seven_authors_the_first_three_are_named():
    assert authors(names(7).splitlines()) == "FamilyA G, FamilyB G, FamilyC G, et al"


def test_a_list_that_was_short_already_stays_so():
    assert authors(["Doe, Jane", "et al"]) == authors(["Doe, Jane", "others"]) == "Doe J, et al"


def test_bodies_are_named_beside_however_many_people():
    everybody = [*names(8).splitlines(), "{Study Group}"]
    assert authors(everybody) == "FamilyA G, FamilyB G, FamilyC G, et al; Study Group"
    assert authors(["{One}", "{Two}"]) == "One; Two"


def test_a_journal_article():
    assert reference(source(doi="10.1000/x")) == (
        "Abbasi B. A trial of magnesium. <em>J Res Med Sci</em>. 2012;17(12):1161-1169. doi:10.1000/x"
    )


def test_et_al_ends_with_one_full_stop():
    assert reference(source(authors=names(7))).startswith("FamilyA G, FamilyB G, FamilyC G, et al. A trial")


def test_a_group_author_stands_as_it_is():
    assert reference(source(authors="{NICE}\nDoe, Jane")).startswith("NICE; Doe J. ")


def test_an_abbreviated_journal_stands_without_full_stops():
    assert "<em>J Res Med Sci</em>. 2012" in reference(source(container="Journal", container_short="J. Res. Med. Sci."))


@pytest.mark.parametrize(
    ("written", "shown"),
    [("1161-9", "1161-1169"), ("99–101", "99-101"), ("S1-S26", "S1-S26"), ("12—5", "12-15"), ("zsab276", "zsab276")],
)
def test_pages_are_given_in_full(written, shown):
    assert reference(source(pages=written)).endswith(f":{shown}.")


@pytest.mark.parametrize(
    ("issue", "shown"),
    [("Suppl 1", "(suppl 1)"), ("3, Supplement", "(3)(suppl)"), ("3 (Suppl. 2)", "(3)(suppl 2)"), ("7-8", "(7-8)")],
)
def test_a_supplement_is_named_as_such(issue, shown):
    assert f"2012;17{shown}:1161" in reference(source(issue=issue))


def test_an_article_that_is_online_alone_says_since_when():
    ahead = source(volume="", issue="", pages="", published_on=date(2012, 3, 4))
    assert reference(ahead).endswith("</em>. Published online March 4, 2012.")


def test_without_a_doi_the_address_stands_last():
    online = source(url="https://example.org/a", accessed_on=date(2026, 3, 4))
    assert reference(online).endswith(". Accessed March 4, 2026. https://example.org/a")
    online.doi = "10.1000/x"
    assert reference(online).endswith(". doi:10.1000/x")


def test_a_question_in_quotation_marks_gets_no_full_stop():
    assert "“Does it help?” <em>" in reference(source(title="“Does it help?”"))


def test_a_title_that_asks_keeps_its_mark_alone():
    assert "Does it help? <em>" in reference(source(title="Does it help?"))


def test_an_en_dash_between_pages_becomes_a_hyphen():
    assert ":1161-1169." in reference(source(pages="1161–1169"))


def test_an_issue_and_pages_may_be_missing():
    assert reference(source(issue="", pages="")).endswith("2012;17.")


def test_an_article_number_stands_for_pages():
    assert reference(source(pages="e0123456")).endswith("2012;17(12):e0123456.")


def test_a_web_page():
    page = source(
        work=Work.WEB_PAGE,
        authors="{Office of Dietary Supplements}",
        title="Magnesium",
        container="National Institutes of Health",
        year=2022,
        url="https://ods.od.nih.gov/x?a=1&b=2",
        accessed_on=date(2026, 3, 4),
    )

    assert reference(page) == (
        "Office of Dietary Supplements. Magnesium. National Institutes of Health. 2022. "
        "Accessed March 4, 2026. https://ods.od.nih.gov/x?a=1&amp;b=2"
    )


def test_a_web_page_names_its_publisher_where_the_site_has_no_name():
    page = source(work=Work.WEB_PAGE, container="", publisher="NHS", year=None, url="https://nhs.uk/")

    assert reference(page) == "Abbasi B. A trial of magnesium. NHS. https://nhs.uk/"


def test_a_book():
    book = source(
        work=Work.BOOK, title="Dietary Reference Intakes", publisher="National Academies Press", pages="", volume=""
    )

    assert reference(book) == "Abbasi B. <em>Dietary Reference Intakes</em>. National Academies Press; 2012."


PATENT = {
    "work": Work.PATENT,
    "title": "Analysis of images",
    "publisher": "Imaging Inc",
    "container": "US",
    "issue": "7,050,534",
    "volume": "",
    "pages": "",
    "published_on": date(2006, 5, 23),
}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "Abbasi B, inventor; Imaging Inc, assignee. Analysis of images. US patent 7,050,534. May 23, 2006."),
        ({"authors": "Lang, P\nDoe, J", "publisher": ""}, "Lang P, Doe J, inventors. Analysis of images. US patent 7"),
        ({"container": "European Patent Office"}, "European Patent Office 7,050,534."),
        ({"container": ""}, "Patent 7,050,534. May 23, 2006."),
        ({"container": "", "issue": ""}, "Analysis of images. May 23, 2006."),
    ],
)  # fmt: skip
def test_a_patent_names_inventor_assignee_office_and_number(fields, shown):
    assert shown in reference(source(**{**PATENT, **fields}))


NEWS = {"work": Work.MAGAZINE_ARTICLE, "container": "Chicago Tribune", "volume": "", "issue": "", "pages": "C1"}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"published_on": date(2019, 9, 22)}, "<em>Chicago Tribune</em>. September 22, 2019:C1."),
        ({"pages": "", "published_on": date(2019, 9, 22)}, "<em>Chicago Tribune</em>. September 22, 2019."),
        ({"year": 2019, "container_short": "Chicago Trib"}, "<em>Chicago Tribune</em>. 2019:C1."),
        ({"volume": "4", "issue": "2", "pages": "1-2"}, "<em>Chicago Tribune</em>. 2012;4(2):1-2."),
    ],
)
def test_an_article_in_a_newspaper_has_its_full_date_and_name(fields, shown):
    assert reference(source(**{**NEWS, **fields})) == f"Abbasi B. A trial of magnesium. {shown}"


PROGRAM = {"work": Work.SOFTWARE, "title": "Stata", "container": "", "volume": "", "issue": "", "pages": ""}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"publisher": "StataCorp", "edition": "13.1"}, "Stata. Version 13.1. StataCorp; 2012."),
        ({"publisher": "StataCorp", "edition": "Release 13"}, "Stata. Release 13. StataCorp; 2012."),
        ({"publisher": "CDC", "published_on": date(2017, 1, 27)}, "Stata. CDC. January 27, 2017."),
        ({"work": Work.DATASET, "publisher": "Dryad", "edition": "v2", "doi": "10.5061/x"},
         "Stata. Version v2. Dryad. 2012. doi:10.5061/x"),
        ({"work": Work.DATASET, "container": "Zenodo", "published_on": date(2017, 8, 11)},
         "Stata. Zenodo. August 11, 2017."),
    ],
)  # fmt: skip
def test_software_and_data_sets_have_a_version_and_who_issued_them(fields, shown):
    assert reference(source(**{**PROGRAM, **fields})) == f"Abbasi B. {shown}"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        *(("2", "2nd"), ("3", "3rd"), ("4", "4th"), ("11", "11th"), ("12", "12th"), ("13", "13th")),
        *(("21", "21st"), ("22", "22nd"), ("23", "23rd"), ("111", "111th")),
    ],
)
def test_an_edition_is_an_ordinal_number(typed, shown):
    assert f"</em>. {shown} ed. " in reference(source(work=Work.BOOK, volume="", publisher="Press", edition=typed))


def test_a_chapter():
    chapter = source(
        work=Work.CHAPTER, title="Minerals", container="Nutrition", publisher="Press", pages="10-20", volume=""
    )

    assert reference(chapter) == "Abbasi B. Minerals. In: <em>Nutrition</em>. Press; 2012:10-20."


def test_a_report_without_publisher_or_year():
    report = source(work=Work.REPORT, publisher="", year=None, pages="", volume="", issue="")

    assert reference(report) == "Abbasi B. <em>A trial of magnesium</em>."


def test_what_is_missing_leaves_no_gap():
    bare = source(authors="", container="", year=None, volume="", issue="", pages="")

    assert reference(bare) == "A trial of magnesium."


def test_a_volume_without_a_year_stands_without_a_semicolon():
    assert reference(source(year=None)).endswith("</em>. 17(12):1161-1169.")


HOSTILE = '<script>alert("x")</script><em onclick=y>&'
TYPED = (
    *("title", "authors", "editors", "container", "container_short", "publisher", "edition"),
    *("volume", "issue", "pages", "doi", "url"),
)


@pytest.mark.parametrize("work", Work.values)
def test_html_in_any_field_is_shown_as_text(work):
    for field in TYPED:
        written = reference(source(work=work, **{field: HOSTILE}))

        assert "<script" not in written and "<em o" not in written, field
        assert written.replace("<em>", "").replace("</em>", "").count("<") == 0, field


@given(
    st.sampled_from(Work.values),
    st.fixed_dictionaries({field: st.text(max_size=30) for field in TYPED}),
)
def test_the_only_tag_is_em_and_it_is_balanced(work, fields):
    written = reference(source(work=work, **fields))

    assert written.count("<em>") == written.count("</em>") <= 1
    assert "<" not in written.replace("<em>", "").replace("</em>", "")


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_the_title_is_there_whole(title):
    assert text_of(title) in text_of(reference(source(title=title)))


def test_a_reference_is_the_same_in_every_language():
    page = source(work=Work.WEB_PAGE, url="https://example.org/", accessed_on=date(2026, 2, 3))
    with override("de"):
        assert "Accessed February 3, 2026." in reference(page)


@pytest.mark.parametrize(
    ("issue", "end"),
    [
        ("DHHS publication 12-3456", "Press; 2012. DHHS publication 12-3456."),
        ("NG28", "Press; 2012. NG28."),
        ("12-3456", "Press; 2012. Report 12-3456."),
        ("-", "Press; 2012."),
    ],
)
def test_a_report_has_its_number(issue, end):
    report = source(work=Work.REPORT, publisher="Press", pages="", volume="", issue=issue, doi="", url="")
    assert reference(report).endswith(end)


@pytest.mark.parametrize(
    ("edition", "shown"),
    [
        ("Second", "2nd ed."),
        ("Tenth edition", "10th ed."),
        ("5. udgave", "5. udgave."),
        ("2nd, revised", "2nd, revised ed."),
        ("3. und erweiterte Auflage", "3. und erweiterte Auflage."),
        ("3. ed., reprinted", "3. ed., reprinted."),
        ("1.4.8", "Version 1.4.8."),
    ],
)
def test_an_edition_says_once_that_it_is_one(edition, shown):
    book = source(work=Work.BOOK, publisher="Press", pages="", volume="", edition=edition)
    assert f"</em>. {shown} Press" in reference(book)


def test_an_abbreviation_given_as_the_name_of_a_journal_has_no_full_stops():
    article = source(container="J. Appl. Rest Res.", container_short="")
    assert "<em>J Appl Rest Res</em>." in reference(article)


def test_a_chapter_of_an_unknown_book_keeps_its_editors():
    chapter = source(work=Work.CHAPTER, container="", publisher="Press", editors="Roe, Ann", pages="", volume="")
    assert "Roe A, ed." in reference(chapter)


def test_given_names_in_chinese_characters_have_no_initials():
    assert reference(source(authors="方, 明月")).startswith("方 明月. ")


def test_a_manuscript_is_called_unpublished_and_no_preprint():
    source = Source(work=Work.MANUSCRIPT, title="On Sleep", authors="Doe, Jane", publisher="Oak University", year=2012)
    assert reference(source) == "Doe J. On Sleep. Unpublished manuscript. Oak University; 2012."


def test_a_nickname_has_no_initial():
    assert author("Chen, Xiang 'Anthony'") == "Chen X"
    assert author("O'Neil, Ann d'Arcy") == "O'Neil AD"
