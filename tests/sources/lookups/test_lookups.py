"""Looking up works by their identifiers, with recorded and shortened answers of Crossref and PubMed."""

import json
from datetime import date
from pathlib import Path

import pytest

from core.outgoing import client as outgoing
from core.outgoing.client import Answer
from sources.evidence import of_pubmed
from sources.lookups import LookupUnavailable, NotFound, crossref, find, pubmed
from sources.lookups.requests import RegisterBusy
from sources.lookups.safe_xml import UnsafeXml, parse

ANSWERS = Path(__file__).parent / "answers"
WAKEFIELD = "10.1016/s0140-6736(97)11096-0"


class Recorded:
    """A client that answers from files: the first whose part of an address is in the requested one, else 404."""

    def __init__(self, **files: object) -> None:
        self.files, self.asked = files, []

    def __call__(self, url: str, **how: object) -> Answer:
        self.asked.append(url)
        for piece, file in self.files.items():
            if piece in url:
                if isinstance(file, Answer):
                    return file
                body = file if isinstance(file, bytes) else (ANSWERS / str(file)).read_bytes()
                return Answer(200, {}, body, url)
        return Answer(404, {}, b"Resource not found.", url)


def says(notices) -> set[tuple]:
    return {(notice.said_by, notice.nature, notice.on) for notice in notices}


def test_a_doi_is_asked_of_crossref():
    client = Recorded(**{"/works/10.1000%2Fplain": "crossref_plain.json"})
    assert find("doi:https://doi.org/10.1000/PLAIN", fetch=client) == {
        "id": "10.1000/plain",
        "type": "article-journal",
        "title": "Supplementation & insomnia in older people: A double-blind trial",
        "author": [{"family": "Abbasi", "given": "Behnood"}, {"literal": "The Sleep Group"}],
        "container-title": "Journal of Research in Medical Sciences",
        "container-title-short": "J Res Med Sci",
        "publisher": "Medknow",
        "issued": {"date-parts": [[2012, 12]]},
        "volume": "17",
        "issue": "12",
        "page": "e1161",
        "DOI": "10.1000/plain",
    }
    assert client.asked == ["https://api.crossref.org/works/10.1000%2Fplain"]


def test_a_preprint_says_so():
    item = find("doi:10.1101/2020.01.01.1", fetch=Recorded(works="crossref_preprint.json"))
    assert (item["type"], item["genre"], item["custom"]) == ("article", "Preprint", {"evidence": "preprint"})
    assert "issued" not in item


def test_a_pmid_is_asked_of_pubmed():
    item = find("pmid:23853635", fetch=Recorded(efetch="pubmed_list.xml"))
    assert item["title"].endswith("A double-blind placebo-controlled clinical trial")
    assert item["author"] == [{"family": "Abbasi", "given": "Behnood"}, {"literal": "The Sleep Group"}]
    assert (item["issued"], item["page"]) == ({"date-parts": [[2012, 12]]}, "1161-9")
    assert (item["PMID"], item["PMCID"]) == ("23853635", "PMC3703169")
    assert item["container-title-short"] == "J Res Med Sci" and item["custom"] == {"evidence": "randomised_trial"}


def test_the_doi_is_that_of_the_work_and_not_of_one_it_cites():
    assert find("pmid:9500320", fetch=Recorded(efetch="pubmed_list.xml"))["DOI"] == WAKEFIELD


def test_a_pmcid_is_led_to_its_pmid():
    client = Recorded(idconv="idconv.json", efetch="pubmed_list.xml")
    assert find("pmcid:PMC3703169", fetch=client)["PMID"] == "23853635"


def test_a_page_speaks_for_itself():
    item = find("https://ods.od.nih.gov/x/", fetch=Recorded(ods="page.html"), today=date(2026, 3, 1))
    assert item == {
        "id": "https://ods.od.nih.gov/x/",
        "type": "webpage",
        "title": "Magnesium - Health Professional Fact Sheet",
        "author": [{"family": "Doe", "given": "Jane"}],
        "container-title": "NIH Office of Dietary Supplements",
        "issued": {"date-parts": [[2022, 6, 2]]},
        "URL": "https://ods.od.nih.gov/x/",
        "accessed": {"date-parts": [[2026, 3, 1]]},
    }


@pytest.mark.parametrize(
    "identifier",
    [
        *(
            "doi:10.1000/nowhere",
            "pmid:1",
            "pmcid:PMC1",
            "https://example.org/gone",
            "doi:nonsense",
            "pmid:0",
            "isbn:1",
        ),
        *("", "10.1000/abc", "pmcid:12", "file:///etc/passwd"),
    ],
)
def test_what_nobody_knows_is_not_found(identifier):
    with pytest.raises(NotFound):
        find(identifier, fetch=Recorded(efetch="pubmed_none.xml"))


@pytest.mark.parametrize("identifier", ["doi:10.1000/abc", "pmid:1", "pmcid:PMC1", "https://example.org/"])
def test_without_a_network_it_says_so_in_a_sentence(identifier, monkeypatch):
    def offline(*args, **kwargs):
        raise OSError("Temporary failure in name resolution")

    monkeypatch.setattr("socket.getaddrinfo", offline)
    with pytest.raises(LookupUnavailable, match="there is no network here.*by hand"):
        find(identifier)


def test_a_private_address_is_not_asked():
    with pytest.raises(LookupUnavailable, match="not a public"):
        find("http://127.0.0.1/admin/")


def raising(error):
    def fetch(url, **how):
        raise error

    return fetch


@pytest.mark.parametrize("error", [outgoing.TooLarge("x"), outgoing.AddressRefused("x"), outgoing.Unreachable("x")])
def test_whatever_fails_on_the_way_is_unreachable(error):
    with pytest.raises(LookupUnavailable):
        find("doi:10.1000/abc", fetch=raising(error))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><PubmedArticleSet>&lol3;</PubmedArticleSet>"""
THIEF = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&x;</PubmedArticleSet>"""


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"{}", b"[1]", b"null", b"[" * 100_000, b'{"message": 3}', b"\xff\xfe\x00", BOMB, THIEF),
        b"<eFetchResult><ERROR>down</ERROR></eFetchResult>",
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
)
@pytest.mark.parametrize("identifier", ["doi:10.1000/abc", "pmid:23853635"])
def test_an_answer_that_makes_no_sense_is_unreachable(identifier, body):
    with pytest.raises(LookupUnavailable, match="cannot be read"):
        find(identifier, fetch=Recorded(**{"": body}))


@pytest.mark.parametrize("text", [BOMB, THIEF, b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://x/">%p;]><a/>'])
def test_entities_are_refused_before_they_are_read(text):
    with pytest.raises(UnsafeXml, match="declares entities"):
        parse(text)


def test_a_tower_of_elements_is_refused():
    assert parse(b"<a>" * 100 + b"</a>" * 100).tag == "a"
    with pytest.raises(UnsafeXml, match="inside one another"):
        parse(b"<a>" * 101 + b"</a>" * 101)


def test_a_record_of_nonsense_values_is_read_as_far_as_it_goes():
    odd = {"DOI": 3, "title": [{}], "author": ["x", {"family": 4}], "issued": {"date-parts": [["x"]]}, "type": None}
    body = json.dumps({"message": {**odd, "updated-by": ["x", {"DOI": None, "type": 7, "updated": 3}]}}).encode()
    assert find("doi:10.1000/abc", fetch=Recorded(works=body))["type"] == "document"


@pytest.mark.parametrize(("status", "wait", "seconds"), [(429, "30", 30), (503, "", None), (429, "soon", None)])
def test_a_busy_register_is_told_apart(status, wait, seconds):
    with pytest.raises(RegisterBusy) as busy:
        find("doi:10.1000/abc", fetch=Recorded(works=Answer(status, {"Retry-After": wait}, b"", "")))
    assert busy.value.seconds == seconds


def test_updated_by_is_about_this_work():
    told = crossref.notices([WAKEFIELD], Recorded(filter="crossref_list.json"))
    assert says(told[WAKEFIELD]) == {
        ("retraction_watch", "retraction", date(2010, 2, 6)),
        ("crossref", "retraction", None),
        ("crossref", "correction", date(2004, 3, 6)),
    }


def test_update_to_says_nothing_of_the_notice_it_stands_on():
    told = crossref.notices(["10.1016/s0140-6736(10)60175-4", "10.1000/plain"], Recorded(filter="crossref_list.json"))
    assert told == {"10.1016/s0140-6736(10)60175-4": [], "10.1000/plain": []}


def test_a_doi_that_now_leads_to_its_notice_hears_what_that_says_of_it_alone():
    mine, client = "10.1096/fasebj.2022.36.s1.0i128", Recorded(**{"/works/": "crossref_withdrawn.json"})
    told = crossref.notices([mine], client)
    assert says(told[mine]) == {("retraction_watch", "retraction", date(2022, 5, 27))}
    assert [notice.notice_doi for notice in told[mine]] == ["10.1096/fsb2.22386"]


def test_a_doi_that_crossref_does_not_know_is_left_out_and_asked_singly():
    client = Recorded(filter="crossref_list.json")
    assert set(crossref.notices(["10.1000/plain", "10.5281/zenodo.1"], client)) == {"10.1000/plain"}
    assert client.asked[1:] == ["https://api.crossref.org/works/10.5281%2Fzenodo.1"]


def test_batches_fit_into_one_request():
    dois = [f"10.1000/{'x' * 150}{serial}" for serial in range(30)] + [f"10.1/{serial}" for serial in range(45)]
    found = list(crossref.batches(dois))
    assert [doi for batch in found for doi in batch] == dois
    client = Recorded()
    for batch in found:
        assert len(batch) <= 20
        crossref.notices(batch, client)
    assert max(map(len, client.asked)) < 2000


def test_pubmed_says_what_was_retracted_and_what_was_doubted():
    told = pubmed.notices(["9500320", "23853635", "20137807", "1"], Recorded(efetch="pubmed_list.xml"))
    assert set(told) == {"9500320", "23853635", "20137807"}
    assert says(told["9500320"]) == {
        ("pubmed", "retraction", date(2010, 2, 6)),
        ("pubmed", "concern", date(2004, 3, 6)),
    }
    assert {notice.notice_doi for notice in told["9500320"]} == {"10.1016/s0140-6736(10)60175-4", ""}
    assert told["23853635"] == told["20137807"] == []


@pytest.mark.parametrize(
    ("types", "headings", "expected"),
    [
        (["Journal Article", "Meta-Analysis", "Review"], [], "systematic_review"),
        (["Practice Guideline", "Systematic Review"], [], "guideline"),
        (["Clinical Trial, Phase II", "Randomized Controlled Trial"], [], "randomised_trial"),
        (["Clinical Trial, Phase II"], [], "nonrandomised_trial"),
        (["Case Reports"], ["Humans"], "case_report"),
        (["Randomized Controlled Trial, Veterinary"], [], "animal"),
        (["Journal Article"], ["Animals", "Rats"], "animal"),
        (["Journal Article"], ["Animals", "Humans"], ""),
        (["Journal Article"], ["Humans", "Prospective Studies"], "cohort"),
        (["Journal Article"], ["Case-Control Studies", "Follow-Up Studies"], "case_control"),
        (["Journal Article", "Review"], [], "narrative_review"),
        (["Journal Article"], [], ""),
    ],
)
def test_the_kind_of_evidence_is_told_by_types_then_headings(types, headings, expected):
    assert of_pubmed(types, headings) == expected
